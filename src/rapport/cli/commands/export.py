"""Write one client's record to a ZIP archive: a page to read, and a file for programs.

Needs the practice's key and is recorded in the audit trail. The archive is not encrypted.
"""

import argparse
import os
import uuid
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, open_practice

help = "take one client's record out"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("client", type=uuid.UUID, help="the id in the address of their page")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="the new archive")


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.people.clients import queries
    from rapport.people.clients.models import Client
    from rapport.people.export import actions

    by = System("cli")
    try:
        client = queries.get(by=by, client_id=options.client)
    except Client.DoesNotExist as problem:
        raise Trouble("No client has this id. Copy it from the client's page.") from problem
    try:
        target = os.open(options.to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise Trouble("This file is there already. Name another one.") from problem
    except OSError as problem:
        raise Trouble("The file cannot be written there. Name another folder.") from problem
    try:
        with os.fdopen(target, "wb") as file:
            file.write(actions.export(by=by, client=client, now=clock.now()).content)
    except BaseException:
        options.to.unlink(missing_ok=True)
        raise
    print("Written. It is not encrypted: keep it where only those who may read it can.")
    return 0
