"""Make a backup now, also while the practice is served.

It is encrypted to the recovery sheet and opened again before it counts. A backup that lies
beside the practice burns with it: with --copy-to it also goes to another disk.
"""

import argparse
import os
import shutil
import time
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

UNREADABLE = "The practice's database cannot be opened: run rapport verify, or restore a backup."
help = "make a backup and open it again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("--copy-to", type=Path, metavar="FOLDER", help="put a copy there as well")


def run(options: argparse.Namespace) -> int:
    elsewhere = options.copy_to
    if elsewhere is not None and not elsewhere.is_dir():
        raise Trouble(f"{elsewhere} is no folder. Connect the disk or make the folder first.")
    open_practice(options.practice)
    from django.db import Error

    from rapport.core import time as clock
    from rapport.core.backup import daily
    from rapport.core.backup.problems import BackupProblem
    from rapport.core.policy import System

    began = time.monotonic()
    try:
        made = daily.make(by=System("cli"), now=clock.now())
    except BackupProblem as problem:
        raise Trouble(str(problem)) from problem
    except Error as problem:
        raise Trouble(UNREADABLE) from problem
    size = made.stat().st_size / 1_000_000
    print(f"{made}\n{size:.1f} MB, opened again and whole, {time.monotonic() - began:.0f} s")
    if elsewhere is not None:
        print(_copied(made, elsewhere))
    return 0


def _copied(made: Path, folder: Path) -> Path:
    """A copy that is on the disk when it has its name.

    Raises:
        Trouble: it could not be written; the backup itself is there.
    """
    half = folder / f".{made.name}.part"
    try:
        shutil.copyfile(made, half)
        with half.open("rb+") as file:
            os.fsync(file.fileno())
        half.chmod(0o600)
        half.replace(folder / made.name)
    except OSError as problem:
        half.unlink(missing_ok=True)
        raise Trouble(f"The backup is made, its copy is not: {problem.strerror}.") from problem
    return folder / made.name
