"""The pages of somebody's hours and of what can be booked, as people at the desk use them."""

from datetime import time as at
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from rapport.meeting.models import (
    Appointment,
    AppointmentType,
    Diary,
    OtherHours,
    TimeOff,
    WorkingHours,
)
from rapport.people.models import Place, Practice
from tests.factories import (
    NOW,
    AContact,
    AnAppointment,
    AnOtherDay,
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

EARLIER = NOW - timedelta(hours=1)
MONDAY = NOW.date()
HOUR = timedelta(hours=1)
CALENDAR = "/desk/calendar/"


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


@pytest.fixture(autouse=True)
def clock(house):
    with time.at(EARLIER):
        yield


@pytest.fixture
def desk(ana):
    return inside(ana.account)


@pytest.fixture
def olga(house):
    return inside(Colleague(roles=["OWNER"], at=[house]).account)


@pytest.fixture
def fay(house):
    return inside(Colleague(roles=["FRONT_DESK"], at=[house]).account)


def hours(ana, path=""):
    return f"/desk/staff/{ana.pk}/hours/{path}"


def said(answer):
    return answer.content.decode()


def wrong(answer):
    assert answer.status_code == 422, answer.status_code
    return answer.context["form"].errors


class TestTheWeek:
    def typed(self, **given):
        return {"weekdays": ["1", "3"], "from_at": "08:00", "until_at": "08:45"} | given

    def test_ones_own_hours_are_a_step_away(self, desk, ana):
        for address in ("/desk/me/diary/", hours(ana)):
            page = desk.get(address)
            assert "My hours" in said(page)
            assert "Nobody has set these hours yet" in said(page)

    def test_a_stretch_is_added_to_several_days(self, desk, ana, house):
        body = self.typed(place=str(house.pk), ways=["VIDEO"])
        assert desk.post(hours(ana, "week/"), body).status_code == 302
        made = WorkingHours.objects.filter(place=house)
        assert [(r.weekday, r.ways) for r in made.order_by("weekday")] == [
            (1, ["VIDEO"]), (3, ["VIDEO"]),
        ]  # fmt: skip
        page = said(desk.get(hours(ana)))
        assert "River house" in page
        assert "Nobody has set these hours yet" not in page

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"weekdays": []}, "weekdays"),
            ({"weekdays": ["8"]}, "weekdays"),
            ({"until_at": "08:00"}, "until_at"),
            ({"until_at": "07:00"}, "until_at"),
            ({"from_at": "early"}, "from_at"),
            ({"from_at": "16:00", "until_at": "18:00"}, "from_at"),
            ({"place": "00000000-0000-4000-8000-000000000000"}, "place"),
            ({"ways": ["FAX"]}, "ways"),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field_and_is_not_lost(self, desk, ana, given, field):
        AStretch(staff=ana)
        answer = desk.post(hours(ana, "week/"), self.typed(**given))
        assert field in wrong(answer)
        assert f'value="{self.typed(**given)["until_at"]}"' in said(answer)
        assert not WorkingHours.objects.filter(from_at=at(8)).exists()

    @pytest.mark.parametrize("typed", ["00:00", "24:00"])
    def test_hours_end_with_the_day(self, desk, ana, typed):
        body = self.typed(weekdays=["1"], from_at="22:00", until_at=typed)
        assert desk.post(hours(ana, "week/"), body).status_code == 302
        made = WorkingHours.objects.get(from_at=at(22))
        assert made.until_at == at(0)
        assert 'value="00:00"' in said(desk.get(f"/desk/hours/{made.pk}/"))
        assert "10 p.m.–midnight" in said(desk.get(hours(ana)))
        days = desk.get(CALENDAR, {"view": "day", "on": "2030-01-14"}).context["days"]
        last = days[0].blocks[-1]
        assert (last.what, last.begins, last.ends) == ("free", 23 * 60, 24 * 60)

    def test_the_first_hours_take_the_place_of_what_was_assumed_of_their_days(self, desk, ana):
        body = self.typed(weekdays=["1", "2"], from_at="10:00", until_at="18:30")
        assert desk.post(hours(ana, "week/"), body).status_code == 302
        made = WorkingHours.objects.filter(staff=ana).order_by("weekday")
        assert [(row.weekday, row.from_at.hour) for row in made] == [
            (1, 10), (2, 10), (3, 9), (4, 9), (5, 9),
        ]  # fmt: skip
        assert desk.post(hours(ana, "week/"), body).status_code == 422

    def test_one_is_changed_and_removed_and_comes_back(self, desk, ana, house):
        row = AStretch(staff=ana, place=house, ways=["HERE", "VIDEO"])
        Diary.objects.create(staff=ana)
        page = desk.get(f"/desk/hours/{row.pk}/")
        assert page.context["form"].initial["from_at"] == at(9)
        body = {"weekday": "2", "from_at": "10:00", "until_at": "11:00", "ways": ["HERE", "VIDEO"],
                "place": str(house.pk)}  # fmt: skip
        assert desk.post(f"/desk/hours/{row.pk}/", body).status_code == 302
        desk.post(f"/desk/hours/{row.pk}/remove/")
        assert not WorkingHours.objects.exists()
        undo = desk.get(hours(ana, "week/")).context["undo"]
        assert undo["words"] == "Removed: Tuesday 10 a.m."
        desk.post(undo["address"], undo["fields"])
        back = WorkingHours.objects.get()
        assert (back.weekday, back.from_at, back.place, back.ways) == (
            2, at(10), house, ["HERE", "VIDEO"],
        )  # fmt: skip

    def test_an_owner_sets_a_colleagues_and_a_stranger_does_not(self, olga, ana, house):
        assert olga.post(hours(ana, "week/"), self.typed()).status_code == 302
        ben = inside(Colleague(at=[house]).account)
        assert ben.post(hours(ana, "week/"), self.typed()).status_code == 404

    def test_who_treats_nobody_has_none(self, olga, house):
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        assert inside(fay.account).get("/desk/me/diary/").status_code == 404
        assert olga.get(hours(fay)).status_code == 404
        assert inside(fay.account).get(hours(fay)).status_code == 404


