"""Single cases and daily ratings: one case at a time, many at once, and a panel beside pandas."""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rapport.science import case_blocks, daily_panel
from rapport.science.single_case import corrected_tau, nap, tau_u

from .figures import Figure, said

ROUNDS = 7
CASES, BEFORE, AFTER = 20_000, 6, 14
PEER_CASES = 200
GOAL = 100
PEER = """
given <- commandArgs(TRUE)
cases <- as.integer(given[2])
read <- function(name, n) {
  matrix(readBin(file.path(given[1], name), "double", n * cases), nrow = n)
}
before <- read("before", as.integer(given[3]))
after <- read("after", as.integer(given[4]))
frames <- NULL
if (requireNamespace("SingleCaseES", quietly = TRUE)) {
  peer <- "SingleCaseES"
  one <- function(a, b) {
    nap <- SingleCaseES::NAP(A_data = a, B_data = b, improvement = "decrease")
    u <- SingleCaseES::Tau_U(A_data = a, B_data = b, improvement = "decrease")
    c(nap$Est, nap$SE, nap$CI_lower, nap$CI_upper, u$Est)
  }
} else {
  peer <- "R alone"
  z2 <- qnorm(0.975)^2
  one <- function(a, b) {
    m <- length(a)
    n <- length(b)
    won <- outer(a, b, ">") + outer(a, b, "==") / 2
    share <- mean(won)
    spread <- share - (m + n - 1) * share^2 + n * mean(rowMeans(won)^2) +
      m * mean(colMeans(won)^2) - 2 * mean(won^2)
    h <- (m + n) / 2 - 1
    end <- function(x) {
      room <- x * (1 - x)
      m * n * (share - x)^2 * (2 + room) - z2 * room * (2 + h + (1 + 2 * h) * room)
    }
    low <- if (share > 0) uniroot(end, c(0, share), tol = 1e-10)$root else 0
    high <- if (share < 1) uniroot(end, c(share, 1), tol = 1e-10)$root else 1
    trend <- sign(outer(a, a, "-"))
    c(share, sqrt(max(spread, 0) / ((m - 1) * (n - 1))), low, high,
      2 * share - 1 - sum(trend[upper.tri(trend)]) / (m * n))
  }
  frames <- function(a, b) {
    found <- one(a, b)
    nap <- data.frame(ES = "NAP", Est = found[1], SE = found[2], CI_lower = found[3],
                      CI_upper = found[4])
    u <- data.frame(ES = "Tau-U", Est = found[5])
    c(nap$Est, nap$SE, nap$CI_lower, nap$CI_upper, u$Est)
  }
}
timed <- function(work) {
  least <- Inf
  for (round in 1:5) {
    took <- system.time(found <<- vapply(seq_len(cases), function(n) work(before[, n], after[, n]),
                                         numeric(5)))
    least <- min(least, took[["user.self"]] + took[["sys.self"]])
  }
  least
}
framed <- if (is.null(frames)) NA else timed(frames)
cat(peer, "\n", timed(one), framed, "\n", sprintf("%.12g ", found))
"""
# Debian has no SingleCaseES; where it is missing, the peer is what R does by itself: the same
# estimate, error, interval and Tau-U by the same formulas, all pairs at once and R's own search
# for a root. Beside it stands the same with the results in data frames, as that package gives them.
PEOPLE, DAYS = 10_000, 90
MISSING = 0.2  # of all days
DAILY_GOAL, EXACT = 15, 1e-9


def took(work: Callable[[], object]) -> float:
    """Seconds of a processor, so that other work on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def least(work: Callable[[], object]) -> float:
    """Seconds, the least of all rounds: what else the machine does can only add to it."""
    return min(took(work) for _ in range(ROUNDS))


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


def one_by_one(count: int = 1_000) -> bool:
    """Say what a case takes, beside R where it is here; whether the goal is met."""
    before, after = (table[:count].tolist() for table in cases(count))
    pairs = list(zip(before, after, strict=True))

    def each(*measures: Callable[..., object]) -> float:
        return least(
            lambda: [measure(*one, better="lower") for one in pairs for measure in measures]
        ) / count  # fmt: skip

    ours, corrected = each(nap, tau_u), each(corrected_tau)
    many = cases(CASES)
    block = least(lambda: case_blocks.nap(*many, better="lower")) / CASES
    print(f"{BEFORE} + {AFTER} points; {CASES:,} at once take {1e6 * block:.1f} us each, "
          f"baseline-corrected Tau {1e6 * corrected:.1f} us; the least of {ROUNDS}")  # fmt: skip
    peer = theirs(pairs[:PEER_CASES])
    name, seconds, framed, off = peer or ("R", None, None, 0.0)
    if framed:
        print(f"R alone with the results in data frames: {1e6 * framed:.0f} us a case")
    return said(
        Figure("NAP and Tau-U of one case", ours, name, seconds, GOAL,
               why="Rscript is missing", differs={"either": (off, EXACT)} if peer else {})
    )  # fmt: skip


def theirs(
    pairs: list[tuple[list[float], list[float]]],
) -> tuple[str, float, float | None, float] | None:
    """The peer in R, its seconds a case, those with data frames where the peer makes none by
    itself, and the most by which it differs; None without R."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for n, name in enumerate(("before", "after")):
            np.array([one[n] for one in pairs]).tofile(Path(folder) / name)
        (Path(folder) / "peer.R").write_text(PEER)
        sizes = [str(n) for n in (len(pairs), BEFORE, AFTER)]
        call = [rscript, str(Path(folder) / "peer.R"), folder, *sizes]
        done = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    peer, seconds, found = done.strip().split("\n")
    each, framed = (float(one) if one != "NA" else None for one in seconds.split())
    ours = [
        number for one in pairs
        for number in (*nap(*one, better="lower")[:4], tau_u(*one, better="lower").value)
    ]  # fmt: skip
    off = float(np.max(np.abs(np.array(found.split(), float) - np.array(ours, float))))
    return peer.strip(), (each or 0) / len(pairs), framed and framed / len(pairs), off


def panel(people: int = PEOPLE) -> bool:
    """Say both, in turns; whether the goal is met."""
    values = ratings(people)
    long = longer(values)
    agreed(daily_panel.describe(values), in_pandas(long))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(took(lambda: daily_panel.describe(values)))
        theirs.append(took(lambda: in_pandas(long)))
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"7-day means, SD, MSSD, inertia; median of {ROUNDS}; copying the ratings takes "
          f"{1000 * took(lambda: values.copy()):.1f} ms")  # fmt: skip
    work = f"daily statistics, {people:,} x {DAYS}"
    return said(Figure(work, one, "pandas", other, DAILY_GOAL))


def main(*, single: bool, daily: bool, share: float = 1) -> int:
    """The exit code: 1 where a goal is missed."""
    good = one_by_one(int(1_000 * share)) if single else True
    good &= panel(int(PEOPLE * share)) if daily else True
    return 0 if good else 1
