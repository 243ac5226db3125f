"""Building the demo practice: fast, in chunks, renamed into place when it is complete."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rapport.core import keys

COMPLETE = "demo.complete"
UNFINISHED = "demo.unfinished"


class NotOurs(Exception):
    """Something lies there that is no demo. One sentence with the way out; it was not touched."""


def start(folder: Path) -> Path:
    """A fresh folder with keys, beside ``folder``; ``finish`` puts it in its place.

    Raises:
        NotOurs: something else lies at ``folder``, or beside it.
        OSError: it cannot be written there.
    """
    beside = folder.with_name(folder.name + ".new")
    _checked(folder, COMPLETE)
    _checked(beside, UNFINISHED)
    _emptied(beside, UNFINISHED)
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    (beside / UNFINISHED).touch()
    for part in ("files", "backups"):
        (beside / part).mkdir(mode=0o700)
    keys.create(beside, keys.FileProvider(beside / "master.key"))
    return beside


def finish(beside: Path, folder: Path) -> None:
    """Put the complete practice in its place.

    Raises:
        NotOurs: something else was put there meanwhile.
    """
    (beside / COMPLETE).touch()
    _checked(folder, COMPLETE)
    _emptied(folder, COMPLETE)
    os.replace(beside, folder)
    (folder / UNFINISHED).unlink()


def _checked(folder: Path, mark: str) -> None:
    """Refuse a place that holds anything but nothing, or a demo with this mark."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotOurs(f"{folder} is no folder. Name another with --folder.")
    if folder.exists() and not (folder / mark).exists() and any(folder.iterdir()):
        raise NotOurs(
            f"{folder} is not empty and holds no demo; nothing in it was touched. Move it away, "
            "or name another folder with --folder."
        )


def _emptied(folder: Path, mark: str) -> None:
    """Remove what a demo left in its folder; the mark goes last, so that it can be resumed."""
    if not (folder / mark).exists():
        return
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        elif one.name != mark:
            one.unlink()
    (folder / mark).unlink()


def fill(*, clients: int, years: int, seed: int, step: Callable[[str], Any]) -> None:
    """Everybody in the cast and what they did, by the actions a real practice uses."""
    from rapport.demo import filling  # noqa: PLC0415  Django is set up by now

    filling.fill(clients=clients, years=years, seed=seed, step=step)