class TestASingleDay:
    def typed(self, **given):
        return {"on": "2030-01-14", "what": "HOURS", "from_1": "08:00", "until_1": "10:00"} | given

    def test_it_is_kept_changed_removed_and_comes_back(self, desk, ana):
        body = self.typed(from_2="16:00", until_2="18:00")
        assert desk.post(hours(ana, "day/"), body).status_code == 302
        row = OtherHours.objects.get()
        assert row.stretches == [["08:00", "10:00"], ["16:00", "18:00"]]
        form = desk.get(f"/desk/days/{row.pk}/").context["form"]
        assert (form.initial["from_2"], form.initial["what"]) == (at(16), "HOURS")
        desk.post(f"/desk/days/{row.pk}/", self.typed(what="OFF"))
        assert OtherHours.objects.get().stretches == []
        desk.post(f"/desk/days/{row.pk}/remove/")
        undo = desk.get(hours(ana)).context["undo"]
        assert not OtherHours.objects.exists()
        desk.post(undo["address"], undo["fields"])
        assert OtherHours.objects.get().stretches == []

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"on": ""}, "on"),
            ({"on": "9999-12-31"}, "on"),
            ({"on": "2029-12-31"}, "on"),
            ({"until_1": ""}, "until_1"),
            ({"from_1": "", "until_1": ""}, "from_1"),
            ({"until_1": "07:00"}, "from_1"),
            ({"from_3": "09:00", "until_3": "11:00"}, "from_1"),
            ({"what": "PARTY"}, "what"),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field(self, desk, ana, given, field):
        assert field in wrong(desk.post(hours(ana, "day/"), self.typed(**given)))
        assert not OtherHours.objects.exists()

    def test_meetings_of_that_day_are_told_of(self, desk, ana, mara):
        AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(days=7))
        desk.post(hours(ana, "day/"), self.typed(what="OFF"))
        assert "1 meeting is booked on" in said(desk.get(hours(ana)))

    def test_the_front_desk_sets_it(self, fay, ana):
        assert fay.post(hours(ana, "day/"), self.typed()).status_code == 302
        page = said(fay.get(hours(ana)))
        assert "Change the week" not in page
        assert "Take time off" in page


