"""Read mail that came back, and mark its address as failing.

Hand in a delivery status report, as the mail server sends it to the sender's address: as a
file, or on standard input, for example from a filter of that mailbox. What is no such report,
tells of a delay only, or is about no message of this practice changes nothing.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

help = "read mail that came back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("file", type=Path, nargs="*", metavar="FILE",
                        help="one message each (default: standard input)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from rapport.contact.reminders import bounces
    from rapport.contact.waitlist import actions as waiting
    from rapport.core import time as clock
    from rapport.core.policy import System

    read = marked = 0
    for raw in _messages(options.file, bounces.MOST_BYTES):
        read += 1
        report = bounces.read(raw)
        if report is not None:
            about: dict[str, Any] = {"by": System("cli"), "report": report, "now": clock.now()}
            marked += bounces.came_back(**about) or waiting.came_back(**about)
    print(f"{read} read, {marked} marked as come back.")
    return 0


def _messages(files: list[Path], most: int) -> Iterator[bytes]:
    if not files:
        yield sys.stdin.buffer.read(most)
    for file in files:
        try:
            with file.open("rb") as source:
                yield source.read(most)
        except OSError as problem:
            raise Trouble(
                f"{file} cannot be read. Name a file that this user may read."
            ) from problem
