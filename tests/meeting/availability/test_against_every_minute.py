"""Whatever the hours, the limits and the zone: what is offered is what the slow engine offers."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rapport.meeting.availability import clocks, rules
from rapport.meeting.availability.rules import Clinician, Limits, Meeting, Room, Stretch, Wanted

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
EVERY_CHANGE = [(name, day) for name, days in CHANGES.items() for day in days] + [SKIPPED]


def test_the_zones_change_their_clocks_as_the_world_does():
    assert {name for name, days in CHANGES.items() if not days} == STILL
    assert {len(days) for days in CHANGES.values()} == {0, 10, 11}  # lunar years are shorter


# Random practices -------------------------------------------------------------------------

quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
nightly = st.integers(0, 240).map(lambda n: time(n // 60, n % 60))  # when clocks change
walls = st.one_of(quarters, nightly)
places = st.sampled_from([None, "north", "south"])
ways = st.sampled_from([frozenset(), frozenset({"HERE"}), frozenset({"VIDEO", "PHONE"})])
buffers = st.sampled_from([None, 0, 5, 10, 20])
most = st.sampled_from([None, None, 0, 1, 2, 3, 4])


@st.composite
def stretches(draw):
    ends = draw(st.tuples(walls, walls).map(sorted))
    if draw(st.booleans()):
        ends = [ends[0], time(0)]
    return Stretch(*ends, draw(places), draw(ways))


hours = st.lists(stretches(), max_size=3)


def spans(around, longest=300):
    """Stretches near ``around`` (a minute); some are empty, some overlap."""
    starts = st.integers(-24 * 12, 24 * 36).map(lambda n: around + n * 5)
    return st.builds(lambda at, n: (at, at + n), starts, st.sampled_from([0, 1, 25, 50, longest]))


@st.composite
def limits(draw):
    return Limits(
        buffer_before=draw(buffers) or 0, buffer_after=draw(buffers) or 0,
        notice=draw(st.sampled_from([0, 0, 120, 24 * 60, 2 * 24 * 60])),
        horizon_days=draw(st.sampled_from([0, 1, 2, 60])),
        most_a_day=draw(most), most_in_a_row=draw(most), heavy_a_day=draw(most),
        rest=draw(st.sampled_from([0, 15, 30])),
        lunch=draw(st.none() | st.tuples(walls, walls)),
        step=draw(st.sampled_from([0, 7, 15, 30])),
    )  # fmt: skip


@st.composite
def clinicians(draw, key, name, first, around):
    days = st.integers(-1, 3).map(lambda n: first + n * DAY)
    week = draw(st.dictionaries(st.integers(1, 7), hours, min_size=4))
    meetings = st.builds(
        lambda span, heavy, before, after: Meeting(*span, heavy, before, after),
        spans(around, longest=90), st.booleans(), buffers, buffers,
    )  # fmt: skip
    return Clinician(
        key, ZoneInfo(name), week,
        other=draw(st.dictionaries(days, hours, max_size=2)),
        closed=draw(st.frozensets(days, max_size=1)),
        away=draw(st.lists(spans(around), max_size=2)),
        meetings=draw(st.lists(meetings, max_size=8)),
        limits=draw(limits()),
    )  # fmt: skip


@st.composite
def questions(draw):
    """What somebody asks of one or two clinicians, mostly near a change of clocks."""
    name = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(CHANGES[name] or YEARS))
    if name == SKIPPED[0] and draw(st.booleans()):
        day = SKIPPED[1]
    first = day - draw(st.integers(0, 1)) * DAY
    around = clocks.minute(datetime.combine(first, time(0), ZoneInfo(name)))
    beside = name if draw(st.booleans()) else draw(st.sampled_from(ZONES))
    asked = [draw(clinicians("ana", name, first, around))]
    if draw(st.booleans()):
        asked.append(draw(clinicians("ben", beside, first, around)))
    wanted = Wanted(
        draw(st.sampled_from([10, 25, 50, 90])), draw(st.sampled_from(["HERE", "VIDEO"])),
        draw(st.booleans()), draw(buffers), draw(buffers), draw(places), draw(st.booleans()),
    )  # fmt: skip
    rooms = st.builds(Room, st.sampled_from("abcd"), st.sampled_from(["north", "south"]),
                      st.lists(spans(around, longest=600), max_size=3))  # fmt: skip
    return (wanted, asked), {
        "first": first, "last": first + draw(st.integers(0, 2)) * DAY,
        "now": around + draw(st.sampled_from([-3 * 24 * 60, -24 * 60, 0, 90, 600, 1500])),
        "rooms": draw(st.lists(rooms, max_size=3, unique_by=lambda room: room.key)),
        "busy_client": draw(st.lists(spans(around), max_size=2)),
    }  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_the_slow_engine_offers_the_same(question):
    asked, when = question
    offered = rules.openings(*asked, **when)
    event(f"offered: {'some' if offered else 'none'}")
    assert offered == every_minute.openings(*asked, **when)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions())
def test_what_is_offered_can_be_taken_and_is_then_gone(question):
    (wanted, asked), when = question
    for opening in rules.openings(wanted, asked, **when)[:1]:
        nth = [one.key for one in asked].index(opening.clinician)
        one = asked[nth]
        taken = Meeting(opening.start, opening.end, wanted.heavy,
                        wanted.buffer_before, wanted.buffer_after)  # fmt: skip
        asked[nth] = Clinician(
            one.key, one.zone, one.week, one.other, one.closed, one.away,
            [*one.meetings, taken], one.limits,
        )  # fmt: skip
        left = rules.openings(wanted, asked, **when)
        assert not any(
            other.start < opening.end and opening.start < other.end
            for other in left
            if other.clinician == opening.clinician
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
