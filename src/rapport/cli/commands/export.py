"""Write a client's record, or measures, into a file for other programs.

rapport export CLIENT_ID       the whole record: a ZIP with one page to read, one file for programs
rapport export fhir CLIENT_ID  the client's measures as a FHIR R4 bundle, without a name
rapport export spss            everybody's measures: a ZIP with an SPSS file each questionnaire
rapport export csv             the same as CSV; both with a codebook, without names and dates

Needs the practice's key and is recorded in the audit trail. The file is not encrypted.
"""

import argparse
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

help = "a client's whole record as a ZIP file; measures as FHIR, SPSS or CSV"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_practice(parser)
    parser.add_argument("what", metavar="CLIENT_ID|fhir|spss|csv",
                        help="an id, as in the address of the client page, or a form")  # fmt: skip
    parser.add_argument("client", metavar="CLIENT_ID", nargs="?", help="after fhir")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE",
                        help="a new file, or a folder for one")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    tables = options.what in ("spss", "csv")
    if tables and options.client:
        raise Trouble(f"{options.what} takes everybody's measures out, and no client's id.")
    if options.what == "fhir" and not options.client:
        raise Trouble("Say whose measures: rapport export fhir CLIENT_ID --to FILE.")
    if not tables and options.what != "fhir" and options.client:
        raise Trouble(f"{options.what} is no form. There are fhir, spss and csv.")
    open_practice(options.practice)
    from django.utils import translation

    from rapport.core import vault
    from rapport.people.practice import queries as practice

    here = practice.current()
    language = here.locale if here else "en"
    try:
        with translation.override(language):
            name, portions = _tables(options, language) if tables else _of_client(options)
            target = options.to / name if options.to.is_dir() else options.to
            _write(target, portions)
    except vault.Destroyed as problem:
        raise Trouble(str(problem)) from problem
    except vault.Tampered as problem:
        raise Trouble(f"{problem}. Run rapport verify.") from problem
    print(f"{target} is written. It is not encrypted: keep it as you would keep the record.")
    return 0


def _tables(options: argparse.Namespace, language: str) -> tuple[str, Iterable[bytes]]:
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.progress.tables import taking

    made = taking.take_out(by=System("cli"), form=options.what, language=language, now=clock.now())
    return made.name, made.portions


def _of_client(options: argparse.Namespace) -> tuple[str, Iterable[bytes]]:
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.people.clients import queries
    from rapport.people.export import actions
    from rapport.people.models import Client
    from rapport.progress.fhir import bundle

    by = System("cli")
    try:
        client = queries.get(by=by, client_id=uuid.UUID(options.client or options.what))
    except (Client.DoesNotExist, ValueError) as problem:
        raise Trouble("There is no client with this id. It stands in the address of the client's "
                      "page.") from problem  # fmt: skip
    write: Any = bundle.hand_over if options.what == "fhir" else actions.export
    made = write(by=by, client=client, now=clock.now())
    return made.name, [made.content]


def _write(target: Path, portions: Iterable[bytes]) -> None:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise Trouble(f"{target} is there already. Name another file with --to.") from problem
    except OSError as problem:
        raise Trouble(f"{target} cannot be written. Name another with --to.") from problem
    try:
        with os.fdopen(handle, "wb") as file:
            for portion in portions:
                file.write(portion)
    except BaseException:
        target.unlink()  # half of it would look like all of it
        raise
