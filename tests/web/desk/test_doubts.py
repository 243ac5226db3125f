"""What is unusual is asked before it is booked; the answer books it as it was typed."""

from datetime import time as wall
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import jobs, time
from rapport.meeting.models import Appointment, Diary, Hold, Occupancy, Series, TimeOff
from rapport.people.models import Practice
from tests.factories import (
    NOW,
    AnAppointment,
    APlace,
    APractice,
    AStretch,
    ATimeOff,
    AType,
    ClientOf,
    Colleague,
)
from tests.web.stepping import inside

pytestmark = pytest.mark.django_db

EIGHT = NOW - timedelta(hours=1)
HOUR = timedelta(hours=1)
BOOK, BOARD = "/desk/calendar/book/", "/desk/board/"


@pytest.fixture
def house():
    APractice(country="US")
    return APlace(name="Mill Street")


@pytest.fixture(autouse=True)
def clock(house):
    with time.at(EIGHT):
        yield


@pytest.fixture
def ana(house):
    """Mondays nine to five, lunch at twelve, one heavy session and three meetings a day."""
    one = Colleague(at=[house], legal_name="Ana Roth")
    Diary.objects.create(staff=one, lunch_from=wall(12), lunch_until=wall(13), most_a_day=3,
                         heavy_a_day=1, most_in_a_row=2, buffer_before=10)  # fmt: skip
    AStretch(staff=one)
    return one


@pytest.fixture
def sam(house):
    return Colleague(at=[house], legal_name="Sam Whitlock")


@pytest.fixture
def elena(house, ana):
    return ClientOf(care_team=[ana], place=house, legal_name="Elena Petrova")


@pytest.fixture
def fay(house):
    return inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)


def typed(who, /, **given):
    return {
        "kind": "SESSION", "on": "2030-01-07", "at": "09:00", "minutes": "50", "way": "HERE",
        "clinician": str(who.pk), "where": "", "video_url": "",
    } | given  # fmt: skip


def book(browser, client, body):
    return browser.post(f"{BOOK}?client={client.pk}", body)


def asked(answer):
    assert answer.status_code == 422
    return [one.words for one in answer.context["form"].doubts]


def meets(ana, house, hours, **given):
    other = ClientOf(care_team=[ana], place=house)
    return AnAppointment(client=other, clinician=ana, starts_at=NOW + hours * HOUR, **given)


class TestBooking:
    def test_what_is_offered_is_booked_at_once(self, fay, elena, ana):
        assert book(fay, elena, typed(ana)).status_code == 302

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"at": "20:00"}, "It lies outside the hours of Ana Roth."),
            ({"on": "2030-01-08"}, "It lies outside the hours of Ana Roth."),
            ({"at": "12:15"}, "It lies in the lunch break of Ana Roth."),
            ({"on": "2030-01-21"}, "It is a holiday here: Martin Luther King Jr. Day."),
        ],
    )
    def test_what_is_not_is_asked_and_then_booked_as_it_was_typed(
        self, fay, elena, ana, given, words
    ):
        body = typed(ana, video_url="https://v.example/x", way="VIDEO", **given)
        answer = book(fay, elena, body)
        page = answer.content.decode()

        assert asked(answer) == [words]
        assert words in page and "Book all the same" in page
        form = answer.context["form"]
        assert {name: form[name].value() for name in body} == body
        assert not Appointment.objects.exists()
        assert book(fay, elena, body | {"anyway": form.anyway}).status_code == 302
        assert Appointment.objects.get().video_url == "https://v.example/x"

    def test_limits_of_the_day_say_their_numbers(self, fay, elena, ana, house):
        heavy = AType(name="Trauma", heavy=True)
        for hours in (0, 1, 5):
            meets(ana, house, hours, type=heavy)
        body = typed(ana, at="11:00", type=str(heavy.pk), minutes="50")
        assert asked(book(fay, elena, body)) == [
            "It would be meeting 4 of the day; Ana Roth set 3 at most.",
            "It would be heavy meeting 4 of the day; Ana Roth set 1 at most.",
            "It would be more than 2 meetings in a row, the most Ana Roth set.",
        ]

    def test_too_near_to_another_meeting(self, fay, elena, ana, house):
        meets(ana, house, 0)
        words = "Ana Roth keeps more time free before and after a meeting."
        assert asked(book(fay, elena, typed(ana, at="09:55"))) == [words]

    def test_another_place_than_in_these_hours(self, fay, elena, ana, house):
        barn = APlace(name="Barn")
        words = "In these hours Ana Roth works in another place or way."
        body = typed(ana, where=f"place:{barn.pk}")
        assert asked(book(fay, elena, body)) == [words]
        assert book(fay, elena, body | {"way": "VIDEO"}).status_code == 302

    def test_a_holiday_and_late_at_night_are_both_said(self, fay, elena, ana):
        assert asked(book(fay, elena, typed(ana, on="2030-01-21", at="20:00"))) == [
            "It is a holiday here: Martin Luther King Jr. Day.",
            "It lies outside the hours of Ana Roth.",
        ]

    def test_hours_and_holidays_that_nobody_said_are_no_rule(self, fay, elena, house):
        new = Colleague(at=[house])
        elena.care_team.create(staff=new, from_on=EIGHT.date())
        assert book(fay, elena, typed(new, at="20:00")).status_code == 302
        assert book(fay, elena, typed(new, on="2030-01-21")).status_code == 302

    def test_an_answer_holds_for_what_was_asked_alone(self, fay, elena, ana):
        form = book(fay, elena, typed(ana, at="20:00")).context["form"]
        later = book(fay, elena, typed(ana, at="21:00", anyway=form.anyway))
        assert asked(later) == ["It lies outside the hours of Ana Roth."]
        assert not Appointment.objects.exists()

    def test_an_answer_stays_while_something_else_is_mended(self, fay, elena, ana, house):
        form = book(fay, elena, typed(ana, at="20:00")).context["form"]
        AnAppointment(client=elena, clinician=Colleague(), starts_at=NOW + 11 * HOUR)
        answer = book(fay, elena, typed(ana, at="20:00", anyway=form.anyway))
        assert answer.context["form"].errors["at"] == ["That time is taken."] or (
            "Elena Petrova" in answer.context["form"].errors["at"][0]
        )
        assert f'name="anyway" value="{form.anyway}"' in answer.content.decode()

    def test_a_clinician_is_asked_about_their_own_rules_too(self, elena, ana):
        answer = book(inside(ana.account), elena, typed(ana, at="20:00"))
        assert asked(answer) == ["It lies outside the hours of Ana Roth."]

    def test_what_took_place_is_entered_without_a_question(self, elena, ana):
        body = typed(ana, on="2030-01-04", at="20:00", afterwards="on")
        assert book(inside(ana.account), elena, body).status_code == 302

    def test_a_time_somebody_kept_and_let_go_is_in_nobodys_way(self, fay, elena, ana):
        start, end = NOW + 11 * HOUR, NOW + 12 * HOUR
        hold = Hold.objects.create(clinician=ana, type=AType(), way="HERE", starts_at=start,
                                   ends_at=end, made_at=EIGHT - HOUR, visitor="somebody",
                                   expires_at=EIGHT - HOUR / 2)  # fmt: skip
        Occupancy.objects.create(kind="CLINICIAN", thing=ana.pk, starts_at=start, ends_at=end,
                                 hold=hold)  # fmt: skip
        body = typed(ana, at="20:00", type=str(hold.type_id))
        assert asked(book(fay, elena, body)) == ["It lies outside the hours of Ana Roth."]
        Hold.objects.update(expires_at=EIGHT + HOUR)
        assert asked(book(fay, elena, body)) == []


