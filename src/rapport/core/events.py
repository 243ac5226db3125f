"""News between rooms: what happened below is told to whoever listens above.

``announce`` inserts one job per listener into the surrounding transaction: there is one
queue, and a crash loses no news. By default a reaction only writes to the database and
commits together with its job's completion, so its effect happens exactly once. One that
reaches outside says ``outside=True``, runs at least once, and gets ``once``, a key that
is the same for every run.
"""

import contextlib
import types
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from django.db import transaction

from rapport.core.jobs import queue, registry
from rapport.core.jobs.models import Job

F = TypeVar("F", bound=Callable[..., Any])

READERS: dict[type, Callable[[Any], Any]] = {
    uuid.UUID: uuid.UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    str: str,
    int: int,
    bool: bool,
}

_listeners: dict[type, list[str]] = {}
_untold: ContextVar[bool] = ContextVar("events_untold", default=False)


class NotInTransaction(RuntimeError):
    """News was announced outside a transaction: it could be told though nothing happened."""


def announce(fact: Any) -> list[Job]:
    """Tell every listener, once the surrounding transaction commits.

    Raises:
        NotInTransaction: there is none. Announce inside an action.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"announce {type(fact).__name__} inside an action")
    _reader(type(fact))
    if _untold.get():
        return []
    said = {field.name: getattr(fact, field.name) for field in fields(fact)}
    return queue.enqueue_each(_listeners.get(type(fact), []), **said)


@contextlib.contextmanager
def untold() -> Iterator[None]:
    """Nobody hears of what happens inside: the demo's past, which is over, calls for nothing."""
    token = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(token)


def on(fact: type, *, outside: bool = False, attempts: int = registry.ATTEMPTS,
       name: str | None = None) -> Callable[[F], F]:  # fmt: skip
    """Run the function below after each ``fact``. It takes the fact, and ``once`` and
    ``now`` if it names them.

    Args:
        outside: it reaches beyond the database.
        name: the job's name, where the function was renamed or moved since jobs with the
            old name were written; otherwise its module and name.
    """

    def register(react: F) -> F:
        called = name or f"{react.__module__.removeprefix('rapport.')}.{react.__name__}"
        registry.add(called, react, attempts=attempts, outside=outside, read=_reader(fact))
        _listeners.setdefault(fact, []).append(called)
        return react

    return register


def _reader(fact: type) -> registry.Reading:
    """How a fact is read back from a job's args.

    Raises:
        TypeError: not a frozen dataclass of ids, numbers and dates.
    """
    frozen = is_dataclass(fact) and fact.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if not frozen:
        raise TypeError(f"{fact.__name__} must be a frozen dataclass")
    readers = {name: _field_reader(fact, name, kind) for name, kind in _kinds(fact).items()}

    def read(args: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        said = {n: None if args[n] is None else reader(args[n]) for n, reader in readers.items()}
        return (fact(**said),), {}

    return read


def _kinds(fact: type) -> dict[str, Any]:
    hints = get_type_hints(fact)
    return {field.name: hints[field.name] for field in fields(fact)}


def _field_reader(fact: type, name: str, kind: Any) -> Callable[[Any], Any]:
    if get_origin(kind) in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        kind = inner[0] if len(inner) == 1 else kind
    try:
        return READERS[kind]
    except (KeyError, TypeError):
        raise TypeError(f"{fact.__name__}.{name} must be an id, a number or a date") from None
