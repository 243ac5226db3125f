"""Make a new practice: keys, database, recovery sheet, and a link for the first owner.

There is no default account. The recovery sheet is printed once and stored nowhere.
"""

import argparse
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.setup import DATABASE, PORT, add_practice, migrate, open_practice
from rapport.core.keys import document

help = "make a new practice"
LONGEST_MAIL, LONGEST_PLACE = 254, 120
PARTS = (
    "files", "backups", "master.key", "keys.lock", "audit.head", document.NAME,
    DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("--name", required=True, help="the practice's name")
    parser.add_argument("--owner", required=True, metavar="MAIL", help="the first owner's address")
    parser.add_argument("--owner-name", required=True, metavar="NAME", help="the owner's name")
    parser.add_argument("--place", default="Practice", help="the first place (default: Practice)")
    parser.add_argument("--time-zone", default="UTC", help="IANA name, e.g. America/New_York")
    parser.add_argument("--country", default="US", help="two letters, e.g. DE")
    parser.add_argument("--language", default="en", help="e.g. en or de")
    parser.add_argument("--port", type=PORT, default=8000, help="where it will be served")


def run(options: argparse.Namespace) -> int:
    from rapport.core import keys

    _check(options)
    folder = options.practice
    with _as_before_unless_made(folder):
        _refuse_a_taken(folder)
        try:
            for part in ("", "files", "backups"):
                (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
            _, sheet = keys.create(folder, keys.FileProvider(folder / "master.key"))
        except keys.KeyProblem as problem:
            raise Trouble(f"{problem} Name another folder with --practice.") from problem
        except OSError as problem:
            raise Trouble(
                f"{folder} cannot be made: {problem.strerror}. Name another with --practice."
            ) from problem
        open_practice(folder, new=True)
        migrate()
        path = _found(options)
    print(sheet.text(options.name))
    address = f"http://localhost:{options.port}{path}"
    print(f"The first owner signs in once through\n\n    {address}\n")
    print(f"Start it with: rapport serve --practice {folder} --port {options.port}")
    return 0


def _check(options: argparse.Namespace) -> None:
    """Refuse what would keep the owner out, before there is anything to undo.

    Raises:
        Trouble: one answer that cannot be, and what to write instead.
    """
    import zoneinfo

    import phonenumbers
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from rapport.config.languages import LANGUAGES
    from rapport.people.accounts.rules import tidy_mail

    mail = tidy_mail(options.owner)
    try:
        validate_email(mail)
    except ValidationError as problem:
        raise Trouble("--owner is no mail address. Write one such as you@example.org.") from problem
    if len(mail) > LONGEST_MAIL:
        raise Trouble(f"--owner is too long: at most {LONGEST_MAIL} characters.")
    options.owner_name = _named(options.owner_name, "--owner-name")
    options.name = _named(options.name, "--name")
    options.place = _named(options.place, "--place", most=LONGEST_PLACE)
    if options.time_zone not in zoneinfo.available_timezones():
        raise Trouble(f"{options.time_zone} is no time zone. Use a name such as Europe/Berlin.")
    options.country = options.country.upper()
    if options.country not in phonenumbers.SUPPORTED_REGIONS:
        raise Trouble(f"{options.country} is no country. Write its two letters, such as DE.")
    spoken = [code for code, _ in LANGUAGES]
    if options.language not in spoken:
        raise Trouble(f"Rapport does not speak {options.language}. Choose {', '.join(spoken)}.")


def _named(text: str, option: str, *, most: int = 300) -> str:
    from rapport.people.clients.rules import Unfit, tidy_name

    try:
        name = tidy_name(text)
    except Unfit as problem:
        raise Trouble(f"{option} needs letters, at most {most}.") from problem
    if len(name) > most:
        raise Trouble(f"{option} is too long: at most {most} characters.")
    return name


def _refuse_a_taken(folder: Path) -> None:
    try:
        taken = [name for name in (document.NAME, DATABASE) if (folder / name).exists()]
    except OSError as problem:
        raise Trouble(
            f"{folder} cannot be read: {problem.strerror}. Name another with --practice."
        ) from problem
    if taken:
        raise Trouble(
            f"The folder already holds a practice ({taken[0]}). Name another folder with "
            "--practice."
        )


@contextlib.contextmanager
def _as_before_unless_made(folder: Path) -> Iterator[None]:
    """Remove what was made in and above ``folder`` when the practice does not come about."""
    parts = [folder / name for name in PARTS]
    new = [path for path in (*parts, folder, *folder.parents) if not os.path.lexists(path)]
    try:
        yield
    except BaseException:
        for path in new:
            with contextlib.suppress(OSError):
                if path.is_dir():
                    path.rmdir()
                else:
                    path.unlink()
        raise


def _found(options: argparse.Namespace) -> str:
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.meeting.types import actions as types
    from rapport.people.accounts import invitations
    from rapport.people.models import Invitation
    from rapport.people.practice import actions as practice
    from rapport.people.practice import queries
    from rapport.people.staff import actions as staff

    by = System("cli")
    try:
        practice.found(
            by=by, name=options.name, place=options.place, time_zone=options.time_zone,
            country=options.country, locale=options.language,
        )  # fmt: skip
    except practice.CannotSet as problem:
        raise Trouble(f"{problem} Name another database in DATABASE_URL.") from problem
    types.begin(by=by, language=options.language)
    owner = staff.engage(
        by=by, email=options.owner, legal_name=options.owner_name,
        display_name=options.owner_name, roles=["OWNER", "CLINICIAN"],
        places=list(queries.places(by=by)), started_on=clock.today(), language=options.language,
    )  # fmt: skip
    _, path = invitations.make(
        by=by, account=owner.account, purpose=Invitation.Purpose.OWNER_FIRST, now=clock.now()
    )
    return path
