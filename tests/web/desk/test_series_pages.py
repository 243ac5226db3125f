"""The desk's pages about standing slots, as a browser without script meets them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.core import jobs
from rapport.core import time as clock
from rapport.meeting.models import Appointment, FreedHour, LeftOut, Occupancy, Pause, Series
from tests.factories import ALeftOut, AnAppointment, APlace, APractice, ARoom, ClientOf, Colleague
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

WEEK = timedelta(7)


@pytest.fixture
def house():
    APractice()
    return APlace(name="River house")


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def browser(ana):
    return inside(ana.account)


def monday():
    """The Monday of the week after next."""
    today = clock.today()
    return today - timedelta(today.weekday()) + 2 * WEEK


def typed(ana, mara, **more):
    return {
        "every": "1", "often": "WEEKLY", "on": monday().isoformat(), "at": "10:00",
        "minutes": "50", "holidays": "KEEP", "clinician": str(ana.pk), "way": "HERE",
        "where": f"place:{mara.place_id}", "kind": "SESSION",
    } | more  # fmt: skip


def begun(browser, ana, mara, **more):
    answer = browser.post(f"/desk/clients/{mara.pk}/standing/", typed(ana, mara, **more))
    assert answer.status_code == 302, answer.content.decode()
    return Series.objects.get()


def hidden(answer, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    return found[1] if found else ""


def ten(n=0):
    return clock.day_bounds(monday() + n * WEEK)[0] + timedelta(hours=10)


def test_the_booking_page_leads_to_it_and_keeps_the_hour(browser, mara, ana):
    at = ten().isoformat().replace("+00:00", "Z")
    page = browser.get(f"/desk/calendar/book/?client={mara.pk}&at={at}").content.decode()
    address = re.search(rf'href="(/desk/clients/{mara.pk}/standing/[^"]*)"', page)[1]

    form = browser.get(address.replace("&amp;", "&")).content.decode()

    assert 'value="10:00"' in form and f'value="{monday().isoformat()}"' in form


def test_every_second_monday_is_booked_and_said_as_people_say_it(browser, ana, mara):
    series = begun(browser, ana, mara, every="2")

    page = browser.get(f"/desk/series/{series.pk}/").content.decode()
    assert "Every second Monday, 10 a.m." in page
    assert page.count("/desk/appointments/") == Appointment.objects.count() == 27
    client = browser.get(f"/desk/clients/{mara.pk}/").content.decode()
    assert "every second Monday, 10 a.m." in client
    assert client.count("/desk/appointments/") == 1  # the next one; what is ahead hides nothing


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"every": "3"}, "Every third Monday"),
        ({"every": "6"}, "Every 6 weeks on Monday"),
        ({"days": ["1", "4"]}, "Every Monday and Thursday"),
        ({"often": "MONTHLY"}, "Monday of the month"),
        ({"often": "LAST"}, "Every last Monday of the month"),
        ({"often": "DAILY", "every": "5"}, "Every 5 days"),
        ({"times": "6"}, "6 times in all"),
    ],
)
def test_how_often_is_said_in_words(browser, ana, mara, given, words):
    if given.get("often") == "LAST":
        day = monday()
        while (day + WEEK).month == day.month:
            day += WEEK
        given = given | {"on": day.isoformat()}
    series = begun(browser, ana, mara, **given)

    assert words in browser.get(f"/desk/series/{series.pk}/").content.decode()


def test_what_is_taken_is_shown_and_can_be_left_out(browser, ana, mara, house):
    AnAppointment(client=ClientOf(legal_name="Noa Hidden"), clinician=ana, starts_at=ten(2))
    AnAppointment(client=ClientOf(care_team=[ana], place=house, legal_name="Jonas Weber"),
                  clinician=ana, starts_at=ten(4))  # fmt: skip
    address = f"/desk/clients/{mara.pk}/standing/"

    answer = browser.post(address, typed(ana, mara, minutes="45"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 hours are taken" in page and "Jonas Weber" in page
    assert not re.search(r"\bNoa\b", page)
    assert 'value="45"' in page
    assert not Series.objects.exists()
    more = {"without": hidden(answer, "without"), "skip": "on"}
    assert browser.post(address, typed(ana, mara, **more)).status_code == 302
    assert LeftOut.objects.filter(why="TAKEN").count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"on": "9999-12-31"}, "Use a year between"),
        ({"on": "2020-01-06"}, "That time is over"),
        ({"until": "9999-12-31"}, "within 10 years"),
        ({"until": "2020-01-06"}, "not before the first"),
        ({"until": "2035-01-06", "times": "3"}, "not both"),
        ({"every": "0"}, "greater than or equal to 1"),
        ({"every": "60"}, "from 1 to 52"),
        ({"times": "10000"}, "less than or equal to 520"),
        ({"minutes": "-5"}, "takes 5 to 480 minutes"),
        ({"often": "SECONDLY"}, "Select a valid choice"),
        ({"days": ["9"]}, "Select a valid choice"),
        ({"video_url": "javascript:x"}, "https://"),
        ({"then": "nonsense"}, "Select a valid choice"),
        ({"clinician": ""}, "This field is required"),
    ],
)
def test_nonsense_is_said_beside_its_field_and_nothing_is_lost(browser, ana, mara, given, words):
    sent = typed(ana, mara, minutes="80", **given) if "minutes" not in given else typed(
        ana, mara, **given)  # fmt: skip
    answer = browser.post(f"/desk/clients/{mara.pk}/standing/", sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and 'value="10:00"' in page
    assert not Series.objects.exists() and not Appointment.objects.exists()


def test_two_rooms_in_turn(browser, ana, mara, house):
    one, two = ARoom(place=house, name="Garden"), ARoom(place=house, name="Attic")
    series = begun(browser, ana, mara, where=f"room:{one.pk}", then=f"room:{two.pk}")

    rows = Appointment.objects.order_by("starts_at")[:3]
    assert [row.room for row in rows] == [one, two, one]
    assert "in turn with" in browser.get(f"/desk/series/{series.pk}/").content.decode()


def moved(browser, one, **more):
    series = one.series
    at = clock.local(one.starts_at)
    sent = {
        "scope": "ONE", "on": at.date().isoformat(), "at": "15:00", "minutes": "50",
        "clinician": str(one.clinician_id), "way": "HERE", "where": f"place:{one.place_id}",
        "revision": one.revision, "series_revision": series.revision,
    }  # fmt: skip
    return browser.post(f"/desk/appointments/{one.pk}/move/", sent | more)


def third(series):
    return Appointment.objects.filter(series=series).order_by("starts_at")[2]


def test_moving_one_moves_one(browser, ana, mara):
    series = begun(browser, ana, mara)

    assert moved(browser, third(series)).status_code == 302
    hours = [clock.local(one.starts_at).hour for one in series.appointments.order_by("starts_at")]
    assert hours[:4] == [10, 10, 15, 10]
    assert "<strong>moved</strong>" in browser.get(f"/desk/series/{series.pk}/").content.decode()


def test_moving_this_and_following_to_another_day_and_hour(browser, ana, mara):
    series = begun(browser, ana, mara)
    thursday = monday() + 2 * WEEK + timedelta(3)

    answer = moved(browser, third(series), scope="FOLLOWING", on=thursday.isoformat())

    later = Series.objects.get(follows=series)
    assert answer.headers["Location"] == f"/desk/series/{later.pk}/"
    assert series.appointments.count() == 2
    assert later.appointments.order_by("starts_at")[0].nth_on == thursday
    page = browser.get(f"/desk/series/{later.pk}/").content.decode()
    assert "Every Thursday, 3 p.m." in page and "What it was before" in page
    assert "It goes on otherwise" in browser.get(f"/desk/series/{series.pk}/").content.decode()


def test_what_goes_on_otherwise_is_changed_back(browser, ana, mara):
    series = begun(browser, ana, mara)
    thursday = monday() + 2 * WEEK + timedelta(3)
    one = third(series)
    page = browser.get(f"/desk/appointments/{one.pk}/move/").content.decode()
    assert "can be changed back" in page
    moved(browser, one, scope="FOLLOWING", on=thursday.isoformat())
    later = Series.objects.get(follows=series)
    back = f"/desk/series/{later.pk}/change/?as=before"
    assert back in browser.get(f"/desk/series/{later.pk}/").content.decode()
    assert "as=before" not in browser.get(f"/desk/series/{series.pk}/").content.decode()

    form = browser.get(back).context["form"]
    typed_back = {name: form[name].value() for name in form.fields}
    answer = browser.post(back, {n: v for n, v in typed_back.items() if v not in (None, "")})

    assert answer.status_code == 302, answer.content.decode()
    again = Series.objects.get(follows=later)
    days = list(again.appointments.order_by("starts_at").values_list("starts_at", flat=True)[:2])
    assert days == [ten(2), ten(3)]
    assert not later.appointments.exists()


def test_moving_all_that_are_ahead(browser, ana, mara):
    series = begun(browser, ana, mara)

    moved(browser, third(series), scope="ALL")

    later = Series.objects.get(follows=series)
    assert not series.appointments.exists()
    assert later.appointments.order_by("starts_at")[0].nth_on == monday()


@pytest.mark.parametrize("scope", ["FOLLOWING", "ALL"])
def test_a_move_that_is_sent_twice_is_done_once_and_answered_alike(browser, ana, mara, scope):
    series = begun(browser, ana, mara)
    once, one = str(uuid.uuid4()), third(series)
    page = browser.get(f"/desk/appointments/{one.pk}/move/")
    assert re.search(r'name="once" value="[0-9a-f-]{36}"', page.content.decode())

    answers = [moved(browser, one, scope=scope, once=once) for _ in range(2)]

    later = Series.objects.get(follows=series)
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [
        (302, f"/desk/series/{later.pk}/")
    ] * 2
    assert moved(browser, one, scope=scope, once=str(uuid.uuid4())).status_code == 404
    stranger = inside(Colleague().account)
    assert moved(stranger, one, scope=scope, once=once).status_code == 404


def test_moving_to_where_somebody_is_shows_the_days_and_leaves_them_out(browser, ana, mara):
    series = begun(browser, ana, mara)
    AnAppointment(client=ClientOf(), clinician=ana, starts_at=ten(5) + timedelta(hours=5))

    answer = moved(browser, third(series), scope="FOLLOWING")
    assert answer.status_code == 422
    assert "1 hour is taken" in answer.content.decode()
    assert Series.objects.count() == 1

    more = {"without": hidden(answer, "without"), "skip": "on", "scope": "FOLLOWING"}
    assert moved(browser, third(series), **more).status_code == 302
    assert LeftOut.objects.get().nth_on == monday() + 5 * WEEK


def test_somebody_else_who_changed_it_meanwhile_is_heard(browser, ana, mara):
    series = begun(browser, ana, mara)

    answer = moved(browser, third(series), scope="FOLLOWING", series_revision="9")

    assert answer.status_code == 422 and "meanwhile" in answer.content.decode()


@pytest.mark.parametrize(("scope", "left"), [("ONE", 52), ("FOLLOWING", 2), ("ALL", 0)])
def test_cancelling_one_this_and_following_or_all(browser, ana, mara, scope, left):
    one = third(begun(browser, ana, mara, times="53"))
    made = Appointment.objects.count()

    answer = browser.post(f"/desk/appointments/{one.pk}/cancel/", {
        "scope": scope, "side": "CLIENT", "reason": "Moves away.", "revision": one.revision,
    })  # fmt: skip

    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.status, one.cancelled_by) == ("CANCELLED", "CLIENT")
    booked = Appointment.objects.filter(status="BOOKED").count()
    assert booked == (made - 1 if scope == "ONE" else left)


def test_a_pause_is_made_and_taken_back(browser, ana, mara):
    series = begun(browser, ana, mara)
    first = monday() + 2 * WEEK

    answer = browser.post(f"/desk/series/{series.pk}/pause/", {
        "from_on": first.isoformat(), "weeks": "3", "offered": "no", "revision": series.revision,
    })  # fmt: skip
    assert answer.status_code == 302
    page = browser.get(f"/desk/series/{series.pk}/").content.decode()
    assert "The hours are kept." in page and page.count("paused") == 3
    assert Occupancy.objects.filter(left_out__isnull=False).count() == 3

    rest = Pause.objects.get()
    assert browser.post(f"/desk/pauses/{rest.pk}/resume/").status_code == 302
    assert not Pause.objects.exists() and not LeftOut.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"weeks": ""}, "Say how many weeks"),
        ({"until_on": "2035-01-01"}, "Say how many weeks"),
        ({"from_on": "9999-12-31"}, "Use a year between"),
        ({"from_on": "2020-01-01"}, "not over"),
        ({"weeks": "0"}, "greater than or equal to 1"),
        ({"offered": "maybe"}, "Select a valid choice"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(browser, ana, mara, given, words):
    series = begun(browser, ana, mara)
    sent = {"from_on": monday().isoformat(), "weeks": "3", "offered": "no",
            "revision": series.revision}  # fmt: skip

    answer = browser.post(f"/desk/series/{series.pk}/pause/", sent | given)

    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Pause.objects.exists()


def by_hand(browser, one):
    """Move it by hand to two days later, at eleven."""
    answer = browser.post(f"/desk/appointments/{one.pk}/move/", {
        "scope": "ONE", "on": (one.nth_on + timedelta(2)).isoformat(), "at": "11:00",
        "minutes": "50", "clinician": str(one.clinician_id), "way": "HERE",
        "where": f"place:{one.place_id}", "revision": one.revision,
    })  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    one.refresh_from_db()


@pytest.mark.parametrize(("keep", "left"), [({}, 0), ({"keep_moved": "on"}, 1)])
@pytest.mark.parametrize("page", ["pause", "end"])
def test_what_was_moved_by_hand_is_named_before_it_goes(browser, ana, mara, page, keep, left):
    series = begun(browser, ana, mara)
    one = third(series)
    by_hand(browser, one)
    day = (monday() + WEEK).isoformat()
    sent = {"revision": series.revision} | (
        {"on": day} if page == "end" else {"from_on": day, "weeks": "3", "offered": "no"}
    )
    address = f"/desk/series/{series.pk}/{page}/"
    assert "keep_moved" not in browser.get(address).content.decode()

    answer = browser.post(address, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "1 of these meetings was moved by hand" in shown
    assert f'href="/desk/appointments/{one.pk}/"' in shown and "keep_moved" in shown
    assert Appointment.objects.filter(status="BOOKED").count() == 53
    sent["seen_moved"] = hidden(answer, "seen_moved")
    assert browser.post(address, sent | keep).status_code == 302

    assert Appointment.objects.filter(pk=one.pk, status="BOOKED").count() == left


@pytest.mark.parametrize("scope", ["FOLLOWING", "ALL"])
def test_calling_off_more_than_one_names_what_was_moved_by_hand(browser, ana, mara, scope):
    series = begun(browser, ana, mara)
    one = third(series)
    moved = series.appointments.get(nth_on=one.nth_on + 2 * WEEK)
    by_hand(browser, moved)
    address = f"/desk/appointments/{one.pk}/cancel/"
    sent = {"scope": scope, "side": "CLIENT", "reason": "Moves away.", "revision": one.revision}

    answer = browser.post(address, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "moved by hand" in shown and "Moves away." in shown
    sent |= {"seen_moved": hidden(answer, "seen_moved"), "keep_moved": "on"}
    assert browser.post(address, sent).status_code == 302

    moved.refresh_from_db()
    assert moved.status == "BOOKED"
    page = browser.get(f"/desk/series/{series.pk}/").content.decode()
    assert str(moved.pk) in page


def test_a_change_of_all_names_what_it_takes_along(browser, ana, mara):
    series = begun(browser, ana, mara)
    moved = third(series)
    by_hand(browser, moved)
    sent = typed(ana, mara, at="15:00", revision=series.revision)
    address = f"/desk/series/{series.pk}/change/"

    answer = browser.post(address, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "changed with the others" in shown
    sent["seen_moved"] = hidden(answer, "seen_moved")
    assert browser.post(address, sent).status_code == 302

    assert not Appointment.objects.filter(pk=moved.pk).exists()


def test_time_off_says_which_meetings_were_moved_by_hand(browser, ana, mara):
    one = third(begun(browser, ana, mara))
    by_hand(browser, one)
    sent = {"from_on": one.nth_on.isoformat(), "why": "HOLIDAY",
            "until_on": (one.nth_on + WEEK).isoformat()}  # fmt: skip
    address = f"/desk/staff/{ana.pk}/hours/time-off/"

    shown = browser.post(address, sent).content.decode()
    assert "2 meetings are booked then" in shown and shown.count("moved by hand") == 1
    seen = re.search(r'name="seen" value="([^"]*)"', shown)[1]
    page = browser.post(address, sent | {"seen": seen}, follow=True).content.decode()
    assert page.count("moved by hand") == 1


def test_an_end_is_made_and_taken_back(browser, ana, mara):
    series = begun(browser, ana, mara)
    made = Appointment.objects.count()
    sent = {"on": (monday() + 3 * WEEK).isoformat(), "revision": series.revision}

    assert browser.post(f"/desk/series/{series.pk}/end/", sent).status_code == 302
    assert Appointment.objects.count() == 3
    jobs.run_due(clock.now(), loud=True)
    page = browser.get(f"/desk/series/{series.pk}/").content.decode()
    hour = FreedHour.objects.earliest("starts_at")
    assert "Take the end back" in page
    assert f'href="/desk/waiting/hours/{hour.pk}/">Offer its place to the waiting list' in page
    series.refresh_from_db()
    browser.post(f"/desk/series/{series.pk}/reopen/", {"revision": series.revision})
    assert Appointment.objects.count() == made


@pytest.mark.parametrize(
    ("given", "said"),
    [({}, False), ({"days": ["1", "3"]}, True), ({"often": "MONTHLY"}, True)],
)
def test_of_one_that_gives_no_place_as_a_whole_it_is_said(browser, ana, mara, given, said):
    series = begun(browser, ana, mara, **given)
    sent = {"on": (monday() + 5 * WEEK).isoformat(), "revision": series.revision}
    browser.post(f"/desk/series/{series.pk}/end/", sent)

    page = browser.get(f"/desk/series/{series.pk}/").content.decode()
    assert ("offered to the waiting list one by one" in page) == said


def test_changing_all_that_are_ahead(browser, ana, mara):
    series = begun(browser, ana, mara)
    form = browser.get(f"/desk/series/{series.pk}/change/").content.decode()
    assert 'value="10:00"' in form

    answer = browser.post(f"/desk/series/{series.pk}/change/", typed(
        ana, mara, every="2", at="11:00", keep="on", revision=series.revision,
    ))  # fmt: skip

    later = Series.objects.get(follows=series)
    assert answer.headers["Location"] == f"/desk/series/{later.pk}/"
    assert later.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    assert not series.appointments.exists()


def test_a_day_that_was_taken_stands_on_today_until_somebody_looked(browser, ana, mara):
    series = begun(browser, ana, mara, times="3")
    ALeftOut(series=series, nth_on=monday() + 5 * WEEK, why="TAKEN")
    assert f"/desk/series/{series.pk}/" in browser.get("/desk/also/").content.decode()

    browser.post(f"/desk/series/{series.pk}/seen/")

    assert f"/desk/series/{series.pk}/" not in browser.get("/desk/also/").content.decode()


def test_one_meets_after_all(browser, ana, mara):
    AnAppointment(client=ClientOf(), clinician=ana, starts_at=ten(1))
    address = f"/desk/clients/{mara.pk}/standing/"
    answer = browser.post(address, typed(ana, mara))
    browser.post(address, typed(ana, mara, without=hidden(answer, "without"), skip="on"))
    series, day = Series.objects.get(), {"day": (monday() + WEEK).isoformat()}

    refused = browser.post(f"/desk/series/{series.pk}/back/", day)
    assert refused.status_code == 422 and "taken" in refused.content.decode()
    Appointment.objects.filter(series=None).delete()
    assert browser.post(f"/desk/series/{series.pk}/back/", day).status_code == 302
    assert not LeftOut.objects.exists()


@pytest.mark.parametrize("day", ["", "nonsense", "9999-12-31", "2030-99-99"])
def test_a_day_that_is_none_changes_nothing(browser, ana, mara, day):
    series = begun(browser, ana, mara)
    made = Appointment.objects.count()

    answer = browser.post(f"/desk/series/{series.pk}/back/", {"day": day})

    assert answer.status_code in (302, 422) and Appointment.objects.count() == made


def test_whoever_may_not_see_the_client_finds_no_page(ana, mara, browser, house):
    series = begun(browser, ana, mara)
    ben = inside(Colleague(at=[house]).account)

    for page in ("", "pause/", "end/", "change/"):
        assert ben.get(f"/desk/series/{series.pk}/{page}").status_code == 404
    assert ben.post(f"/desk/clients/{mara.pk}/standing/", typed(ana, mara)).status_code == 404


def test_a_change_that_is_sent_twice_leads_to_what_it_made(browser, ana, mara):
    series = begun(browser, ana, mara)
    sent = typed(ana, mara, at="11:00", revision=series.revision)

    first, second = (browser.post(f"/desk/series/{series.pk}/change/", sent) for _ in range(2))

    later = Series.objects.get(follows=series)
    assert first.headers["Location"] == second.headers["Location"] == f"/desk/series/{later.pk}/"


def handed_in(browser, mara, text):
    file = SimpleUploadedFile("mine.ics", text)
    return browser.post(f"/desk/clients/{mara.pk}/standing/file/", {"file": file})


def test_a_slot_leaves_as_a_file_under_initials_and_comes_back_as_the_same(browser, ana, mara):
    series = begun(browser, ana, mara, every="2", times="20")
    second = series.appointments.order_by("starts_at")[1]
    browser.post(f"/desk/appointments/{second.pk}/cancel/",
                 {"side": "PRACTICE", "scope": "ONE", "revision": second.revision})  # fmt: skip
    file = browser.get(f"/desk/series/{series.pk}/calendar/")
    text = file.content.decode()
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert "Kühn" not in text and "SUMMARY:M. K." in text
    assert "INTERVAL=2" in text and "EXDATE" in text

    end = {"on": monday().isoformat(), "revision": str(series.revision)}
    assert browser.post(f"/desk/series/{series.pk}/end/", end).status_code == 302
    asked = handed_in(browser, mara, file.content)
    assert asked.status_code == 302
    form = browser.get(asked.headers["Location"]).content.decode()
    assert 'name="every" value="2"' in form and 'name="times" value="20"' in form
    assert f'name="on" value="{monday().isoformat()}"' in form and 'value="10:00' in form
    assert "these days are otherwise" in form


@pytest.mark.parametrize(
    ("text", "words"),
    [(b"", "can be read"), (b"x" * 300_000, "too large"),
     (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n", "recurs")],
)  # fmt: skip
def test_a_file_that_is_none_is_said_beside_it(browser, mara, text, words):
    answer = handed_in(browser, mara, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page and 'id="id_file_error"' in page


@pytest.mark.parametrize(
    ("rule", "words"),
    [("FREQ=SECONDLY", "once a day at most"), ("FREQ=WEEKLY;UNTIL=20200120T080000Z", "ahead"),
     ("FREQ=YEARLY", "Choose days, weeks or months")],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_said_beside_the_file(browser, mara, rule, words):
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART;TZID=Europe/Berlin:20200106T090000\r\nDURATION:PT50M\r\n"
        f"RRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    answer = handed_in(browser, mara, text.encode())
    assert answer.status_code == 422 and words in answer.content.decode()


def test_a_file_whose_time_has_seconds_is_said_beside_it(browser, mara):
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART;TZID=Europe/Berlin:{monday():%Y%m%d}T090030\r\nDURATION:PT50M\r\n"
        "RRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    answer = handed_in(browser, mara, text.encode())
    assert answer.status_code == 422 and "whole minutes" in answer.content.decode()


@pytest.mark.parametrize("query", ["rule=x", "rule=FREQ=DAILY&on=2030-13-01&clock=09:00&minutes=5",
                                   "rule=FREQ=WEEKLY&on=2030-01-07&clock=9&minutes=x"])  # fmt: skip
def test_an_address_that_was_changed_begins_the_form_as_always(browser, mara, query):
    assert browser.get(f"/desk/clients/{mara.pk}/standing/?{query}").status_code == 200
