"""Write the sealed day sheets of all who set one up into a folder, also from a timer.

Each opens in a browser with its owner's passphrase alone, while the server is down. Choose a
folder on another computer's disk, or one that is copied there: a sheet beside the practice is
gone when the practice is. Its files are replaced whole, and those of people who left removed.
"""

import argparse
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

help = "write everybody's sealed day sheet into a folder"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("--to", type=Path, metavar="FOLDER",
                        help="where to (default: RAPPORT_DAY_SHEETS)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from django.conf import settings

    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.meeting.day_sheet import folder

    target = options.to or (Path(settings.DAY_SHEETS) if settings.DAY_SHEETS else None)
    if target is None:
        raise Trouble(
            "Say where the sheets go: name a folder with --to, or set RAPPORT_DAY_SHEETS."
        )
    if not target.is_dir():
        raise Trouble(f"{target} is no folder. Connect the disk or make the folder first.")
    try:
        written = folder.write_all(by=System("cli"), folder=target, now=clock.now())
    except OSError as problem:
        raise Trouble(f"{target} cannot be written to: {problem.strerror}.") from problem
    except ExceptionGroup as problem:
        raise Trouble(f"{len(problem.exceptions)} day sheet(s) could not be written: run rapport "
                      "verify.") from problem  # fmt: skip
    print(f"{written} day sheet(s) written to {target}.")
    return 0
