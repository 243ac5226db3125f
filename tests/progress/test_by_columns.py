"""A question in columns is answered as row by row: on DuckDB here, on Spark in its own stage."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from rapport.progress.extract.engines import Duck
from rapport.progress.extract.questions import Asked, sums
from rapport.progress.outcomes import by_columns, rules

from .columns import columns, slowly

JUDGE = rules.Judge(
    "lower", lambda one, other: abs(one - other) >= 5,
    reached=lambda one, other: (one.total >= 10, one.total >= 10 and other.total * 2 <= one.total,
                                one.total >= 10 and other.total < 5),
)  # fmt: skip
MEANS = replace(
    JUDGE, means=lambda one, other: abs(one - other) > 3.3,
    clinical=lambda end: end.clinical if end.clinical is None else end.total >= 8,
)  # fmt: skip
PAIR = (1, 0)  # PHQ-9 and GAD-7
INSTEAD = (("TRAUMA", 3), ("TRAUMA", 4), ("ANXIETY", 5), ("ANXIETY", 6), ("ANXIETY", 7))
"""PCL-5 and IES-R; SPIN, OCI and the mobility inventory."""
QUESTIONS = {
    "everybody": Asked(0, 999, 1),
    "by problem": Asked(0, 999, 1, by="problem"),
    "by modality, two measures": Asked(0, 999, 0, by="modality", pair=PAIR),
    "by band, two measures": Asked(0, 999, 1, by="band", pair=PAIR),
    "by problem, measures of one disorder": Asked(
        0, 999, 1, by="problem", pair=PAIR, instead=INSTEAD
    ),
    "by band, measures of one disorder": Asked(0, 999, 0, by="band", pair=PAIR, instead=INSTEAD),
    "one band": Asked(0, 999, 1, band="high", by="problem"),
    "one problem in a stretch of time": Asked(200, 350, 1, problem="ANXIETY", pair=PAIR),
    "by problem and first score": Asked(0, 999, 1, by="problem band", pair=PAIR),
    "means with fractions": Asked(0, 999, 2, by="problem"),
    "nobody": Asked(2000, 2001, 1, by="problem", pair=PAIR),
}


def figures(tally: rules.Tally) -> dict[str, Any]:
    """Everything a tally holds, fractions to the ninth digit."""
    added = {name: getattr(tally, name) for name in rules.ADDED}
    return {
        name: round(value, 9) if isinstance(value, float) else value
        for name, value in added.items()
    } | {"classes": +tally.classes, "waits": +tally.waits, "unknown": +tally.unknown,
         "whose": +tally.whose,
         "whom": +tally.whom, "service": tally.service}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("seed", range(3))
def test_columns_say_what_the_rows_say(name: str, seed: int) -> None:
    found = columns(Random(seed), clients=120)
    asked = QUESTIONS[name]
    me = "staff 2"

    fast = by_columns.grouped(Duck(found, threads=1), found, asked=asked, judge=JUDGE, me=me)

    by: Any = asked.by
    slow = rules.grouped(iter(slowly(found, asked)), judge=JUDGE, by=by, me=me)
    assert figures(fast[0]) == figures(slow[0])
    assert figures(fast[1]) == figures(slow[1])
    assert {name: figures(one) for name, one in fast[2].items()} == {
        name: figures(one) for name, one in slow[2].items()
    }


OF_MEANS = ("everybody", "by band, two measures", "one band", "means with fractions", "nobody")


@pytest.mark.parametrize("name", OF_MEANS)
@pytest.mark.parametrize("better", ["lower", "higher"])
def test_columns_say_what_the_rows_say_of_means_of_two(name: str, better: Any) -> None:
    found = columns(Random(5), clients=400, many=(2, 3, 9, 12), forms=12)
    asked, judge = QUESTIONS[name], replace(MEANS, better=better)

    fast = by_columns.grouped(Duck(found, threads=1), found, asked=asked, judge=judge, me="")
    rows = slowly(found, asked)
    slow = rules.grouped(iter(rows), judge=judge, by=asked.by, me="")  # type: ignore[arg-type]

    assert figures(fast[0]) == figures(slow[0])
    assert {name: figures(one) for name, one in fast[2].items()} == {
        name: figures(one) for name, one in slow[2].items()
    }
    if name == "everybody":
        assert sum(row.inner is not None for row in rows) > 10
        single = rules.grouped(iter(rows), judge=replace(judge, means=None), by="", me="")
        assert figures(single[0]) != figures(slow[0])


@pytest.mark.parametrize(
    "other", [{"since": 100, "until": 300}, {"problem": "DEPRESSION"}, {"band": "low"}], ids=str
)
def test_one_statement_serves_other_days_and_filters(other: dict[str, Any]) -> None:
    """What is kept of a view for the next one is how it is asked, never what was asked for."""
    found = columns(Random(3), clients=120)
    one = Asked(0, 999, 1, problem="ANXIETY", band="high", by="problem")
    another = replace(one, **other)

    whole = {
        asked: by_columns.grouped(Duck(found, threads=1), found, asked=asked, judge=JUDGE, me="")[0]
        for asked in (one, another)
    }

    reasons = (rules.PLANNED, rules.DROPPED)
    assert sums(one.shape, reasons) is sums(another.shape, reasons)
    assert figures(whole[one]) != figures(whole[another])
    for asked, tally in whole.items():
        slow = rules.grouped(iter(slowly(found, asked)), judge=JUDGE, by="problem", me="")[0]
        assert figures(tally) == figures(slow)
