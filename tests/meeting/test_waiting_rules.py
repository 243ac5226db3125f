"""Whom an hour suits, held against a reference that looks at every minute and every choice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rapport.meeting.waiting.rules import (
    PARTS,
    WAYS,
    Freed,
    Kind,
    Wish,
    answer_by,
    fits,
    in_order,
    is_quiet,
)

BERLIN, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")
MONDAY = datetime(2030, 1, 7, tzinfo=BERLIN)
NOW = MONDAY - timedelta(days=3)
ANYBODY = Wish("somebody", urgency=3, since=NOW)


def hour(at=14, minutes=50, day=0, **given):
    start = MONDAY + timedelta(days=day, hours=at)
    given = {"clinician": "ana", "place": "house"} | given
    return Freed(start=start, end=start + timedelta(minutes=minutes), **given)


def wish(**given):
    return Wish(**{"key": "somebody", "urgency": 3, "since": NOW} | given)


class TestOneHour:
    def test_whoever_does_not_mind_takes_any(self):
        fit = fits(hour(), ANYBODY, now=NOW)

        assert (fit.way, fit.kind, fit.minutes, fit.because) == ("HERE", None, 50, ())

    def test_it_says_what_was_wished_for_and_is_met(self):
        wished = wish(weekdays=frozenset({1}), parts=frozenset({"AFTERNOON"}),
                      ways=frozenset({"VIDEO"}), clinicians=frozenset({"ana", "ben"}))  # fmt: skip
        fit = fits(hour(), wished, now=NOW)

        assert (fit.way, fit.because) == ("VIDEO", ("clinician", "weekday", "part", "way"))

    @pytest.mark.parametrize(
        "given",
        [
            {"weekdays": frozenset({2, 3})},
            {"parts": frozenset({"MORNING", "EVENING"})},
            {"from_at": time(14, 5)},
            {"until_at": time(14, 45)},
            {"ways": frozenset({"PHONE"})},
            {"clinicians": frozenset({"ben"})},
            {"ways": frozenset({"HERE"}), "places": frozenset({"branch"})},
            {"kinds": (Kind("long", 80),)},
            {"kinds": (Kind("short", 25, clinicians=frozenset({"ben"})),)},
            {"kinds": (Kind("short", 25, ways=frozenset({"PHONE"})),)},
            {"notice": timedelta(days=5)},
        ],
        ids=lambda given: next(iter(given)),
    )
    def test_one_wish_that_is_not_met_is_enough(self, given):
        here = hour(ways=frozenset({"HERE", "VIDEO"}))

        assert fits(here, ANYBODY, now=NOW) is not None
        assert fits(here, wish(**given), now=NOW) is None

    def test_parts_that_follow_each_other_hold_what_crosses_from_one_to_the_next(self):
        noon = hour(at=11.5)

        assert fits(noon, wish(parts=frozenset({"MORNING"})), now=NOW) is None
        assert fits(noon, wish(parts=frozenset({"MORNING", "AFTERNOON"})), now=NOW)

    def test_the_longest_kind_that_fits_is_chosen(self):
        kinds = (Kind("first", 25), Kind("usual", 50), Kind("double", 100))

        assert fits(hour(), wish(kinds=kinds), now=NOW).kind == "usual"
        assert fits(hour(minutes=40), wish(kinds=kinds), now=NOW).minutes == 25

    def test_what_needs_something_that_is_taken_is_offered_otherwise_or_not(self):
        needs = {"HERE": frozenset({"", "VR headset"}), "VIDEO": frozenset({"VR headset"})}
        wished = wish(kinds=(Kind("long", 50, needs=needs), Kind("short", 25)))

        def found(*lacks):
            fit = fits(hour(lacks=frozenset(lacks)), wished, now=NOW)
            return fit.way, fit.kind

        assert found() == ("HERE", "long")
        assert found("test case") == ("HERE", "long")
        assert found("") == ("VIDEO", "long")
        assert found("VR headset") == ("PHONE", "long")

    def test_a_shorter_kind_fits_where_the_whole_hour_does_not(self):
        kinds = (Kind("short", 25), Kind("usual", 50))

        assert fits(hour(), wish(kinds=kinds, until_at=time(14, 30)), now=NOW).kind == "short"

    def test_an_hour_that_just_fits_fits(self):
        wished = wish(from_at=time(14), until_at=time(14, 50), notice=hour().start - NOW)

        assert fits(hour(), wished, now=NOW)
        assert fits(hour(minutes=51), wished, now=NOW) is None
        assert fits(hour(), wished, now=NOW + timedelta(minutes=1)) is None

    def test_another_place_still_leaves_video(self):
        assert fits(hour(), wish(places=frozenset({"branch"})), now=NOW).way == "VIDEO"

    def test_an_hour_that_has_begun_suits_nobody(self):
        assert fits(hour(), ANYBODY, now=hour().start) is None
        assert fits(hour(), ANYBODY, now=hour().start - timedelta(minutes=1)) is not None

    def test_an_evening_that_goes_on_past_midnight_is_an_evening(self):
        late = hour(at=23.5)

        assert fits(late, wish(parts=frozenset({"EVENING"})), now=NOW)
        assert fits(late, wish(until_at=time(23, 59)), now=NOW) is None

    def test_an_hour_in_which_clocks_go_back_is_as_long_as_it_lasts(self):
        start = datetime(2030, 10, 27, 2, 15, tzinfo=BERLIN)
        twice = Freed("ana", start, start.replace(minute=5, fold=1))
        assert twice.minutes == 50
        assert fits(twice, wish(kinds=(Kind("short", 25),)), now=NOW).minutes == 25


class TestOrder:
    def test_the_more_urgent_first_then_who_has_waited_longest(self):
        line = [
            wish(key="late", since=NOW), wish(key="early", since=NOW - timedelta(weeks=9)),
            wish(key="urgent", urgency=1), wish(key="soon", urgency=2),
            wish(key="elsewhere", urgency=1, weekdays=frozenset({7})),
        ]  # fmt: skip

        assert [fit.key for fit in in_order(hour(), line, now=NOW)] == [
            "urgent", "soon", "early", "late",
        ]  # fmt: skip


# Held against a reference ------------------------------------------------------------------


def slow(freed, wished, now):
    """Every kind, every way, every minute, as one would do it by hand."""
    choices = []
    for number, kind in enumerate(wished.kinds or [None]):
        for way in WAYS:
            minutes = kind.minutes if kind else freed.minutes
            if minutes <= freed.minutes and allowed(freed, wished, kind, way, minutes, now):
                choices.append((-minutes, number, WAYS.index(way), kind and kind.key, way))
    if not choices:
        return None
    shortest, _number, _way, key, way = min(choices, key=lambda one: one[:3])
    return way, key, -shortest


def allowed(freed, wished, kind, way, minutes, now):
    zone, day = freed.start.tzinfo, freed.start.date()
    shown = [
        (freed.start.astimezone(UTC) + timedelta(minutes=n)).astimezone(zone)
        for n in range(minutes + 1)
    ]
    since = [(one.date() - day).days * 1440 + one.hour * 60 + one.minute for one in shown]
    of = {part: range(*bounds) for part, bounds in PARTS.items()}
    return (
        (not wished.clinicians or freed.clinician in wished.clinicians)
        and (not wished.weekdays or freed.start.isoweekday() in wished.weekdays)
        and (not wished.parts
             or all(any(minute in of[p] for p in wished.parts) for minute in since[:-1]))
        and (wished.from_at is None or shown[0].time() >= wished.from_at)
        and (wished.until_at is None
             or since[-1] <= wished.until_at.hour * 60 + wished.until_at.minute)
        and way in freed.ways
        and (not wished.ways or way in wished.ways)
        and (way != "HERE" or not wished.places or freed.place in wished.places)
        and (kind is None or not kind.ways or way in kind.ways)
        and (kind is None or not any(one in freed.lacks for one in kind.needs.get(way, ())))
        and (kind is None or not kind.clinicians or freed.clinician in kind.clinicians)
        and freed.start > now
        and freed.start.astimezone(UTC) >= now.astimezone(UTC) + wished.notice
    )  # fmt: skip


def subsets(*values):
    return some.frozensets(some.sampled_from(values))


CLOCKS = some.sampled_from([
    datetime(2030, 3, 31, tzinfo=BERLIN), datetime(2030, 10, 27, tzinfo=BERLIN),
    datetime(2030, 4, 7, tzinfo=LORD_HOWE), datetime(2030, 10, 6, tzinfo=LORD_HOWE), MONDAY,
])  # fmt: skip
TIMES = some.one_of(
    some.none(),
    some.builds(time, some.integers(0, 23), some.sampled_from([0, 15, 30])),
)
KINDS = some.builds(Kind, some.text("abc", min_size=1, max_size=3), some.sampled_from([25, 50, 80]),
                    subsets(*WAYS), subsets("ana", "ben"),
                    some.dictionaries(some.sampled_from(WAYS), subsets("", "case")))  # fmt: skip
WISHES = some.builds(
    Wish, key=some.uuids().map(str), urgency=some.integers(1, 3),
    since=some.integers(0, 5).map(lambda n: NOW - timedelta(days=n)),
    clinicians=subsets("ana", "ben"), kinds=some.lists(KINDS, max_size=3).map(tuple),
    ways=subsets(*WAYS), places=subsets("house", "branch"), weekdays=subsets(*range(1, 8)),
    parts=subsets(*PARTS), from_at=TIMES, until_at=TIMES,
    notice=some.integers(0, 100).map(lambda n: timedelta(hours=n)),
)  # fmt: skip


@some.composite
def hours(draw):
    midnight = draw(CLOCKS)
    start = midnight.astimezone(UTC) + timedelta(minutes=15 * draw(some.integers(0, 100)))
    start = start.astimezone(midnight.tzinfo)
    end = start.astimezone(UTC) + timedelta(minutes=draw(some.sampled_from([15, 50, 90, 200])))
    ways = draw(subsets(*WAYS))
    return Freed(draw(some.sampled_from(["ana", "ben"])), start, end.astimezone(start.tzinfo),
                 draw(some.sampled_from(["house", "branch", None])), ways,
                 draw(subsets("", "case")))  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(hours(), WISHES, some.integers(-1, 120))
def test_what_fits_is_what_a_slow_search_finds(freed, wished, ahead):
    now = freed.start.astimezone(UTC) - timedelta(hours=ahead)
    fit = fits(freed, wished, now=now)

    assert (fit and (fit.way, fit.kind, fit.minutes)) == slow(freed, wished, now)


@settings(max_examples=150, deadline=None)
@given(hours(), some.lists(WISHES, max_size=12))
def test_the_order_is_total_and_nobody_is_missing(freed, wished):
    now = freed.start.astimezone(UTC) - timedelta(hours=60)
    line = [one.key for one in in_order(freed, wished, now=now)]
    known = {one.key: one for one in wished}
    ranks = [(known[key].urgency, known[key].since) for key in line]

    assert ranks == sorted(ranks)
    assert set(line) == {one.key for one in wished if slow(freed, one, now)}
    assert line == [one.key for one in in_order(freed, reversed(wished), now=now)]


# Clocks -----------------------------------------------------------------------------------


def shown(day, clock):
    return datetime.combine(day.date(), time.fromisoformat(clock), tzinfo=BERLIN)


class TestTimeToAnswer:
    tomorrow = MONDAY + timedelta(days=1, hours=14)

    @pytest.mark.parametrize(
        ("asked", "until"),
        [
            ("12:00", MONDAY + timedelta(hours=13)),
            ("20:59", MONDAY + timedelta(hours=21, minutes=59)),
            ("21:00", MONDAY + timedelta(hours=33)),
            ("23:30", MONDAY + timedelta(hours=33)),
            ("03:00", MONDAY + timedelta(hours=9)),
            ("07:59", MONDAY + timedelta(hours=9)),
        ],
    )
    def test_it_runs_by_day(self, asked, until):
        assert answer_by(shown(MONDAY, asked), 60, starts=self.tomorrow) == until

    def test_it_ends_when_the_hour_begins(self):
        starts = MONDAY + timedelta(hours=12, minutes=20)

        assert answer_by(shown(MONDAY, "12:00"), 60, starts=starts) == starts

    def test_it_counts_time_as_it_passes_when_clocks_change(self):
        changes = datetime(2030, 10, 27, 0, 0, tzinfo=BERLIN)
        until = answer_by(changes.replace(hour=8), 60, starts=changes + timedelta(days=3))

        assert until == datetime(2030, 10, 27, 8, 0, tzinfo=UTC)

    @pytest.mark.parametrize(("clock", "quiet"), [("07:59", True), ("08:00", False),
                                                  ("20:59", False), ("21:00", True)])  # fmt: skip
    def test_the_night_is_quiet(self, clock, quiet):
        assert is_quiet(shown(MONDAY, clock)) is quiet
