"""Opening a practice for a command: folder, mode, Django."""

import argparse
import os
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


def open_practice(folder: Path, mode: str = "serve", *, new: bool = False) -> None:
    """Set Django up on the practice in ``folder``.

    Args:
        new: its database is about to be made.

    Raises:
        KeyProblem: the folder holds no practice, or the key does not fit.
        Trouble: the key is there and the database is not.
    """
    here = (folder / document.NAME).exists() and not (folder / DATABASE).exists()
    if here and not new and not os.environ.get("DATABASE_URL"):
        raise Trouble(
            f"{folder} holds a practice's key and no {DATABASE}. Mount the disk it lies on, or "
            "bring back a backup into another folder with rapport restore."
        )
    os.environ["RAPPORT_PRACTICE"] = str(folder.resolve())
    os.environ["RAPPORT_MODE"] = mode
    os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"
    django.setup()


def migrate() -> None:
    """Bring the database to this version's tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
