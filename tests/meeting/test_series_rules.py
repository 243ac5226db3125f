"""Which days a standing slot names and when it meets on them, against a slow calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.meeting.series import rules
from rapport.meeting.series.rules import Pattern, Rule, Unfit

from . import wall

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2030, 1, 7)


def code(call, *given):
    with pytest.raises(Unfit) as refused:
        call(*given)
    return refused.value.field, refused.value.code


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("freq=weekly;byday=th,mo;wkst=mo", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=MONTHLY;BYDAY=+1TU;COUNT=6", "FREQ=MONTHLY;BYDAY=1TU;COUNT=6"),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20301231", "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20301231"),
        ("FREQ=DAILY;UNTIL=20300110T080000Z", "FREQ=DAILY;UNTIL=20300110"),
        ("FREQ=DAILY;UNTIL=20300110T080000", "FREQ=DAILY;UNTIL=20300110"),
        ("FREQ=WEEKLY;BYDAY=MO;WKST=SU", "FREQ=WEEKLY;BYDAY=MO"),
    ],
)
def test_a_rule_is_read_and_written_in_one_way(text, written):
    assert str(rules.parse(text)) == written


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FREQ=SECONDLY", "too_often"),
        ("FREQ=MINUTELY;INTERVAL=10", "too_often"),
        ("FREQ=HOURLY", "too_often"),
        ("FREQ=YEARLY", "not_offered"),
        ("FREQ=MONTHLY", "not_offered"),
        ("FREQ=MONTHLY;BYDAY=1MO,2TU", "not_offered"),
        ("FREQ=MONTHLY;BYDAY=7MO", "not_offered"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "not_offered"),
        ("FREQ=WEEKLY;BYDAY=2MO", "not_offered"),
        ("FREQ=WEEKLY;BYHOUR=1,2,3", "not_offered"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "not_offered"),
        ("", "unreadable"),
        ("every tuesday", "unreadable"),
        ("FREQ=WEEKLY;FREQ=WEEKLY", "unreadable"),
        ("FREQ=WEEKLY\r\nATTENDEE:x", "unreadable"),
        ("FREQ=WEEKLY;BYDAY=XX", "unreadable"),
        ("FREQ=WEEKLY;UNTIL=20301332", "unreadable"),
        ("FREQ=WEEKLY;UNTIL=99999999T999999Z", "unreadable"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 200), "unreadable"),
        ("FREQ=WEEKLY;INTERVAL=0", "every"),
        ("FREQ=WEEKLY;INTERVAL=-1", "every"),
        ("FREQ=WEEKLY;INTERVAL=53", "every"),
        ("FREQ=WEEKLY;COUNT=0", "times"),
        ("FREQ=WEEKLY;COUNT=10000", "times"),
        ("FREQ=WEEKLY;COUNT=" + "9" * 50, "times"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20301231", "two_ends"),
    ],
)
def test_what_a_practice_does_not_use_is_refused_by_name(text, why):
    assert code(rules.parse, text)[1] == why


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "starts_on", "not_named"),
        ("FREQ=MONTHLY;BYDAY=2MO", "starts_on", "not_named"),
        ("FREQ=WEEKLY;UNTIL=20300106", "until", "ends_before"),
        ("FREQ=WEEKLY;UNTIL=99991231", "until", "ends_late"),
    ],
)
def test_a_rule_fits_its_first_day(text, field, why):
    assert code(rules.fitting, rules.parse(text), MONDAY) == (field, why)


def test_without_a_weekday_it_is_that_of_the_first_day():
    assert str(rules.fitting(Rule("WEEKLY"), MONDAY)) == "FREQ=WEEKLY;BYDAY=MO"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_the_days_are_those_a_slow_calendar_finds(data):
    first = data.draw(st.dates(wall.FIRST, wall.LAST))
    rule = data.draw(wall.rules(first))
    last = first + timedelta(data.draw(st.integers(0, 800)))
    since = first + timedelta(data.draw(st.integers(0, 100)))
    slow = wall.named(rule, first, last)

    fast = list(rules.days(rule, first, since, last))

    assert [day for _n, day in fast] == [day for day in slow if day >= since]
    assert [slow[number] for number, _day in fast] == [day for _n, day in fast]
    assert rules.parse(str(rule)) == rule


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_wall_shows_the_same_time_whatever_clocks_do(data):
    zone = data.draw(wall.zones)
    day, at = data.draw(wall.days_near_changes(zone)), data.draw(wall.times)

    found = rules.begins(day, at, ZoneInfo(zone))

    assert found == wall.begins(day, at, zone)
    shown = found.astimezone(ZoneInfo(zone))
    exact = datetime.combine(day, at)
    assert shown.replace(tzinfo=None) == exact or day in wall.changes(zone)


def test_every_hour_of_every_change_of_clocks_is_where_a_slow_calendar_has_it():
    for zone in wall.ZONES:
        for day in wall.changes(zone):
            for hour in range(24):
                for minute in (0, 30):
                    at = time(hour, minute)
                    assert rules.begins(day, at, ZoneInfo(zone)) == wall.begins(day, at, zone)


def test_the_missing_hour_is_the_next_there_is_and_the_doubled_one_is_its_first():
    spring, autumn = date(2030, 3, 31), date(2030, 10, 27)

    assert rules.begins(spring, time(2, 30), BERLIN) == datetime(2030, 3, 31, 1, 0, tzinfo=UTC)
    assert rules.begins(autumn, time(2, 30), BERLIN) == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)


def pattern(rule, starts_on=MONDAY, on_holidays="KEEP", at=time(10), zone=BERLIN):
    return Pattern(rules.fitting(rule, starts_on), starts_on, at, zone, 50, on_holidays)


class TestHolidays:
    closed = (date(2030, 1, 14), date(2030, 1, 15))

    def days(self, rule, what, closed=closed):
        found = rules.planned(pattern(rule, on_holidays=what), MONDAY, date(2030, 1, 28), closed)
        return [(d.nth_on.day, d.slot and d.slot.start.day) for d in found]

    def test_they_are_kept(self):
        assert self.days(Rule("WEEKLY"), "KEEP") == [(7, 7), (14, 14), (21, 21), (28, 28)]

    def test_they_are_left_out(self):
        assert self.days(Rule("WEEKLY"), "SKIP") == [(7, 7), (14, None), (21, 21), (28, 28)]

    def test_they_are_put_off_to_the_next_working_day(self):
        assert self.days(Rule("WEEKLY"), "AFTER") == [(7, 7), (14, 16), (21, 21), (28, 28)]

    def test_a_day_on_which_one_meets_anyway_is_not_met_on_twice(self):
        rule = Rule("WEEKLY", days=(1, 3))
        assert self.days(rule, "AFTER")[2:4] == [(14, None), (16, 16)]

    def test_two_holidays_are_not_put_off_to_the_same_day(self):
        rule = Rule("WEEKLY", days=(1, 2))
        assert self.days(rule, "AFTER")[2:4] == [(14, 16), (15, None)]

    def test_a_land_that_rests_for_weeks_leaves_it_out(self):
        closed = {date(2030, 1, 14) + timedelta(n) for n in range(60)}
        assert self.days(Rule("WEEKLY"), "AFTER", closed)[1] == (14, None)

    @given(st.data())
    @settings(max_examples=60, deadline=None)
    def test_pieces_of_the_calendar_are_planned_as_the_whole(self, data):
        rule = data.draw(wall.rules(MONDAY))
        what = data.draw(st.sampled_from(["KEEP", "SKIP", "AFTER"]))
        closed = data.draw(st.sets(st.dates(MONDAY, MONDAY + timedelta(120)), max_size=40))
        cut = MONDAY + timedelta(data.draw(st.integers(1, 119)))
        end = MONDAY + timedelta(120)
        said = pattern(rule, on_holidays=what)

        whole = rules.planned(said, MONDAY, end, closed)
        parts = rules.planned(said, MONDAY, cut, closed)
        parts += rules.planned(said, cut + timedelta(1), end, closed)

        assert parts == whole
        starts = [due.slot.start for due in whole if due.slot]
        assert len(starts) == len(set(starts))
        assert {d.nth_on for d in whole} == set(wall.named(said.rule, MONDAY, end))
        if what != "KEEP":
            assert not {s.astimezone(BERLIN).date() for s in starts} & closed


class TestChanging:
    def test_a_count_counts_on(self):
        rule = Rule("WEEKLY", days=(1,), times=10)
        assert rules.rest_of(rule, MONDAY, MONDAY + timedelta(21)).times == 7

    def test_nothing_is_left_of_what_is_over(self):
        rule = Rule("WEEKLY", days=(1,), times=2)
        assert code(rules.rest_of, rule, MONDAY, MONDAY + timedelta(70))[1] == "over_already"

    @pytest.mark.parametrize(
        ("rule", "new", "then"),
        [
            (Rule("WEEKLY", 2, (1,)), date(2030, 1, 10), Rule("WEEKLY", 2, (4,))),
            (Rule("WEEKLY", 1, (1, 5)), date(2030, 1, 8), Rule("WEEKLY", 1, (2, 5))),
            (Rule("WEEKLY", 1, (1, 5)), date(2030, 1, 11), Rule("WEEKLY", 1, (5,))),
            (Rule("MONTHLY", 1, (1,), 1), date(2030, 1, 15), Rule("MONTHLY", 1, (2,), 3)),
            (Rule("MONTHLY", 1, (1,), -1), date(2030, 1, 31), Rule("MONTHLY", 1, (4,), -1)),
            (Rule("DAILY", 2), date(2030, 1, 8), Rule("DAILY", 2)),
        ],
    )
    def test_a_rule_moves_with_one_of_its_days(self, rule, new, then):
        assert rules.moved_to(rule, MONDAY, new) == then

    def test_what_was_changed_by_hand_stands_for_the_nearest_day_of_its_week(self):
        week = [MONDAY + timedelta(n) for n in range(7)]
        new = [week[1], week[4], week[1] + timedelta(7)]

        assert rules.stand_ins([week[0], week[3]], new, monthly=False) == {
            week[0]: week[1], week[3]: week[4],
        }  # fmt: skip
        assert rules.stand_ins([week[0] + timedelta(14)], new, monthly=False) == {}

    def test_rooms_go_on_in_turn(self):
        assert rules.in_turn(["a", "b", "c"], 4) == ["b", "c", "a"]
        assert rules.in_turn([], 4) == []


def test_an_hour_that_other_rules_move_is_found_again():
    """A land gives summer time up: what was due by the old table has its place in the new."""
    said = pattern(Rule("WEEKLY"), on_holidays="AFTER")
    due = said.slot(MONDAY).start
    later = Pattern(said.rule, MONDAY, said.at, ZoneInfo("Europe/London"), 50, "AFTER")

    assert later.unmoved(MONDAY, due).start == due + timedelta(hours=1)