class TestWhatADayMayHold:
    def typed(self, **given):
        return {
            "minutes": "50", "video_url": "", "buffer_before": "0", "buffer_after": "10",
            "lunch_from": "12:00", "lunch_until": "13:00", "most_a_day": "6", "most_in_a_row": "",
            "heavy_a_day": "0", "notice_hours": "48", "horizon_days": "90", "step": "0",
            "keeps_holidays": "on",
        } | given  # fmt: skip

    def test_it_is_kept(self, desk, ana):
        assert desk.post(hours(ana, "limits/"), self.typed()).status_code == 302
        diary = Diary.objects.get(staff=ana)
        assert (diary.notice_minutes, diary.most_in_a_row, diary.heavy_a_day) == (2880, None, 0)
        page = said(desk.get(hours(ana)))
        assert "from 48 hours before, up to 90 days ahead" in page
        assert "6 a day, 0 heavy a day" in page

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"minutes": "0"}, "minutes"),
            ({"buffer_after": "-5"}, "buffer_after"),
            ({"lunch_until": "11:00"}, "lunch_until"),
            ({"lunch_from": ""}, "lunch_from"),
            ({"lunch_from": "20:00", "lunch_until": "21:00"}, "lunch_from"),
            ({"most_a_day": "0"}, "most_a_day"),
            ({"notice_hours": "99999999999"}, "notice_hours"),
            ({"horizon_days": "0"}, "horizon_days"),
            ({"step": "7"}, "step"),
            ({"video_url": "http://v.example"}, "video_url"),
            ({"video_url": "https://" + "v" * 600}, "video_url"),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field(self, desk, ana, given, field):
        assert field in wrong(desk.post(hours(ana, "limits/"), self.typed(**given)))
        assert not Diary.objects.exists()


