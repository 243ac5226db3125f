"""Every figure of the science in one table: ours, the peer's, the ratio, the goal, met or missed.

Each part runs in a process of its own, as it does by itself, and prints what it always prints.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import figures

PARTS = ("growth", "scoring", "judged", "adaptive", "single", "daily", "columns")
HEAD = ("work", "here", "peer", "peer's", "ratio", "goal", "")


def printed(found: list[figures.Figure]) -> str:
    """The table, columns under each other."""
    rows = [HEAD, *(one.row() for one in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main(peers: Path | None, share: float = 1) -> int:
    """The exit code: 1 where a goal is missed or a part could not be run.

    Args:
        share: of the usual sizes, to try it out; then the goals say little.
    """
    code = 0
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "figures"
        for part in PARTS:
            more = [f"--peers={peers}"] if part == "adaptive" and peers else []
            call = [sys.executable, "-m", "bench", f"--{part}", f"--share={share}", *more]
            print(f"== {part} ==", flush=True)
            code |= subprocess.run(call, env=os.environ | {figures.KEPT: str(kept)}).returncode
        print(f"\n{printed(figures.kept(kept))}")
    if share != 1:
        print(f"\nTried with {share:g} of the usual sizes: the goals are meant for the whole.")
    return int(code != 0)
