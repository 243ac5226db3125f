"""Write a client's whole record into a ZIP file: one page to read, one file for programs.

Needs the practice's key and is recorded in the audit trail. The file is not encrypted.
"""

import argparse
import os
import uuid
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

help = "a client's whole record as a ZIP file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("client", metavar="CLIENT_ID", help="as in the address of the client page")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE",
                        help="a new file, or a folder for one")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from django.utils import translation

    from rapport.core import time as clock
    from rapport.core import vault
    from rapport.core.policy import System
    from rapport.people.clients import queries
    from rapport.people.export import actions
    from rapport.people.models import Client
    from rapport.people.practice import queries as practice

    by, here = System("cli"), practice.current()
    try:
        client = queries.get(by=by, client_id=uuid.UUID(options.client))
    except (Client.DoesNotExist, ValueError) as problem:
        raise Trouble("There is no client with this id. It stands in the address of the client's "
                      "page.") from problem  # fmt: skip
    try:
        with translation.override(here.locale if here else "en"):
            made = actions.export(by=by, client=client, now=clock.now())
    except vault.Destroyed as problem:
        raise Trouble(str(problem)) from problem
    except vault.Tampered as problem:
        raise Trouble(f"{problem}. Run rapport verify.") from problem
    target = options.to / made.name if options.to.is_dir() else options.to
    _write(target, made.content)
    print(f"{target} is written. It is not encrypted: keep it as you would keep the record.")
    return 0


def _write(target: Path, content: bytes) -> None:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise Trouble(f"{target} is there already. Name another file with --to.") from problem
    except OSError as problem:
        raise Trouble(f"{target} cannot be written. Name another with --to.") from problem
    with os.fdopen(handle, "wb") as file:
        file.write(content)
