"""When somebody works: the week, single days, limits, time off, calendars outside."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.core import events, jobs
from rapport.core import time as clock
from rapport.core.jobs import registry
from rapport.core.policy import Denied, System
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions, clearing, queries
from rapport.meeting.diaries import actions as diaries
from rapport.meeting.events import TimeOffRemoved, TimeOffTaken
from rapport.meeting.models import Appointment, Busy, Diary, OtherHours, TimeOff, WorkingHours
from rapport.people.models import Place, Practice
from rapport.people.practice.queries import remember_zone
from tests.factories import (
    NOW,
    AnAppointment,
    AnOtherDay,
    APlace,
    AStretch,
    ATimeOff,
    ClientOf,
    Colleague,
)

pytestmark = pytest.mark.django_db

MONDAY = NOW.date()
HOUR = timedelta(hours=1)


@pytest.fixture
def heard(monkeypatch):
    """What is told of time off."""
    monkeypatch.setattr(registry, "SPECS", dict(registry.SPECS))
    monkeypatch.setattr(events, "_listeners", {})
    told = []
    events.on(TimeOffTaken, name="tests.taken")(told.append)
    events.on(TimeOffRemoved, name="tests.removed")(told.append)
    return told


@pytest.fixture
def ana(house):
    return Colleague(at=[house], legal_name="Ana Roth")


def add(ana, days=(1,), begins="09:00", ends="12:30", by=None, **given):
    return actions.add_hours(
        by=by or ana.account, staff=ana, weekdays=days, from_at=time.fromisoformat(begins),
        until_at=time.fromisoformat(ends), **given,
    )  # fmt: skip


def working(ana, day=MONDAY):
    found = queries.days(by=ana.account, staff=ana, first=day, last=day)[day]
    return [(f"{s.start:%H:%M}", f"{s.end:%H:%M}") for s in found.working]


class TestTheWeek:
    def test_who_has_said_nothing_works_as_most_do(self, ana):
        assert working(ana) == [("09:00", "17:00")]
        assert working(ana, MONDAY - timedelta(days=1)) == []

    def test_the_first_word_keeps_the_usual_week(self, ana):
        add(ana, days=[6], begins="10:00", ends="12:00")
        assert [row.weekday for row in queries.week(by=ana.account, staff=ana)] == [
            1,
            2,
            3,
            4,
            5,
            6,
        ]

    def test_a_day_may_have_several_stretches(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={})
        add(ana, days=[1, 3], begins="13:30", ends="18:00")
        add(ana, days=[1], begins="08:00", ends="12:30")
        assert working(ana) == [("08:00", "12:30"), ("13:30", "18:00")]
        assert working(ana, MONDAY + timedelta(days=2)) == [("13:30", "18:00")]
        assert working(ana, MONDAY + timedelta(days=1)) == []

    def test_a_week_without_hours_is_nobodys_usual_week(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={})
        assert working(ana) == []

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"ends": "09:00"}, "until_at"),
            ({"begins": "12:30", "ends": "12:30"}, "until_at"),
            ({"days": []}, "weekdays"),
            ({"days": [0]}, "weekdays"),
            ({"days": [8]}, "weekdays"),
            ({"begins": "10:00", "ends": "11:00"}, "from_at"),
            ({"begins": "08:00", "ends": "18:00"}, "from_at"),
            ({"begins": "13:00", "ends": "14:00", "ways": ["FAX"]}, "ways"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_kept(self, ana, given, field):
        actions.set_week(by=ana.account, staff=ana, week={})
        add(ana, days=[1, 2])
        with pytest.raises(CannotBook) as problem:
            add(ana, **{"days": [3, 2]} | given)
        assert problem.value.field == field
        assert WorkingHours.objects.count() == 2

    def test_a_day_may_end_at_midnight_and_the_next_go_on(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={})
        add(ana, days=[1], begins="22:00", ends="00:00")
        add(ana, days=[2], begins="00:00", ends="06:00")
        assert working(ana) == [("22:00", "00:00")]
        assert working(ana, MONDAY + timedelta(days=1)) == [("00:00", "06:00")]
        for begins, ends in (("23:00", "00:00"), ("21:00", "22:30"), ("00:00", "00:00")):
            with pytest.raises(CannotBook, match="is there already"):
                add(ana, days=[1], begins=begins, ends=ends)

    def test_so_may_a_single_day(self, ana):
        def sets(*stretches):
            hours = [tuple(map(time.fromisoformat, one.split("-"))) for one in stretches]
            return actions.set_day(by=ana.account, staff=ana, on=MONDAY, stretches=hours, now=NOW)

        sets("22:00-00:00", "09:00-12:00")
        assert working(ana) == [("09:00", "12:00"), ("22:00", "00:00")]
        with pytest.raises(CannotBook, match="overlap"):
            sets("22:00-00:00", "23:00-23:30")

    def test_the_database_knows_no_other_end_before_a_beginning(self, ana):
        AStretch(staff=ana, from_at=time(22), until_at=time(0))
        with pytest.raises(IntegrityError), transaction.atomic():
            AStretch(staff=ana, from_at=time(22), until_at=time(21))

    def test_lunch_may_lie_in_a_night(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={1: [(time(20), time(0))]})
        given = {"lunch_from": time(22), "lunch_until": time(23)}
        assert diaries.set_diary(by=ana.account, staff=ana, **given).lunch_from == time(22)

    def test_stretches_that_touch_are_fine(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={1: [(time(9), time(12))]})
        add(ana, begins="12:00", ends="13:00")
        assert WorkingHours.objects.count() == 2

    def test_one_is_changed_without_being_in_its_own_way(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={1: [(time(9), time(12))]})
        actions.change_hours(
            by=ana.account, stretch=WorkingHours.objects.get(), weekday=1, from_at=time(10),
            until_at=time(13),
        )  # fmt: skip
        assert working(ana) == [("10:00", "13:00")]

    def test_every_way_ticked_is_none_in_particular(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={})
        assert add(ana, ways=["PHONE", "HERE", "VIDEO"])[0].ways == []
        assert add(ana, days=[2], ways=["PHONE", "HERE"])[0].ways == ["HERE", "PHONE"]

    def test_what_was_removed_is_gone(self, ana):
        actions.set_week(by=ana.account, staff=ana, week={1: [(time(9), time(12))]})
        actions.remove_hours(by=ana.account, stretch=WorkingHours.objects.get())
        assert working(ana) == []

    def test_nine_is_nine_on_the_wall_when_clocks_have_changed(self, ana):
        with_zone("Europe/Berlin")
        actions.set_week(by=ana.account, staff=ana, week={1: [(time(9), time(12))]})
        assert working(ana, date(2030, 3, 25)) == [("08:00", "11:00")]
        assert working(ana, date(2030, 4, 1)) == [("07:00", "10:00")]
        with_zone("UTC")


def with_zone(name):
    Practice.objects.update(time_zone=name)
    remember_zone(name)


class TestASingleDay:
    def set(self, ana, stretches, on=MONDAY, by=None, **given):
        return actions.set_day(
            by=by or ana.account, staff=ana, on=on, now=NOW,
            stretches=[(time.fromisoformat(a), time.fromisoformat(b)) for a, b in stretches],
            **given,
        )  # fmt: skip

    def test_its_hours_take_the_place_of_the_weeks(self, ana):
        self.set(ana, [("16:00", "20:00"), ("08:00", "10:00")])
        assert working(ana) == [("08:00", "10:00"), ("16:00", "20:00")]
        assert working(ana, MONDAY + timedelta(days=7)) == [("09:00", "17:00")]

    def test_a_day_off_has_none_and_is_named(self, ana):
        self.set(ana, [])
        day = queries.days(by=ana.account, staff=ana, first=MONDAY, last=MONDAY)[MONDAY]
        assert (day.working, day.marks) == ([], ["day off"])

    def test_said_again_it_replaces(self, ana):
        self.set(ana, [("08:00", "10:00")])
        self.set(ana, [("11:00", "12:00")])
        assert working(ana) == [("11:00", "12:00")]
        actions.remove_day(by=ana.account, day=OtherHours.objects.get())
        assert working(ana) == [("09:00", "17:00")]

    @pytest.mark.parametrize(
        ("stretches", "on", "field"),
        [
            ([("10:00", "09:00")], MONDAY, "stretches"),
            ([("10:00", "10:00")], MONDAY, "stretches"),
            ([("08:00", "10:00"), ("09:30", "11:00")], MONDAY, "stretches"),
            ([("08:00", "10:00")], MONDAY - timedelta(days=1), "on"),
            ([("08:00", "10:00")], date(9999, 12, 31), "on"),
        ],
    )
    def test_what_cannot_be_is_refused(self, ana, stretches, on, field):
        with pytest.raises(CannotBook) as problem:
            self.set(ana, stretches, on=on)
        assert problem.value.field == field
        assert not OtherHours.objects.exists()


class TestHolidays:
    NEW_YEAR = date(2031, 1, 1)  # a Wednesday

    def test_a_holiday_is_kept_and_named(self, ana):
        day = queries.days(by=ana.account, staff=ana, first=self.NEW_YEAR, last=self.NEW_YEAR)
        assert (day[self.NEW_YEAR].working, day[self.NEW_YEAR].marks) == ([], ["New Year's Day"])

    def test_who_works_on_holidays_works(self, ana):
        diaries.set_diary(by=ana.account, staff=ana, keeps_holidays=False)
        assert working(ana, self.NEW_YEAR) == [("09:00", "17:00")]

    def test_hours_of_that_day_alone_are_worked(self, ana):
        AnOtherDay(staff=ana, on=self.NEW_YEAR)
        assert working(ana, self.NEW_YEAR) == [("09:00", "12:00")]

    def test_each_region_has_its_own(self, house):
        Practice.objects.update(country="DE")
        berlin, bavaria = APlace(region="BE"), APlace(region="BY")
        epiphany = date(2031, 1, 6)  # a Monday; in Bavaria
        assert epiphany not in queries.holidays(berlin, epiphany, epiphany)
        assert queries.holidays(bavaria, epiphany, epiphany)
        both = Colleague(at=[berlin, bavaria])
        for place, hour in ((berlin, 8), (bavaria, 10), (None, 12)):
            AStretch(staff=both, place=place, from_at=time(hour), until_at=time(hour + 1))
        assert working(both, epiphany) == [("08:00", "09:00"), ("12:00", "13:00")]

    @pytest.mark.parametrize("country", ["", "XX", "ZZ"])
    def test_a_country_that_is_not_known_has_none(self, ana, country):
        Practice.objects.update(country=country)
        assert queries.holidays(Place.objects.get(), MONDAY, date(2031, 1, 1)) == {}
        assert working(ana, self.NEW_YEAR) == [("09:00", "17:00")]

    def test_centuries_are_not_computed(self, ana):
        assert queries.holidays(None, date(1900, 1, 1), date(2200, 1, 1)) == {}


class TestWhatADayMayHold:
    def test_it_is_kept(self, ana):
        diaries.set_diary(
            by=ana.account, staff=ana, minutes=45, buffer_after=10, most_a_day=6, heavy_a_day=0,
            lunch_from=time(12), lunch_until=time(13), step=0, video_url=" https://v.example/a ",
        )  # fmt: skip
        diary = Diary.objects.get()
        assert (diary.minutes, diary.buffer_after, diary.most_a_day) == (45, 10, 6)
        assert (diary.heavy_a_day, diary.video_url) == (0, "https://v.example/a")
        diaries.set_diary(by=ana.account, staff=ana, most_a_day=None)
        assert Diary.objects.get().most_a_day is None

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"minutes": 0}, "minutes"),
            ({"buffer_before": -1}, "buffer_before"),
            ({"buffer_after": 500}, "buffer_after"),
            ({"notice_minutes": 10**9}, "notice_minutes"),
            ({"horizon_days": 0}, "horizon_days"),
            ({"most_a_day": 0}, "most_a_day"),
            ({"step": 7}, "step"),
            ({"lunch_from": time(12)}, "lunch_until"),
            ({"lunch_until": time(12)}, "lunch_from"),
            ({"lunch_from": time(13), "lunch_until": time(12)}, "lunch_until"),
            ({"lunch_from": time(17), "lunch_until": time(18)}, "lunch_from"),
            ({"video_url": "http://v.example"}, "video_url"),
        ],
    )
    def test_what_cannot_be_is_refused(self, ana, said, field):
        with pytest.raises(CannotBook) as problem:
            diaries.set_diary(by=ana.account, staff=ana, **said)
        assert problem.value.field == field
        assert not Diary.objects.exists()


class TestTimeOff:
    WEEK = Slot(NOW, NOW + timedelta(days=5))

    def take(self, ana, slot=WEEK, by=None, **given):
        return actions.take_time_off(
            by=by or ana.account, staff=ana, slot=slot, **{"why": "HOLIDAY", "now": NOW} | given
        )

    def test_it_is_kept_told_and_taken_back(self, ana, heard):
        made = self.take(ana)
        pk, ends = made.pk, self.WEEK.end
        actions.take_back_time_off(by=ana.account, time_off=made)
        jobs.run_due(clock.now() + HOUR, loud=True)
        removed = TimeOffRemoved(pk, ana.pk, NOW, ends)
        assert sorted(heard, key=repr) == sorted([TimeOffTaken(pk), removed], key=repr)
        assert not TimeOff.objects.exists()

    def test_sent_twice_it_is_one(self, ana):
        assert self.take(ana) == self.take(ana)
        assert TimeOff.objects.count() == 1

    def test_it_is_named_in_the_day_and_nothing_is_free(self, ana):
        ATimeOff(staff=ana, why="ILL")
        day = queries.days(by=ana.account, staff=ana, first=MONDAY, last=MONDAY)[MONDAY]
        assert day.marks == ["ill"]
        assert day.free([], least=5) == []
        assert [(one.slot.minutes, one.why) for one in day.away_around([])] == [(480, "ILL")]

    @pytest.mark.parametrize(
        ("slot", "why", "field"),
        [
            (Slot(NOW - 2 * HOUR, NOW), "HOLIDAY", "until_on"),
            (Slot(NOW, NOW + timedelta(days=800)), "HOLIDAY", "until_on"),
            (Slot(NOW + HOUR, NOW + 2 * HOUR), "HOLIDAY", "from_on"),
            (Slot(NOW + timedelta(days=30), NOW + timedelta(days=31)), "PARTY", "why"),
        ],
    )
    def test_what_cannot_be_is_refused(self, ana, slot, why, field):
        self.take(ana)
        with pytest.raises(CannotBook) as problem:
            self.take(ana, slot=slot, why=why)
        assert problem.value.field == field
        assert TimeOff.objects.count() == 1


class TestWhomItMeets:
    @pytest.fixture
    def mara(self, house, ana):
        return ClientOf(care_team=[ana], place=house, legal_name="Mara Kühn")

    @pytest.fixture
    def gone(self, ana):
        return ATimeOff(staff=ana)

    def meeting(self, ana, client, hours=1, **given):
        return AnAppointment(client=client, clinician=ana, starts_at=NOW + hours * HOUR, **given)

    def found(self, by, ana, now=NOW):
        slot = Slot(NOW.replace(hour=0), NOW.replace(hour=0) + timedelta(days=1))
        return queries.affected(by=by, staff=ana, slot=slot, now=now)

    def test_those_one_may_know_of_are_shown_and_the_rest_counted(self, ana, mara, house):
        self.meeting(ana, mara)
        self.meeting(ana, mara, hours=2, status="CANCELLED", cancelled_by="CLIENT")
        self.meeting(ana, mara, hours=30)
        self.meeting(ana, mara, hours=-2)
        self.meeting(Colleague(at=[house]), mara, hours=4)
        self.meeting(ana, ClientOf(care_team=[Colleague()], place=house), hours=5)
        assert [one.client for one in self.found(ana.account, ana).shown] == [mara]
        assert self.found(ana.account, ana).unseen == 1
        olga = Colleague(roles=["OWNER"], at=[house])
        assert (self.found(olga.account, ana).shown, self.found(olga.account, ana).unseen) == (
            [],
            2,
        )
        assert not self.found(ana.account, Colleague())

    def cancel(self, by, gone, seen, reason="Ill."):
        return clearing.cancel_meetings(by=by, time_off=gone, seen=seen, reason=reason, now=NOW)

    def test_what_is_chosen_is_called_off_each_by_itself(self, ana, mara, gone):
        one, two, three = (self.meeting(ana, mara, hours=n) for n in (1, 2, 3))
        done = self.cancel(ana.account, gone, {one.pk: 1, two.pk: 1})
        assert [row.pk for row in done.done] == [one.pk, two.pk]
        said = dict(Appointment.objects.values_list("pk", "status"))
        assert [said[row.pk] for row in (one, two, three)] == ["CANCELLED", "CANCELLED", "BOOKED"]
        one.refresh_from_db()
        assert (one.changes.get().reason, one.cancelled_by) == ("Ill.", "CLINICIAN")

    def test_what_somebody_changed_meanwhile_is_left(self, ana, mara, gone):
        one, two = self.meeting(ana, mara), self.meeting(ana, mara, hours=2)
        Appointment.objects.filter(pk=two.pk).update(revision=2)
        outside = self.meeting(ana, mara, hours=40)
        done = self.cancel(
            ana.account, gone, {one.pk: 1, two.pk: 1, outside.pk: 1, uuid.uuid4(): 1}
        )
        assert ([row.pk for row in done.done], done.left) == ([one.pk], 3)
        assert Appointment.objects.filter(status="BOOKED").count() == 2

    def test_a_reason_that_is_too_long_calls_nothing_off(self, ana, mara, gone):
        one, two = self.meeting(ana, mara), self.meeting(ana, mara, hours=2)
        with pytest.raises(CannotBook):
            self.cancel(ana.account, gone, {one.pk: 1, two.pk: 1}, reason="x" * 2001)
        assert Appointment.objects.filter(status="BOOKED").count() == 2

    def test_an_owner_without_a_part_in_the_care_calls_nothing_off(self, ana, mara, gone, house):
        one = self.meeting(ana, mara)
        olga = Colleague(roles=["OWNER"], at=[house])
        assert self.cancel(olga.account, gone, {one.pk: 1}).done == []
        one.refresh_from_db()
        assert one.status == "BOOKED"

    def test_the_front_desk_calls_off_for_its_place(self, ana, mara, gone, house):
        one = self.meeting(ana, mara)
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        assert len(self.cancel(fay.account, gone, {one.pk: 1}).done) == 1


class TestOutsideCalendars:
    SOURCE = uuid.UUID(int=7)

    def set(self, ana, *hours, source=SOURCE, first=MONDAY, last=MONDAY):
        spans = [Slot(NOW + a * HOUR, NOW + b * HOUR) for a, b in hours]
        return actions.set_busy(
            by=System("calendars"), staff=ana, source=source, spans=spans, first=first, last=last
        )

    def test_what_it_says_is_replaced_and_other_sources_stay(self, ana):
        assert self.set(ana, (0, 1), (3, 4)) == 2
        self.set(ana, (5, 6), source=uuid.uuid4())
        assert self.set(ana, (1, 2)) == 1
        held = sorted(Busy.objects.values_list("starts_at", flat=True))
        assert held == [NOW + HOUR, NOW + 5 * HOUR]

    def test_days_it_says_nothing_of_stay(self, ana):
        self.set(ana, (24, 25), first=MONDAY, last=MONDAY + timedelta(days=3))
        self.set(ana, (1, 2))
        assert Busy.objects.count() == 2

    def test_what_overlaps_or_touches_is_one_and_what_lies_outside_is_not_kept(self, ana):
        assert self.set(ana, (1, 3), (2, 4), (4, 5), (-30, -20), (14, 90)) == 2
        last = Busy.objects.order_by("starts_at").last()
        assert last.ends_at == datetime(2030, 1, 8, tzinfo=UTC)

    def test_it_is_named_and_not_free(self, ana):
        self.set(ana, (1, 2))
        day = queries.days(by=ana.account, staff=ana, first=MONDAY, last=MONDAY)[MONDAY]
        assert [slot.minutes for slot in day.free([], least=5)] == [60, 360]
        assert queries.why_in_words(day.away_around([])[0].why) == "busy elsewhere"


class TestWhoMay:
    @pytest.fixture
    def elsewhere(self):
        return APlace()

    def acts(self, ana):
        """Each thing that can be said of Ana's hours, as a function of who says it."""
        slot = Slot(NOW, NOW + HOUR)
        return {
            "hours.edit": lambda by: add(ana, days=[7], by=by),
            "diary.edit": lambda by: diaries.set_diary(by=by, staff=ana, minutes=50),
            "day.set": lambda by: actions.set_day(
                by=by, staff=ana, on=MONDAY, stretches=[], now=NOW
            ),
            "time_off.take": lambda by: actions.take_time_off(
                by=by, staff=ana, slot=slot, why="ILL", now=NOW
            ),
            "busy.set": lambda by: actions.set_busy(
                by=by, staff=ana, source=uuid.uuid4(), spans=[], first=MONDAY, last=MONDAY
            ),
        }

    def may(self, ana, by):
        allowed = set()
        for name, act in self.acts(ana).items():
            try:
                act(by)
            except Denied:
                continue
            allowed.add(name)
        return allowed

    def test_the_clinician_says_all_of_it(self, ana):
        assert self.may(ana, ana.account) == set(self.acts(ana))

    def test_an_owner_all_but_calendars_outside(self, ana, elsewhere):
        olga = Colleague(roles=["OWNER"], at=[elsewhere])
        assert self.may(ana, olga.account) == set(self.acts(ana)) - {"busy.set"}

    def test_the_front_desk_says_that_somebody_is_ill_or_comes_later(self, ana, house):
        fay = Colleague(roles=["FRONT_DESK"], at=[house])
        assert self.may(ana, fay.account) == {"day.set", "time_off.take"}

    @pytest.mark.parametrize("role", ["FRONT_DESK", "CLINICIAN", "SUPERVISOR", "BILLER"])
    def test_nobody_else_does(self, ana, elsewhere, role):
        assert self.may(ana, Colleague(roles=[role], at=[elsewhere]).account) == set()
