"""Busy times from an address: on a schedule and by hand, never because a page was opened."""

from datetime import timedelta

import pytest

from rapport.contact.calendars import actions, fetching, jobs, syncing
from rapport.contact.calendars.actions import CannotConnect
from rapport.contact.models import Outside
from rapport.core import jobs as queue
from rapport.core import practice
from rapport.core import time as clock
from rapport.core.models import Job
from rapport.core.verify import Problem
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions as availability
from rapport.meeting.models import Busy
from rapport.people.models import Staff
from tests.factories import Colleague
from tests.web.stepping import inside

from .conftest import SYSTEM
from .test_dav import entry
from .test_feeds import when
from .test_reading import calendar, event

pytestmark = pytest.mark.django_db


def stamp(at):
    return f"{at:%Y%m%dT%H%M%SZ}"


def busy_at(at, uid="a"):
    return entry(uid, stamp(at), stamp(at + timedelta(hours=1))).encode()


def spans():
    return [(one.starts_at, one.ends_at) for one in Busy.objects.order_by("starts_at")]


@pytest.fixture
def address(ana, plain, allowed):
    """Ana reads the calendar of ``plain``."""
    allowed(plain.port)

    def connect(path="/mine.ics?secret=x"):
        url = f"http://127.0.0.1:{plain.port}{path}"
        return actions.connect_address(by=ana.account, name="Family", address=url, now=clock.now())

    return connect


def turn(row):
    fresh = Outside.objects.select_related("staff__account").get(pk=row.pk)
    syncing.turn(outside=fresh, now=clock.now())
    return Outside.objects.get(pk=row.pk)


def test_busy_times_come_in_and_nothing_of_what(ana, plain, address):
    plain.body = busy_at(when())
    row = turn(address())

    assert spans() == [(when(), when(hours=1))]
    assert (row.busy, row.error, row.failures) == (1, "", 0)
    assert row.fetched_at == row.tried_at is not None
    assert Busy.objects.get().staff == ana


def test_what_changed_there_changes_here_and_what_failed_stays(plain, address):
    plain.body = busy_at(when())
    row = address()
    turn(row)
    plain.body = busy_at(when(4))
    turn(row)
    assert spans() == [(when(4), when(4, 1))]

    plain.status, plain.body = 500, b"no"
    failed = turn(row)
    assert spans() == [(when(4), when(4, 1))]
    assert (failed.error, failed.failures, failed.busy) == ("server", 1, 1)


def test_what_did_not_change_is_not_sent_again(plain, address):
    plain.body, plain.headers = busy_at(when()), {"ETag": '"one"'}
    row = address()
    turn(row)
    turn(row)

    assert plain.asked[1][2]["If-None-Match"] == '"one"'
    assert "If-None-Match" not in plain.asked[0][2]
    assert Outside.objects.get().error == ""


def test_another_day_reads_a_window_of_its_own(plain, address):
    plain.body, plain.headers = busy_at(when(181)), {"ETag": '"one"'}
    row = address()
    turn(row)
    assert spans() == []
    with clock.at(clock.now() + timedelta(days=2)):
        turn(row)

    assert len(spans()) == 1


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b"<html>sign in</html>", "no_calendar"),
        (200, calendar(event("DTSTART:20300101T080000Z", "DTEND:20300101T090000Z",
                             "RRULE:FREQ=SECONDLY")), "often"),
        (200, calendar(event(*[f"EXDATE:{20300101 + n}T080000Z" for n in range(10_000)])),
         "many_exceptions"),
        (200, b"BEGIN:VCALENDAR\r\n" + b"X" * 5_000_001, "big"),
        (404, b"", "nothing"), (401, b"", "refused"), (302, b"", "moved"), (503, b"", "busy"),
        (204, b"", "answer"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_tried_again_later(plain, address, status, body, code):
    plain.status, plain.body = status, body
    row = turn(address())

    assert (row.error, row.failures, spans()) == (code, 1, [])
    assert row.next_at > clock.now()


def test_pauses_grow_to_six_hours():
    pauses = [fetching.wait_after(n, "closed") for n in range(12)]

    assert pauses[:3] == [timedelta(minutes=n) for n in (15, 30, 60)]
    assert pauses[-1] == timedelta(hours=6) == fetching.wait_after(1, "refused")


def test_the_schedule_reads_what_is_due_and_no_page_does(ana, plain, address):
    plain.body = busy_at(when())
    address()
    browser = inside(ana.account)
    for path in ("/desk/", "/desk/me/calendars/", "/desk/calendar/"):
        assert browser.get(path).status_code == 200
    assert plain.asked == []

    jobs.go_round(now=clock.now())
    jobs.go_round(now=clock.now())
    assert Job.objects.filter(name="calendar.turn").count() == 1
    queue.run_due(loud=True)
    assert (len(plain.asked), len(spans())) == (1, 1)
    jobs.go_round(now=clock.now())
    assert not Job.objects.filter(name="calendar.turn", state="QUEUED").exists()


def test_a_failure_fills_no_list_of_work_given_up(plain, address):
    plain.status = 500
    address()
    jobs.go_round(now=clock.now())
    queue.run_due(loud=True)

    assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}


