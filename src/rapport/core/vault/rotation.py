"""Changing the practice key: a new version, everything rewrapped in short steps, the old retired.

Data keys are rewrapped here. Whoever else keeps something wrapped by the practice key
registers it with ``keeps_wrapped``, else the old version could be retired too early.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from rapport.core import practice

from .models import DataKey

CHUNK = 200  # rows a transaction: the writer is held for well under 100 ms


@dataclass(frozen=True)
class Shelf:
    """One kind of thing that lies wrapped by the practice key."""

    name: str
    left: Callable[[int], int]
    """How many are wrapped under versions before this one."""
    rewrap: Callable[[int, int], int]
    """(version, chunk): rewrap up to ``chunk`` older ones in a transaction; how many were."""


SHELVES: dict[str, Shelf] = {}


def keeps_wrapped(
    name: str, *, left: Callable[[int], int], rewrap: Callable[[int, int], int]
) -> None:
    """Say that something is wrapped by the practice key, and how to rewrap it.

    Things that expire (sessions) may give a ``rewrap`` that answers 0 and be waited for.
    """
    if name in SHELVES:
        raise ValueError(f"two things wrapped by the practice key are called {name!r}")
    SHELVES[name] = Shelf(name, left, rewrap)


def rotate(
    *, progress: Callable[[str, int], None] = lambda name, done: None, chunk: int = CHUNK
) -> int:
    """A new practice-key version, and everything rewrapped under it.

    Args:
        progress: told the shelf's name and how many of it are done, after each chunk.

    Returns:
        The new version. Old versions stay until ``retire_unused``.
    """
    version = practice.current().keyring.rotate()
    rewrap(progress=progress, chunk=chunk)
    return version


def rewrap(
    *, progress: Callable[[str, int], None] = lambda name, done: None, chunk: int = CHUNK
) -> int:
    """Rewrap what is left under old versions; goes on after an interruption. How many."""
    version, total = practice.current().keyring.version, 0
    for name, shelf in sorted(SHELVES.items()):
        done = 0
        while some := shelf.rewrap(version, chunk):
            done += some
            progress(name, done)
        total += done
    return total


def retire_unused() -> list[int]:
    """Forget the old versions under which nothing lies any more; returns their numbers.

    Run it some time after a rotation (a day), when no server that started before still
    wraps under the old version.
    """
    keyring = practice.current().keyring
    retired = []
    for version in keyring.live[:-1]:
        if any(shelf.left(version + 1) for shelf in SHELVES.values()):
            break
        keyring.retire(version)
        retired.append(version)
    return retired


def _left(version: int) -> int:
    return DataKey.objects.filter(wrapped__isnull=False, wrapped_version__lt=version).count()


def _rewrap(version: int, chunk: int) -> int:
    with transaction.atomic():
        old = list(
            DataKey.objects.select_for_update()
            .filter(wrapped__isnull=False, wrapped_version__lt=version)
            .order_by("pk")[:chunk]
        )
        for key in old:
            key.wrap(key.secret())
        DataKey.objects.bulk_update(old, ["wrapped", "wrapped_version"])
    return len(old)


keeps_wrapped("data keys", left=_left, rewrap=_rewrap)
