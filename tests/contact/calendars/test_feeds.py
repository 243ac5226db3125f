"""Feeds: one's own meetings in one's own calendar program, and what they give away."""

import re
from datetime import UTC, timedelta

import pytest
import vobject
from django.test import Client as Browser

from rapport.contact.calendars import actions, feeds, writing
from rapport.contact.models import Feed
from rapport.core import time as clock
from rapport.core import tokens
from rapport.core.models import AuditEntry
from rapport.people.models import Account, CareTeamMember, GroupMember, Staff
from tests.factories import AnAccount, AnAppointment, APlace, ASeries, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

SOON = timedelta(days=3)
HEALTH = re.compile("therap|psych|session|clinic|practice|patient|client|rapport|river", re.I)


# Read once: a test that asks before and after the full hour means the same time both times.
THIS_HOUR = clock.now().replace(minute=0, second=0, microsecond=0)


def when(days=3, hours=0):
    return THIS_HOUR + timedelta(days=days, hours=hours)


@pytest.fixture
def portal(mara):
    mara.account = AnAccount(realm=Account.Realm.PORTAL)
    mara.save()
    return Account.objects.get(pk=mara.account_id)


def made(account, **given):
    given = {"title": "BUSY"} | given
    return actions.make_feed(by=account, now=clock.now(), **given)[1]


def read(path, **headers):
    return Browser().get(path, headers=headers)


def events(answer):
    """What an independent program reads in it."""
    assert answer.status_code == 200
    return list(vobject.readOne(answer.content.decode()).contents.get("vevent", []))


def test_a_program_that_is_not_ours_reads_the_same_instants(ana, mara):
    at = when()
    meeting = AnAppointment(client=mara, clinician=ana, starts_at=at)

    (one,) = events(read(made(ana.account)))

    assert one.dtstart.value.astimezone(UTC) == at
    assert one.dtend.value.astimezone(UTC) == meeting.ends_at
    assert one.dtstart.value.utcoffset() == timedelta()
    assert one.summary.value == "Busy"
    assert (one.uid.value, one.sequence.value) == (str(meeting.pk), "1")


def test_a_standing_slot_over_a_change_of_clocks_is_read_as_it_is(ana, mara):
    """Each of its meetings goes out by itself, so no program has to know a zone's rules."""
    series = ASeries(client=mara, clinician=ana)
    days = [when(7 * n) for n in range(1, 40)]
    for at in days:
        AnAppointment(client=mara, clinician=ana, starts_at=at, series=series, nth_on=at.date())

    found = events(read(made(ana.account)))

    assert [one.dtstart.value for one in found] == days
    assert not any("rrule" in one.contents for one in found)


def test_nothing_says_what_house_this_is(ana, mara, portal):
    for hours in range(3):
        AnAppointment(client=mara, clinician=ana, starts_at=when(hours=hours))
    for account, words in ((ana.account, ""), (portal, "")):
        for title in ("BUSY", "INITIALS"):
            answer = read(made(account, title=title, words=words))
            text = answer.content.decode()
            assert not HEALTH.search(text), text
            assert "Mara" not in text and "Kühn" not in text and "DESCRIPTION" not in text
            assert "LOCATION" not in text and "ATTENDEE" not in text and "ORGANIZER" not in text
            assert not HEALTH.search(str(answer.headers))


def test_a_clinician_may_see_initials_and_no_more(ana, mara):
    AnAppointment(client=mara, clinician=ana, starts_at=when())
    stranger = ClientOf(care_team=[Colleague()], legal_name="Jonas Weber")
    AnAppointment(client=stranger, clinician=ana, starts_at=when(hours=2))

    found = events(read(made(ana.account, title="INITIALS")))

    assert [one.summary.value for one in found] == ["M. K.", "Busy"]


def test_a_client_reads_their_own_and_their_familys_meetings_by_a_word_of_their_own(
    ana, mara, portal
):
    family = ClientOf(kind="FAMILY", care_team=[ana])
    GroupMember.objects.create(client=family, member=mara)
    AnAppointment(client=mara, clinician=ana, starts_at=when())
    AnAppointment(client=family, clinician=ana, starts_at=when(hours=2))
    AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana, starts_at=when(hours=4))

    plain = events(read(made(portal)))
    chosen = events(read(made(portal, words="Football; Anna, Ben")))

    assert [one.summary.value for one in plain] == ["Appointment"] * 2
    assert [one.summary.value for one in chosen] == ["Football; Anna, Ben"] * 2


def test_a_title_with_line_ends_in_it_stays_one_line(ana, mara, portal):
    AnAppointment(client=mara, clinician=ana, starts_at=when())
    path = made(
        portal, words="a\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT\x00\u2028b" + "ü" * 60
    )

    answer = read(path)
    (one,) = events(answer)

    assert one.summary.value.startswith("a ATTENDEE:mailto:x@example.org END:VEVENT b")
    assert "attendee" not in one.contents
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_what_was_called_off_is_gone_and_what_is_asked_for_is_unsure(ana, mara):
    AnAppointment(client=mara, clinician=ana, starts_at=when(), status="CANCELLED",
                  cancelled_by="CLIENT")  # fmt: skip
    AnAppointment(client=mara, clinician=ana, starts_at=when(hours=2), status="REQUESTED")

    assert [one.status.value for one in events(read(made(ana.account)))] == ["TENTATIVE"]


def test_the_window_is_bounded(ana, mara):
    for days in (-60, -20, 20, 360, 400):
        AnAppointment(client=mara, clinician=ana, starts_at=when(days))

    assert [one.dtstart.value for one in events(read(made(ana.account)))] == [
        when(-20), when(20), when(360),
    ]  # fmt: skip