def test_nobody_reads_for_a_colleague_who_left(ana, plain, address):
    address()
    Staff.objects.filter(pk=ana.pk).update(ended_on=clock.today())
    jobs.go_round(now=clock.now())

    assert not Job.objects.filter(name="calendar.turn").exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("http://calendar.example/a.ics", "address"),
        ("https://ana:pw@calendar.example/a.ics", "address"),
        ("https://127.1/a.ics", "address"),
        ("https://calendar.example:25/a.ics", "address"),
        ("nonsense", "address"),
        ("https://calendar.example/a.ics\r\nX: y", "address"),
        ("", "address"),
    ],
)
def test_what_is_no_address_is_refused_beside_it(ana, typed, field):
    with pytest.raises(CannotConnect) as no:
        actions.connect_address(by=ana.account, name="x", address=typed, now=clock.now())
    assert (no.value.field, bool(str(no.value))) == (field, True)


@pytest.mark.parametrize(
    "typed", ["https://127.0.0.1/a", "https://10.0.0.1/", "https://localhost/"]
)
def test_an_address_inside_is_refused_when_it_is_asked(ana, typed):
    row = actions.connect_address(by=ana.account, name="x", address=typed, now=clock.now())

    assert turn(row).error == "inside"


def test_webcal_is_https(ana):
    row = actions.connect_address(
        by=ana.account, name="x", address="webcal://calendar.example/a.ics", now=clock.now()
    )
    assert row.secret()[0] == "https://calendar.example/a.ics"


def test_the_address_is_kept_like_a_password(ana, plain, address):
    row = address()

    stored = repr(Outside.objects.values().get())
    assert "secret=x" not in stored
    assert row.secret()[0].endswith("/mine.ics?secret=x")
    assert "secret=x" not in inside(ana.account).get("/desk/me/calendars/").content.decode()
    assert row.host == "127.0.0.1"


def test_a_secret_that_was_changed_is_said_and_named_by_verify(address):
    from rapport.contact.checks import calendar_secrets

    row = address()
    assert list(calendar_secrets()) == []
    Outside.objects.update(address=b"x" * 60)
    assert turn(row).error == "changed_key"
    assert list(calendar_secrets()) == [Problem("changed", f"outside calendar {row.pk}")]


def test_secrets_follow_the_newest_key(address):
    row = address()
    practice.current().keyring.rotate()
    jobs.upkeep(now=clock.now())
    fresh = Outside.objects.get()

    assert fresh.address_version == practice.current().keyring.version > row.address_version
    assert fresh.secret() == row.secret()


def test_ten_calendars_are_enough(ana):
    for n in range(10):
        actions.connect_address(
            by=ana.account, name=str(n), address="https://a.example/", now=clock.now()
        )
    with pytest.raises(CannotConnect):
        actions.connect_address(
            by=ana.account, name="x", address="https://a.example/", now=clock.now()
        )


def test_one_calendars_busy_times_are_replaced_and_no_other_s(ana):
    ben, first = Colleague(), clock.today()
    last = first + timedelta(days=10)

    def say(source, *ats, staff=ana, days=(first, last)):
        return availability.set_busy(
            by=SYSTEM, staff=staff, source=source, first=days[0], last=days[1],
            spans=[Slot(at, at + timedelta(hours=1)) for at in ats],
        )  # fmt: skip

    say(ana.pk, when(1), when(2))
    say(ben.pk, when(1), staff=ben)
    assert say(ana.pk, when(2), when(3)) == 2

    now = Busy.objects.filter(source=ana.pk).order_by("starts_at")
    assert [one.starts_at for one in now] == [when(2), when(3)]
    assert Busy.objects.filter(source=ben.pk).count() == 1
