"""The calendar and an appointment's pages, as somebody at the desk uses them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.core import time
from rapport.meeting.appointments import actions
from rapport.meeting.models import Appointment, Change, Diary, Occupancy, Room
from rapport.people.models import GroupMember, Practice
from rapport.people.practice.queries import remember_zone
from tests.factories import (
    NOW,
    AConsent,
    AnAppointment,
    AnEpisode,
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

EARLIER = NOW - timedelta(hours=1)
BOOK = reverse("desk_appointment_book", "rapport.web.desk.urls")
CALENDAR = reverse("desk_calendar", "rapport.web.desk.urls")


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
def clock(house):
    """It is an hour before NOW, and whoever comes in comes in now."""
    with time.at(EARLIER):
        yield


@pytest.fixture
def desk(clock, ana):
    return inside(ana.account)


@pytest.fixture
def in_new_york(house):
    Practice.objects.update(time_zone="America/New_York")
    remember_zone("America/New_York")
    yield
    remember_zone("UTC")


def typed(who, /, **given):
    return {
        "kind": "SESSION", "on": "2030-01-07", "at": "09:00", "minutes": "50", "way": "HERE",
        "clinician": str(who.pk), "where": "", "video_url": "",
    } | given  # fmt: skip


def sent(desk, client, body):
    return desk.post(f"{BOOK}?client={client.pk}", body)


def address(appointment, what=""):
    return f"/desk/appointments/{appointment.pk}/{what}"


def statements(browser, address, body=None):
    with CaptureQueriesContext(connection) as said:
        answer = browser.get(address) if body is None else browser.post(address, body)
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return answer, [q["sql"] for q in said if not q["sql"].startswith(marks)]


class TestBooking:
    def test_for_whom_is_asked_first(self, desk, ana, mara):
        page = desk.get(BOOK, {"q": "kuhn", "at": "2030-01-07T10:00Z", "who": str(ana.pk)})
        onward = f"?client={mara.pk}&amp;at=2030-01-07T10%3A00Z&amp;who={ana.pk}"
        assert onward in page.content.decode()

    def test_a_free_time_of_the_calendar_fills_the_form(self, desk, ana, mara):
        Diary.objects.create(staff=ana, minutes=80)
        page = desk.get(BOOK, {"client": mara.pk, "at": "2030-01-07T10:00Z", "who": ana.pk})
        start = page.context["form"].initial
        assert (str(start["on"]), str(start["at"])) == ("2030-01-07", "10:00:00")
        assert (start["minutes"], start["clinician"]) == (80, str(ana.pk))

    def test_what_is_booked_is_shown(self, desk, ana, mara, house):
        room = ARoom(place=house, name="Garden")
        answer = sent(desk, mara, typed(ana, where=f"room:{room.pk}"))
        made = Appointment.objects.get()

        assert answer.headers["Location"] == address(made)
        assert (made.place, made.room, made.starts_at) == (house, room, NOW)
        page = desk.get(address(made)).content.decode()
        assert "Mara Kühn" in page
        assert "Garden" in page

    def test_the_same_form_sent_again_shows_the_same_appointment(self, desk, ana, mara):
        form = desk.get(BOOK, {"client": mara.pk}).context["form"]
        body = typed(ana, once=str(form["once"].value()))
        first, again = (sent(desk, mara, body) for _ in range(2))

        assert first.headers["Location"] == again.headers["Location"]
        assert Appointment.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "field", "says"),
        [
            ({"at": "soon"}, "at", "valid time"),
            ({"on": "tomorrow"}, "on", "valid date"),
            ({"on": "9999-12-31"}, "on", "2200"),
            ({"on": "0001-01-01"}, "on", "1900"),
            ({"minutes": "0"}, "minutes", "5 to 480 minutes"),
            ({"minutes": "-50"}, "minutes", "5 to 480 minutes"),
            ({"minutes": "9" * 400}, "minutes", "5 to 480 minutes"),
            ({"minutes": "long"}, "minutes", "whole number"),
            ({"way": "PIGEON"}, "way", "not one of the available choices"),
            ({"where": "room:nowhere"}, "where", "not one of the available choices"),
            ({"clinician": "x"}, "clinician", "not one of the available choices"),
            ({"video_url": "http://video.example"}, "video_url", "https://"),
            ({"video_url": "javascript:alert(1)"}, "video_url", "https://"),
            ({"on": "2029-12-31"}, "afterwards", "That time is over"),
            ({"on": "2029-01-01", "afterwards": "on"}, "on", "31 days"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
        self, desk, ana, mara, given, field, says
    ):
        body = typed(ana, **given)
        answer = sent(desk, mara, body)

        assert answer.status_code == 422
        assert says in answer.context["form"].errors[field][0]
        form = answer.context["form"]
        assert {n: form[n].value() for n in body if n != "afterwards"} == {
            n: value for n, value in body.items() if n != "afterwards"
        }
        assert not Appointment.objects.exists()

    def test_a_session_of_yesterday_is_entered_afterwards(self, desk, ana, mara):
        sent(desk, mara, typed(ana, on="2030-01-06", afterwards="on"))
        assert "entered afterwards" in desk.get(address(Appointment.objects.get())).content.decode()

    def test_a_conflict_stands_beside_the_time(self, desk, ana, mara, house):
        AnAppointment(client=ClientOf(care_team=[ana], place=house), clinician=ana)
        answer = sent(desk, mara, typed(ana))

        assert answer.status_code == 422
        assert "Ana Roth and Client" in answer.context["form"].errors["at"][0]

    def test_whom_one_may_not_see_is_nobody(self, desk, house):
        ben = Colleague(at=[house])
        noa = ClientOf(care_team=[ben], place=house)
        for client in (str(noa.pk), "nonsense", "00000000-0000-4000-8000-000000000000"):
            assert desk.get(BOOK, {"client": client}).status_code == 404
        assert sent(desk, noa, typed(ben)).status_code == 404

    def test_a_biller_sees_the_client_and_books_nothing(self, clock, ana, mara, house):
        bill = Colleague(roles=["BILLER"], at=[house])
        assert sent(inside(bill.account), mara, typed(ana)).status_code == 404
        assert not Appointment.objects.exists()


def test_of_several_types_none_is_chosen_for_anybody(desk, ana, mara):
    one = AType(name="Session")
    assert "Choose a type" not in desk.get(BOOK, {"client": mara.pk}).content.decode()
    AType(name="Couple session")

    page = desk.get(BOOK, {"client": mara.pk}).content.decode()
    assert '<option value="" selected>Choose a type' in page
    answer = sent(desk, mara, typed(ana, type="", at="11:15"))
    assert (answer.status_code, Appointment.objects.count()) == (422, 0)
    assert answer.context["form"].errors["type"] == ["Choose what kind of appointment it is."]
    assert 'value="11:15"' in answer.content.decode()
    sent(desk, mara, typed(ana, type=str(one.pk)))
    assert Appointment.objects.get().type == one


class TestClocks:
    """New York, 2030: 2 to 3 is left out on 10 March; 1 to 2 comes twice on 3 November."""

    def test_a_time_there_is_not_names_the_next_there_is(self, in_new_york, desk, ana, mara):
        answer = sent(desk, mara, typed(ana, on="2030-03-10", at="02:30"))
        assert answer.status_code == 422
        words = answer.context["form"].errors["at"][0]
        assert "2:30 a.m. does not exist" in words
        assert words.endswith("and 3 a.m. is the next time there is.")

    def test_a_time_that_comes_twice_is_asked_about(self, in_new_york, desk, ana, mara):
        body = typed(ana, on="2030-11-03", at="01:30")
        answer = sent(desk, mara, body)
        assert answer.status_code == 422
        assert "comes twice" in answer.context["form"].errors["which"][0]

        sent(desk, mara, body | {"which": "second"})
        assert Appointment.objects.get().starts_at == datetime(2030, 11, 3, 6, 30, tzinfo=UTC)
        sent(desk, mara, body | {"which": "first"})
        assert Appointment.objects.count() == 2

    def test_no_other_time_is_asked_about(self, in_new_york, desk, mara):
        assert "which" not in desk.get(BOOK, {"client": mara.pk}).context["form"].fields

    @pytest.mark.parametrize(("on", "at"), [("2030-03-10", "03:30"), ("2030-11-03", "01:30")])
    def test_the_calendar_of_that_night_shows_it(self, in_new_york, desk, ana, mara, on, at):
        for day in range(1, 8):
            AStretch(staff=ana, weekday=day, from_at="00:00", until_at="06:00")
        sent(desk, mara, typed(ana, on=on, at=at, which="second"))
        for view in ("day", "week", "list"):
            page = desk.get(CALENDAR, {"view": view, "on": on})
            assert "Mara Kühn" in page.content.decode()


class TestAnAppointment:
    @pytest.fixture
    def hers(self, ana, mara, house):
        return AnAppointment(client=mara, clinician=ana, place=house)

    def test_moving_starts_from_what_is(self, desk, ana, hers):
        page = desk.get(address(hers, "move/"))
        form = page.context["form"]
        body = {name: form[name].value() for name in form.fields}
        body |= {"on": "2030-01-08", "at": "11:30"}
        answer = desk.post(address(hers, "move/"), body)

        assert answer.status_code == 302
        hers.refresh_from_db()
        assert hers.starts_at == NOW + timedelta(days=1, hours=2, minutes=30)
        assert hers.slot.minutes == 50

    def test_the_way_and_the_video_address_are_changed_where_one_moves(self, desk, ana, hers):
        form = desk.get(address(hers, "move/")).context["form"]
        assert list(form.fields)[-3:-1] == ["where", "video_url"]
        body = {name: form[name].value() for name in form.fields} | {"way": "VIDEO"}
        answer = desk.post(address(hers, "move/"), body | {"video_url": "http://v.example"})
        assert answer.status_code == 422
        assert 'value="http://v.example"' in answer.content.decode()

        desk.post(address(hers, "move/"), body | {"video_url": "https://v.example/x"})
        hers.refresh_from_db()
        assert (hers.way, hers.starts_at, hers.video_url) == ("VIDEO", NOW, "https://v.example/x")
        page = desk.get(address(hers, "move/")).content.decode()
        assert 'value="https://v.example/x"' in page

    def test_a_page_that_is_old_moves_nothing(self, desk, ana, hers):
        body = typed(ana, at="11:00", revision="1")
        del body["kind"]
        actions.settle(
            by=ana.account, appointment=hers, what="KEPT", revision=1, now=NOW + timedelta(1)
        )
        answer = desk.post(address(hers, "move/"), body)

        assert answer.status_code == 422
        assert "meanwhile" in answer.content.decode()
        assert 'value="11:00"' in answer.content.decode()

    def test_cancelling_says_who_and_why(self, desk, hers):
        answer = desk.post(address(hers, "cancel/"), {"revision": "1", "reason": "A cold"})
        assert answer.status_code == 422
        assert "A cold" in answer.content.decode()

        desk.post(address(hers, "cancel/"), {"revision": "1", "side": "CLIENT", "reason": "A cold"})
        page = desk.get(address(hers)).content.decode()
        assert "by the client" in page
        assert "A cold" in page
        assert not Occupancy.objects.exists()

    def test_kept_and_taken_back(self, ana, house, hers):
        with time.at(NOW + timedelta(minutes=50)):
            desk = inside(ana.account)
            desk.post(address(hers, "settle/"), {"what": "KEPT", "revision": "1"})
            hers.refresh_from_db()
            assert hers.status == "KEPT"
            desk.post(address(hers, "undo/"), {"revision": "2"})
        hers.refresh_from_db()
        assert hers.status == "BOOKED"
        assert [c.what for c in Change.objects.order_by("revision")] == ["KEPT", "TAKEN_BACK"]

    @pytest.mark.parametrize("what", ["", "PARTY", "CANCELLED", "BOOKED"])
    def test_nothing_else_becomes_of_it(self, desk, hers, what):
        answer = desk.post(address(hers, "settle/"), {"what": what, "revision": "1"})
        assert answer.status_code == 422
        hers.refresh_from_db()
        assert hers.status == "BOOKED"

    @pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "٣"])
    def test_a_button_without_its_page_changes_nothing(self, desk, hers, revision):
        answer = desk.post(address(hers, "undo/"), {"revision": revision})
        assert answer.status_code == 422

    def test_the_button_on_today_returns_there(self, ana, house, hers):
        with time.at(NOW + timedelta(minutes=50)):
            answer = inside(ana.account).post(
                address(hers, "settle/"), {"what": "KEPT", "revision": "1", "back": "today"}
            )
        assert answer.headers["Location"] == "/desk/"

    def test_join_leads_to_its_own_address_or_the_clinicians(self, desk, ana, mara, house):
        one = AnAppointment(client=mara, clinician=ana, way="VIDEO")
        assert "No video address yet" in desk.get(address(one)).content.decode()
        assert desk.get(address(one, "join/")).headers["Location"] == address(one)

        Diary.objects.create(staff=ana, video_url="https://video.example/ana")
        assert desk.get(address(one, "join/")).headers["Location"] == "https://video.example/ana"
        one.video_url = "https://video.example/own"
        one.save()
        assert desk.get(address(one, "join/")).headers["Location"] == "https://video.example/own"

    def test_a_missing_consent_to_video_is_said_and_forbids_nothing(self, desk, ana, mara):
        Diary.objects.create(staff=ana, video_url="https://video.example/ana")
        one = AnAppointment(client=mara, clinician=ana, way="VIDEO")
        assert "No consent to meeting by video" in desk.get(address(one)).content.decode()
        assert desk.get(address(one, "join/")).status_code == 302

        AConsent(client=mara, kind="TELEHEALTH")
        assert "No consent to meeting by video" not in desk.get(address(one)).content.decode()


class TestTheCalendar:
    def test_names_one_may_see_and_taken_for_the_rest(self, desk, ana, mara, house):
        ben = Colleague(at=[house], legal_name="Ben Falk")
        AnAppointment(client=mara, clinician=ben)
        noa = ClientOf(care_team=[ben], place=house, legal_name="Noa Hidden")
        AnAppointment(client=noa, clinician=ben, starts_at=NOW + timedelta(hours=2))
        for view in ("day", "week", "list"):
            page = desk.get(CALENDAR, {"who": ben.pk, "on": "2030-01-07", "view": view})
            text = page.content.decode()
            assert "Mara Kühn" in text
            assert "Noa Hidden" not in text
            assert "taken" in text

    def test_cancelled_is_struck_through_in_the_list_and_free_elsewhere(self, desk, ana, mara):
        AnAppointment(client=mara, clinician=ana, status="CANCELLED", cancelled_by="CLIENT")
        listed = desk.get(CALENDAR, {"view": "list", "on": "2030-01-07"}).content.decode()
        assert '<s><bdi class="name">Mara Kühn</bdi></s>' in listed
        week = desk.get(CALENDAR, {"view": "week", "on": "2030-01-07"}).content.decode()
        assert "Mara Kühn" not in week
        assert "at=2030-01-07T09:00Z" in week

    def test_free_time_is_a_link_and_what_is_over_is_not(self, house, ana, mara):
        AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=1))
        with time.at(NOW + timedelta(minutes=20)):
            desk = inside(ana.account)
            week = desk.get(CALENDAR, {"view": "day", "on": "2030-01-07"}).content.decode()
        assert "at=2030-01-07T09:20Z" in week
        assert "at=2030-01-07T09:00Z" not in week
        assert "at=2030-01-07T10:00Z" not in week
        assert "at=2030-01-07T16:00Z" in week
        assert "at=2030-01-07T17:00Z" not in week

    @pytest.mark.parametrize("on", ["nonsense", "9999-12-31", "0001-01-01", "2200-12-31", "9" * 99])
    def test_a_day_there_is_not_is_said(self, desk, on):
        page = desk.get(CALENDAR, {"on": on})
        assert page.status_code == 200
        assert "alert-error" in page.content.decode()

    @pytest.mark.parametrize("who", ["nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_clinician_there_is_not_is_a_page_that_is_not_there(self, desk, who):
        assert desk.get(CALENDAR, {"who": who}).status_code == 404

    def test_the_front_desk_sees_the_first_clinician(self, clock, ana, mara, house):
        AnAppointment(client=mara, clinician=ana)
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        page = inside(fay.account).get(CALENDAR, {"on": "2030-01-07"})
        assert "Mara Kühn" in page.content.decode()

    @pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Beirut"])
    @pytest.mark.parametrize("view", ["day", "week", "list"])
    def test_days_on_which_clocks_change_are_drawn(self, clock, ana, house, zone, view):
        Practice.objects.update(time_zone=zone)
        remember_zone(zone)
        for day in range(1, 8):
            AStretch(staff=ana, weekday=day, from_at="00:00", until_at="23:59")
        desk = inside(ana.account)
        days = [date(2030, 3, 10), date(2030, 3, 31), date(2030, 10, 27), date(2030, 11, 3)]
        for on in days:
            assert desk.get(CALENDAR, {"view": view, "on": on}).status_code == 200
        remember_zone("UTC")


class TestStatements:
    """What the practice grows to does not count."""

    @pytest.mark.parametrize("view", ["day", "week", "list"])
    def test_the_calendar_takes_nine_for_five_and_for_sixty(self, desk, ana, mara, house, view):
        page = f"{CALENDAR}?view={view}&on=2030-01-07&who={ana.pk}"
        other = ClientOf(care_team=[Colleague(at=[house])], place=house)

        def grown(to):
            for n in range(Appointment.objects.count(), to):
                AnAppointment(
                    client=mara if n % 5 else other, clinician=ana, room=ARoom(place=house),
                    starts_at=NOW + timedelta(days=n // 12, minutes=n % 12 * 55),
                )  # fmt: skip
            return statements(desk, page)[1]

        desk.get(page)  # the trail's first entry makes its head
        few, many = grown(5), grown(60)
        assert len(many) == len(few), "\n".join(many)
        assert len(many) <= 9, "\n".join(many)

    @pytest.mark.parametrize("together", [False, True])
    def test_booking_with_its_conflict_check_takes_twelve(self, desk, ana, mara, house, together):
        client = mara
        if together:
            client = ClientOf(kind="FAMILY", care_team=[ana], place=house)
            for _ in range(4):
                GroupMember.objects.create(client=client, member=ClientOf(place=house))
        AnEpisode(client=client, responsible=ana)
        room = ARoom(place=house)
        desk.get(CALENDAR)
        body = typed(ana, where=f"room:{room.pk}", way="VIDEO", video_url="https://v.example/x")
        answer, said = statements(desk, f"{BOOK}?client={client.pk}", body)

        assert answer.status_code == 302
        most = 12 if connection.vendor == "sqlite" else 13  # it waits for who books the same
        assert len(said) <= most, "\n".join(said)

    def test_an_appointments_page(self, desk, ana, mara):
        one = AnAppointment(client=mara, clinician=ana, way="VIDEO")
        desk.get(CALENDAR)
        # With what a stranger said who asked for it, what was answered to a message, what is
        # unusual about it, which equipment it has, and whether an alert waits.
        assert len(statements(desk, address(one))[1]) <= 14


class TestRooms:
    PAGE = "/desk/practice/rooms/"

    @pytest.fixture
    def olga(self, clock, house):
        return inside(Colleague(roles=["OWNER"], at=[house]).account)

    def test_one_is_added_closed_and_opened_again(self, olga, house):
        olga.post(self.PAGE, {"place": house.pk, "name": "  Garden   room "})
        room = Room.objects.get()
        assert room.name == "Garden room"
        olga.post(f"{self.PAGE}{room.pk}/close/", {"closed": "on"})
        room.refresh_from_db()
        assert room.closed_on == EARLIER.date()
        olga.post(f"{self.PAGE}{room.pk}/close/", {"closed": "off"})
        room.refresh_from_db()
        assert room.closed_on is None

    @pytest.mark.parametrize("name", ["", "--", "x" * 61, "Garden"])
    def test_two_alike_and_none_are_refused(self, olga, house, name):
        ARoom(place=house, name="Garden")
        answer = olga.post(self.PAGE, {"place": house.pk, "name": name})
        assert answer.status_code == 422
        assert answer.context["form"].errors["name"]

    def test_a_closed_room_is_not_offered(self, desk, mara, house):
        open_one = ARoom(place=house, name="Garden")
        ARoom(place=house, name="Attic", closed_on=EARLIER.date())
        choices = desk.get(BOOK, {"client": mara.pk}).context["form"].fields["where"].choices
        assert [str(words) for _key, words in choices] == [
            "not said", "River house", f"River house, {open_one.name}"
        ]  # fmt: skip
