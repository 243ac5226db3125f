"""Answering what was asked for, terms, and how meetings went, as somebody at the desk does it."""

import re
from datetime import timedelta

import pytest

from rapport.core import time as clock
from rapport.meeting.models import Appointment, Change, SelfBooking, Terms
from tests.factories import (
    NOW,
    AnAccount,
    AnAppointment,
    APlace,
    APractice,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(hours=30)


@pytest.fixture
def house():
    APractice()
    return APlace(name="River house")


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth", roles=["CLINICIAN", "OWNER"])


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def desk(ana):
    with clock.at(EARLIER):
        yield inside(ana.account)


@pytest.fixture
def asked(mara, ana):
    return AnAppointment(client=mara, clinician=ana, status="REQUESTED", type=AType(),
                         booked_at=EARLIER - timedelta(hours=3))  # fmt: skip


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def at(appointment, path=""):
    return f"/desk/appointments/{appointment.pk}/{path}"


def test_what_was_asked_for_waits_on_today_and_on_a_page(desk, asked):
    today, page = text(desk.get("/desk/also/")), text(desk.get("/desk/requests/"))

    assert "1 time asked for" in today
    assert "waits 3 hours" in today
    assert "Mara Kühn" in page
    assert "waits 3 hours" in page


@pytest.mark.parametrize(
    ("roles", "sees", "names"),
    [
        (["OWNER", "CLINICIAN", "FRONT_DESK"], True, True),  # treats and answers the phone
        (["FRONT_DESK"], True, True),
        (["CLINICIAN"], False, False),  # a colleague's
        (["OWNER"], False, False),
    ],
)
def test_whoever_is_at_the_front_desk_sees_on_today_what_colleagues_are_asked(
    house, ana, asked, mara, roles, sees, names
):
    with clock.at(EARLIER):
        today = text(inside(Colleague(at=[house], roles=roles).account).get("/desk/also/"))

    assert ("Mara Kühn" in today) is sees
    assert (ana.display_name in today) is names


@pytest.mark.parametrize("roles", [["OWNER", "CLINICIAN"], ["OWNER", "CLINICIAN", "FRONT_DESK"]])
def test_a_practice_of_one_sees_a_strangers_request_on_today(house, roles):
    alone = Colleague(at=[house], roles=roles)
    type = AType(bookers=["PUBLIC"], needs_approval=True)
    with clock.at(EARLIER):
        client = ClientOf(care_team=[alone], place=house, status="INQUIRY", legal_name="Ngaire H.")
        AnAppointment(client=client, clinician=alone, status="REQUESTED", type=type)
        desk = inside(alone.account)

        assert "1 time asked for" in text(desk.get("/desk/also/"))
        assert "Ngaire H." in text(desk.get("/desk/also/"))
        assert "Ngaire H." in text(desk.get("/desk/requests/"))


def test_nobody_elses_requests_wait_for_one(house, asked):
    with clock.at(EARLIER):
        ben = inside(Colleague(at=[house]).account)

        assert "Mara" not in text(ben.get("/desk/requests/"))
        assert ben.post(at(asked, "approve/")).status_code == 404


def test_yes_by_one_button_and_back_to_the_list(desk, asked):
    answer = desk.post(at(asked, "approve/"), {"revision": "1", "back": "requests"})

    asked.refresh_from_db()
    assert (answer.headers["Location"], asked.status) == ("/desk/requests/", "BOOKED")


def test_no_with_a_kind_line(desk, asked, mara):
    assert "A line for the record" in text(desk.get(at(asked, "decline/")))
    mara.account = AnAccount(realm="PORTAL")
    mara.save()
    assert "A line for the client" in text(desk.get(at(asked, "decline/")))

    desk.post(at(asked, "decline/"), {"revision": "1", "words": "That week is full."})

    asked.refresh_from_db()
    assert (asked.status, Change.objects.get().reason) == ("CANCELLED", "That week is full.")


def test_an_answer_to_what_was_answered_meanwhile_says_so(desk, asked):
    desk.post(at(asked, "approve/"), {"revision": "1"})
    answer = desk.post(at(asked, "decline/"), {"revision": "1", "words": "Sorry."})

    assert answer.status_code == 422
    assert "Somebody changed this appointment meanwhile" in text(answer)
    assert "Sorry." in text(answer)


def test_what_is_only_asked_for_looks_so_everywhere(desk, asked, mara):
    week = text(desk.get(f"/desk/calendar/?on={NOW:%Y-%m-%d}"))
    assert "slot--requested" in week
    assert "asked for" in week
    assert "asked for" in text(desk.get(f"/desk/clients/{mara.pk}/"))
    page = text(desk.get(at(asked)))
    assert "Asked for, and not answered yet" in page
    assert 'value="KEPT"' not in page
    with clock.at(NOW - timedelta(hours=1)):
        today = text(inside(asked.clinician.account).get("/desk/also/"))
    assert "Write the note" not in today
    assert "sessions held" not in today


def test_late_is_marked_and_unmarked_by_a_button(desk, mara, ana):
    off = AnAppointment(client=mara, clinician=ana, status="CANCELLED", cancelled_by="CLIENT")
    assert "Count it as late" in text(desk.get(at(off)))

    desk.post(at(off, "late/"), {"late": "on", "revision": "1"})
    assert "called off late" in text(desk.get(at(off)))
    desk.post(at(off, "undo/"), {"revision": "2"})

    assert Appointment.objects.get(pk=off.pk).late is False


def test_how_a_clients_meetings_went_stands_on_their_page(desk, mara, ana):
    given = (("KEPT", "", False), ("MISSED", "", False), ("CANCELLED", "CLIENT", True))
    for n, (status, side, late) in enumerate(given):
        AnAppointment(client=mara, clinician=ana, status=status, cancelled_by=side, late=late,
                      starts_at=NOW - timedelta(days=n + 2))  # fmt: skip

    assert "1 kept, 1 missed, 1 called off (1 late)" in text(desk.get(f"/desk/clients/{mara.pk}/"))
    year = text(desk.get("/desk/attendance/?year=2030"))
    assert "Of 100 hours in which somebody waited, 33 were kept." in year


@pytest.mark.parametrize("year", ["9999", "x", "-1", "0001", "٢٠٣٠"])
def test_a_year_that_cannot_be_is_this_one(desk, year):
    assert "in 2030" in text(desk.get(f"/desk/attendance/?year={year}"))


def test_terms_are_put_in_force_as_a_new_version(desk):
    given = {"hours": "24", "from_on": f"{EARLIER:%Y-%m-%d}", "en": "A day before."}
    assert desk.post("/desk/practice/terms/new/", given).status_code == 302
    assert desk.post("/desk/practice/terms/new/", given | {"hours": "48"}).status_code == 302

    said = text(desk.get("/desk/practice/terms/"))
    assert "Version 2" in said
    assert "late from 48 hours before" in said
    assert list(Terms.objects.order_by("version").values_list("hours", flat=True)) == [24, 48]


def test_terms_that_cannot_be_keep_what_was_typed(desk):
    given = {"hours": "999", "from_on": "9999-01-01", "en": "A day before."}
    answer = desk.post("/desk/practice/terms/new/", given)

    assert answer.status_code == 422
    assert "A day before." in text(answer)


def test_what_clients_may_do_by_themselves_is_the_owners_word(desk):
    desk.post("/desk/practice/self-booking/", {"any_clinician": "on", "most_ahead": "2"})

    row = SelfBooking.objects.get()
    assert (row.any_clinician, row.most_ahead) == (True, 2)
    assert desk.post("/desk/practice/self-booking/", {"most_ahead": "51"}).status_code == 422


def test_a_yes_from_the_list_is_said_there_and_taken_back_by_one_button(desk, asked):
    desk.post(at(asked, "approve/"), {"back": "requests", "revision": asked.revision})
    page = text(desk.get("/desk/requests/"))
    assert "Mara Kühn: booked" in page and f'action="{at(asked, "undo/")}"' in page

    answer = desk.post(at(asked, "undo/"), {"back": "requests", "revision": asked.revision + 1})

    assert answer.headers["Location"] == "/desk/requests/"
    assert Appointment.objects.get(pk=asked.pk).status == "REQUESTED"
