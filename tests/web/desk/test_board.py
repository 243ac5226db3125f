"""The board: what it shows to whom, what its buttons do, and what is told when they cannot."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from rapport.core import time
from rapport.core.models import AuditEntry
from rapport.meeting.appointments import actions, holding
from rapport.meeting.appointments.holding import KEPT_FOR
from rapport.meeting.board import queries
from rapport.meeting.models import (
    Appointment,
    AppointmentType,
    Equipment,
    Hold,
    Occupancy,
    Room,
)
from rapport.people.models import Client, Practice, Staff
from rapport.people.practice.queries import remember_zone
from tests.factories import (
    NOW,
    AnAppointment,
    AnEquipment,
    APlace,
    APractice,
    ARoom,
    AStretch,
    ATimeOff,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

EIGHT = NOW - timedelta(hours=1)
BOARD = "/desk/board/"
WEEK = "on=2030-01-07&view=week"


@pytest.fixture
def house():
    APractice()
    return APlace(name="River house")


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


@pytest.fixture
def ben(house):
    return Colleague(at=[house], legal_name="Ben Falk")


@pytest.fixture
def mara(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")


@pytest.fixture
def clock(house):
    with time.at(EIGHT):
        yield


@pytest.fixture
def fay(clock, house):
    return inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)


@pytest.fixture
def meeting(mara, ana):
    return AnAppointment(client=mara, clinician=ana)


def shown(browser, query="on=2030-01-07"):
    answer = browser.get(f"{BOARD}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def columns(page):
    """The text of each column by its heading."""
    found = re.findall(r'<section class="board__col.*?</section>', page, re.DOTALL)
    return {re.search(r"<bdi>(.*?)</bdi>", one)[1]: one for one in found}


def lines(page):
    """The meetings and taken times of a week, as they are written."""
    return re.findall(r'<li class="line .*?</li>', page, re.DOTALL)


def mark(page):
    """By which a page asks whether it still is as it was."""
    return re.search(r'data-seen="([^"]+)"', page)[1]


def put(browser, meeting, minute, part=True, **given):
    body = {"revision": meeting.revision, "minute": minute, "board": "on=2030-01-07"} | given
    headers = {"HX-Request": "true"} if part else {}
    return browser.post(f"{BOARD}{meeting.pk}/move/", body, headers=headers)


def all_the_same(browser, answer):
    """Press the button of what was asked."""
    again = answer.context["again"]
    address = f"{BOARD}{again['appointment'].pk}/move/"
    return browser.post(address, again["fields"], headers={"HX-Request": "true"})


# What stands on it -----------------------------------------------------------------------


def test_everybody_stands_beside_each_other_with_their_meetings(fay, meeting, ben, house):
    jonas = ClientOf(care_team=[ben], place=house, legal_name="Jonas Weber")
    AnAppointment(client=jonas, clinician=ben, starts_at=NOW + timedelta(hours=2))
    found = columns(shown(fay))

    assert list(found) == ["Ana Roth", "Ben Falk"]
    assert "Mara Kühn" in found["Ana Roth"]
    assert "Mara Kühn" not in found["Ben Falk"]
    assert "booked" in found["Ana Roth"]


def test_of_whom_one_may_not_know_stands_that_the_time_is_taken(clock, meeting, ben):
    page = shown(inside(ben.account))

    assert "Mara" not in page
    assert "M. K." not in page
    assert str(meeting.pk) not in page
    assert "taken" in columns(page)["Ana Roth"]
    assert meeting.pk not in [
        pk for e in AuditEntry.objects.filter(verb="appointment.list") for _l, pk in e.subject
    ]


def test_who_sees_but_does_not_book_has_no_buttons(clock, house, meeting):
    page = shown(inside(Colleague(roles=["BILLER"], at=[house]).account))

    assert "Mara Kühn" in page
    assert "data-card" not in page
    assert "card__do" not in page


def test_by_room_each_room_has_a_column_and_who_has_none_another(fay, house, mara, ana, ben):
    garden = ARoom(place=house, name="Garden")
    ARoom(place=house, name="Attic")
    AnAppointment(client=mara, clinician=ana, room=garden, place=house)
    video = ClientOf(care_team=[ben], place=house, legal_name="Jonas Weber")
    AnAppointment(client=video, clinician=ben, way="VIDEO")
    found = columns(shown(fay, "on=2030-01-07&view=rooms"))

    assert list(found) == ["Attic", "Garden", "Video, phone, no room"]
    assert "Mara Kühn" in found["Garden"]
    assert "Ana Roth" in found["Garden"]
    assert "Jonas Weber" in found["Video, phone, no room"]


def test_a_room_that_somebody_unknown_has_is_taken(clock, house, mara, ana, ben):
    garden = ARoom(place=house, name="Garden")
    AnAppointment(client=mara, clinician=ana, room=garden, place=house)
    found = columns(shown(inside(ben.account), "on=2030-01-07&view=rooms"))

    assert "taken" in found["Garden"]
    assert "Ana Roth" not in found["Garden"]
    assert "Mara" not in found["Garden"]


def test_who_had_a_room_that_is_closed_by_now_does_not_vanish(fay, house, mara, ana):
    garden = ARoom(place=house, name="Garden", closed_on=EIGHT.date())
    AnAppointment(client=mara, clinician=ana, room=garden, place=house)
    found = columns(shown(fay, "on=2030-01-07&view=rooms"))

    assert "Mara Kühn" in found["Video, phone, no room"]


def test_more_than_a_page_holds_is_said(fay, mara, ana):
    given = {"client": mara, "clinician": ana, "status": "KEPT", "booked_at": NOW}
    Appointment.objects.bulk_create(
        Appointment(starts_at=NOW, ends_at=NOW + timedelta(minutes=50), **given)
        for _ in range(queries.MOST + 1)
    )
    page = shown(fay)
    assert f"Only the first {queries.MOST} meetings stand here." in page
    assert page.count('id="card-') == queries.MOST


def test_a_place_has_its_people_and_its_rooms_alone(fay, house, ana, meeting):
    hill = APlace(name="Hill house")
    Colleague(at=[hill], legal_name="Hanna Hill")
    ARoom(place=house, name="Garden")
    ARoom(place=hill, name="Tower")
    people = columns(shown(fay, f"on=2030-01-07&place={hill.pk}"))
    rooms = columns(shown(fay, f"on=2030-01-07&view=rooms&place={hill.pk}"))

    assert list(people) == ["Hanna Hill"]
    assert list(rooms) == ["Tower", "Video, phone, no room"]
    assert 'name="place"' in shown(fay)


def test_the_week_has_a_row_for_each_and_a_line_for_each_meeting(fay, meeting, ben):
    page = shown(fay, "on=2030-01-09&view=week")

    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)
    assert ["Mara Kühn" in one for one in rows] == [True, False]
    assert "Mon 7 Jan" in page
    assert "Sat 12 Jan" not in page


STATES = pytest.mark.parametrize(
    ("hours", "given", "word"),
    [
        (0, {"confirmed_at": EIGHT}, "confirmed"),
        (0, {"status": "REQUESTED"}, "asked for"),
        (0, {"expected_at": NOW + timedelta(minutes=10)}, "comes 9:10 a.m."),
        (0, {"arrived_at": EIGHT}, "arrived 8 a.m."),
        (-1, {"arrived_at": EIGHT}, "in session"),
        (-1, {"status": "KEPT"}, "kept"),
        (-1, {"status": "MISSED"}, "did not come"),
        (-2, {}, "not settled"),
        (0, {"status": "CANCELLED", "cancelled_by": "CLIENT", "late": True}, "cancelled late"),
    ],
)


@STATES
def test_each_state_has_a_word_and_a_sign(fay, mara, ana, hours, given, word):
    AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=hours), **given)
    card = re.search(r'<li id="card-.*?</li>', shown(fay), re.DOTALL)[0]

    said = re.search(r'card__state">(.*?)</span>', card, re.DOTALL)[1]
    assert word in said
    assert "<svg" in said


@STATES
def test_in_a_week_each_state_has_its_word_and_sign_too(fay, mara, ana, hours, given, word):
    AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=hours), **given)
    line = lines(shown(fay, WEEK))[0]

    assert f'<span class="sr-only">{word}</span>' in line
    assert "<svg" in line


def test_a_week_names_nobody_of_whom_one_may_not_know(clock, meeting, mara, ben):
    found = lines(shown(inside(ben.account), WEEK))

    assert len(found) == 1
    assert "taken" in found[0]
    assert "<a" not in found[0]
    for said in ("Mara", "M. K.", str(meeting.pk)):
        assert said not in found[0]
    entry = AuditEntry.objects.filter(verb="appointment.list").latest("number")
    assert ["meeting.appointment", str(meeting.pk)] not in entry.subject


def test_whatever_somebody_is_called_is_text_in_their_line_alone(fay, mara, ana, house):
    odd = ClientOf(care_team=[ana], place=house, legal_name="A <b>%(word)s</b> 5 % {{ name }}")
    for n, one in enumerate((mara, odd)):
        AnAppointment(client=one, clinician=ana, starts_at=NOW + timedelta(hours=n))
    first, second = lines(shown(fay, WEEK))

    assert "Mara Kühn" in first and "Mara" not in second
    assert "A &lt;b&gt;%(word)s&lt;/b&gt; 5 % {{ name }}" in second


def test_a_week_follows_what_changed_and_who_reads(fay, clock, house, meeting, mara):
    ward = Colleague(roles=["FRONT_DESK"], at=[house], account__language="de")
    first, marked = lines(shown(fay, WEEK))[0], mark(shown(fay, WEEK))
    german = lines(shown(inside(ward.account), WEEK))[0]
    mara.preferred_name = "Mo"
    mara.save()
    renamed = lines(shown(fay, WEEK))[0]

    assert "9 a.m." in first and "9 a.m." not in german
    assert "Mara Kühn" in first and "Mara Kühn" not in renamed
    assert '<bdi class="name no-print">Mo</bdi>' in renamed
    assert mark(shown(fay, WEEK)) != marked


def test_the_mark_of_a_week_is_the_same_until_a_meeting_lasts_longer(fay, meeting):
    marked = mark(shown(fay, WEEK))
    same = fay.get(f"{BOARD}changed/?{WEEK}&seen={marked}")
    Appointment.objects.filter(pk=meeting.pk).update(ends_at=NOW + timedelta(minutes=55))
    longer = fay.get(f"{BOARD}changed/?{WEEK}&seen={marked}")

    assert (same.status_code, longer.status_code) == (204, 200)


def test_a_week_that_nobody_changed_follows_the_clock(clock, house, meeting):
    fay = Colleague(roles=["FRONT_DESK"], at=[house])

    def said(minutes):
        with time.at(NOW + timedelta(minutes=minutes)):
            line = lines(shown(inside(fay.account), WEEK))[0]
        return re.search(r'sr-only">(.*?)</span>', line)[1]

    found = [said(n) for n in (-60, 4, 5, 6, 6.5, 49, 50, -60)]
    assert found == ["booked", "booked", "late, 5 min", "late, 6 min", "late, 6 min",
                     "late, 49 min", "not settled", "booked"]  # fmt: skip


def test_a_week_that_was_written_for_one_shows_nobody_more_than_they_may_see(
    fay, clock, house, meeting, mara, ana, ben
):
    seen = lines(shown(fay, WEEK))
    mine, theirs = (lines(shown(inside(one.account), WEEK)) for one in (ana, ben))
    mara.restricted = True
    mara.save()
    after, mine_after = (lines(shown(one, WEEK)) for one in (fay, inside(ana.account)))

    assert all("Mara" in one[0] for one in (seen, mine, mine_after))
    assert not any("Mara" in one[0] or str(meeting.pk) in one[0] for one in (theirs, after))


def test_a_time_that_is_kept_for_somebody_is_taken_in_the_week(fay, mara, ana):
    when = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    hold = Hold(clinician=ana, way="HERE", made_at=NOW, expires_at=NOW + KEPT_FOR, **when)
    holding.keep(hold, [("CLINICIAN", ana.pk)])

    assert "taken" in lines(shown(fay, WEEK))[0]


def test_who_should_be_here_and_is_not_is_late(meeting, house):
    with time.at(NOW + timedelta(minutes=12)):
        page = shown(inside(Colleague(roles=["FRONT_DESK"], at=[house]).account))
    assert "late, 12 min" in page


def test_hours_time_off_and_holidays_are_the_ground(fay, ana, ben):
    AStretch(staff=ana)
    ATimeOff(staff=ana, starts_at=NOW + timedelta(hours=4), ends_at=NOW + timedelta(hours=5))
    AStretch(staff=ben, weekday=2)
    page = shown(fay)

    assert "ground--open" in columns(page)["Ana Roth"]
    assert "ground--away" in columns(page)["Ana Roth"]
    assert list(columns(page)) == ["Ana Roth"]
    assert "Not in that day:" in page
    assert "Ben Falk" in page.partition("Not in that day:")[2]


def test_a_day_on_which_nobody_works_says_so(fay, ana):
    page = shown(fay, "on=2030-01-06")  # a Sunday
    assert "Nobody works that day, and nothing is booked." in page


def test_before_anybody_treats_clients_here_every_view_is_there(fay):
    for view in ("people", "rooms", "week"):
        assert "Traceback" not in shown(fay, f"view={view}")


@pytest.mark.parametrize(
    "query",
    ["on=nonsense", "on=9999-12-31", "on=0001-01-01", "page=999", "page=-1", "page=99999999999",
     "place=nobody", "view=none", "column=%00", "on=2030-01-07&view=week&page=x"],
)  # fmt: skip
def test_what_is_asked_for_wrongly_is_answered_calmly(fay, ana, query):
    assert BOARD in fay.get(f"{BOARD}?{query}").content.decode()


def test_thirty_columns_are_a_page(fay, house):
    for n in range(33):
        AStretch(staff=Colleague(at=[house], legal_name=f"Colleague {n:02}"))
    first, second = shown(fay), shown(fay, "on=2030-01-07&page=2")

    assert len(columns(first)) == 30
    assert len(columns(second)) == 3
    assert "Page 1 of 2" in first
    week = shown(fay, "on=2030-01-07&view=week")
    assert len(re.findall('<tr><th scope="row">', week)) == 10


def test_on_paper_stand_initials_and_names_only_by_choice(fay, meeting):
    def paper(query):
        return shown(fay, query).partition("board__paper")[2]

    assert "M. K." in paper("on=2030-01-07")
    assert "Mara" not in paper("on=2030-01-07")
    assert "Mara Kühn" in paper("on=2030-01-07&names=on")
    week = shown(fay, "on=2030-01-07&view=week")
    assert re.search(r'<bdi class="name no-print">Mara Kühn</bdi><bdi class="on-paper"', week)


# Its buttons -----------------------------------------------------------------------------


def say(browser, meeting, what, part=True):
    headers = {"HX-Request": "true"} if part else {}
    body = {"what": what, "back": "board", "board": "on=2030-01-07"}
    return browser.post(f"/desk/appointments/{meeting.pk}/arrived/", body, headers=headers)


def test_arrived_by_one_press_and_taken_back_by_another(fay, meeting):
    answer = say(fay, meeting, "ARRIVED")
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "arrived 8 a.m." in answer.content.decode()
    say(fay, meeting, "ARRIVED")
    meeting.refresh_from_db()
    assert meeting.arrived_at == EIGHT
    say(fay, meeting, "NOT_HERE")
    meeting.refresh_from_db()
    assert meeting.arrived_at is None


def test_who_called_is_awaited(fay, meeting):
    assert "comes 9:15 a.m." in say(fay, meeting, "15").content.decode()
    assert "comes" not in say(fay, meeting, "0").content.decode().partition("board__in")[2]


def test_without_script_a_button_leads_back_to_the_same_board(fay, meeting):
    answer = say(fay, meeting, "ARRIVED", part=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{BOARD}?on=2030-01-07")


@pytest.mark.parametrize("what", ["", "11", "-10", "KEPT", "9" * 400])
def test_a_button_that_is_none_changes_nothing(fay, meeting, what):
    answer = say(fay, meeting, what)
    assert answer.status_code == 422
    assert "Use 0 to 120 minutes." in answer.content.decode()


def test_what_became_of_it_is_said_on_the_board_and_taken_back_there(mara, ana, house):
    meeting = AnAppointment(client=mara, clinician=ana)
    body = {"what": "KEPT", "back": "board", "board": "on=2030-01-07"}
    with time.at(NOW):
        fay = inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)
        settle = f"/desk/appointments/{meeting.pk}/settle/?revision=1"
        page = fay.post(settle, body, follow=True).content.decode()
        assert "Mara Kühn: kept" in page
        undo = {"revision": 2, "back": "board", "board": "on=2030-01-07"}
        page = fay.post(f"/desk/appointments/{meeting.pk}/undo/", undo, follow=True)
    assert "Taken back." in page.content.decode()
    meeting.refresh_from_db()
    assert meeting.status == "BOOKED"


def test_a_stale_window_is_told_and_sees_the_board_as_it_is(fay, meeting):
    actions.cancel(by=meeting.clinician.account, appointment=meeting, side="CLIENT", revision=1,
                   now=EIGHT)  # fmt: skip
    answer = say(fay, meeting, "ARRIVED")
    assert answer.status_code == 422
    assert "not booked any more" in answer.content.decode()
    assert "cancelled" in answer.content.decode()


def test_arrival_is_said_with_one_button_that_takes_it_back(fay, meeting):
    page = say(fay, meeting, "ARRIVED").content.decode()
    assert "Mara Kühn: arrived." in page
    said = page[: page.index("Mara Kühn: arrived.")]
    assert f'action="/desk/appointments/{meeting.pk}/arrived/"' in said

    assert "Mara Kühn: arrived." not in say(fay, meeting, "NOT_HERE").content.decode()
    meeting.refresh_from_db()
    assert meeting.arrived_at is None


# Moving ----------------------------------------------------------------------------------


def test_put_at_another_time_it_meets_then_and_can_be_taken_back(fay, meeting):
    page = put(fay, meeting, 15 * 60).content.decode()

    meeting.refresh_from_db()
    assert meeting.starts_at == NOW + timedelta(hours=6)
    assert meeting.slot.minutes == 50
    assert "Moved to 3 p.m.<" in page
    undo = re.search(r'action="(/desk/appointments/[^"]+/undo/)"', page)[1]
    body = {"revision": meeting.revision, "back": "board", "board": "on=2030-01-07"}
    assert "Taken back." in fay.post(undo, body, follow=True).content.decode()
    meeting.refresh_from_db()
    assert meeting.starts_at == NOW


def test_put_into_another_column_it_is_with_somebody_else(fay, meeting, ben):
    asked = put(fay, meeting, 9 * 60, clinician=ben.pk)
    assert asked.status_code == 422
    assert "Ben Falk will see the record of Mara Kühn from now on." in asked.content.decode()
    page = all_the_same(fay, asked).content.decode()

    meeting.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at) == (ben, NOW)
    assert "Moved to 9 a.m. with Ben Falk." in page
    assert "Mara Kühn" in columns(page)["Ben Falk"]


def test_put_into_a_room_and_out_of_it(fay, meeting, house):
    garden = ARoom(place=house, name="Garden")
    page = put(fay, meeting, 9 * 60, room=garden.pk).content.decode()
    meeting.refresh_from_db()
    assert (meeting.room, meeting.place) == (garden, house)
    assert "Moved to 9 a.m., Garden." in page
    put(fay, meeting, 9 * 60, room="none")
    meeting.refresh_from_db()
    assert meeting.room is None


def test_where_the_time_is_taken_nothing_moves_and_it_is_said_why(fay, meeting, mara, ana, ben):
    AnAppointment(client=ClientOf(care_team=[ben], place=mara.place, legal_name="Jonas Weber"),
                  clinician=ben)  # fmt: skip
    answer = put(fay, meeting, 9 * 60 + 15, clinician=ben.pk)

    assert answer.status_code == 422
    assert "Ben Falk and Jonas Weber meet." in answer.content.decode()
    meeting.refresh_from_db()
    assert (meeting.clinician, meeting.starts_at, meeting.revision) == (ana, NOW, 1)


def test_who_moved_it_meanwhile_wins(fay, meeting, ana):
    body = {"revision": 1, "minute": 10 * 60, "board": "on=2030-01-07"}
    fay.post(f"{BOARD}{meeting.pk}/move/", body)
    answer = put(fay, meeting, 15 * 60)

    assert answer.status_code == 422
    assert "Somebody changed this appointment meanwhile." in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.starts_at == NOW + timedelta(hours=1)


def test_put_down_twice_it_moved_once(fay, meeting):
    for _ in range(2):
        assert put(fay, meeting, 15 * 60).status_code == 200
    meeting.refresh_from_db()
    assert meeting.revision == 2


def test_where_the_clinician_is_away_it_is_asked_first(fay, meeting, ana):
    ATimeOff(staff=ana, starts_at=NOW + timedelta(hours=4), ends_at=NOW + timedelta(hours=8))
    answer = put(fay, meeting, 15 * 60)
    assert answer.status_code == 422
    assert "Ana Roth is away then" in answer.content.decode()
    assert "Move it all the same" in answer.content.decode()
    assert all_the_same(fay, answer).status_code == 200
    meeting.refresh_from_db()
    assert meeting.starts_at == NOW + timedelta(hours=6)


def test_into_the_past_nothing_moves(fay, meeting):
    answer = put(fay, meeting, 6 * 60)
    assert answer.status_code == 422
    assert "That time is over." in answer.content.decode()


@pytest.mark.parametrize(
    "given",
    [{"minute": 1440}, {"minute": "x" * 99}, {"clinician": "x"}, {"room": "x"},
     {"clinician": "00000000-0000-4000-8000-000000000000"},
     {"room": "00000000-0000-4000-8000-000000000000"}],
)  # fmt: skip
def test_what_is_no_column_and_no_time_is_no_address(fay, meeting, given):
    answer = fay.post(
        f"{BOARD}{meeting.pk}/move/",
        {"revision": 1, "minute": 600, "board": "on=2030-01-07"} | given,
    )
    assert answer.status_code in (404, 422)
    meeting.refresh_from_db()
    assert meeting.revision == 1


def test_a_time_that_clocks_leave_out_is_said(house, mara, ana):
    Practice.objects.update(time_zone="Europe/Berlin")
    remember_zone("Europe/Berlin")
    try:
        at = datetime(2030, 3, 31, 8, tzinfo=UTC)
        meeting = AnAppointment(client=mara, clinician=ana, starts_at=at)
        with time.at(at - timedelta(days=1)):
            answer = put(inside(ana.account), meeting, 150, board="on=2030-03-31")
    finally:
        remember_zone("UTC")
    assert answer.status_code == 422
    assert "does not exist" in answer.content.decode()


def test_a_stranger_neither_moves_it_nor_says_that_somebody_is_here(clock, meeting, ben):
    browser = inside(ben.account)
    assert put(browser, meeting, 15 * 60).status_code == 404
    assert say(browser, meeting, "ARRIVED").status_code == 404


# Looking by itself -----------------------------------------------------------------------


def test_it_says_whether_anything_changed_and_leaves_no_look_behind(fay, meeting):
    seen = re.search(r'data-seen="(\w+)"', shown(fay))[1]
    entries = AuditEntry.objects.count()
    ask = f"{BOARD}changed/?on=2030-01-07&seen={seen}"
    assert fay.get(ask).status_code == 204
    Appointment.objects.update(arrived_at=EIGHT)
    answer = fay.get(ask)
    assert (answer.status_code, answer.content) == (200, b"changed")
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize("view", ["people", "rooms", "week"])
def test_whatever_it_shows_is_looked_for(fay, meeting, mara, ana, house, view):
    """The browser asks whether the page it has is as it was: it means all that stands there."""
    AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(hours=2))
    piece = AnEquipment(place=house, kind="VR headset")
    talk = AType(equipment=[piece.kind])
    room = ARoom(place=house)
    Occupancy.objects.create(kind="EQUIPMENT", thing=piece.pk, starts_at=meeting.starts_at,
                             ends_at=meeting.ends_at, appointment=meeting)  # fmt: skip
    Appointment.objects.filter(pk=meeting.pk).update(type=talk, room=room)
    query = f"on=2030-01-07&view={view}"
    everywhere = [
        lambda: Client.objects.filter(pk=mara.pk).update(preferred_name="Mo"),
        lambda: AppointmentType.objects.update(colour="ROSE"),
    ]
    in_columns = [
        lambda: AppointmentType.objects.update(name="Long talk"),
        lambda: Room.objects.update(name="Attic"),
        lambda: Equipment.objects.update(name="Headset 9"),
    ]
    of_people = [
        lambda: ATimeOff(staff=ana, starts_at=NOW, ends_at=NOW + timedelta(hours=9)),
        lambda: Staff.objects.filter(pk=ana.pk).update(display_name="Ana Falk"),
    ]
    changes = {"people": [*everywhere, *in_columns, *of_people],
               "rooms": [*everywhere, *in_columns, of_people[1]],
               "week": [*everywhere, *of_people]}[view]  # fmt: skip
    for change in changes:
        seen = re.search(r'data-seen="(\w+)"', shown(fay, query))[1]
        assert fay.get(f"{BOARD}changed/?{query}&seen={seen}").status_code == 204
        change()
        assert fay.get(f"{BOARD}changed/?{query}&seen={seen}").status_code == 200


def test_the_clinician_sees_on_today_that_somebody_is_here_and_since_when(clock, meeting, ana):
    Appointment.objects.update(arrived_at=EIGHT - timedelta(minutes=5))
    assert "here since 7:55 a.m." in inside(ana.account).get("/desk/").content.decode()
    Appointment.objects.update(arrived_at=None, expected_at=NOW + timedelta(minutes=20))
    assert "comes 9:20 a.m." in inside(ana.account).get("/desk/").content.decode()


def test_the_front_desk_has_it_in_the_bar_and_everybody_finds_it(fay, ana):
    assert f'href="{BOARD}"' in fay.get("/desk/staff/").content.decode()
    browser = inside(ana.account)
    assert f'href="{BOARD}"' not in browser.get("/desk/staff/").content.decode()
    assert BOARD in browser.get("/desk/find/?q=board").content.decode()


def test_the_colour_of_a_type_is_on_its_edge(fay, mara, ana):
    AnAppointment(client=mara, clinician=ana, type=AType(name="Talk", colour="ROSE"))
    assert re.search(r'class="card [^"]*hue-rose', shown(fay))


def test_a_meeting_over_midnight_is_cut_at_it(fay, mara, ana):
    late = datetime(2030, 1, 7, 23, 30, tzinfo=UTC)
    AnAppointment(client=mara, clinician=ana, starts_at=late, ends_at=late + timedelta(hours=1))
    for day in (date(2030, 1, 7), date(2030, 1, 8)):
        assert "Mara Kühn" in columns(shown(fay, f"on={day}"))["Ana Roth"]
