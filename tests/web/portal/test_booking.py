"""Booking in the portal: choose, keep, confirm, move, call off, as a client meets it."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlparse

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time as clock
from rapport.core.policy import System
from rapport.meeting.appointments import answers
from rapport.meeting.models import Accepted, Appointment, AppointmentType, Diary, Hold
from rapport.meeting.requests import actions
from rapport.meeting.terms import actions as terms
from rapport.people.models import Account
from rapport.people.practice.queries import remember_zone
from tests.factories import (
    NOW,
    AnAccount,
    AnAppointment,
    APlace,
    APractice,
    ARoom,
    AStretch,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=5)
ZONE = "zone=UTC"


@pytest.fixture(autouse=True)
def earlier():
    with clock.at(EARLIER):
        yield


@pytest.fixture
def house():
    APractice()
    return APlace(name="River house")


@pytest.fixture
def ana(house):
    one = Colleague(at=[house], legal_name="Ana Roth")
    Diary.objects.create(staff=one, horizon_days=365)
    AStretch(staff=one)
    return one


def portal_of(clinician, house, **given):
    account = AnAccount(realm=Account.Realm.PORTAL)
    ClientOf(care_team=[clinician], place=house, account=account, **given)
    return inside(Account.objects.get(pk=account.pk), "portal")


@pytest.fixture
def mine(ana, house):
    return portal_of(ana, house)


@pytest.fixture
def talk(house):
    return AType(name="Talking", bookers=["ACTIVE"], ways=["HERE", "VIDEO"])


def page_of(type, **asked):
    return f"/portal/book/{type.pk}/?" + urlencode({"month": "2030-01"} | asked)


def start(clinician, hours=0.0):
    return f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M}+00:00|{clinician.pk}"


def keep(browser, type, clinician, hours=0.0):
    answer = browser.post(page_of(type, zone="UTC"), {"start": start(clinician, hours)})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_what_is_offered_stands_there_and_nothing_else(mine, talk):
    AType(name="For strangers", bookers=["PUBLIC"])
    said = text(mine.get("/portal/book/"))

    assert "Talking" in said
    assert "For strangers" not in said


def test_a_month_shows_free_days_and_the_times_of_the_first(mine, ana, talk):
    said = text(mine.get(page_of(talk, zone="UTC")))

    assert "Monday, 7 January, 29 times free" in said
    assert f'value="{start(ana)}"' in said
    assert "Times in the time zone UTC" in said


def test_times_are_shown_on_the_clock_of_whoever_reads(mine, ana, talk):
    said = text(mine.get(page_of(talk, zone="Pacific/Auckland", day="2030-01-07")))

    assert "Times in the time zone Pacific/Auckland." in said
    assert "Monday, 7 January, 8 times free" in said, "until midnight there"
    assert "Tuesday, 8 January, 21 times free" in said, "the rest is Tuesday there"
    assert ">10 p.m.<" in said


def test_the_practices_zone_is_chosen_whatever_it_is(mine, talk):
    remember_zone("Etc/GMT+2")
    try:
        page = mine.get(f"/portal/book/{talk.pk}/").content.decode()
        assert "<option selected>Etc/GMT+2</option>" in page
    finally:
        remember_zone("UTC")


def test_a_zone_there_is_not_is_said_and_the_practices_is_shown(mine, talk):
    said = text(mine.get(page_of(talk, zone="Mars/Olympus")))

    assert "There is no such time zone." in said
    assert "29 times free" in said


@pytest.mark.parametrize(
    ("month", "words"),
    [("9999-12", "up to a year ahead"), ("2029-01", "from today on"), ("2030-13", "year-month"),
     ("x", "year-month")],
)  # fmt: skip
def test_a_month_that_cannot_be_is_said(mine, talk, month, words):
    assert words in text(mine.get(f"/portal/book/{talk.pk}/?month={month}"))


@pytest.mark.parametrize(
    "wrong",
    ["", "x", "9999-12-31T23:59+00:00|{}", "2030-01-07T09:00|{}", "2030-01-07T09:00+00:00|x",
     "0001-01-01T00:00+14:00|{}", "2030-02-31T09:00+00:00|{}"],
)  # fmt: skip
def test_what_is_no_time_is_refused_in_words(mine, ana, talk, wrong):
    answer = mine.post(page_of(talk, zone="UTC"), {"start": wrong.format(ana.pk)})

    assert answer.status_code == 422
    assert "Choose one of the times." in text(answer)
    assert not Hold.objects.exists()


def test_a_time_is_kept_then_booked(mine, ana, talk):
    address = keep(mine, talk, ana)
    said = text(mine.get(address))
    assert "Book this time?" in said
    assert "Kept for you until 9:05 a.m." in said

    answer = mine.post(address)

    made = Appointment.objects.get()
    assert answer.headers["Location"] == f"/portal/meetings/{made.pk}/"
    assert (made.status, made.starts_at, made.type) == ("BOOKED", NOW, talk)


def test_a_second_tap_and_going_back_book_nothing_more(mine, ana, talk):
    address = keep(mine, talk, ana)
    first, second = mine.post(address), mine.post(address)

    assert first.headers["Location"] == second.headers["Location"]
    assert Appointment.objects.count() == 1


def test_the_terms_are_read_and_accepted_before(mine, ana, talk):
    terms.set_terms(by=System("test"), hours=24, texts={"en": "A day before."},
                    from_on=EARLIER.date(), now=EARLIER)  # fmt: skip
    address = keep(mine, talk, ana)
    assert "A day before." in text(mine.get(address))

    without = mine.post(address, {"terms": "1"})
    assert (without.status_code, "say that you accept" in text(without)) == (422, True)
    assert mine.post(address, {"terms": "1", "accepted": "on"}).status_code == 302
    assert Accepted.objects.get().terms.version == 1


def test_terms_that_changed_while_one_read_are_shown_anew(mine, ana, talk):
    given = {"by": System("test"), "hours": 24, "from_on": EARLIER.date(), "now": EARLIER}
    terms.set_terms(texts={"en": "Old words."}, **given)
    address = keep(mine, talk, ana)
    mine.get(address)
    terms.set_terms(texts={"en": "New words."}, **given)

    answer = mine.post(address, {"terms": "1", "accepted": "on"})

    assert answer.status_code == 422
    assert "New words." in text(answer)
    assert not Appointment.objects.exists()


def test_of_two_who_want_one_hour_one_gets_it_and_the_other_sees_the_nearest(
    mine, ana, talk, house
):
    other = portal_of(ana, house)
    seen = mine.get(page_of(talk, zone="UTC"))
    assert seen.status_code == 200
    other.post(keep(other, talk, ana))

    answer = mine.post(page_of(talk, zone="UTC"), {"start": start(ana)})

    assert answer.status_code == 422
    assert "That time was just taken." in text(answer)
    assert f'value="{start(ana, 1)}"' in text(answer)


def test_who_let_it_run_out_sees_the_nearest_and_takes_one_of_them(mine, ana, talk, house):
    address = keep(mine, talk, ana)
    with clock.at(EARLIER + timedelta(minutes=6)):
        other = portal_of(ana, house)
        other.post(keep(other, talk, ana))
        answer = mine.post(address)
        assert (answer.status_code, "just taken" in text(answer)) == (422, True)

        kept = mine.post(address, {"instead": start(ana, 1)})
        assert kept.status_code == 302
        mine.post(kept.headers["Location"])

    assert set(Appointment.objects.values_list("starts_at", flat=True)) == {
        NOW, NOW + timedelta(hours=1)
    }  # fmt: skip


def test_a_page_that_confirms_nothing_says_so(mine):
    for address in ("/portal/book/confirm/", "/portal/book/confirm/?at=nonsense"):
        assert "Choose a time first" in text(mine.get(address))
        assert "Nothing was booked" in text(mine.post(address))


def test_what_is_signed_for_the_public_door_opens_nothing_here(mine, ana, talk):
    address = keep(mine, talk, ana)
    token = parse_qs(urlparse(address).query)["at"][0]

    assert "Choose a time first" in text(mine.get(f"/portal/book/confirm/?at={token[:-2]}"))


def test_what_needs_a_yes_waits_on_the_first_page(mine, ana, house):
    slow = AType(name="Assessment", bookers=["ACTIVE"], needs_approval=True)
    address = keep(mine, slow, ana)
    assert "Ask for this time?" in text(mine.get(address))
    mine.post(address)

    assert "waits for the practice to confirm it" in text(mine.get("/portal/"))


def test_a_no_is_read_with_its_line(mine, ana, house):
    slow = AType(bookers=["ACTIVE"], needs_approval=True)
    mine.post(keep(mine, slow, ana))
    made = Appointment.objects.get()
    answers.decline(by=ana.account, appointment=made, words="That week is full.", revision=1,
                    now=EARLIER)  # fmt: skip

    assert "this time could not be confirmed." in text(mine.get("/portal/"))
    assert "That week is full." in text(mine.get(f"/portal/meetings/{made.pk}/"))


def test_ones_own_meeting_is_moved(mine, ana, talk):
    mine.post(keep(mine, talk, ana))
    made = Appointment.objects.get()
    instead = f"Instead of Monday, 7 January 2030, 9 a.m., with <bdi>{ana.display_name}</bdi>"
    assert instead in text(mine.get(f"/portal/meetings/{made.pk}/move/?zone=UTC"))
    answer = mine.post(f"/portal/meetings/{made.pk}/move/?month=2030-01&zone=UTC",
                       {"start": start(ana, 2)})  # fmt: skip
    asked = text(mine.get(answer.headers["Location"]))
    assert "Move to this time?" in asked and instead in asked

    mine.post(answer.headers["Location"])

    made.refresh_from_db()
    assert made.starts_at == NOW + timedelta(hours=2)
    assert not Hold.objects.exists()


def test_what_the_practice_booked_says_why_it_stays(mine, ana):
    meeting = AnAppointment(client=ClientOf._meta.model.objects.get(), clinician=ana)

    assert "made with you by the practice" in text(mine.get(f"/portal/meetings/{meeting.pk}/"))
    assert mine.post(f"/portal/meetings/{meeting.pk}/move/").status_code == 422


def test_that_calling_off_counts_as_late_is_said_before_it_is_done(mine, ana, talk):
    terms.set_terms(by=System("test"), hours=24, texts={"en": "x"}, from_on=EARLIER.date(),
                    now=EARLIER)  # fmt: skip
    mine.post(keep(mine, talk, ana), {"terms": "1", "accepted": "on"})
    made = Appointment.objects.get()
    address = f"/portal/meetings/{made.pk}/call-off/"
    assert "You are in time" in text(mine.get(address))

    with clock.at(NOW - timedelta(hours=24, minutes=-1)):
        again = inside(made.client.account, "portal")
        answer = again.post(address, {"late": "", "revision": "1"})
        assert answer.status_code == 422, "what was read before is not true any more"
        assert "It counts as called off late." in text(answer)
        assert 'name="late" value="True"' in text(answer)
        done = again.post(address, {"late": "True", "revision": "1"})

    made.refresh_from_db()
    assert (done.status_code, made.status, made.late) == (302, "CANCELLED", True)


def test_whoever_comes_back_to_the_question_reads_what_it_did(mine, ana, talk):
    asked = keep(mine, talk, ana)
    mine.post(asked)
    made = Appointment.objects.get()
    page = f"/portal/meetings/{made.pk}/"

    assert mine.get(asked).headers["Location"] == page

    answer = mine.post(f"{page}move/?month=2030-01&zone=UTC", {"start": start(ana, 2)})
    instead = answer.headers["Location"]
    assert mine.get(instead).status_code == 200
    mine.post(instead)

    assert mine.get(instead).headers["Location"] == page


def test_what_is_called_off_is_not_asked_about_again(mine, ana, talk):
    mine.post(keep(mine, talk, ana))
    made = Appointment.objects.get()
    address = f"/portal/meetings/{made.pk}/call-off/"
    mine.post(address, {"late": "False", "revision": "1"})

    answer = mine.get(address)  # the way back, or a second window

    assert answer.headers["Location"] == f"/portal/meetings/{made.pk}/"
    assert "called off" in text(mine.get(answer.headers["Location"]))


def test_somebody_elses_meeting_is_not_there(mine, ana, house):
    theirs = AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana)

    for path in ("", "move/", "call-off/"):
        assert mine.get(f"/portal/meetings/{theirs.pk}/{path}").status_code == 404


def test_two_clocks_are_named_where_they_differ(mine, ana, talk, house):
    remember_zone("America/New_York")
    try:
        ana.working_hours.update(from_at="04:00")
        address = mine.post(page_of(talk, zone="Asia/Tokyo"), {"start": start(ana)})
        said = text(mine.get(address.headers["Location"]))
        assert "Monday, 7 January 2030, 6 p.m." in said
        assert "On the practice's clock: Monday, 7 January 2030, 4 a.m." in said
    finally:
        remember_zone("UTC")


@pytest.mark.parametrize("rooms", [0, 3])
def test_a_month_of_free_days_takes_eight_statements_at_any_number_of_rows(
    mine, ana, talk, house, rooms
):
    for _ in range(rooms):
        ARoom(place=house)
    AppointmentType.objects.update(needs_room=bool(rooms))
    address = page_of(talk, zone="UTC")
    mine.get(address)

    def counted():
        with CaptureQueriesContext(connection) as said:
            assert mine.get(address).status_code == 200
        return [q["sql"] for q in said if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVE"))]

    few = counted()
    for day in range(20):
        for weekday in (2, 3, 4, 5):
            AStretch(staff=ana, weekday=weekday)
        AnAppointment(client=ClientOf(), clinician=ana, starts_at=NOW + timedelta(days=day))
    many = counted()

    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 8, "\n".join(many)


def test_a_room_takes_two_statements_more_to_keep_and_two_to_book_however_many_there_are(
    mine, ana, talk, house
):
    def counted(hours):
        with CaptureQueriesContext(connection) as keeping:
            page = keep(mine, talk, ana, hours)
        with CaptureQueriesContext(connection) as booking:
            assert mine.post(page).status_code == 302
        marks = ("BEGIN", "COMMIT", "SAVE", "RELEASE")
        return [
            len([one for one in said if not one["sql"].startswith(marks)])
            for said in (keeping, booking)
        ]

    actions.set_self_booking(by=System("test"), any_clinician=False, most_ahead=9)
    counted(0)
    plain = counted(2)
    AppointmentType.objects.update(needs_room=True)
    ARoom(place=house)
    few = counted(4)
    for _ in range(5):
        ARoom(place=house)
    many = counted(6)

    assert few == many == [n + 2 for n in plain]
    assert Appointment.objects.filter(room__isnull=False).count() == 2


def test_more_than_may_be_booked_ahead_is_said_at_the_end(mine, ana, talk):
    actions.set_self_booking(by=System("test"), any_clinician=False, most_ahead=0)
    answer = mine.post(keep(mine, talk, ana))

    assert (answer.status_code, "as many times ahead" in text(answer)) == (422, True)