class TestTimeOff:
    def typed(self, **given):
        return {"from_on": "2030-01-07", "until_on": "2030-01-11", "why": "ILL"} | given

    def taken(self, browser, ana, **given):
        """Looked first, then saved, as a person does."""
        looked = browser.post(hours(ana, "time-off/"), self.typed(**given))
        mark = looked.context["form"].mark
        return looked, browser.post(hours(ana, "time-off/"), self.typed(**given) | {"seen": mark})

    def test_whom_it_meets_is_shown_before_it_is_saved(self, fay, ana, mara):
        one = AnAppointment(client=mara, clinician=ana, starts_at=NOW + HOUR)
        looked = fay.post(hours(ana, "time-off/"), self.typed())
        assert looked.status_code == 200
        assert "Mara Kühn" in said(looked)
        assert "1 meeting is booked then" in said(looked)
        assert not TimeOff.objects.exists()
        _looked, saved = self.taken(fay, ana)
        made = TimeOff.objects.get()
        assert saved.headers["Location"] == f"/desk/time-off/{made.pk}/"
        assert (made.starts_at, made.ends_at) == (
            NOW.replace(hour=0), NOW.replace(hour=0) + timedelta(days=5),
        )  # fmt: skip
        one.refresh_from_db()
        assert one.status == "BOOKED"

    def test_other_days_than_were_looked_at_are_looked_at_first(self, desk, ana):
        looked = desk.post(hours(ana, "time-off/"), self.typed())
        later = self.typed(until_on="2030-01-18") | {"seen": looked.context["form"].mark}
        assert desk.post(hours(ana, "time-off/"), later).status_code == 200
        assert not TimeOff.objects.exists()

    def test_hours_of_one_day(self, desk, ana):
        self.taken(desk, ana, until_on="", from_at="14:00", until_at="16:00")
        made = TimeOff.objects.get()
        assert (made.starts_at, made.ends_at) == (NOW + 5 * HOUR, NOW + 7 * HOUR)
        assert "2 p.m.–4 p.m." in said(desk.get(hours(ana)))

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"from_on": ""}, "from_on"),
            ({"from_on": "9999-12-31", "until_on": ""}, "from_on"),
            ({"until_on": "9999-12-31"}, "until_on"),
            ({"until_on": "2030-01-06"}, "until_on"),
            ({"until_on": "", "from_at": "14:00", "until_at": "14:00"}, "until_at"),
            ({"why": "PARTY"}, "why"),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field(self, desk, ana, given, field):
        assert field in wrong(desk.post(hours(ana, "time-off/"), self.typed(**given)))

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"from_on": "2029-12-01", "until_on": "2029-12-02"}, "until_on"),
            ({"until_on": "2032-01-31"}, "until_on"),
            ({"from_on": "2030-01-20", "until_on": "2030-01-25"}, "from_on"),
        ],
    )
    def test_what_the_room_refuses_too(self, desk, ana, given, field):
        ATimeOff(staff=ana, starts_at=NOW + timedelta(days=14))
        looked, saved = self.taken(desk, ana, **given)
        assert looked.status_code == 200
        assert field in wrong(saved)
        assert TimeOff.objects.count() == 1

    def test_what_is_ticked_is_called_off_and_the_rest_is_moved_from_there(self, desk, ana, mara):
        gone = ATimeOff(staff=ana)
        one, two = (AnAppointment(client=mara, clinician=ana, starts_at=NOW + n * HOUR)
                    for n in (1, 2))  # fmt: skip
        page = f"/desk/time-off/{gone.pk}/"
        assert [line["ticked"] for line in desk.get(page).context["lines"]] == [True, True]
        answer = desk.post(page, {"meeting": [f"{one.pk}:1"], "reason": "Ill, sorry."})
        assert answer.headers["Location"] == page
        shown = desk.get(page)
        assert "1 meeting is called off." in said(shown)
        assert [line["meeting"] for line in shown.context["lines"]] == [two]
        move = f"/desk/appointments/{two.pk}/move/?away={gone.pk}"
        assert move in said(shown)
        body = {"on": "2030-01-10", "at": "10:00", "minutes": "50", "way": "HERE",
                "clinician": str(ana.pk), "revision": "1"}  # fmt: skip
        assert desk.post(move, body).headers["Location"] == page
        assert "Nothing is booked then." in said(desk.get(page))

    def test_who_is_booked_then_can_be_opened_and_called_where_it_is_safe(self, desk, ana, mara):
        gone = ATimeOff(staff=ana)
        AContact(client=mara, value="+49 30 1234567", plain="+49301234567", safe_to_message=True)
        AContact(client=mara, value="+49 30 7654321", plain="+49307654321")
        AnAppointment(client=mara, clinician=ana, starts_at=NOW + HOUR)

        shown = said(desk.get(f"/desk/time-off/{gone.pk}/"))
        assert f'href="/desk/clients/{mara.pk}/"' in shown
        assert 'href="tel:+49301234567"' in shown
        assert "7654321" not in shown

    @pytest.mark.parametrize(
        "posted", [{}, {"meeting": ["nonsense", "x:1", "1:x"]}, {"meeting": ["\x00:1"]}]
    )
    def test_nothing_ticked_is_said(self, desk, ana, mara, posted):
        gone = ATimeOff(staff=ana)
        AnAppointment(client=mara, clinician=ana, starts_at=NOW + HOUR)
        answer = desk.post(f"/desk/time-off/{gone.pk}/", posted | {"reason": "Kept."})
        assert answer.status_code == 422
        assert "Tick the meetings to call off." in said(answer)
        assert "Kept." in said(answer)

    def test_a_reason_that_is_too_long_is_not_lost(self, desk, ana, mara):
        gone = ATimeOff(staff=ana)
        one = AnAppointment(client=mara, clinician=ana, starts_at=NOW + HOUR)
        body = {"meeting": [f"{one.pk}:1"], "reason": "y" * 2001}
        answer = desk.post(f"/desk/time-off/{gone.pk}/", body)
        assert "reason" in wrong(answer)
        assert "yyy" in said(answer)

    def test_an_owner_sees_how_many_and_no_names(self, olga, ana, mara):
        gone = ATimeOff(staff=ana)
        AnAppointment(client=mara, clinician=ana, starts_at=NOW + HOUR)
        for page in (olga.get(f"/desk/time-off/{gone.pk}/"),
                     olga.post(hours(ana, "time-off/"), self.typed())):  # fmt: skip
            assert "Mara" not in said(page)
            assert "1 meeting" in said(page)

    def test_it_is_taken_back(self, desk, ana):
        gone = ATimeOff(staff=ana)
        answer = desk.post(f"/desk/time-off/{gone.pk}/take-back/")
        assert answer.headers["Location"] == hours(ana)
        assert not TimeOff.objects.exists()


