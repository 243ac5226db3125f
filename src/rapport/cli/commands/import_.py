"""Take clients over from a table (CSV) that another program wrote.

The first row names the columns, in English or German. Rows with a problem and people who are
clients already stay out and are printed; the others are admitted. Run it with --dry-run first.
A second run admits nobody twice. Lines are printed, names never.
"""

import argparse
from pathlib import Path
from time import sleep
from typing import Any

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

help = "take clients over from a table"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV: separated by ; , or tab")
    parser.add_argument("--clinician", required=True, metavar="MAIL",
                        help="who carries their care; the address they sign in with")  # fmt: skip
    parser.add_argument("--place", required=True, metavar="NAME", help="the place they come to")
    parser.add_argument("--dates", choices=("iso", "us", "eu"), default="iso",
                        help="2026-11-24 (default), 11/24/2026 or 24.11.2026")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="read and report, change nothing")


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.people.clients.actions import CannotKeep
    from rapport.people.imports import actions, words

    by, now = System("cli"), clock.now()
    clinician, place = _who(options.clinician), _where(options.place)
    try:
        plan = actions.plan(by=by, raw=_read(options.file), order=options.dates, now=now)
        print(f"Read as {plan.encoding}: {plan.rows} rows.")
        if plan.unknown:
            print(f"{len(plan.unknown)} column(s) are not taken over: {', '.join(plan.unknown)}")
        admitted, late = len(plan.entries), list[Any]()
        if not options.dry_run:
            admitted, late = actions.carry_out(
                by=by, plan=plan, place=place, clinician=clinician, now=now, progress=_told
            )
    except (actions.CannotImport, CannotKeep) as problem:
        raise Trouble(str(problem)) from problem
    problems = [*plan.problems, *late]
    for one in problems:
        print(words.of_row(one))
    verb = "would be admitted" if options.dry_run else "admitted"
    print(f"{admitted} {verb}, {len({one.line for one in problems})} left out.")
    return 0


def _told(done: int, total: int) -> None:
    sleep(0.05)  # beside a running server, SQLite keeps no queue: let the others write
    if done % 1000 == 0:
        print(f"  {done} of {total}")


def _read(file: Path) -> bytes:
    from rapport.people.imports.table import MOST_BYTES

    try:
        with file.open("rb") as source:
            return source.read(MOST_BYTES + 1)
    except OSError as problem:
        raise Trouble(f"{file} cannot be read. Name a file that this user may read.") from problem


def _who(mail: str) -> Any:
    from rapport.people.accounts.rules import tidy_mail
    from rapport.people.models import Staff

    found = Staff.objects.filter(account__email=tidy_mail(mail)).first()
    if found is None:
        raise Trouble("Nobody who works here signs in with this address. See --clinician.")
    return found


def _where(name: str) -> Any:
    from rapport.core.policy import System
    from rapport.people.practice import queries

    every = list(queries.places(by=System("cli")))
    found = [place for place in every if place.name.casefold() == name.strip().casefold()]
    if not found:
        known = ", ".join(place.name for place in every)
        raise Trouble(f"There is no place of this name. There are: {known}.")
    return found[0]
