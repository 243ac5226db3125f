"""Whatever the hours, the limits and the zone: what is offered is what the slow engine offers."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rapport.meeting.availability import clocks, rules
from rapport.meeting.availability.rules import (
    ROOM,
    Clinician,
    Limits,
    Meeting,
    Piece,
    Stretch,
    Wanted,
)

from . import every_minute

ZONES = (
    "America/New_York", "America/Phoenix", "Australia/Lord_Howe", "America/St_Johns",
    "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "Europe/London",
    "America/Sao_Paulo", "Pacific/Auckland",
)  # fmt: skip
SKIPPED = ("Pacific/Apia", date(2011, 12, 30))
STILL = {"America/Phoenix", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo"}
DAY = timedelta(days=1)
YEARS = [date(2026, 1, 1) + n * DAY for n in range(5 * 365 + 1)]


def changes(name):
    """The days from 2026 to 2030 that are not 24 hours long."""

    def midnight(day):
        return datetime.combine(day, time(0), ZoneInfo(name)).astimezone(UTC)

    return [day for day in YEARS if midnight(day + DAY) - midnight(day) != DAY]


CHANGES = {name: changes(name) for name in ZONES}
UNCHANGED = [(name, YEARS[nth]) for name in sorted(STILL) for nth in range(0, len(YEARS), 97)]
EVERY_CHANGE = [(name, day) for name, days in CHANGES.items() for day in days] + [SKIPPED]


def test_the_zones_change_their_clocks_as_the_world_does():
    assert {name for name, days in CHANGES.items() if not days} == STILL
    assert {len(days) for days in CHANGES.values()} == {0, 10, 11}  # lunar years are shorter


PIECES = (
    ("a", "north", ROOM), ("b", "south", ROOM), ("c", "north", ROOM), ("1", "south", "case"),
    ("2", "north", "case"), ("3", "north", "case"), ("4", "south", "lens"), ("5", "north", "lens"),
)  # fmt: skip


# Random practices -------------------------------------------------------------------------


class Chosen:
    """Decisions read off one drawn string of bytes; its zeros are the plainest practice.

    One draw instead of hundreds, so that more practices are tried; it shrinks all the same.
    """

    def __init__(self, drawn):
        self.drawn = iter(drawn)

    def one_of(self, *choices):
        return choices[next(self.drawn, 0) % len(choices)]

    def number(self, below):
        return (next(self.drawn, 0) * 256 + next(self.drawn, 0)) % below

    def some(self, make, most):
        return [make() for _ in range(self.number(most + 1))]

    def wall(self):
        """A quarter of an hour, more often than not of the night in which clocks change."""
        quarters = self.number(self.one_of(20, 20, 96))
        minutes = quarters * 15 + self.one_of(0, 0, 0, 7)
        return time(minutes // 60, minutes % 60)

    def stretch(self):
        ends = sorted([self.wall(), self.wall()])
        ends[1] = self.one_of(time(0), ends[1])
        return Stretch(
            *self.one_of(ends, ends, ends[::-1]), self.one_of(None, "north", "south"),
            self.one_of(frozenset(), frozenset({"HERE"}), frozenset({"VIDEO", "PHONE"})),
        )  # fmt: skip

    def hours(self):
        """Up to three stretches; now and then another goes on where the last ends."""
        made = self.some(self.stretch, 3)
        if made and self.one_of(False, True):
            made.append(made[-1]._replace(from_at=made[-1].until_at, until_at=time(0)))
        return made

    def span(self, around, *lengths):
        """Near ``around``, the minute in which the first day begins."""
        start = around - 24 * 60 + self.number(24 * 60) * 3
        return start, start + self.one_of(*lengths)

    def buffer(self):
        return self.one_of(None, 0, 5, 10, 20)

    def meeting(self, around):
        return Meeting(*self.span(around, 50, 25, 90, 0), self.one_of(False, True),
                       self.buffer(), self.buffer())  # fmt: skip

    def limits(self):
        return Limits(
            buffer_before=self.buffer() or 0, buffer_after=self.buffer() or 0,
            notice=self.one_of(0, 0, 0, 120, 1440), horizon_days=self.one_of(60, 60, 2, 1),
            most_a_day=self.one_of(None, 4, 3, 2),
            most_in_a_row=self.one_of(None, 3, 2, 1), heavy_a_day=self.one_of(None, 3, 2, 1),
            rest=self.one_of(30, 15, 0),
            lunch=self.one_of(None, (self.wall(), self.wall())), step=self.one_of(15, 0, 30, 7),
        )  # fmt: skip

    def clinician(self, key, zone, first):
        around = clocks.minute(datetime.combine(first, time(0), zone))
        days = [first + n * DAY for n in range(-1, 4)]
        all_day = [Stretch(time(0), time(0))]
        return Clinician(
            key, zone, {n: self.one_of(all_day, self.hours(), all_day, ()) for n in range(1, 8)},
            other={day: self.hours() for day in days if self.one_of(0, 0, 0, 1)},
            closed=frozenset(day for day in days if self.one_of(0, 0, 0, 1)),
            away=self.some(lambda: self.span(around, 60, 600, 0), 2),
            meetings=self.some(lambda: self.meeting(around), 9),
            limits=self.limits(),
        )  # fmt: skip

    def question(self, name, day):
        """What somebody asks of one or two clinicians."""
        zone, first = ZoneInfo(name), day - self.one_of(1, 0) * DAY
        around = clocks.minute(datetime.combine(first, time(0), zone))
        asked = [self.clinician("ana", zone, first)]
        if self.one_of(False, True):
            asked.append(self.clinician("ben", ZoneInfo(self.one_of(name, *ZONES)), first))
        wanted = Wanted(
            self.one_of(50, 10, 25, 90), self.one_of("HERE", "VIDEO"), self.one_of(False, True),
            self.buffer(), self.buffer(), self.one_of(None, None, "north"),
            self.one_of((), (), (ROOM,), ("case",), ("lens", ROOM), ("lens", "case")),
        )  # fmt: skip
        pieces = [
            Piece(key, place, self.some(lambda: self.span(around, 60, 600, 0), 3), kind)
            for key, place, kind in PIECES
            if self.one_of(True, False)
        ]
        return (wanted, asked), {
            "first": first, "last": first + self.number(3) * DAY, "pieces": pieces,
            "now": around + self.one_of(0, -1440, 90, 600),
            "busy_client": self.some(lambda: self.span(around, 60, 300, 0), 2),
        }  # fmt: skip


@st.composite
def questions(draw):
    """Of a change of clocks, or of any day where there is none."""
    name, day = draw(st.sampled_from(EVERY_CHANGE) | st.sampled_from(UNCHANGED))
    return Chosen(draw(st.binary(min_size=500, max_size=500))).question(name, day)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_the_slow_engine_offers_the_same(question):
    asked, when = question
    offered = rules.openings(*asked, **when)
    event(f"offered: {'some' if offered else 'none'}")
    assert offered == every_minute.openings(*asked, **when)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 40), max_size=9), st.integers(1, 4), st.sampled_from([15, 30, 60]),
    st.sampled_from([10, 25, 50, 90]), st.sampled_from([0, 10]),
)  # fmt: skip
def test_a_full_day_has_no_longer_rows_than_the_slow_engine_allows(
    tens, most, rest, minutes, buffer
):
    day, zone = date(2027, 3, 1), ZoneInfo("Europe/London")
    nine = clocks.minute(datetime.combine(day, time(9), zone))
    booked = [Meeting(nine + 10 * ten, nine + 10 * ten + 20) for ten in tens]
    limits = Limits(most_in_a_row=most, rest=rest, buffer_after=buffer)
    hours = {1: [Stretch(time(8), time(18))]}
    asked = Wanted(minutes, "HERE"), [Clinician("ana", zone, hours, meetings=booked, limits=limits)]
    when = {"first": day, "last": day, "now": nine - 600}
    assert rules.openings(*asked, **when) == every_minute.openings(*asked, **when)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions(), st.integers(0))
def test_what_was_taken_is_not_offered_again(question, choice):
    (wanted, asked), when = question
    offered = rules.openings(wanted, asked, **when)
    if not offered:
        return
    taken = offered[choice % len(offered)]
    booked = Meeting(taken.start, taken.end, wanted.heavy,
                     wanted.buffer_before, wanted.buffer_after)  # fmt: skip
    asked = [
        replace(one, meetings=[*one.meetings, booked]) if one.key == taken.clinician else one
        for one in asked
    ]
    left = rules.openings(wanted, asked, **when)
    assert set(left) < set(offered)
    assert not any(
        one.start < taken.end and taken.start < one.end
        for one in left
        if one.clinician == taken.clinician
    )


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions(), st.lists(st.integers(0), min_size=1, max_size=4))
def test_a_house_that_fills_offers_what_the_slow_engine_does_and_nothing_twice(question, choices):
    (wanted, asked), when = question
    wanted = replace(wanted, needs=sorted({ROOM, *wanted.needs}))
    for choice in choices:
        offered = rules.openings(wanted, asked, **when)
        assert offered == every_minute.openings(wanted, asked, **when)
        if not offered:
            return
        taken = offered[choice % len(offered)]
        span = taken.start, taken.end
        room = next(one for one in when["pieces"] if one.key == taken.room)
        assert not any(start < span[1] and span[0] < end for start, end in room.busy if start < end)
        asked = [
            replace(one, meetings=[*one.meetings, Meeting(*span)])
            if one.key == taken.clinician
            else one
            for one in asked
        ]
        gone = [room, *(_first_free(when["pieces"], kind, taken) for kind in wanted.needs if kind)]
        when["pieces"] = [
            one._replace(busy=[*one.busy, span]) if one in gone else one for one in when["pieces"]
        ]


def _first_free(pieces, kind, taken):
    """The piece that a meeting takes; that there is one is what was offered."""
    return next(
        one
        for one in pieces
        if (one.kind, one.place) == (kind, taken.place)
        and not any(a < taken.end and taken.start < b for a, b in one.busy if a < b)
    )


# Every change -----------------------------------------------------------------------------

NIGHT = [time(0), time(1, 30), time(2), time(2, 15), time(2, 45), time(3), time(4)]
STRETCHES = [(a, b) for a in NIGHT for b in [*NIGHT[1:], time(0)] if a < b or b == time(0)]


@pytest.mark.parametrize(("name", "day"), EVERY_CHANGE)
def test_every_stretch_of_a_night_with_a_change_is_as_the_clock_shows(name, day):
    zone = ZoneInfo(name)
    clock = clocks.Clock(zone)
    for on in (day - DAY, day, day + DAY):
        for from_at, until_at in STRETCHES:
            found = clock.day(on.toordinal())
            opens, closes = found.opens(clocks.shown(from_at)), found.closes(clocks.until(until_at))
            minutes = every_minute.stretch(on, from_at, until_at, zone)
            assert (opens, closes) == (minutes.start, minutes.stop) or (
                opens >= closes and not minutes
            )


@pytest.mark.parametrize(("name", "day"), EVERY_CHANGE)
def test_a_day_and_a_night_around_every_change_are_offered_alike(name, day):
    week = {n: [Stretch(time(0), time(3)), Stretch(time(2, 30), time(7), "north"),
                Stretch(time(22), time(0))] for n in range(1, 8)}  # fmt: skip
    first = day - DAY
    now = clocks.minute(datetime.combine(first, time(0), ZoneInfo(name)))
    ana = Clinician("ana", ZoneInfo(name), week, meetings=[Meeting(now + 1500, now + 1550)],
                    limits=Limits(buffer_after=10, lunch=(time(5), time(5, 45))))  # fmt: skip
    asked = Wanted(50, "VIDEO"), [ana]
    when = {"first": first, "last": day + DAY, "now": now}
    offered = rules.openings(*asked, **when)
    assert offered == every_minute.openings(*asked, **when)
    assert len(offered) > 20