class TestWhatIsDrawn:
    def test_time_off_holidays_and_other_hours_are_named_in_the_calendar(self, desk, ana, mara):
        AnOtherDay(staff=ana, on=MONDAY + timedelta(days=15))
        ATimeOff(
            staff=ana, starts_at=NOW + timedelta(days=16), ends_at=NOW + timedelta(days=16, hours=2)
        )
        AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(days=16, hours=1))
        for view in ("day", "week", "list"):
            week = said(desk.get(CALENDAR, {"view": view, "on": "2030-01-21"}))
            assert "Martin Luther King Jr. Day" in week, view
        assert "other hours" in said(desk.get(CALENDAR, {"on": "2030-01-21"}))
        for view in ("day", "week", "list"):
            page = desk.get(CALENDAR, {"view": view, "on": "2030-01-23"})
            assert "holiday" in said(page), view
            assert "Mara Kühn" in said(page), view

    def test_between_two_stretches_nothing_is_free(self, desk, ana):
        AStretch(staff=ana, until_at=at(12))
        AStretch(staff=ana, from_at=at(15))
        page = desk.get(CALENDAR, {"view": "day", "on": "2030-01-14"})
        free = [block.begins for block in page.context["days"][0].blocks]
        assert free == [9 * 60, 10 * 60, 11 * 60, 15 * 60, 16 * 60]

    def test_today_says_that_one_is_away(self, desk, ana):
        ATimeOff(staff=ana, why="TRAINING", starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
        page = said(desk.get("/desk/"))
        assert "training, until 11 a.m." in page
        assert "free, 60 minutes" in page

    def test_a_types_sign_and_name_stand_with_its_colour(self, desk, ana, mara):
        couple = AType(name="Couple session", colour="VIOLET")
        AnAppointment(client=mara, clinician=ana, type=couple)
        for view in ("day", "week"):
            page = said(desk.get(CALENDAR, {"view": view, "on": "2030-01-07"}))
            assert "hue-violet" in page
            assert ">CS<" in page
            assert "Couple session" in page
        assert "Couple session" in said(desk.get(CALENDAR, {"view": "list", "on": "2030-01-07"}))


class TestBookingATypeOfMeeting:
    @pytest.fixture
    def couple(self):
        AType(name="Session", minutes=50, position=1)
        return AType(name="Couple", minutes=75, kind="REVIEW", position=2, ways=["HERE", "VIDEO"])

    def typed(self, ana, couple, **given):
        return {"type": str(couple.pk), "on": "2030-01-08", "at": "10:00", "minutes": "",
                "clinician": str(ana.pk), "way": "HERE"} | given  # fmt: skip

    def book(self, desk, mara, body):
        return desk.post(f"/desk/calendar/book/?client={mara.pk}", body)

    def test_it_sets_kind_and_length(self, desk, ana, mara, couple):
        form = desk.get(f"/desk/calendar/book/?client={mara.pk}").context["form"]
        assert [words for _key, words in form.fields["type"].choices] == [
            "Choose a type", "Session, 50 minutes", "Couple, 75 minutes",
        ]  # fmt: skip
        assert "kind" not in form.fields
        assert self.book(desk, mara, self.typed(ana, couple)).status_code == 302
        made = Appointment.objects.get()
        assert (made.type, made.kind, made.slot.minutes) == (couple, "REVIEW", 75)

    def test_a_length_of_its_own_counts(self, desk, ana, mara, couple):
        self.book(desk, mara, self.typed(ana, couple, minutes="100"))
        assert Appointment.objects.get().slot.minutes == 100

    @pytest.mark.parametrize(
        ("given", "field"),
        [({"type": ""}, "type"), ({"type": "nonsense"}, "type"), ({"way": "PHONE"}, "way"),
         ({"minutes": "1"}, "minutes")],
    )  # fmt: skip
    def test_what_cannot_be_stands_beside_its_field(self, desk, ana, mara, couple, given, field):
        answer = self.book(desk, mara, self.typed(ana, couple, **given))
        assert field in wrong(answer)
        assert not Appointment.objects.exists()

    def test_who_does_not_offer_it_is_not_booked_for_it(self, desk, ana, mara, couple):
        couple.clinicians.add(Colleague())
        assert "Ana Roth does not offer this type." in str(
            wrong(self.book(desk, mara, self.typed(ana, couple)))
        )

    def test_time_off_is_asked_about_and_can_be_booked_all_the_same(self, desk, ana, mara, couple):
        ATimeOff(staff=ana, starts_at=NOW + timedelta(days=1), why="TRAINING")
        answer = self.book(desk, mara, self.typed(ana, couple))
        assert answer.status_code == 422
        asked = answer.context["form"]
        assert [one.words for one in asked.doubts] == ["Ana Roth is away then: training."]
        assert not Appointment.objects.exists()
        body = self.typed(ana, couple, anyway=asked.anyway)
        assert self.book(desk, mara, body).status_code == 302

    def test_moving_keeps_the_type_or_takes_another_with_its_length(self, desk, ana, mara, couple):
        self.book(desk, mara, self.typed(ana, couple))
        made = Appointment.objects.get()
        page = f"/desk/appointments/{made.pk}/move/"
        form = desk.get(page).context["form"]
        assert (form.initial["type"], form.initial["minutes"]) == (str(couple.pk), None)
        body = self.typed(ana, couple, at="11:00", revision="1")
        assert desk.post(page, body).status_code == 302
        made.refresh_from_db()
        assert (made.type, made.slot.minutes) == (couple, 75)
        session = AppointmentType.objects.get(name="Session")
        desk.post(page, body | {"type": str(session.pk), "revision": "2"})
        made.refresh_from_db()
        assert (made.type, made.kind, made.slot.minutes) == (session, "SESSION", 50)
        desk.post(f"/desk/appointments/{made.pk}/undo/", {"revision": "3"})
        made.refresh_from_db()
        assert (made.type, made.kind, made.slot.minutes) == (couple, "REVIEW", 75)

    def test_what_has_no_type_stays_so(self, desk, ana, mara, couple):
        made = AnAppointment(client=mara, clinician=ana, starts_at=NOW + timedelta(days=1))
        page = f"/desk/appointments/{made.pk}/move/"
        body = self.typed(ana, couple, type="", at="11:00", minutes="50", revision="1")
        assert desk.post(page, body).status_code == 302
        made.refresh_from_db()
        assert (made.type, made.kind) == (None, "SESSION")
        answer = desk.post(page, body | {"minutes": "", "revision": "2"})
        assert "minutes" in wrong(answer)


class TestTypes:
    PAGE = "/desk/practice/types/"

    def typed(self, **given):
        return {"name": "Session", "kind": "SESSION", "minutes": "50", "ways": ["HERE"],
                "bookers": ["ACTIVE"], "colour": "TEAL", "forms": ["phq-9"],
                "buffer_after": "10"} | given  # fmt: skip

    def test_a_practice_without_any_begins_with_the_usual_ones(self, olga):
        assert "No types yet" in said(olga.get(self.PAGE))
        olga.post(f"{self.PAGE}begin/")
        page = said(olga.get(self.PAGE))
        assert "First consultation" in page
        assert "waits for our yes" in page

    def test_one_is_added_changed_ordered_closed_and_opened_again(self, olga, ana):
        olga.post(f"{self.PAGE}add/", self.typed(clinicians=[str(ana.pk)]))
        olga.post(f"{self.PAGE}add/", self.typed(name="Review"))
        one, two = AppointmentType.objects.order_by("position")
        form = olga.get(f"{self.PAGE}{one.pk}/").context["form"]
        assert form.initial["clinicians"] == [str(ana.pk)]
        olga.post(f"{self.PAGE}{one.pk}/", self.typed(name="Long session", minutes="80"))
        one.refresh_from_db()
        assert (one.name, one.minutes, list(one.clinicians.all())) == ("Long session", 80, [])
        olga.post(f"{self.PAGE}{two.pk}/order/", {"to": "up"})
        assert olga.get(self.PAGE).context["types"] == [two, one]
        olga.post(f"{self.PAGE}{two.pk}/close/", {"closed": "on"})
        assert olga.get(self.PAGE).context["closed"] == [two]
        olga.post(f"{self.PAGE}{two.pk}/close/", {"closed": "off"})
        assert olga.get(self.PAGE).context["types"] == [two, one]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 300}, "name"),
            ({"name": "Taken"}, "name"),
            ({"minutes": "0"}, "minutes"),
            ({"minutes": "99999999999999"}, "minutes"),
            ({"ways": []}, "ways"),
            ({"bookers": ["STRANGERS"]}, "bookers"),
            ({"forms": ["no-such-form"]}, "forms"),
            ({"colour": ""}, "colour"),
            ({"buffer_before": "-1"}, "buffer_before"),
            ({"price_tag": "9" * 300}, "price_tag"),
        ],
    )
    def test_what_cannot_be_stands_beside_its_field(self, olga, given, field):
        AType(name="Taken")
        answer = olga.post(f"{self.PAGE}add/", self.typed(**given))
        assert field in wrong(answer)
        assert AppointmentType.objects.count() == 1

    def test_a_new_type_needs_a_room_where_there_are_rooms(self, olga, house):
        assert olga.get(f"{self.PAGE}add/").context["form"].initial == {"needs_room": False}
        ARoom(place=house)
        assert olga.get(f"{self.PAGE}add/").context["form"].initial == {"needs_room": True}
        olga.post(f"{self.PAGE}add/", self.typed())
        assert not AppointmentType.objects.get().needs_room, "not ticked is no"

    def test_that_it_needs_a_room_is_kept_and_said_and_so_is_that_there_is_none(self, olga, house):
        olga.post(f"{self.PAGE}add/", self.typed(needs_room="on"))
        one = AppointmentType.objects.get()
        assert one.needs_room
        assert olga.get(f"{self.PAGE}{one.pk}/").context["form"].initial["needs_room"] is True
        assert "needs a room in person, and there is none" in said(olga.get(self.PAGE))
        ARoom(place=house)
        page = said(olga.get(self.PAGE))
        assert "needs a room in person" in page
        assert "and there is none" not in page

    def test_only_owners_find_them(self, desk, fay):
        for browser in (desk, fay):
            assert browser.get(self.PAGE).status_code == 404


