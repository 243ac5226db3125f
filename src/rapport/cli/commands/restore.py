"""Bring a practice back from a backup and its recovery sheet, into an empty folder.

Nothing is touched until the whole backup was read and fits the sheet. The practice that
comes back is checked as "rapport verify" does before it takes its place. A new key file is
made; with RAPPORT_PASSPHRASE set, the passphrase opens it instead. A backup of PostgreSQL
goes into the empty database named in DATABASE_URL.
"""

import argparse
import os
import sys
from pathlib import Path

from rapport.cli import Trouble

help = "bring a practice back from a backup and its recovery sheet"
ASK = "Type the four rows of the recovery sheet, one to a line, then an empty line:"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", type=Path, help="the file, e.g. 20301224-031000-1a2b3c4d.age")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="new or empty")
    sheet = "a text file with the sheet; without it its rows are asked for"
    parser.add_argument("--sheet", type=Path, metavar="FILE", help=sheet)
    check = "read the whole backup with the sheet, write nothing"
    parser.add_argument("--check-only", action="store_true", help=check)
    altered = "also bring back a practice that was altered before"
    parser.add_argument("--despite-problems", action="store_true", help=altered)


def run(options: argparse.Namespace) -> int:
    from rapport.core import keys
    from rapport.core.backup import restoring
    from rapport.core.backup.problems import BackupProblem

    passphrase = os.environ.get("RAPPORT_PASSPHRASE")
    sheet = keys.RecoverySheet.parse(_typed(options.sheet))
    try:
        if options.check_only:
            about = restoring.verify(options.backup, sheet)
            print(f"Whole: made {about.made_at} by Rapport {about.rapport}, "
                  f"{sum(about.rows.values())} rows. Nothing was written.")  # fmt: skip
            return 0
        restored = restoring.restore(
            options.backup, sheet=sheet, target_folder=options.to,
            provider=keys.PassphraseProvider(passphrase) if passphrase else None,
            database_url=os.environ.get("DATABASE_URL"),
            despite_problems=options.despite_problems,
        )  # fmt: skip
    except BackupProblem as problem:
        raise Trouble(str(problem)) from problem
    except OSError as problem:
        raise Trouble(f"{options.to} cannot be written: {problem.strerror}.") from problem
    print(f"Restored as it was at {restored.about.made_at}: {restored.folder}")
    print(f"Serve it with: rapport serve --practice {restored.folder}")
    return 0


def _typed(file: Path | None) -> str:
    """The sheet as text: from a file, row by row from the keyboard, or a whole page piped in."""
    if file is not None:
        try:
            return file.read_text()
        except (OSError, UnicodeDecodeError) as problem:
            raise Trouble(f"{file} is no text. Name the file with the sheet.") from problem
    if not sys.stdin.isatty():
        return sys.stdin.read()
    print(ASK)
    return "\n".join(iter(lambda: sys.stdin.readline().strip(), ""))
