"""Calls go down, news goes up: a room announces a fact, rooms above react to it later.

One queue, not two: announcing inserts one job per reaction in the business transaction,
so a crash loses none.
"""

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import connection

from rapport.core.jobs import queue, registry

F = TypeVar("F", bound=Callable[..., Any])

_reactions: dict[type, list[str]] = defaultdict(list)


def on(fact: type, *, outside: bool = False) -> Callable[[F], F]:
    """Run the function for every announced ``fact``, after its transaction.

    Args:
        outside: it reaches beyond the database and may run twice after a crash; it then
            tells runs apart by ``once``. Otherwise its effect happens exactly once.
    """

    def register(react: F) -> F:
        name = f"{react.__module__.removeprefix('rapport.')}.{react.__name__}".lower()
        registry.add(name, react, outside=outside, read=_reader(fact))
        _reactions[fact].append(name)
        return react

    return register


def _reader(fact: type) -> Callable[[Mapping[str, Any]], tuple[tuple[Any, ...], dict[str, Any]]]:
    kinds = {field.name: field.type for field in dataclasses.fields(fact)}

    def read(args: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        given = {
            name: uuid.UUID(value) if kinds[name] in (uuid.UUID, "uuid.UUID") else value
            for name, value in args.items()
        }
        return (fact(**given),), {}

    return read


def announce(fact: Any) -> None:
    """Tell whoever listens; one job per reaction, in the surrounding transaction.

    Raises:
        RuntimeError: outside a transaction, where a crash could lose the news.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("announce a fact inside the transaction that makes it true")
    said = {f.name: getattr(fact, f.name) for f in dataclasses.fields(fact)}
    for name in _reactions[type(fact)]:
        queue.enqueue(name, **said)
