"""Growth models beside lme4, and one client's band beside a refit.

One thread each, and seconds of the processor: what else the machine does changes them little.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rapport.science.growth import bands, fitting
from rapport.science.growth.course import Course
from rapport.science.growth.learning import learn
from rapport.science.growth.model import Growth

from .figures import Figure, said

SESSIONS, THERAPISTS = 10, 250
ROUNDS = 5
MEMORY, UPDATE = 200, 1_000  # MB; times faster
REML, VARIANCES, EXACT = 1e-6, 1e-3, 1e-8  # relative
PEER = """
suppressMessages(library(lme4))
given <- commandArgs(TRUE)
n <- as.integer(given[2])
read <- function(name) readBin(file.path(given[1], name), "double", n)
d <- data.frame(y = read("y"), t = read("t"), client = factor(read("client")),
                therapist = factor(read("therapist")))
form <- if (given[3] == "yes") y ~ t + (t | client) + (1 | therapist) else y ~ t + (t | client)
took <- system.time(m <- suppressWarnings(lmer(form, d)))
sds <- as.data.frame(VarCorr(m))$sdcor
found <- c(took[["user.self"]] + took[["sys.self"]], REMLcrit(m), sigma(m), sds)
cat(sprintf("%.12g", found), "\\n")
"""  # reading and naming the rows is not in its time, and not in ours


def made(rows: int, *, irregular: bool = False) -> dict[str, Any]:
    """Invented scores of which the truth is known, client after client."""
    chance = np.random.default_rng(2026)
    clients = rows // SESSIONS
    client = np.repeat(np.arange(clients), SESSIONS)
    t = np.tile(np.arange(float(SESSIONS)), clients)
    if irregular:
        t += chance.uniform(0, 0.9, rows)
    own = chance.multivariate_normal([0, 0], [[25, -0.5], [-0.5, 0.16]], clients)
    therapist = (np.arange(clients) % THERAPISTS)[client]
    y = 15 - 0.6 * t + own[client, 0] + own[client, 1] * t + chance.normal(0, 3, rows)
    y += chance.normal(0, 1.5, THERAPISTS)[therapist]
    return {"y": y, "t": t, "client": client, "therapist": therapist}


def ours(data: dict[str, Any], *, therapists: bool) -> Growth:
    x = np.column_stack([np.ones(len(data["y"])), data["t"]])
    return fitting.fit(
        data["y"], x, client=data["client"], time=data["t"],
        therapist=data["therapist"] if therapists else None,
    )  # fmt: skip


def took(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def theirs(data: dict[str, Any], *, therapists: bool) -> list[float] | None:
    """Seconds, REML criterion, sigma and sds of lme4; None where R or lme4 is missing."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, column in data.items():
            column.astype(np.float64).tofile(Path(folder) / name)
        (Path(folder) / "peer.R").write_text(PEER)
        call = [rscript, str(Path(folder) / "peer.R"), folder, str(len(data["y"])),
                "yes" if therapists else "no"]  # fmt: skip
        done = subprocess.run(call, capture_output=True, text=True)
    return [float(one) for one in done.stdout.split()] if done.returncode == 0 else None


def apart(found: Growth, peer: list[float]) -> dict[str, tuple[float, float]]:
    """By how much criterion and variances differ, relative to the peer's, and by how much they may.

    The peer's sds are of intercept, slope, their correlation, therapists if any, and what is left.
    A variance next to 0 is held against a 400th of what is left, for relative to 0 nothing is near.
    """
    _seconds, criterion, sigma, *sds = peer
    ours = [found.intercept_sd, found.slope_sd, found.correlation, found.residual_sd]
    if len(sds) > len(ours):
        ours.insert(3, found.therapist_sd)
    variances = (abs(one**2 - other**2) / max(other, sigma / 20) ** 2 for n, (one, other)
                 in enumerate(zip(ours, sds, strict=True)) if n != 2)  # fmt: skip
    return {"REML": (abs(found.criterion / criterion - 1), REML),
            "variances": (max(variances), VARIANCES)}  # fmt: skip


