"""Equipment at the desk: writing it down, types that need it, and which piece a meeting has."""

import re
from datetime import timedelta

import pytest

from rapport.core import time
from rapport.meeting.appointments import actions as diary
from rapport.meeting.models import Appointment, AppointmentType, Equipment, Occupancy
from tests.factories import (
    NOW,
    AnAppointment,
    AnEquipment,
    APlace,
    APractice,
    ARoom,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside
from tests.web.test_statements import counted

pytestmark = pytest.mark.django_db

PAGE = "/desk/practice/equipment/"
TYPES = "/desk/practice/types/"
BEFORE = NOW - timedelta(minutes=5)


@pytest.fixture(autouse=True)
def clock():
    with time.at(BEFORE):
        yield


@pytest.fixture
def house():
    APractice()
    return APlace(name="River house")


@pytest.fixture
def olga(house):
    return inside(Colleague(roles=["OWNER"], at=[house]).account)


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def desk(ana):
    return inside(ana.account)


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def flight(house):
    return AType(name="Flight", equipment=["VR headset"])


def said(answer):
    """The words of a page."""
    text = re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def typed(house, client, ana, **given):
    return {
        "client": client.pk, "clinician": ana.pk, "on": "2030-01-07", "at": "10:00",
        "minutes": "50", "way": "HERE", "where": f"place:{house.pk}",
    } | given  # fmt: skip


class TestWritingDown:
    def test_one_is_added_given_up_and_taken_back(self, olga, house):
        assert "No equipment yet" in said(olga.get(PAGE))
        olga.post(PAGE, {"place": house.pk, "kind": "VR headset", "name": "Headset 1"})
        piece = Equipment.objects.get()
        page = olga.get(PAGE)
        assert "VR headset · River house" in said(page)
        assert '<option value="VR headset">' in page.content.decode()
        for closed, on in (("on", BEFORE.date()), ("off", None)):
            olga.post(f"{PAGE}{piece.pk}/close/", {"closed": closed})
            piece.refresh_from_db()
            assert piece.closed_on == on

    @pytest.mark.parametrize(
        ("field", "given"),
        [("kind", {"kind": " "}), ("kind", {"kind": "x" * 61}), ("name", {"name": "--"}),
         ("name", {"name": "Headset 1"}), ("place", {"place": ""})],
        ids=["no kind", "long kind", "no name", "name taken", "no place"],
    )  # fmt: skip
    def test_what_cannot_be_stands_beside_its_field(self, olga, house, field, given):
        AnEquipment(place=house, name="Headset 1")
        answer = olga.post(PAGE, {"place": house.pk, "kind": "Case", "name": "Case 1"} | given)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert Equipment.objects.count() == 1

    def test_only_owners_find_it(self, desk, house):
        assert desk.get(PAGE).status_code == 404
        assert desk.post(f"{PAGE}{AnEquipment(place=house).pk}/close/").status_code == 404

    @pytest.mark.parametrize("what", ["rooms", "equipment"])
    def test_of_what_was_given_up_it_says_how_many_meetings_have_it(
        self, olga, house, ana, mara, flight, what
    ):
        room, piece = ARoom(place=house), AnEquipment(place=house)
        for n in (0, 2):
            diary.book(by=ana.account, client=mara, clinician=ana, now=BEFORE, type=flight,
                       slot=AnAppointment.build(starts_at=NOW + timedelta(hours=n)).slot,
                       room=room)  # fmt: skip
        page = f"/desk/practice/{what}/"
        assert "still have it" not in said(olga.get(page))
        olga.post(f"{page}{room.pk if what == 'rooms' else piece.pk}/close/", {"closed": "on"})
        assert "2 meetings ahead still have it." in said(olga.get(page))
        with time.at(NOW + timedelta(minutes=1)):
            assert "1 meeting ahead still has it." in said(olga.get(page))

    @pytest.mark.parametrize("what", ["rooms", "equipment"])
    def test_of_several_that_were_given_up_each_names_its_next_few(self, house, what):
        boss = Colleague(roles=["OWNER", "CLINICIAN"], at=[house])
        client, page = ClientOf(care_team=[boss], place=house), inside(boss.account)
        busy, quiet = (
            [ARoom(place=house, name=name), AnEquipment(place=house, name=name)]
            for name in ("Busy", "Quiet")
        )
        for n in (*range(12), 90):
            room, piece = busy if n < 90 else quiet
            made = AnAppointment(client=client, clinician=boss, room=room,
                                 starts_at=NOW + timedelta(hours=n))  # fmt: skip
            Occupancy.objects.create(kind="EQUIPMENT", thing=piece.pk, appointment=made,
                                     starts_at=made.starts_at, ends_at=made.ends_at)  # fmt: skip
        for room, piece in (busy, quiet):
            gone = room if what == "rooms" else piece
            page.post(f"/desk/practice/{what}/{gone.pk}/close/", {"closed": "on"})
        with time.at(BEFORE):
            answer = page.get(f"/desk/practice/{what}/")

        named = {one.name: len(one.named) for one in answer.context["shared"]}
        assert named == {"Busy": 8, "Quiet": 1}
        assert "12 meetings ahead still have it." in said(answer) and "and 4 more" in said(answer)
        last = Appointment.objects.latest("starts_at")
        assert f"/desk/appointments/{last.pk}/" in answer.content.decode()

    def test_meetings_get_another_piece_where_one_is_free(self, house, ana, mara, flight):
        olga = inside(Colleague(roles=["OWNER", "CLINICIAN"], at=[house]).account)
        broken = AnEquipment(place=house, name="Headset 1")
        made = [
            diary.book(by=ana.account, client=mara, clinician=ana, now=BEFORE, type=flight,
                       slot=AnAppointment.build(starts_at=NOW + timedelta(hours=n)).slot)
            for n in (0, 2)
        ]  # fmt: skip
        page = f"{PAGE}{broken.pk}/replace/"
        assert "It is in use." in said(olga.post(page, follow=True))
        olga.post(f"{PAGE}{broken.pk}/close/", {"closed": "on"})
        assert "No other piece is free" in said(olga.post(page, follow=True))
        other = AnEquipment(place=house, name="Headset 2")
        elsewhere = AnEquipment(place=APlace(), name="Headset 3")
        ben = Colleague(at=[house])
        diary.book(by=ben.account, client=ClientOf(care_team=[ben], place=house), clinician=ben,
                   slot=AnAppointment.build(starts_at=NOW + timedelta(hours=2)).slot, type=flight,
                   now=BEFORE)  # fmt: skip

        shown = said(olga.post(page, follow=True))

        assert "1 meeting has another piece now." in shown
        assert "1 meeting ahead still has it." in shown
        held = dict(Occupancy.objects.filter(kind="EQUIPMENT", appointment__in=made)
                    .values_list("appointment", "thing"))  # fmt: skip
        assert held == {made[0].pk: other.pk, made[1].pk: broken.pk}
        assert not Occupancy.objects.filter(thing=elsewhere.pk).exists()

    def test_of_meetings_that_still_have_it_each_leads_to_its_page(
        self, house, ana, mara, flight
    ):  # fmt: skip
        olga = inside(Colleague(roles=["OWNER", "FRONT_DESK"], at=[house]).account)
        piece = AnEquipment(place=house)
        unseen = ClientOf(care_team=[ana], place=APlace())
        made = [
            diary.book(by=ana.account, client=who, clinician=ana, now=BEFORE, type=flight,
                       slot=AnAppointment.build(starts_at=NOW + timedelta(hours=n)).slot)
            for n, who in enumerate((mara, unseen))
        ]  # fmt: skip
        olga.post(f"{PAGE}{piece.pk}/close/", {"closed": "on"})
        page = olga.get(PAGE).content.decode()
        assert f"/desk/appointments/{made[0].pk}/" in page
        assert f"/desk/appointments/{made[1].pk}/" not in page

    def test_many_pieces_take_as_many_statements_as_few(self, olga, house):
        AnEquipment(place=house)
        olga.get(PAGE)
        few = counted(olga, PAGE)
        for _ in range(9):
            AnEquipment(place=APlace())
        many = counted(olga, PAGE)
        assert len(many) == len(few) <= 9, "\n".join(many)


class TestTypes:
    def posted(self, browser, one, **given):
        return browser.post(f"{TYPES}{one.pk}/", {
            "name": one.name, "kind": one.kind, "minutes": "50", "ways": ["HERE"],
            "bookers": ["ACTIVE"], "colour": "TEAL",
        } | given)  # fmt: skip

    def test_it_is_asked_about_where_there_is_some(self, olga, house):
        one = AType()
        assert "Needs equipment" not in said(olga.get(f"{TYPES}{one.pk}/"))
        assert self.posted(olga, one).status_code == 302
        AnEquipment(place=house)
        assert "Needs equipment" in said(olga.get(f"{TYPES}{one.pk}/"))

    def test_what_it_needs_is_kept_and_said_and_so_is_that_there_is_none(self, olga, house):
        one, piece = AType(), AnEquipment(place=house)
        self.posted(olga, one, equipment=["VR headset"], equipment_always="on")
        one.refresh_from_db()
        assert (one.equipment, one.equipment_always) == (["VR headset"], True)
        page = said(olga.get(TYPES))
        assert "needs VR headset" in page
        assert "and there is none" not in page
        piece.closed_on = BEFORE.date()
        piece.save()
        assert "needs VR headset, and there is none" in said(olga.get(TYPES))
        form = olga.get(f"{TYPES}{one.pk}/").context["form"]
        assert form.initial["equipment"] == ["VR headset"], "it can be unticked still"
        self.posted(olga, one)
        assert AppointmentType.objects.get().equipment == []

    def test_a_kind_that_nobody_has_and_too_many_are_refused(self, olga, house):
        one = AType()
        for n in range(5):
            AnEquipment(place=house, kind=f"Case {n}")
        for wrong in (["Rocket"], [f"Case {n}" for n in range(5)]):
            answer = self.posted(olga, one, equipment=wrong)
            assert answer.status_code == 422
            assert answer.context["form"].errors["equipment"]


class TestBooking:
    def test_the_appointment_says_which_piece_it_has(self, desk, house, ana, mara, flight):
        AnEquipment(place=house, name="Headset 7", kind="VR | 360°")
        AppointmentType.objects.update(equipment=["VR | 360°"])
        given = typed(house, mara, ana, type=flight.pk)
        answer = desk.post(f"/desk/calendar/book/?client={mara.pk}", given, follow=True)
        assert "Equipment Headset 7" in said(answer)
        made = Appointment.objects.get()
        desk.post(f"/desk/appointments/{made.pk}/cancel/",
                  {"side": "CLIENT", "revision": made.revision})  # fmt: skip
        assert "Headset 7" not in said(desk.get(f"/desk/appointments/{made.pk}/"))

    def test_without_a_free_one_it_says_so_and_keeps_what_was_typed(
        self, desk, house, ana, mara, flight
    ):
        given = typed(house, mara, ana, type=flight.pk)
        answer = desk.post(f"/desk/calendar/book/?client={mara.pk}", given)
        assert answer.status_code == 422
        assert "VR headset: none is free at that time." in said(answer)
        assert answer.context["form"]["at"].value() == "10:00"
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize("view", ["people", "rooms"])
    def test_the_board_shows_the_piece(self, house, ana, mara, flight, view):
        fay = inside(Colleague(at=[house], roles=["FRONT_DESK"]).account)
        piece = AnEquipment(place=house, name="Headset 7")
        meeting = AnAppointment(client=mara, clinician=ana, place=house, type=flight)
        address = f"/desk/board/?on=2030-01-07&view={view}"
        assert "Headset 7" not in said(fay.get(address))
        Occupancy.objects.create(kind="EQUIPMENT", thing=piece.pk, appointment=meeting,
                                 starts_at=meeting.starts_at, ends_at=meeting.ends_at)  # fmt: skip
        assert said(fay.get(address)).count("Headset 7") == 2, "on the board and on paper"
