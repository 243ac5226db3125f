"""Single cases and daily ratings: one case at a time, many at once, and a panel beside pandas."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from rapport.science import case_blocks, daily_panel
from rapport.science.single_case import corrected_tau, nap, tau_u

ROUNDS = 7
CASES, BEFORE, AFTER = 20_000, 6, 14
STATED = 0.030  # seconds a case of the R package SingleCaseES
PEOPLE, DAYS = 10_000, 90
MISSING = 0.2  # of all days
TIMES = {"NAP and Tau-U": 100, "daily": 15}


def took(work: Callable[[], object]) -> float:
    """Seconds of a processor, so that other work on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def middle(work: Callable[[], object]) -> float:
    return statistics.median(took(work) for _ in range(ROUNDS))


def cases(count: int) -> tuple[Any, Any]:
    """Invented scores: six sessions before, fourteen after."""
    chance = np.random.default_rng(2026)
    before = chance.integers(8, 24, (count, BEFORE)).astype(float)
    return before, chance.integers(4, 20, (count, AFTER)).astype(float)


def ratings(people: int) -> Any:
    """Invented ratings from 0 to 10, NaN where a day was missed."""
    chance = np.random.default_rng(2026)
    values = chance.integers(0, 11, (people, DAYS)).astype(float)
    values[chance.random(values.shape) < MISSING] = np.nan
    return values


def in_pandas(long: pd.DataFrame) -> pd.DataFrame:
    """What somebody who knows pandas would write, on one row for each person and day."""
    by = long.groupby("person")["rating"]
    step = by.diff()  # NaN where either day is missing
    means = by.rolling(7, min_periods=4).mean()
    at = long["day"].where(long["rating"].notna())
    time_left = at - at.groupby(long["person"]).transform("mean")
    left = long["rating"] - by.transform("mean")
    spread = (time_left**2).groupby(long["person"]).transform("sum")
    slope = (left * time_left).groupby(long["person"]).transform("sum") / spread
    residual = left - slope * time_left
    before = residual.groupby(long["person"]).shift()
    both = before.notna() & residual.notna()
    pairs = pd.DataFrame({"x": before.where(both), "y": residual.where(both)})
    pairs -= pairs.groupby(long["person"]).transform("mean")
    sums = (
        pd.DataFrame({"xy": pairs.x * pairs.y, "xx": pairs.x**2, "yy": pairs.y**2})
        .groupby(long["person"])
        .sum()
    )
    return pd.DataFrame(
        {
            "n": by.count(),
            "mean": by.mean(),
            "sd": by.std(),
            "mssd": (step**2).groupby(long["person"]).mean(),
            "inertia": (sums.xy / np.sqrt(sums.xx * sums.yy)).where(by.count() >= 20),
        }
    ).assign(last=means.groupby("person").tail(1).to_numpy())


def longer(values: Any) -> pd.DataFrame:
    people, days = values.shape
    person, day = np.repeat(np.arange(people), days), np.tile(np.arange(days), people)
    return pd.DataFrame({"person": person, "day": day, "rating": values.ravel()})


def agreed(ours: daily_panel.Panel, theirs: pd.DataFrame) -> None:
    """
    Raises:
        AssertionError: the two found different things, and no speed is worth that.
    """
    for name in ("n", "mean", "sd", "mssd", "inertia"):
        np.testing.assert_allclose(getattr(ours, name), theirs[name], atol=1e-9)


def one_by_one(count: int = 1_000) -> float:
    """Print what a case takes, and say how many times faster than stated that is."""
    before, after = (table[:count].tolist() for table in cases(count))
    pairs = list(zip(before, after, strict=True))

    def each(*measures: Callable[..., object]) -> float:
        return middle(
            lambda: [measure(*one, better="lower") for one in pairs for measure in measures]
        ) / count  # fmt: skip

    ours, theirs = each(nap, tau_u), each(corrected_tau)
    before, after = cases(CASES)
    block = middle(lambda: case_blocks.nap(before, after, better="lower")) / CASES
    print(f"one case, {BEFORE} + {AFTER} points; median of {ROUNDS}, {count} cases each")
    print(f"  NAP with interval, Tau-U     {1e6 * ours:8.1f} us")
    print(f"  the same, {CASES} at once   {1e6 * block:8.1f} us")
    print(f"  baseline-corrected Tau       {1e6 * theirs:8.1f} us")
    print(f"  R SingleCaseES               {1e6 * STATED:8.1f} us   (stated, not measured here)")
    goal = TIMES["NAP and Tau-U"]
    print(f"  ratio                        {STATED / ours:8.1f}      (goal {goal})")
    return STATED / ours


def panel(people: int = PEOPLE) -> float:
    """Print both, in turns, and say how many times faster the panel is."""
    values = ratings(people)
    long = longer(values)
    agreed(daily_panel.describe(values), in_pandas(long))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(took(lambda: daily_panel.describe(values)))
        theirs.append(took(lambda: in_pandas(long)))
    one, other = statistics.median(ours), statistics.median(theirs)
    floor = took(lambda: values.copy())
    print(f"{people} people, {DAYS} days: 7-day means, SD, MSSD, inertia; median of {ROUNDS}")
    print(f"  panel      {1000 * one:8.1f} ms   (copying it: {1000 * floor:.1f} ms)")
    print(f"  pandas     {1000 * other:8.1f} ms")
    print(f"  ratio      {other / one:8.1f}      (goal {TIMES['daily']})")
    return other / one


def main(*, single: bool, daily: bool) -> int:
    """The exit code: 1 where a goal is missed."""
    missed = single and one_by_one() < TIMES["NAP and Tau-U"]
    missed |= daily and panel() < TIMES["daily"]
    return int(missed)
