"""The practice this process serves right now: its folder, its keys, its mode.

Nothing is global to the process. Whatever belongs to one practice (keys, files, caches,
wake-ups) is reached through ``current()``, so that one process can serve several.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rapport.core.keys import Keyring

Mode = Literal["serve", "demo", "test"]


class NoPractice(RuntimeError):
    """No practice is open. Start Rapport with a practice folder."""


@dataclass(frozen=True)
class Practice:
    """One practice: where it lives and what opens it."""

    folder: Path
    keyring: Keyring
    mode: Mode = "serve"

    @property
    def id(self) -> str:
        """The practice's random id, part of everything that is sealed."""
        return self.keyring.practice_id


_current: ContextVar[Practice | None] = ContextVar("practice", default=None)
_installed: Practice | None = None


def install(practice: Practice) -> None:
    """Make ``practice`` what every thread of this process sees by default."""
    global _installed
    _installed = practice


def current() -> Practice:
    """The practice in use.

    Raises:
        NoPractice: neither ``use`` nor ``install`` named one.
    """
    found = _current.get() or _installed
    if found is None:
        raise NoPractice("No practice is open. Start Rapport with a practice folder.")
    return found


@contextlib.contextmanager
def use(practice: Practice) -> Iterator[Practice]:
    """Serve ``practice`` inside the block."""
    token = _current.set(practice)
    try:
        yield practice
    finally:
        _current.reset(token)
