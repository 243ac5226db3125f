"""Opening a practice for a command: folder, mode, Django."""

import argparse
import os
from pathlib import Path

import django

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


def open_practice(folder: Path, mode: str = "serve") -> None:
    """Set Django up on the practice in ``folder``.

    Raises:
        KeyProblem: the folder holds no practice, or the key does not fit.
    """
    os.environ["RAPPORT_PRACTICE"] = str(folder.resolve())
    os.environ["RAPPORT_MODE"] = mode
    os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"
    django.setup()


def migrate() -> None:
    """Bring the database to this version's tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
