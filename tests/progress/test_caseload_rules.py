"""Why a client needs attention, and in what order clients stand."""

from datetime import timedelta

import pytest

from rapport.progress.caseload import rules
from rapport.progress.caseload.rules import Change, Facts, Flag, Why
from tests.factories import NOW

WEEK = timedelta(weeks=1)
CALM = {"next_at": NOW + WEEK}
AMBER = Flag("a", "phq-9", False, NOW - WEEK)
RED = Flag("r", "gad-7", True, NOW)


def change(first, last, *, lower=True, reliable=True, name="phq-9"):
    return Change(name, first, last, NOW, lower, reliable)


def reasons(**given):
    return [one.reason for one in rules.whys(Facts(**(CALM | given)), now=NOW)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, []),
        ({"alerts": (("x", NOW - WEEK), ("y", NOW))}, ["alert"]),
        ({"flags": (AMBER, RED)}, ["red", "amber"]),
        ({"changes": (change(8, 14),)}, ["worse"]),
        ({"changes": (change(8, 13, reliable=False),)}, []),
        ({"changes": (change(14, 8),)}, []),
        ({"changes": (change(14, 8, lower=False),)}, ["worse"]),
        ({"changes": (change(8, 27, reliable=False),)}, []),
        ({"changes": (change(8, 27),), "flags": (AMBER,)}, ["amber"]),
        ({"changes": (change(8, 27, name="isi"),), "flags": (AMBER,)}, ["amber", "worse"]),
        ({"missed_at": NOW - WEEK}, ["unmeasured"]),
        ({"missed_at": NOW - WEEK, "measured_at": NOW - 9 * WEEK}, ["unmeasured"]),
        ({"missed_at": NOW - WEEK, "measured_at": NOW - 8 * WEEK}, []),
        ({"missed_at": NOW - 10 * WEEK, "measured_at": NOW - 9 * WEEK}, []),
        ({"measured_at": NOW - 90 * WEEK}, []),
        ({"next_at": None}, ["unbooked"]),
        ({"next_at": None, "active": False}, []),
        ({"waits_since": NOW - WEEK}, ["due"]),
    ],
)
def test_every_reason_holds_where_it_should_and_nowhere_else(given, said):
    assert reasons(**given) == said


def test_the_first_alert_counts_and_each_reason_names_what_it_is_about():
    facts = Facts(alerts=(("x", NOW - WEEK), ("y", NOW)), flags=(RED,), **CALM)
    alert, red = rules.whys(facts, now=NOW)

    assert (alert.id, alert.since) == ("x", NOW - WEEK)
    assert (red.id, red.instrument, red.since) == ("r", "gad-7", NOW)


def test_lines_stand_by_their_first_reason_then_by_how_long_they_wait_then_by_change():
    lines = {
        "alert": ([Why("alert", NOW)], None),
        "red, longer": ([Why("red", NOW - WEEK)], None),
        "red": ([Why("red", NOW), Why("unbooked", None)], None),
        "worse": ([Why("worse", NOW - 50 * WEEK)], None),
        "never measured": ([Why("unmeasured", None)], None),
        "unmeasured": ([Why("unmeasured", NOW - 20 * WEEK)], None),
        "due": ([Why("due", NOW)], None),
        "calm, lately": ([], NOW),
        "calm": ([], NOW - WEEK),
        "calm, never": ([], None),
    }
    shuffled = sorted(lines)

    def place(name):
        return rules.place(*lines[name], name)

    assert sorted(shuffled, key=place) == [*lines]


def test_what_changed_last_is_the_later_of_session_and_score():
    assert Facts().changed_at is None
    assert Facts(last_at=NOW).changed_at == NOW
    assert Facts(last_at=NOW, measured_at=NOW + WEEK).changed_at == NOW + WEEK


@pytest.mark.parametrize(
    ("levels", "weeks_ago"),
    [([True], 0), ([True, True, True], 2), ([False, True, True], 1), ([True, False], 0)],
)
def test_a_level_stands_since_the_first_of_its_unbroken_row(levels, weeks_ago):
    run = [(NOW - n * WEEK, red) for n, red in zip(range(len(levels))[::-1], levels, strict=True)]

    assert rules.run_since(run) == NOW - weeks_ago * WEEK


@pytest.mark.parametrize(
    ("counts", "whys", "shown"),
    [
        ([], [], ""),
        ([("phq-9", 3, NOW), ("gad-7", 2, NOW)], [], "phq-9"),
        ([("phq-9", 2, NOW), ("gad-7", 2, NOW + WEEK)], [], "gad-7"),
        ([("phq-9", 3, NOW), ("gad-7", 2, NOW)], [Why("red", NOW, "gad-7")], "gad-7"),
        ([("phq-9", 3, NOW)], [Why("red", NOW, "pcl-5"), Why("due", NOW)], "phq-9"),
    ],
)
def test_a_line_shows_what_its_reason_is_about_else_what_was_asked_most(counts, whys, shown):
    assert rules.main(counts, whys) == shown