def test_ended_and_renewed_and_never_made_are_the_same_404(ana):
    first = made(ana.account)
    second = made(ana.account)
    never = feeds.path(tokens.made()[0])
    assert read(second).status_code == 200
    actions.end_feed(by=ana.account)

    answers = [read(path) for path in (first, second, never, "/c/x.ics")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'nonce="\w+"', "", answer.content.decode()) for answer in answers}) == 1


def test_the_secret_is_kept_nowhere(ana):
    token = made(ana.account).removeprefix("/c/").removesuffix(".ics")
    feed = Feed.objects.get()

    assert bytes(feed.token) == tokens.digest(token) != token.encode()
    assert token not in str(AuditEntry.objects.values_list("subject", "verb", "by"))
    assert token not in repr(feed)


def test_whoever_left_reads_nothing(ana, mara, portal):
    paths = made(ana.account), made(portal)
    Staff.objects.filter(pk=ana.pk).update(ended_on=clock.today())
    Account.objects.filter(pk=portal.pk).update(is_active=False)

    assert [read(path).status_code for path in paths] == [404, 404]


def test_a_front_desk_has_none(db):
    fay = Colleague(roles=["FRONT_DESK"], at=[APlace()])
    path = feeds.path("x")
    Feed.objects.create(account=fay.account, token=tokens.digest("x"), made_at=clock.now())

    assert read(path).status_code == 404


def test_what_did_not_change_is_not_sent_again(ana, mara):
    meeting = AnAppointment(client=mara, clinician=ana, starts_at=when())
    path = made(ana.account)
    first = read(path)
    again = read(path, if_none_match=first["ETag"])
    meeting.ends_at += timedelta(minutes=5)
    meeting.save()
    changed = read(path, if_none_match=first["ETag"])

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in first["Cache-Control"]


def test_looking_writes_once_an_hour_and_only_reads_answer(ana):
    path = made(ana.account)
    read(path)
    seen = Feed.objects.get().read_at
    read(path)

    assert Feed.objects.get().read_at == seen is not None
    assert Browser().post(path).status_code == 405
    assert Browser().head(path).status_code == 200


def test_what_one_sees_follows_the_care_team(ana, mara):
    path = made(ana.account, title="INITIALS")
    AnAppointment(client=mara, clinician=ana, starts_at=when())
    CareTeamMember.objects.update(until_on=clock.today())

    assert [one.summary.value for one in events(read(path))] == ["Busy"]


def test_it_is_made_renewed_renamed_and_ended_on_ones_own_page(ana):
    browser = inside(ana.account)
    shown = browser.post("/desk/me/calendars/feed/", {"title": "INITIALS", "what": "new"})
    path = re.search(r"/c/[\w-]+\.ics", shown.content.decode())[0]
    assert read(path).status_code == 200
    assert path not in browser.get("/desk/me/calendars/").content.decode()

    browser.post("/desk/me/calendars/feed/", {"title": "BUSY", "what": "name"})
    assert Feed.objects.get().title == "BUSY"
    assert read(path).status_code == 200

    wrong = browser.post("/desk/me/calendars/feed/", {"title": "FULL", "what": "name"})
    assert wrong.status_code == 422
    browser.post("/desk/me/calendars/feed/end/")
    assert read(path).status_code == 404
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"feed.set", "calendar.open"} <= verbs


def test_a_client_does_the_same_in_the_portal(portal, ana, mara):
    browser = inside(portal, "portal")
    shown = browser.post("/portal/calendar/", {"words": "Yoga", "what": "new"})
    path = re.search(r"/c/[\w-]+\.ics", shown.content.decode())[0]
    AnAppointment(client=mara, clinician=ana, starts_at=when())
    assert [one.summary.value for one in events(read(path))] == ["Yoga"]

    browser.post("/portal/calendar/", {"words": "Piano", "what": "name"})
    assert [one.summary.value for one in events(read(path))] == ["Piano"]
    for wrong in ("", "x" * 61):
        assert browser.post("/portal/calendar/", {"words": wrong}).status_code == 422
    browser.post("/portal/calendar/", {"words": "Appointment", "what": "name"})
    assert Feed.objects.get().words == ""
    browser.post("/portal/calendar/end/")
    assert read(path).status_code == 404


def test_one_meeting_is_a_file_that_other_programs_open(ana, mara, portal):
    meeting = AnAppointment(client=mara, clinician=ana, starts_at=when())
    desk = inside(ana.account).get(f"/desk/appointments/{meeting.pk}/calendar/")
    own = inside(portal, "portal").get(f"/portal/meetings/{meeting.pk}/calendar/")

    for answer, title in ((desk, "Busy"), (own, "Appointment")):
        (one,) = events(answer)
        assert one.dtstart.value == meeting.starts_at
        assert one.summary.value == title
        assert answer["Content-Disposition"] == 'attachment; filename="appointment.ics"'
        assert not HEALTH.search(answer.content.decode())
    other = AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana, starts_at=when(4))
    assert inside(portal, "portal").get(f"/portal/meetings/{other.pk}/calendar/").status_code == 404


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mara Kühn", "M. K."), ("Mara", "M."), ("  ", ""), ("سلمى علي", "س. ع."),
     ("Dr. – X", "D. X."), ("12 34", ""), ("Ana Maria de la Cruz", "A. C.")],
)  # fmt: skip
def test_initials(name, letters):
    assert writing.initials(name) == letters
