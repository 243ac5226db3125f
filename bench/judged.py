"""A million pairs judged, the same in pandas; and a funnel of a thousand therapists.

Times are the processor's, which on a quiet machine are those of the clock.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from rapport.science import case_mix, changes, funnel
from rapport.science.change import Norm

from .figures import Figure, said

PAIRS, THERAPISTS = 1_000_000, 1_000
ROUNDS = 9
PAIRS_GOAL, FUNNEL_GOAL = 0.05, 0.010  # seconds
PHQ_9 = Norm(5.5, 0.84)
CUTOFF = 10
CLIENTS = (5, 120)  # of one therapist


def took(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_pandas(pairs: pd.DataFrame) -> Any:
    """What somebody who knows pandas would write."""
    index = (pairs["later"] - pairs["earlier"]) / (
        2**0.5 * PHQ_9.sd * (1 - PHQ_9.reliability) ** 0.5
    )
    crossed = (pairs["earlier"] >= CUTOFF) & (pairs["later"] < CUTOFF)
    better, worse = index < -1.96, index > 1.96
    return np.select([better & crossed, better, ~worse], [0, 1, 2], 3)


def made(rows: int) -> pd.DataFrame:
    """Invented PHQ-9 scores, most of them better later on."""
    chance = np.random.default_rng(2026)
    earlier = chance.integers(0, 28, rows).astype(np.float64)
    later = np.clip(earlier + chance.integers(-16, 9, rows), 0, 27)
    return pd.DataFrame({"earlier": earlier, "later": later})


def in_a_block(pairs: pd.DataFrame) -> changes.Changes:
    earlier, later = pairs["earlier"].to_numpy(), pairs["later"].to_numpy()
    return changes.judge(earlier, later, norm=PHQ_9, better="lower", cutoff=CUTOFF)


def compared(rows: int) -> bool:
    """Say both, in turns; whether ours keeps its limit."""
    given = made(rows)
    np.testing.assert_array_equal(in_a_block(given).name, in_pandas(given))
    one, other = [], []
    for _ in range(ROUNDS):
        one.append(took(lambda: in_a_block(given)))
        other.append(took(lambda: in_pandas(given)))
    block, peer = statistics.median(one), statistics.median(other)
    print(f"{rows:,} pairs beside pandas: {1000 * peer:.1f} ms there; median of {ROUNDS} in turns")
    return said(Figure(f"change and class, {rows:,} pairs", block, goal=PAIRS_GOAL, by="limit"))


def therapists() -> bool:
    """Print a funnel's parts; whether the funnel itself keeps its limit."""
    chance = np.random.default_rng(7)
    sizes = chance.integers(*CLIENTS, THERAPISTS)
    unit = np.repeat(np.arange(THERAPISTS), sizes)
    intake = chance.normal(15, 5, len(unit))
    own = chance.normal(0, 0.3, THERAPISTS)[unit]
    healed = chance.random(len(unit)) < 1 / (1 + np.exp(0.1 * (intake - 15) - own))
    covariates = np.column_stack([intake, chance.normal(40, 12, len(unit))])
    model = case_mix.case_mix(healed, covariates)
    units = case_mix.by_unit(healed, model.chance(covariates), unit)

    def drawn() -> funnel.Funnel:
        return funnel.shares(units.count, units.n, expected=units.expected)

    def middle(work: Callable[[], object]) -> float:
        return statistics.median(took(work) for _ in range(ROUNDS))

    whole = middle(drawn)
    fit = middle(lambda: case_mix.case_mix(healed, covariates))
    sums = middle(lambda: case_mix.by_unit(healed, model.chance(covariates), unit))
    found = drawn()
    print(f"{len(unit):,} clients, {found.exact.sum()} therapists exact; case mix "
          f"{1000 * fit:.1f} ms to fit, {1000 * sums:.1f} ms to add up")  # fmt: skip
    work = f"funnel of {THERAPISTS:,} therapists"
    return said(Figure(work, whole, goal=FUNNEL_GOAL, by="limit"))


def main(share: float = 1) -> int:
    """The exit code: 1 where a goal is missed."""
    return 0 if compared(int(PAIRS * share)) & therapists() else 1