class TestRegions:
    def test_a_place_says_whose_holidays_hold(self, olga, house):
        Practice.objects.update(country="DE")
        page = f"/desk/practice/place/{house.pk}/"
        assert ("BE", "Berlin") in olga.get(page).context["form"].fields["region"].choices
        body = {"name": house.name, "address": "", "region": "BE"}
        assert olga.post(page, body).status_code == 302
        assert Place.objects.get(pk=house.pk).region == "BE"
        assert "region" in wrong(olga.post(page, body | {"region": "XX"}))

    def test_a_country_without_regions_is_not_asked(self, olga, house):
        Practice.objects.update(country="XX")
        page = f"/desk/practice/place/{house.pk}/"
        assert "region" not in olga.get(page).context["form"].fields
        assert olga.post(page, {"name": "Hill house", "address": ""}).status_code == 302


class TestOneType:
    def test_a_single_type_has_no_empty_form_before_its_button(self, olga):
        AType()
        page = olga.get("/desk/practice/types/").content.decode()
        assert "/order/" not in page
        AType()
        assert "/order/" in olga.get("/desk/practice/types/").content.decode()


class TestStatements:
    def asked(self, browser, page):
        with CaptureQueriesContext(connection) as said:
            assert browser.get(page).status_code == 200
        marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return [one["sql"] for one in said if not one["sql"].startswith(marks)]

    def test_hours_and_types_take_as_many_for_much_as_for_little(self, ana, mara, house):
        both = Colleague(roles=["OWNER", "CLINICIAN"], at=[house])
        ClientOf(care_team=[both], place=house)
        browser = inside(both.account)
        Diary.objects.create(staff=both)
        gone = ATimeOff(staff=both, ends_at=NOW + timedelta(days=40))
        pages = {hours(both): 16, hours(both, "week/"): 11, "/desk/practice/types/": 10,
                 f"/desk/time-off/{gone.pk}/": 15}  # fmt: skip

        def grown(by):
            for n in range(by):
                days = OtherHours.objects.count() + 1
                AStretch(staff=both, weekday=n % 7 + 1, place=house)
                AnOtherDay(staff=both, on=MONDAY + timedelta(days=days), place=house)
                ATimeOff(staff=both, starts_at=NOW + timedelta(days=50 + days))
                AType().clinicians.set([ana, both])
                client = ClientOf(care_team=[both], place=house)
                AContact(client=client, safe_to_text=True)
                AnAppointment(client=client, clinician=both, starts_at=NOW + timedelta(days=days))
            return {page: self.asked(browser, page) for page in pages}

        grown(1)
        few, many = grown(1), grown(8)
        for page, most in pages.items():
            assert len(many[page]) == len(few[page]), "\n".join(many[page])
            assert len(many[page]) <= most, "\n".join(many[page])
