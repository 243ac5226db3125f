"""Every figure of the science in one table: ours, the peer's, the ratio, the goal.

Each part runs in a process of its own, as it does by itself, and prints what it always prints;
the table is read from that.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PARTS = ("scoring", "judged", "growth", "adaptive", "single", "daily")
TIME = re.compile(r"^  (?P<name>\S.*?) +(?P<number>[\d.]+) (?P<unit>s|ms|us)\b")
RATIO = re.compile(r"^  ratio +(?P<ratio>[\d.]+)")
GOAL = re.compile(r"\((?:goal|limit):? (?P<goal>[^;)]+)")
HEAD = ("work", "ours", "peer", "peer's time", "ratio", "goal", "")


@dataclass
class Figure:
    """One row: the first time below a line is ours, the last one before the ratio the peer's."""

    work: str
    ours: str = "-"
    peer: str = "-"
    theirs: str = "-"
    ratio: str = "-"
    goal: str = "-"

    @property
    def missed(self) -> bool:
        """Whether the ratio is there, its goal is a plain number, and it is not reached."""
        try:
            return float(self.ratio) < float(self.goal)
        except ValueError:
            return False

    def row(self) -> tuple[str, ...]:
        """As it is printed."""
        missed = "missed" if self.missed else ""
        return self.work, self.ours, self.peer, self.theirs, self.ratio, self.goal, missed


def figures(lines: Iterable[str]) -> Iterator[Figure]:
    """The figures in what a part has printed."""
    one: Figure | None = None
    for line in lines:
        if line and not line.startswith(" "):
            if one is not None and one.ours != "-":
                yield one
            one = Figure(re.split(r"[:;(]", line)[0].strip())
        elif one is not None:
            _read(one, line)
    if one is not None and one.ours != "-":
        yield one


def _read(one: Figure, line: str) -> None:
    if goal := GOAL.search(line):
        one.goal = goal["goal"]
    if ratio := RATIO.match(line):
        one.ratio = ratio["ratio"]
    elif time := TIME.match(line):
        took = f"{time['number']} {time['unit']}"
        if one.ours == "-":
            one.ours = took
        else:
            one.peer, one.theirs = time["name"], took


def printed(found: list[Figure]) -> str:
    """The table, columns under each other."""
    rows = [HEAD, *(one.row() for one in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main(peers: Path | None) -> int:
    """The exit code: 1 where a goal is missed or a part could not be run."""
    found, code = [], 0
    for part in PARTS:
        more = [f"--peers={peers}"] if part == "adaptive" and peers else []
        call = [sys.executable, "-m", "bench", f"--{part}", *more]
        done = subprocess.run(call, capture_output=True, text=True)
        print(f"== {part} ==\n{done.stdout}{done.stderr}", flush=True)
        found += figures(done.stdout.splitlines())
        code |= int(done.returncode != 0)
    print(printed(found))
    return code
