"""Let somebody in who is locked out: a one-time link on this console.

Needs the practice's key, is recorded in the audit trail, and replaces every factor.
"""

import argparse

from rapport.cli import Trouble
from rapport.cli.setup import PORT, add_practice, open_practice

help = "a one-time link for somebody who is locked out"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("mail", help="the address the person signs in with")
    parser.add_argument("--port", type=PORT, default=8000, help="where it is served")


def run(options: argparse.Namespace) -> int:
    open_practice(options.practice)
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.people.accounts import actions

    try:
        _, path = actions.recover(by=System("cli"), mail=options.mail, now=clock.now())
    except actions.CannotRecover as problem:
        raise Trouble(str(problem)) from problem
    print(f"This link works once, for an hour:\n\n    http://localhost:{options.port}{path}\n")
    return 0