class TestWhoComesToSeeTheRecord:
    WORDS = "Sam Whitlock will see the record of Elena Petrova from now on."

    def test_it_is_said_before_it_is_booked(self, fay, elena, sam):
        answer = book(fay, elena, typed(sam))
        assert asked(answer) == [self.WORDS]
        body = typed(sam, anyway=answer.context["form"].anyway)
        assert book(fay, elena, body).status_code == 302
        jobs.run_due(EIGHT, loud=True)
        made = Appointment.objects.get()
        mine = inside(sam.account)
        assert "Elena Petrova" in mine.get("/desk/").content.decode()
        assert mine.get(f"/desk/appointments/{made.pk}/").status_code == 200
        assert mine.get(f"/desk/clients/{elena.pk}/").status_code == 200

    def test_of_a_standing_slot(self, fay, elena, sam):
        body = standing(sam)
        answer = fay.post(f"/desk/clients/{elena.pk}/standing/", body)
        assert asked(answer) == [self.WORDS]
        body["anyway"] = answer.context["form"].anyway
        assert fay.post(f"/desk/clients/{elena.pk}/standing/", body).status_code == 302

    def test_of_a_time_that_was_asked_for(self, fay, elena, sam):
        one = AnAppointment(client=elena, clinician=sam, status="REQUESTED")
        assert self.WORDS in fay.get(f"/desk/appointments/{one.pk}/").content.decode()
        assert self.WORDS in fay.get("/desk/requests/").content.decode()

    def test_a_restricted_clients_clinician_is_refused_at_the_field(self, house, ana, sam):
        noa = ClientOf(care_team=[ana], place=house, restricted=True)
        answer = book(inside(ana.account), noa, typed(sam))
        assert answer.status_code == 422
        assert "has to add Sam Whitlock" in answer.context["form"].errors["clinician"][0]

    def test_nobody_lets_themself_in(self, house, elena):
        both = Colleague(roles=["CLINICIAN", "FRONT_DESK"], at=[house])
        answer = book(inside(both.account), elena, typed(both))
        assert "nobody adds themself" in answer.context["form"].errors["clinician"][0]


def standing(who, **given):
    return {
        "every": "1", "often": "WEEKLY", "on": "2030-01-14", "at": "10:00", "minutes": "50",
        "holidays": "SKIP", "clinician": str(who.pk), "way": "HERE", "where": "",
        "kind": "SESSION",
    } | given  # fmt: skip


