"""A million PHQ-9 sheets: as a block, the same in pandas, and line by line through the command."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rapport.progress.measures.instruments import get
from rapport.science import blocks

from .figures import Figure, said

ROWS = 1_000_000
ROUNDS = 15
GOAL = 20
MISSING = 0.03  # of all answers
NAMES = [str(n) for n in range(1, 10)]
SMALL = """
import resource, subprocess, sys, time
start = time.perf_counter()
with open(sys.argv[1], "rb") as given:
    call = [sys.executable, "-m", "rapport", "score", "phq-9"]
    subprocess.run(call, stdin=given, stdout=subprocess.DEVNULL, check=True)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""  # a process of its own, because a child's memory counts from its parent's
BANDS = [-1, 4, 9, 14, 19, 27]


def made(rows: int) -> Any:
    """Invented answers, column by column in memory, -1 where one is missing."""
    chance = np.random.default_rng(2026)
    block = np.asfortranarray(chance.integers(0, 4, (rows, 9), np.int8))
    block[chance.random((rows, 9)) < MISSING] = -1
    return block


def in_pandas(sheets: pd.DataFrame) -> pd.DataFrame:
    """What somebody who knows pandas would write, on a frame that holds NaN for missing."""
    answered = sheets.count(axis=1)
    total = (sheets.sum(axis=1) * 9 / answered).where(answered >= 7)
    rounded = np.floor(total + 0.5)
    risk = sheets["9"]
    return pd.DataFrame(
        {
            "total": total,
            "total_rounded": rounded,
            "status": np.select([answered == 9, answered >= 7], [0, 1], 2),
            "band": pd.cut(rounded, BANDS, labels=False),
            "risk": (risk >= 1).astype("float32").where(risk.notna()),
        }
    )


def agreed(ours: blocks.Scores, theirs: pd.DataFrame) -> None:
    """
    Raises:
        AssertionError: the two found different things, and no speed is worth that.
    """
    np.testing.assert_allclose(ours.total, theirs["total"])
    np.testing.assert_array_equal(ours.status, theirs["status"])
    np.testing.assert_array_equal(ours.band, theirs["band"].fillna(-1))
    np.testing.assert_array_equal(ours.risk, theirs["risk"].fillna(-1))
    np.testing.assert_array_equal(ours.total_rounded, theirs["total_rounded"].fillna(-1))


def took(work: Callable[[], object]) -> float:
    """Seconds of a processor, so that other work on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compared(rows: int) -> bool:
    """Say both, in turns; whether the goal is met."""
    key = get("phq-9").content.key
    block = made(rows)
    sheets = pd.DataFrame(block, columns=NAMES).replace(-1, np.nan).astype("float32")
    agreed(blocks.score(key, block), in_pandas(sheets))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(took(lambda: blocks.score(key, block)))
        theirs.append(took(lambda: in_pandas(sheets)))
    one, other = min(ours), min(theirs)  # what else the machine does can only add to it
    middle = statistics.median(theirs) / statistics.median(ours)
    print(f"total, prorating, band and risk; the least of {ROUNDS} in turns, of their medians "
          f"{middle:.1f} times; copying the block takes "
          f"{1000 * took(lambda: block.copy(order='F')):.1f} ms")  # fmt: skip
    return said(Figure(f"scoring, {rows:,} PHQ-9", one, "pandas", other, GOAL))


def streamed(rows: int) -> None:
    """Print what the command does in a second, and that its memory does not grow."""
    sizes = []
    for count in (rows // 10, rows):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "sheets.jsonl"
            with source.open("w") as sink:
                for start in range(0, count, 10_000):
                    sink.writelines(_lines(made(min(10_000, count - start))))
            seconds, megabytes = command(source)
        sizes.append(megabytes)
    print(f"rapport score phq-9, {rows} lines: {rows / seconds:.0f} lines a second, "
          f"{sizes[1]:.0f} MB at most (a tenth of the lines: {sizes[0]:.0f} MB)")  # fmt: skip


def _lines(block: Any) -> list[str]:
    return [
        json.dumps({"answers": {n: v if v >= 0 else None for n, v in zip(NAMES, row, strict=True)}})
        + "\n"
        for row in block.tolist()
    ]


def command(source: Path) -> tuple[float, float]:
    """Seconds and the most memory in megabytes of one run of the command over ``source``."""
    call = [sys.executable, "-c", SMALL, str(source)]
    said = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds, kilobytes = map(float, said.split())
    return seconds, kilobytes / 1024


def main(share: float = 1) -> int:
    """The exit code: 1 where the goal is missed."""
    rows = int(ROWS * share)
    good = compared(rows)
    streamed(rows)
    return 0 if good else 1
