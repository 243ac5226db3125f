"""What makes a time bookable, and what clocks on the wall mean."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rapport.meeting.appointments import rules
from rapport.meeting.appointments.rules import Slot, Unfit, first_clash
from tests.factories import NOW

HOUR = timedelta(hours=1)
NINE = Slot(NOW, NOW + HOUR)

NEW_YORK, BERLIN, BEIRUT = map(ZoneInfo, ("America/New_York", "Europe/Berlin", "Asia/Beirut"))
FORWARD, BACK = date(2030, 3, 10), date(2030, 11, 3)  # New York's clocks change at 2


def utc(*when):
    return datetime(*when, tzinfo=UTC)


class TestSlots:
    @pytest.mark.parametrize(
        ("shift", "clashes"), [(-1.0, False), (-0.5, True), (0, True), (0.5, True), (1.0, False)]
    )
    def test_touching_is_not_clashing(self, shift, clashes):
        other = Slot(NINE.start + shift * HOUR, NINE.end + shift * HOUR)
        assert first_clash(NINE, [other]) == (other if clashes else None)

    @pytest.mark.parametrize(
        ("start", "end", "left"), [(-1, 0.5, (0, 0.5)), (0.5, 2, (0.5, 1)), (1, 2, None)]
    )
    def test_a_part_lies_within(self, start, end, left):
        part = Slot(NOW + start * HOUR, NOW + end * HOUR).clipped(NINE)
        assert part == (Slot(*(NOW + n * HOUR for n in left)) if left else None)

    def test_the_earliest_clash_is_named(self):
        late, early = (Slot(NOW + n * HOUR / 4, NOW + HOUR) for n in (2, 1))
        assert first_clash(NINE, [late, early]) == early

    def test_a_slot_knows_its_zone_and_ends_after_it_starts(self):
        with pytest.raises(ValueError, match="aware"):
            Slot(NOW.replace(tzinfo=None), NOW)
        with pytest.raises(ValueError, match="after"):
            Slot(NOW, NOW)

    def test_an_hour_that_clocks_repeat_still_ends_after_it_starts(self):
        first = datetime(2030, 11, 3, 1, 30, tzinfo=NEW_YORK)
        slot = Slot(first, first.replace(minute=15, fold=1))
        assert slot.minutes == 45

    @pytest.mark.parametrize("minutes", [5, 50, 480])
    def test_lengths_that_can_be(self, minutes):
        assert rules.lasting(NOW, minutes).minutes == minutes

    @pytest.mark.parametrize("minutes", [-50, 0, 4, 481, 10**9])
    def test_lengths_that_cannot(self, minutes):
        with pytest.raises(Unfit) as refused:
            rules.lasting(NOW, minutes)
        assert (refused.value.field, refused.value.code) == ("minutes", "length")

    def test_fifty_minutes_across_a_change_of_clocks_are_fifty_minutes(self):
        start = datetime(2030, 3, 10, 1, 40, tzinfo=NEW_YORK)
        end = rules.lasting(start, 50).end.astimezone(NEW_YORK)
        assert end.time() == time(3, 30)


class TestWhatIsOver:
    @pytest.mark.parametrize(
        ("ago", "afterwards", "code"),
        [
            (timedelta(0), False, None),
            (timedelta(minutes=59), False, None),
            (HOUR, False, "over"),
            (HOUR, True, None),
            (timedelta(days=31), True, None),
            (timedelta(days=31, seconds=1), True, "long_ago"),
            (timedelta(days=400), False, "long_ago"),
        ],
    )
    def test_is_entered_when_that_is_said_and_it_was_lately(self, ago, afterwards, code):
        try:
            rules.check(NINE, now=NOW + ago, afterwards=afterwards)
            said = None
        except Unfit as refused:
            said = refused.code
        assert said == code


class TestClocks:
    def test_a_usual_time_is_one_instant(self):
        assert rules.instants(FORWARD, time(9), NEW_YORK) == [utc(2030, 3, 10, 13)]

    @pytest.mark.parametrize(
        ("where", "day", "at", "then"),
        [
            (NEW_YORK, FORWARD, time(2, 30), time(3)),
            (NEW_YORK, FORWARD, time(2), time(3)),
            (BERLIN, date(2030, 3, 31), time(2, 59), time(3)),
            (BEIRUT, date(2030, 3, 31), time(0, 10), time(1)),  # at midnight
        ],
    )
    def test_a_time_that_clocks_leave_out_names_the_next_there_is(self, where, day, at, then):
        assert rules.instants(day, at, where) == []
        with pytest.raises(Unfit) as refused:
            rules.on_the_wall(day, at, where)
        assert (refused.value.field, refused.value.code) == ("at", "left_out")
        assert refused.value.given == {"at": at, "then": then}

    @pytest.mark.parametrize(
        ("where", "day", "at"),
        [
            (NEW_YORK, BACK, time(1, 30)),
            (NEW_YORK, BACK, time(1)),
            (BERLIN, date(2030, 10, 27), time(2, 59)),
            (BEIRUT, date(2030, 10, 26), time(23, 30)),
        ],
    )
    def test_a_time_that_comes_twice_is_asked_about(self, where, day, at):
        first, second = rules.instants(day, at, where)
        assert second - first == HOUR
        with pytest.raises(Unfit) as asked:
            rules.on_the_wall(day, at, where)
        assert asked.value.code == "twice"
        assert rules.on_the_wall(day, at, where, second=False) == first
        assert rules.on_the_wall(day, at, where, second=True) == second

    @pytest.mark.parametrize("at", [time(0, 59), time(2), time(3, 30)])
    def test_the_hours_around_come_once(self, at):
        assert len(rules.instants(BACK, at, NEW_YORK)) == 1

    def test_which_one_does_not_matter_where_there_is_one(self):
        for second in (None, False, True):
            assert rules.on_the_wall(BACK, time(9), NEW_YORK, second=second) == utc(2030, 11, 3, 14)


class TestADay:
    def hours(self, day, where=NEW_YORK, opens=time(9), closes=time(17)):
        return rules.hours(day, opens, closes, where)

    @pytest.mark.parametrize(("day", "start"), [(FORWARD, 13), (BACK, 14), (date(2030, 1, 7), 14)])
    def test_nine_is_nine_on_the_wall(self, day, start):
        slot = self.hours(day)
        assert (slot.start.hour, slot.minutes) == (start, 480)

    def test_a_night_with_a_change_is_an_hour_shorter_or_longer(self):
        nights = [self.hours(day, opens=time(0), closes=time(6)) for day in (FORWARD, BACK)]
        assert [night.minutes for night in nights] == [300, 420]

    def test_a_day_that_opens_in_the_gap_opens_after_it(self):
        slot = self.hours(date(2030, 3, 31), BEIRUT, opens=time(0), closes=time(3))
        assert slot.start.astimezone(BEIRUT).time() == time(1)

    @pytest.mark.parametrize(
        ("day", "where", "minutes"),
        [
            (date(2030, 1, 7), NEW_YORK, 120),
            (BACK, NEW_YORK, 120),
            (date(2030, 3, 30), BEIRUT, 120),  # midnight is left out: the day ends all the same
            (date(2026, 10, 31), ZoneInfo("America/Havana"), 120),  # it comes twice
        ],
    )
    def test_closing_at_midnight_is_closing_with_the_day(self, day, where, minutes):
        assert self.hours(day, where, opens=time(22), closes=time(0)).minutes == minutes

    def test_a_whole_day_is_as_long_as_the_day(self):
        days = [self.hours(day, opens=time(0), closes=time(0)).minutes for day in (FORWARD, BACK)]
        assert days == [23 * 60, 25 * 60]

    def test_hours_that_lie_in_the_gap_are_none(self):
        assert self.hours(FORWARD, opens=time(2), closes=time(2, 30)) is None

    def test_nothing_is_free_on_a_day_off(self):
        assert rules.free_hours(None, []) == []

    def test_free_is_what_is_left(self):
        def slot(start, end):
            return Slot(NOW + start * HOUR, NOW + end * HOUR)

        working = slot(0, 8)
        taken = [slot(5, 6), slot(-1, 1), slot(5.5, 7), slot(7.95, 9), slot(2, 3), slot(20, 21)]
        assert rules.free_hours(working, taken) == [slot(1, 2), slot(3, 5), slot(7, 7.95)]
        assert rules.free_hours(working, taken, least=90) == [slot(3, 5)]
        assert rules.free_hours(working, []) == [working]
        assert rules.free_hours(working, [slot(-1, 9)]) == []


class TestAddresses:
    @pytest.mark.parametrize("text", ["https://video.example/room", " https://v.example:8443/#a "])
    def test_https_is_kept(self, text):
        assert rules.check_address(text) == text.strip()

    def test_none_is_none(self):
        assert rules.check_address("  ") == ""

    @pytest.mark.parametrize(
        "text",
        [
            "http://video.example", "video.example", "javascript:alert(1)", "https://", "https:///x",
            "https://a b.example", "https://ana:secret@video.example", "https://v.example:x/",
            "https://v.example/\u0007", "https://[broken", "https://v.example/\nx",
            "https://" + "v" * 500 + ".example",
        ],
    )  # fmt: skip
    def test_anything_else_is_not(self, text):
        with pytest.raises(Unfit) as refused:
            rules.check_address(text)
        assert refused.value.field == "video_url"


class TestDaysLater:
    def test_it_is_the_same_hour_on_the_wall_and_as_long(self):
        nine_there = Slot(utc(2030, 3, 30, 8), utc(2030, 3, 30, 8, 50))
        later = rules.days_later(nine_there, 1, BERLIN)
        assert later == Slot(utc(2030, 3, 31, 7), utc(2030, 3, 31, 7, 50))
        assert rules.days_later(later, -1, BERLIN) == nine_there
        assert rules.days_later(nine_there, 0, BERLIN) == nine_there

    def test_of_an_hour_that_comes_twice_it_is_the_first(self):
        before = Slot(utc(2030, 11, 2, 5, 30), utc(2030, 11, 2, 6, 20))
        assert rules.days_later(before, 1, NEW_YORK).start == utc(2030, 11, 3, 5, 30)
        again = Slot(utc(2030, 11, 3, 6, 30), utc(2030, 11, 3, 7, 20))
        assert rules.days_later(again, 1, NEW_YORK).start == utc(2030, 11, 4, 6, 30)

    def test_an_hour_that_is_left_out_is_none(self):
        before = Slot(utc(2030, 3, 9, 7, 30), utc(2030, 3, 9, 8))
        with pytest.raises(Unfit) as refused:
            rules.days_later(before, 1, NEW_YORK)
        assert refused.value.code == "left_out"