def compared(
    name: str, rows: int, *, goal: float, therapists: bool = False, irregular: bool = False
) -> bool:
    """Say both; whether the goal is met, or nothing can be said."""
    data = made(rows, irregular=irregular)
    found = ours(data, therapists=therapists)
    one = statistics.median(took(lambda: ours(data, therapists=therapists)) for _ in range(ROUNDS))
    peer = theirs(data, therapists=therapists)
    return said(
        Figure(
            f"{name}, {rows:,} rows", one, "lme4", peer[0] if peer else None, goal,
            why="Rscript with lme4 is missing", differs=apart(found, peer) if peer else {},
        )
    )  # fmt: skip


def memory(rows: int) -> bool:
    """What one fit takes beyond its data, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "bench.growth", str(rows)],
                          capture_output=True, text=True, check=True)  # fmt: skip
    work, more = f"memory beyond the data, {rows:,} rows", float(done.stdout)
    return said(Figure(work, more, goal=MEMORY, by="limit", unit="MB"))


def beyond(rows: int) -> float:
    """Megabytes that the highest water mark rises by a fit of rows that are there already."""
    data = made(rows)
    x = np.column_stack([np.ones(rows), data["t"]])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    current = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
    fitting.fit(data["y"], x, client=data["client"], time=data["t"])
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # where making the rows took more than the fit, this is too much rather than too little
    return (after - (current if after > before else before)) / 1024 if after > before else 0.0


def updated(rows: int) -> bool:
    """One score more of one client: a band from it, beside learning everything again."""
    data = made(rows)
    later, first = data["t"] > 0, data["y"][data["t"] == 0][data["client"]]
    given: dict[str, Any] = {
        "client": data["client"][later], "time": data["t"][later], "intake": first[later],
        "least": -100, "most": 200, "better": "lower",
    }  # fmt: skip
    scores = data["y"][later]
    refit = min(took(lambda: learn(scores, **given)) for _ in range(ROUNDS))
    course = learn(scores, **given)
    known, seen = bands.outlook(course, intake=14.0), [(float(t), 14.0 - t) for t in range(1, 9)]
    for when, score in seen:
        known = known.after(when, score)

    def drawn() -> None:
        for _ in range(1000):
            now = known.after(9, 8.0)
            for level in bands.LEVELS:
                now.band(10, level=level)

    one = min(took(drawn) for _ in range(ROUNDS)) / 1000
    now = known.after(9, 8.0).at(10)
    mean, sd = at_once(course, 14.0, [*seen, (9.0, 8.0)], 10)
    off = max(abs(now.mean / mean - 1), abs(now.sd / sd - 1))
    work = f"band of one client after a score, {len(scores):,} rows"
    differs = {"the whole covariance": (off, EXACT)}
    return said(Figure(work, one, "refit", refit, UPDATE, differs=differs))


def at_once(
    course: Course, intake: float, seen: list[tuple[float, float]], ahead: float
) -> tuple[float, float]:
    """Mean and standard deviation at ``ahead`` from the joint covariance of all scores."""
    growth = course.growth
    f = np.log1p([*(when for when, _ in seen), ahead])
    b = [one.value for one in growth.fixed]
    mean = b[0] + b[1] * f + b[2] * intake + b[3] * intake * f
    z = np.column_stack([np.ones(len(f)), f])
    d = np.array([[growth.intercept_sd**2, growth.covariance],
                  [growth.covariance, growth.slope_sd**2]])  # fmt: skip
    v = z @ d @ z.T + growth.residual_sd**2 * np.eye(len(f))
    weights = np.linalg.solve(v[:-1, :-1], v[:-1, -1])
    scores = np.array([score for _, score in seen])
    return (
        float(mean[-1] + weights @ (scores - mean[:-1])),
        float(np.sqrt(v[-1, -1] - weights @ v[:-1, -1])),
    )


def main(share: float = 1) -> int:
    """The exit code: 1 where a goal is missed."""
    print("processor seconds, one thread; compile time: none, NumPy and SciPy alone", flush=True)
    many = int(100_000 * share)
    good = [
        compared("growth", many, goal=20),
        compared("growth, irregular times", many, goal=20, irregular=True),
        compared("growth with therapists", many, goal=10, therapists=True),
        compared("growth", 10 * many, goal=30),
        memory(10 * many),
        updated(many),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    print(beyond(int(sys.argv[1])))
