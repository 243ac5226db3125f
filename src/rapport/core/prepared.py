"""A question that is asked on every page: composed once, afterwards only its values change.

Django writes a statement anew each time, which takes many times longer than the database
needs to answer it. ``prepared`` wraps the function that composes it:

    @prepared
    def _of_staff(archived, *, staff, today):
        found = Member.objects.filter(staff=staff, from_on__lte=today)
        return found.filter(left=None) if archived else found

Positional arguments are the question's *shape*: whatever decides which conditions it has.
Keyword arguments are its *values*. While it is composed they are stand-ins that refuse to
be asked whether they are true, so that no condition can hang on a value and then be kept.
"""

import functools
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Case, Expression, QuerySet, Value, When
from django.db.models.functions import Cast, JSONArray

MOST = 128  # statements kept for one connection; the oldest goes first

_FIELDS: dict[type, Any] = {
    datetime: models.DateTimeField(),
    date: models.DateField(),
    str: models.TextField(),
    bytes: models.BinaryField(),
}


class Given:
    """What a composing function has in its hands instead of a value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self.name} is a value: what decides about conditions is a shape")

    def resolve_expression(self, *_a: Any, **_k: Any) -> "_Place":
        """Its place in the statement, when Django puts it there."""
        return _Place(self.name)


class _Place(Expression):
    """Where a value stands in a statement."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A mark in the text, and this place among the parameters."""
        return "%s", [self]


class _Written:
    """One statement on one connection, and how its rows become objects."""

    def __init__(self, found: QuerySet[Any]) -> None:
        compiler: Any = found.query.get_compiler(using=found.db)
        try:
            self.text, self.wanted = compiler.as_sql()
        except EmptyResultSet:  # known to find nothing
            self.text, self.wanted = "", ()
        self.values: dict[str, Any] = {}
        self.native_ids = connection.features.has_native_uuid_field
        converters = compiler.get_converters([one for one, *_rest in compiler.select])
        compiler.as_sql = self._filled
        compiler.get_converters = lambda _columns: converters
        found.query.get_compiler = lambda *_a, **_k: compiler  # type: ignore[method-assign]
        self.rows: Any = found._iterable_class(found)

    def _filled(self, **_: Any) -> tuple[str, list[Any]]:
        return self.text, [
            self.values[one.name] if isinstance(one, _Place) else one for one in self.wanted
        ]

    def ask(self, values: dict[str, Any]) -> list[Any]:
        """The rows for ``values``."""
        self.values = {name: self._given(value) for name, value in values.items()}
        return list(self.rows)

    def _given(self, value: Any) -> Any:
        """A value as the database takes it."""
        if value is None:
            return None
        if type(value) is uuid.UUID:  # a list of people has dozens
            return value if self.native_ids else value.hex
        return _FIELDS[type(value)].get_db_prep_value(value, connection=connection)


def named(ids: Iterable[uuid.UUID], step: int = 8) -> dict[str, uuid.UUID]:
    """Values for ``pk__in``, each under a name of its own.

    The last one is repeated until their number is a multiple of ``step``, so that a day of
    five and a day of seven ask by the same statement.
    """
    found = list(ids)
    missing = -len(found) % step
    return {f"id_{n}": one for n, one in enumerate(found + found[-1:] * missing)}


def as_text(name: str) -> Cast:
    """A field as the database writes it. Where hundreds of rows are read, nothing is made of an
    id or instant that nobody asks for; ``instant`` and ``uuid.UUID`` read what this gives."""
    return Cast(name, models.TextField())


def as_one_text(*names: str) -> Cast:
    """Several fields of a row as one text, which ``json.loads`` reads as a list."""
    return Cast(_Together(*names), models.TextField())


class _Together(JSONArray):
    """As Django has it, but where a database knows two sorts of JSON the one that is only text."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_BUILD_ARRAY", **context)


def as_mark(name: str) -> Case:
    """A yes as a text, a no as an empty one: databases differ in how they give a truth."""
    return Case(When(**{name: True}, then=Value("yes")), default=Value(""))


@functools.lru_cache(maxsize=8192)
def instant(text: str) -> datetime:
    """The instant that ``as_text`` gives. It is in UTC, which not every database says."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def prepared(compose: Callable[..., QuerySet[Any]]) -> Callable[..., list[Any]]:
    """Turn a function that composes a query set into one that answers with its rows.

    Values are ids, instants, days, text, bytes or None. What was composed stays with the
    connection, one statement for each shape and each set of names of values.
    """

    @functools.wraps(compose)
    def ask(*shape: Any, **values: Any) -> list[Any]:
        here = connections[DEFAULT_DB_ALIAS]  # this thread's own; ``connection`` is everybody's
        kept: dict[Any, _Written] = here.__dict__.setdefault("prepared", {})
        key = (compose, shape, tuple(values))
        written = kept.get(key)
        if written is None:
            if len(kept) >= MOST:
                del kept[next(iter(kept))]
            given = {name: Given(name) for name in values}
            written = kept[key] = _Written(compose(*shape, **given))
        return written.ask(values)

    return ask
