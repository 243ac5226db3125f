"""Make a new practice: keys, database, recovery sheet, and a link for the first owner.

There is no default account. The recovery sheet is printed once and stored nowhere.
"""

import argparse

from rapport.cli import Trouble
from rapport.cli.setup import add_practice, migrate, open_practice

help = "make a new practice"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("--name", required=True, help="the practice's name")
    parser.add_argument("--owner", required=True, metavar="MAIL", help="the first owner's address")
    parser.add_argument("--owner-name", required=True, metavar="NAME", help="the owner's name")
    parser.add_argument("--place", default="Practice", help="the first place (default: Practice)")
    parser.add_argument("--time-zone", default="UTC", help="IANA name, e.g. America/New_York")
    parser.add_argument("--country", default="US", help="two letters, e.g. DE")
    parser.add_argument("--language", default="en", help="e.g. en or de")
    parser.add_argument("--port", type=int, default=8000, help="where it will be served")


def run(options: argparse.Namespace) -> int:
    import zoneinfo

    from rapport.core import keys

    folder = options.practice
    if options.time_zone not in zoneinfo.available_timezones():
        raise Trouble(f"{options.time_zone} is no time zone. Use a name such as Europe/Berlin.")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for part in ("files", "backups"):
            (folder / part).mkdir(exist_ok=True, mode=0o700)
        _, sheet = keys.create(folder, keys.FileProvider(folder / "master.key"))
    except FileExistsError as problem:
        raise Trouble(f"{problem} Name another folder with --practice.") from problem
    except PermissionError as problem:
        raise Trouble(f"{folder} may not be written. Name another with --practice.") from problem
    open_practice(folder, new=True)
    migrate()
    print(sheet.text(options.name))
    address = f"http://localhost:{options.port}{_found(options)}"
    print(f"The first owner signs in once through\n\n    {address}\n")
    print(f"Start it with: rapport serve --practice {folder} --port {options.port}")
    return 0


def _found(options: argparse.Namespace) -> str:
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.people.accounts import invitations
    from rapport.people.models import Invitation
    from rapport.people.practice import actions as practice
    from rapport.people.practice import queries
    from rapport.people.staff import actions as staff

    by = System("cli")
    practice.found(
        by=by, name=options.name, place=options.place, time_zone=options.time_zone,
        country=options.country.upper(), locale=options.language,
    )  # fmt: skip
    owner = staff.engage(
        by=by, email=options.owner, legal_name=options.owner_name,
        display_name=options.owner_name, roles=["OWNER", "CLINICIAN"],
        places=list(queries.places(by=by)), started_on=clock.today(), language=options.language,
    )  # fmt: skip
    _, path = invitations.make(
        by=by, account=owner.account, purpose=Invitation.Purpose.OWNER_FIRST, now=clock.now()
    )
    return path
