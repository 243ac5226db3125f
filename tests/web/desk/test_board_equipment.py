"""The board by equipment: a column for each piece, and what putting a meeting there does."""

from datetime import timedelta

import pytest

from rapport.core import time
from rapport.meeting.appointments import actions
from rapport.meeting.models import Equipment, Occupancy
from tests.factories import (
    NOW,
    AnEquipment,
    APlace,
    APractice,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.desk.test_board import BOARD, EIGHT, columns, put, shown
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

DAY = "on=2030-01-07&view=equipment"


@pytest.fixture
def house():
    APractice()
    with time.at(EIGHT):
        yield APlace(name="River house")


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def fay(house):
    return inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)


@pytest.fixture
def pieces(house):
    given = [("VR headset", "Headset 1"), ("VR headset", "Headset 2"), ("Case", "Case 1")]
    return [AnEquipment(place=house, kind=kind, name=name) for kind, name in given]


def met(ana, name="Mara Kühn", hours=0, kinds=("VR headset",), **more):
    client = ClientOf(care_team=[ana], place=ana.places.first(), legal_name=name)
    start = NOW + timedelta(hours=hours)
    slot = actions.Slot(start, start + timedelta(minutes=50))
    return actions.book(by=ana.account, client=client, clinician=ana, slot=slot, now=EIGHT,
                        place=client.place, type=AType(equipment=list(kinds)), **more)  # fmt: skip


def has(meeting):
    """The names of the pieces it has."""
    held = Occupancy.objects.filter(kind="EQUIPMENT", appointment=meeting).values("thing")
    return set(Equipment.objects.filter(pk__in=held).values_list("name", flat=True))


def give(browser, meeting, piece, minute=9 * 60):
    meeting.refresh_from_db()
    return put(browser, meeting, minute, equipment=piece.pk if piece else "", board=DAY)


def test_each_piece_has_a_column_with_who_has_it(fay, ana, pieces):
    one = met(ana, kinds=("VR headset", "Case"))
    page = shown(fay, DAY)
    found = columns(page)

    assert list(found) == ["Case 1", "Headset 1", "Headset 2"]
    assert "Mara Kühn" in found["Headset 1"] and "Mara Kühn" in found["Case 1"]
    assert "Ana Roth" in found["Headset 1"] and "Mara Kühn" not in found["Headset 2"]
    assert page.count(f'id="card-{one.pk}"') == page.count(f'id="card-{one.pk}-2"') == 1
    assert 'data-by="equipment"' in page and "1 booked" in page


def test_a_piece_that_somebody_unknown_has_is_taken(house, ana, pieces):
    met(ana, "Noa Hidden")
    ben = inside(Colleague(at=[house], legal_name="Ben Falk").account)

    found = columns(shown(ben, DAY))
    assert "taken" in found["Headset 1"] and "Noa" not in found["Headset 1"]


def test_places_and_kinds_are_chosen(fay, ana, pieces):
    away = AnEquipment(place=APlace(name="Hill house"), kind="Recorder", name="Recorder 1")
    assert set(columns(shown(fay, f"{DAY}&kind=Case"))) == {"Case 1"}
    assert set(columns(shown(fay, f"{DAY}&place={away.place_id}"))) == {"Recorder 1"}
    everything = columns(shown(fay, f"{DAY}&kind=None+of+these"))
    assert len(everything) == 4 and "Hill house" in everything["Recorder 1"]
    assert '<option value="Case" selected>' in shown(fay, f"{DAY}&kind=Case")


def test_a_piece_out_of_use_stands_there_as_long_as_a_meeting_has_it(fay, ana, pieces):
    met(ana)
    for one in (pieces[0], pieces[2]):
        Equipment.objects.filter(pk=one.pk).update(closed_on=EIGHT.date())

    found = columns(shown(fay, DAY))
    assert set(found) == {"Headset 1", "Headset 2"} and "out of use" in found["Headset 1"]


def test_without_any_it_says_so(fay):
    assert "There is no equipment here." in shown(fay, DAY)


def test_put_onto_a_piece_it_has_that_one_and_can_have_the_other_back(fay, ana, pieces):
    one = met(ana)
    answer = give(fay, one, pieces[1], 10 * 60)
    page = answer.content.decode()

    assert has(one) == {"Headset 2"} and "Moved to 10 a.m., Headset 2." in page
    assert "Mara Kühn" in columns(page)["Headset 2"]
    one.refresh_from_db()
    assert one.starts_at == NOW + timedelta(hours=1)
    undo = answer.context["undo"]
    fay.post(undo["address"], undo["fields"])
    one.refresh_from_db()
    assert (has(one), one.starts_at) == ({"Headset 1"}, NOW)


def test_at_another_time_in_its_column_it_keeps_its_piece(fay, ana, pieces):
    one = met(ana)
    give(fay, one, pieces[1])
    give(fay, one, None, 11 * 60)

    assert has(one) == {"Headset 2"}


@pytest.mark.parametrize(
    ("onto", "words"), [(1, "Headset 2 is taken at that time."), (2, "takes no Case")]
)
def test_where_it_cannot_be_nothing_moves_and_it_is_said_why(fay, ana, house, pieces, onto, words):
    one = met(ana)
    other = met(Colleague(at=[house]), "Jonas Weber")
    assert has(other) == {"Headset 2"}

    answer = give(fay, one, pieces[onto])
    assert answer.status_code == 422 and words in answer.content.decode()
    assert has(one) == {"Headset 1"}


@pytest.mark.parametrize("given", ["x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_no_piece_is_no_address(fay, ana, pieces, given):
    one = met(ana)
    assert put(fay, one, 9 * 60, equipment=given, board=DAY).status_code == 404


def test_whatever_changes_is_looked_for(fay, ana, pieces):
    one = met(ana)
    for change in (
        lambda: give(fay, one, pieces[1]),
        lambda: Equipment.objects.filter(pk=pieces[0].pk).update(name="Headset 9"),
        lambda: Equipment.objects.filter(pk=pieces[1].pk).update(closed_on=EIGHT.date()),
    ):
        seen = shown(fay, DAY).split('data-seen="')[1].split('"')[0]
        address = f"{BOARD}changed/?{DAY}&seen={seen}"
        assert fay.get(address).status_code == 204
        change()
        assert fay.get(address).status_code == 200
