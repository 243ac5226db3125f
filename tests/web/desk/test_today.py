"""The desk's home: the day in order, and what needs somebody."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.core import time as clock
from rapport.people.models import Practice
from tests.factories import (
    AnAlert,
    AnAppointment,
    AnAsked,
    ANote,
    APlace,
    APractice,
    AScore,
    ASheet,
    AStretch,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

NINE = datetime(2030, 1, 7, 9, tzinfo=UTC)  # a Monday
NOON = NINE + timedelta(hours=3)


@pytest.fixture
def house():
    APractice()
    Practice.objects.update(time_zone="UTC")
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house], display_name="Ana Berg")


def client(name, ana, house, **given):
    return ClientOf(legal_name=name, care_team=[ana], place=house, **given)


def booked(who, ana, hours, **given):
    at = NINE + timedelta(hours=hours)
    return AnAppointment(client=who, clinician=ana, starts_at=at, **given)


def page(person, at=NOON):
    with clock.at(at):
        return inside(person.account).get("/desk/").content.decode()


def test_the_day_stands_in_order_with_free_hours_between(ana, house):
    AStretch(staff=ana)
    booked(client("Second", ana, house), ana, 2)
    booked(client("First", ana, house), ana, 0)
    booked(client("Tomorrow", ana, house), ana, 24)

    said = page(ana, at=NINE - timedelta(hours=1))
    assert said.index("First") < said.index("free, 70 minutes") < said.index("Second")
    assert "free, 310 minutes" in said  # from 11:50 to 17:00
    assert "Tomorrow" not in said
    assert "0 of 2 sessions held" in said


def test_what_has_begun_can_be_settled_and_what_was_kept_leads_to_its_note(ana, house):
    first = booked(client("First", ana, house), ana, 0)
    late = booked(client("Later", ana, house), ana, 6)

    said = page(ana)
    assert f"/desk/appointments/{first.pk}/settle/" in said
    assert f"/desk/appointments/{late.pk}/settle/" not in said

    with clock.at(NOON):
        answer = inside(ana.account).post(
            f"/desk/appointments/{first.pk}/settle/",
            {"what": "KEPT", "revision": first.revision, "back": "today"},
        )
    assert answer.headers["Location"] == "/desk/"
    assert "1 of 2 sessions held" in page(ana)
    assert f"/desk/clients/{first.client_id}/notes/open/" in page(ana)

    note = ANote(client=first.client, author=ana, appointment=first)
    assert f"/desk/notes/{note.pk}/" in page(ana)


def test_a_score_stands_with_what_it_changed_by(ana, house):
    mara = client("Mara", ana, house)
    booked(mara, ana, 0)
    for days, total in enumerate((20, 14)):
        sheet = ASheet(client=mara, answered_at=NINE - timedelta(days=9 - days))
        AScore(sheet=sheet, total=total, total_rounded=total)

    said = page(ana)
    assert "PHQ-9 14" in said
    assert "6 less than before" in said

    sheet = ASheet(client=mara, language="de", answered_at=NINE - timedelta(days=1))
    AScore(sheet=sheet, total=8, total_rounded=8)
    said = page(ana)
    assert "PHQ-9 8" in said and "asked in another language, not compared" in said
    assert "less than before" not in said


def test_what_waits_for_somebody_is_named_with_its_age(ana, house):
    mara = client("Mara Kühn", ana, house)
    alert = AnAlert(sheet=ASheet(client=mara), owner=ana, raised_at=NINE,
                    answer_by=NINE + timedelta(hours=4))  # fmt: skip
    note = ANote(client=mara, author=ana, happened_on=date(2030, 1, 4))
    AnAsked(client=mara, asked_at=NINE, expires_at=NOON + timedelta(days=1))

    said = page(ana)
    assert f"/desk/alerts/{alert.pk}/" in said
    assert "answer by 1 p.m." in said
    assert "1 note not signed" in said
    assert f"/desk/notes/{note.pk}/" in said
    assert "3 days old" in said
    assert "1 questionnaire not answered" in said


def test_a_questionnaire_that_left_the_library_is_still_waited_for(ana, house):
    AnAsked(
        client=client("Mara Kühn", ana, house), instrument="of-old", asked_at=NINE,
        expires_at=NOON + timedelta(days=1),
    )  # fmt: skip

    assert "of-old" in page(ana)


def test_a_colleagues_day_and_what_waits_for_them_is_not_ones_own(ana, house):
    ben = Colleague(at=[house])
    theirs = client("Jonas Weber", ben, house)
    booked(theirs, ben, 0)
    ANote(client=theirs, author=ben)

    said = page(ana)
    assert "Jonas" not in said
    assert "Nothing is booked today." in said or "free," in said
    assert "/desk/also/?alone=1" in said
    also = inside(ana.account).get("/desk/also/?alone=1", headers={"HX-Request": "true"})
    assert "Nothing waits for you." in also.content.decode()


def test_the_front_desk_sees_who_comes_and_nothing_of_what_they_said(ana, house):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])
    mara = client("Mara Kühn", ana, house)
    booked(mara, ana, 0)
    AScore(sheet=ASheet(client=mara))
    AnAlert(sheet=ASheet(client=mara), owner=ana)
    booked(client("Elsewhere", ana, APlace()), ana, 2)

    said = page(fay)
    assert "Mara Kühn" in said
    assert "Ana Berg" in said
    assert "Elsewhere" not in said
    for clinical in ("PHQ-9", "answer", "risk"):
        assert clinical not in said.split('id="main"')[1].split("<dialog")[0]


@pytest.mark.parametrize(("role", "settles"), [("FRONT_DESK", True), ("BILLER", False)])
def test_how_it_went_is_asked_only_of_those_who_may_say_so(ana, house, role, settles):
    somebody = Colleague(roles=[role], at=[house])
    meeting = booked(client("First", ana, house), ana, 0)

    said = page(somebody)
    assert "First" in said
    assert (f"/desk/appointments/{meeting.pk}/settle/" in said) == settles


def test_an_empty_day_says_so_and_leads_to_the_calendar(ana):
    sunday = NOON - timedelta(days=1)
    said = page(ana, at=sunday)
    assert "Nothing is booked today." in said
    assert "/desk/calendar/" in said


@pytest.mark.parametrize(("what", "words"), [("KEPT", "kept"), ("MISSED", "did not come")])
def test_how_a_session_went_is_taken_back_on_today_by_one_button(ana, house, what, words):
    one = booked(client("First", ana, house), ana, 0)
    with clock.at(NOON):
        desk = inside(ana.account)
        desk.post(f"/desk/appointments/{one.pk}/settle/", {
            "what": what, "back": "today", "revision": one.revision,
        })  # fmt: skip
        said = desk.get("/desk/").content.decode()
        assert f"First: {words}" in said
        assert f'action="/desk/appointments/{one.pk}/undo/"' in said
        answer = desk.post(f"/desk/appointments/{one.pk}/undo/", {
            "back": "today", "revision": one.revision + 1,
        })  # fmt: skip

    one.refresh_from_db()
    assert (answer.headers["Location"], one.status) == ("/desk/", "BOOKED")
