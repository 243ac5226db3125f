"""Item response theory: a million thetas, a calibration, steps of an adaptive test; and peers."""

import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rapport.science.adaptive import graded, sheets
from rapport.science.adaptive.calibrating import calibrate
from rapport.science.adaptive.choosing import Bank, Stop
from rapport.science.adaptive.items import GradedItem
from rapport.science.adaptive.simulating import simulate

from .figures import Figure, said

ROWS, ROUNDS = 1_000_000, 5
EAP_LIMIT = 0.15  # seconds, the table's making included
CALIBRATION_GOAL, STEP_GOAL = 3, 10  # times faster than the peer
STEP_LIMIT = 0.001  # seconds
NEAR = 0.05  # what a parameter may differ from girth's
PEERS = Path(__file__).with_name("adaptive_peers.py")
ITEMS, QUESTIONS, PEOPLE = 200, 12, 20  # of the test with two answers, as catsim's


def questionnaire() -> tuple[GradedItem, ...]:
    """Nine invented items with four answers each, as the PHQ-9 has."""
    chance = np.random.default_rng(9)
    return tuple(
        GradedItem(f"{n}", float(chance.uniform(1, 2.8)), tuple(np.sort(places).tolist()))
        for n, places in enumerate(chance.normal(0, 0.3, (9, 3)) + [-0.8, 0.4, 1.5])
    )


def answers(items: tuple[GradedItem, ...], rows: int) -> Any:
    """A block of people from a standard normal population."""
    chance = np.random.default_rng(2026)
    theta = chance.normal(size=(rows, 1))
    block = np.zeros((rows, len(items)), np.int8, order="F")
    for n, item in enumerate(items):
        above = 1 / (1 + np.exp(-item.discrimination * (theta - np.array(item.thresholds))))
        block[:, n] = (chance.random((rows, 1)) < above).sum(axis=1)
    return block


def in_numpy(items: tuple[GradedItem, ...], block: Any) -> tuple[Any, Any]:
    """What somebody who knows NumPy would write: every row by itself, a portion at a time."""
    nodes = graded.STANDARD.nodes
    tables = [graded.log_chances(item, graded.STANDARD) for item in items]
    theta, se = np.empty(len(block)), np.empty(len(block))
    for start in range(0, len(block), 50_000):
        here = slice(start, start + 50_000)
        log = graded.STANDARD.log_weights + sum(
            table[block[here, n]] for n, table in enumerate(tables)
        )
        weights = np.exp(log)
        weights /= weights.sum(axis=1, keepdims=True)
        theta[here] = weights @ nodes
        se[here] = np.sqrt(weights @ nodes**2 - theta[here] ** 2)
    return theta, se


def took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def estimated(rows: int) -> bool:
    """Say what both ways to a theta take; whether the table keeps its limit."""
    items = questionnaire()
    block = answers(items, rows)
    ours = sheets.estimate(items, block)
    theta, se = in_numpy(items, block)
    np.testing.assert_allclose(ours.theta, theta, atol=1e-6)
    np.testing.assert_allclose(ours.se, se, atol=1e-6)
    table = sheets.PatternTable.of(items, complete=True)
    both = statistics.median(took(lambda: sheets.estimate(items, block)) for _ in range(ROUNDS))
    made = statistics.median(
        took(lambda: sheets.PatternTable.of(items, complete=True)) for _ in range(ROUNDS)
    )
    looked = statistics.median(took(lambda: table.look_up(block)) for _ in range(ROUNDS))
    plain = took(lambda: in_numpy(items, block))
    print(f"making the table {1000 * made:.1f} ms, looking up {1000 * looked:.1f} ms; by rows in "
          f"NumPy {1000 * plain:.0f} ms; median of {ROUNDS}")  # fmt: skip
    work = f"theta by table, {rows:,} sheets of nine"
    return said(Figure(work, both, goal=EAP_LIMIT, by="limit"))


def against_peers(python: Path | None) -> bool:
    """Print a calibration and a step beside girth's and catsim's, in turns where they are there."""
    items = questionnaire()
    block = answers(items, 2_000)
    chance = np.random.default_rng(1)
    a, b = chance.uniform(1, 2.5, ITEMS), chance.normal(size=ITEMS)
    theta = chance.normal(size=PEOPLE)
    bank = Bank(
        [GradedItem(f"{n}", float(a[n]), (float(b[n]),)) for n in range(ITEMS)],
        stop=Stop(least=QUESTIONS, most=QUESTIONS),
    )
    keys = [item.key for item in items]
    found = calibrate(block, keys=keys)
    fits, steps, theirs = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "given.npz"
        np.savez(source, answers=block, a=a, b=b, theta=theta, questions=QUESTIONS)
        for _ in range(ROUNDS):
            fits.append(took(lambda: calibrate(block, keys=keys)))
            steps.append(_step(bank, theta))
            if python:
                theirs.append(_peers(python, source))
    if theirs:
        ours = [[item.discrimination, *item.thresholds] for item in found.items]
        np.testing.assert_allclose(ours, theirs[0]["found"], atol=NEAR)
    print(f"calibration: {found.iterations} steps, converged: {found.converged}")
    fast = _beside(f"calibration, {len(block):,} x {len(items)}", "girth", fits,
                   [one["calibration"] for one in theirs], CALIBRATION_GOAL)  # fmt: skip
    quick = _beside(f"step of a test, {ITEMS} items", "catsim", steps,
                    [one["step"] for one in theirs], STEP_GOAL)  # fmt: skip
    return fast and quick and statistics.median(steps) <= STEP_LIMIT


def _step(bank: Bank, theta: Any) -> float:
    """Seconds a step of as many tests as there are thetas."""
    chance = np.random.default_rng(4)
    steps, start = 0, time.perf_counter()
    for at in theta:
        now = bank.sitting()
        while (key := now.next) is not None:
            item = bank.items[bank.place[key]]
            likely = 1 / (1 + np.exp(-item.discrimination * (at - item.thresholds[0])))
            now = now.answered(key, int(chance.random() < likely))
            steps += 1
    return (time.perf_counter() - start) / steps


def _peers(python: Path, source: Path) -> dict[str, Any]:
    call = [str(python), str(PEERS), str(source)]
    said = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def _beside(
    work: str, peer: str, ours: list[float], theirs: list[float], goal: float
) -> bool:  # fmt: skip
    middle = statistics.median(theirs) if theirs else None
    why = f"--peers names an environment with {peer}"
    return said(Figure(work, statistics.median(ours), peer, middle, goal, why=why))


def polytomous() -> None:
    """Print a step of a test of 28 items with five answers, as PROMIS Depression is."""
    from rapport.progress.measures import banks

    bank = Bank(banks.get("promis-depression").content.graded)
    chance = np.random.default_rng(3)
    people = [{item.key: int(chance.integers(0, 5)) for item in bank.items} for _ in range(300)]
    simulate(bank, people[0])
    start = time.perf_counter()
    steps = sum(len(simulate(bank, one).steps) for one in people)
    print(f"PROMIS Depression, random answers: {1e6 * (time.perf_counter() - start) / steps:.0f}"
          f" us a step, {steps / len(people):.1f} steps")  # fmt: skip


def main(environment: Path | None, share: float = 1) -> int:
    """The exit code: 1 where a goal is missed.

    Args:
        environment: a virtual environment with girth and catsim, the peers.
    """
    met = estimated(int(ROWS * share))
    met &= against_peers(environment / "bin" / "python" if environment else None)
    polytomous()
    return 0 if met else 1
