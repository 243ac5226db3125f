"""What every page or booking writes: composed once, as ``prepared`` questions are.

``insert`` does what ``bulk_create`` does with rows whose ids are made beforehand, in a third of
the steps. Models with fields that a database fills in by itself are none of its business.
"""

import functools
from collections.abc import Iterable
from typing import Any

from django.db import connection, models

from rapport.core.prepared import MOST

FEW = 20  # rows of one statement; more are worth composing, and databases limit their values


@functools.lru_cache(maxsize=MOST)
def _statement(model: type[models.Model], rows: int, vendor: str) -> str:
    quoted, meta = connection.ops.quote_name, model._meta
    names = [quoted(str(field.column)) for field in meta.local_concrete_fields]
    places = f"({', '.join(['%s'] * len(names))})"
    into = f"INSERT INTO {quoted(meta.db_table)} ({', '.join(names)}) VALUES "  # noqa: S608
    return into + ", ".join([places] * rows)


def insert(rows: Iterable[models.Model]) -> None:
    """Add rows of one model, in one statement. Nothing happens where there are none.

    Raises:
        IntegrityError: as saving them would.
    """
    new = list(rows)
    if not new:
        return
    model: Any = type(new[0])
    if len(new) > FEW:
        model._default_manager.bulk_create(new)
        return
    fields = model._meta.local_concrete_fields
    values = [
        field.get_db_prep_save(field.pre_save(one, add=True), connection=connection)
        for one in new
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, len(new), connection.vendor), values)
    for one in new:
        one._state.adding, one._state.db = False, connection.alias


def change(model: type[models.Model], pk: Any, **values: Any) -> None:
    """Set fields of one row, as ``filter(pk=pk).update(**values)`` does, in fewer steps."""
    meta = model._meta
    fields: list[Any] = [*map(meta.get_field, values), meta.pk]
    said = [
        field.get_db_prep_save(value, connection=connection)
        for field, value in zip(fields, [*values.values(), pk], strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_changing(model, tuple(values), connection.vendor), said)


@functools.lru_cache(maxsize=MOST)
def _changing(model: type[models.Model], names: tuple[str, ...], vendor: str) -> str:
    quoted, meta = connection.ops.quote_name, model._meta
    fields: list[Any] = [*map(meta.get_field, names), meta.pk]
    *columns, one = (quoted(field.column) for field in fields)
    given = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {quoted(meta.db_table)} SET {given} WHERE {one} = %s"  # noqa: S608
