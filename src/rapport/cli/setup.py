"""Opening a practice for a command: folder, mode, Django."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import django

from rapport.cli import Trouble
from rapport.core.keys import document

DATABASE = "practice.db"
DEFAULT = Path.home() / ".local" / "share" / "rapport" / "practice"


def add_practice(parser: argparse.ArgumentParser) -> None:
    """The option every command that opens a practice has."""
    parser.add_argument(
        "--practice",
        type=Path,
        default=Path(os.environ.get("RAPPORT_PRACTICE", DEFAULT)),
        metavar="FOLDER",
        help="the practice's folder (default: RAPPORT_PRACTICE, or one in your home)",
    )


def whole(least: int, most: int, meaning: str) -> Callable[[str], int]:
    """An option's whole number; anything else is refused with what it means.

    Args:
        least, most: both are allowed.
    """

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise Trouble(f"{text} is no {meaning}. Write a number from {least} to {most}.")
        return number

    return read


PORT = whole(0, 65535, "port")


def open_practice(folder: Path, mode: str = "serve", *, new: bool = False) -> None:
    """Set Django up on the practice in ``folder``.

    Args:
        new: its database is about to be made.

    Raises:
        KeyProblem: the folder holds no practice, or the key does not fit.
        Trouble: the key is there and the database is not.
    """
    if not new and not os.environ.get("DATABASE_URL") and _has_lost_its_database(folder):
        raise Trouble(
            f"{folder} holds a practice's key and no {DATABASE}. Mount the disk it lies on, or "
            "bring back a backup into another folder with rapport restore."
        )
    os.environ["RAPPORT_PRACTICE"] = str(folder.resolve())
    os.environ["RAPPORT_MODE"] = mode
    os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"
    django.setup()


def _has_lost_its_database(folder: Path) -> bool:
    """Whether the key is there and the database is not, or has nothing in it any more."""
    database = folder / DATABASE
    return (folder / document.NAME).exists() and not (
        database.exists() and database.stat().st_size > 0
    )


def migrate() -> None:
    """Bring the database to this version's tables."""
    from rapport.core import tables

    tables.bring_up()