class TestStandingSlots:
    def begin(self, browser, client, body):
        return browser.post(f"/desk/clients/{client.pk}/standing/", body)

    def test_its_first_meeting_is_asked_about(self, fay, elena, ana):
        body = standing(ana, at="20:00")
        answer = self.begin(fay, elena, body)
        assert asked(answer) == ["It lies outside the hours of Ana Roth."]
        assert not Series.objects.exists()
        body["anyway"] = answer.context["form"].anyway
        assert self.begin(fay, elena, body).status_code == 302

    def test_a_holiday_that_is_left_out_is_no_question_one_that_is_kept_is(self, fay, elena, ana):
        body = standing(ana, on="2030-01-21", holidays="KEEP")
        words = "It is a holiday here: Martin Luther King Jr. Day."
        assert asked(self.begin(fay, elena, body)) == [words]
        assert self.begin(fay, elena, body | {"holidays": "SKIP"}).status_code == 302

    def test_what_it_held_before_counts_as_free_when_it_changes(self, fay, elena, ana):
        Diary.objects.filter(staff=ana).update(most_a_day=1)
        assert self.begin(fay, elena, standing(ana)).status_code == 302
        page = f"/desk/series/{Series.objects.get().pk}/change/"
        body = standing(ana, at="10:30", revision="1", keep="on")
        assert fay.post(page, body).status_code == 302
        made = Series.objects.get(ended_on=None)
        answer = fay.post(
            f"/desk/series/{made.pk}/change/", standing(ana, at="18:00", revision="1")
        )
        assert asked(answer) == ["It lies outside the hours of Ana Roth."]


class TestMoving:
    def test_a_move_is_asked_about_and_its_own_time_counts_as_free(self, fay, elena, ana, house):
        Diary.objects.filter(staff=ana).update(most_a_day=1)
        one = AnAppointment(client=elena, clinician=ana)
        page = f"/desk/appointments/{one.pk}/move/"
        answer = fay.post(page, typed(ana, at="20:00", revision="1"))
        assert asked(answer) == ["It lies outside the hours of Ana Roth."]
        assert fay.post(page, typed(ana, at="09:05", revision="1")).status_code == 302
        body = typed(ana, at="20:00", revision="2", anyway=answer.context["form"].anyway)
        assert fay.post(page, body).status_code == 302

    def test_on_the_board(self, fay, elena, ana):
        one = AnAppointment(client=elena, clinician=ana)
        body = {"revision": 1, "minute": 20 * 60, "board": "on=2030-01-07"}
        answer = fay.post(f"{BOARD}{one.pk}/move/", body)
        assert answer.status_code == 422
        assert "It lies outside the hours of Ana Roth." in answer.content.decode()
        again = answer.context["again"]["fields"]
        assert fay.post(f"{BOARD}{one.pk}/move/", again).status_code == 302
        one.refresh_from_db()
        assert one.starts_at == NOW + 11 * HOUR


class TestOnesOwnLook:
    def test_the_clinician_reads_what_is_unusual_about_a_meeting_ahead(self, fay, elena, ana):
        late = AnAppointment(client=elena, clinician=ana, starts_at=NOW + 11 * HOUR)
        page = f"/desk/appointments/{late.pk}/"
        words = "It lies outside the hours of Ana Roth."
        assert words in inside(ana.account).get(page).content.decode()
        assert words not in fay.get(page).content.decode()

    def test_of_one_that_is_as_usual_there_is_nothing(self, elena, ana):
        one = AnAppointment(client=elena, clinician=ana)
        answer = inside(ana.account).get(f"/desk/appointments/{one.pk}/")
        assert answer.context["unusual"] == []


def test_the_question_takes_one_statement_whatever_there_is(elena, ana, house):
    desk = inside(ana.account)
    ATimeOff(staff=ana, starts_at=NOW + 9 * HOUR)
    counted = []
    for n in range(2):
        desk.get("/desk/calendar/")
        with CaptureQueriesContext(connection) as said:
            assert book(desk, elena, typed(ana, at="12:15")).status_code == 422
        counted.append(len(said))
        for hours in range(3, 8):
            meets(ana, house, 24 * 7 * (n + 1) + hours)
            TimeOff.objects.create(staff=ana, starts_at=NOW + 100 * HOUR, made_at=NOW,
                                   ends_at=NOW + 101 * HOUR)  # fmt: skip
    assert counted[0] == counted[1]


def test_a_practice_abroad_keeps_its_own_holidays(fay, elena, ana):
    Practice.objects.update(country="DE")
    assert book(fay, elena, typed(ana, on="2030-01-21")).status_code == 302


class TestClashes:
    def test_many_in_the_same_words_are_said_once(self, fay, elena, ana, house):
        fay.post(f"/desk/clients/{elena.pk}/standing/", standing(ana))
        other = ClientOf(care_team=[ana], place=house)
        page = fay.post(f"/desk/clients/{other.pk}/standing/", standing(ana)).content.decode()
        words = "From 10 a.m. to 10:50 a.m. Ana Roth and Elena Petrova meet."
        assert page.count(words) == 1
        n = Appointment.objects.count()
        assert f"and {n - 4} more" in page
        assert "a.m.." not in page
