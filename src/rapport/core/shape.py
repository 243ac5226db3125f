"""Reading a table from a file into a dataclass, with a sentence for whatever does not fit."""

import difflib
import math
import re
import types
from collections.abc import Callable, Container, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

S = TypeVar("S")

WRITTEN = {
    str: 'text in quotes, for example "words"',
    int: "a whole number, for example 3",
    float: "a number, for example 0.5",
    bool: "true or false",
    date: "a date, for example 2026-11-24",
}


@dataclass(frozen=True)
class Misfit:
    """One place in a file that does not fit, and what to do about it.

    Attributes:
        path: the empty one is the whole file.
        placed: whether the path leads to a line.
    """

    path: str
    advice: str
    placed: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.advice}" if self.path else self.advice


class DoesNotFit(Exception):
    """A table does not have the shape its kind demands; ``misfits`` says where."""

    def __init__(self, misfits: list[Misfit]) -> None:
        super().__init__("\n".join(map(str, misfits)))
        self.misfits = misfits


def read(schema: type[S], table: Mapping[str, Any]) -> S:
    """``table``, as the parser of TOML gives it, as an instance of ``schema``.

    A field is a table's key; a trailing underscore, for words that Python keeps for
    itself, is not part of the key. Fields with a default may be left out. A ValueError of
    ``__post_init__`` is advice on the table as a whole, or on the key that it begins with.

    Raises:
        DoesNotFit: names every place, not only the first.
    """
    misfits: list[Misfit] = []
    made = _table(schema, table, "", misfits)
    if misfits:
        raise DoesNotFit(misfits)
    return made  # type: ignore[no-any-return]


def _table(schema: type, table: object, path: str, misfits: list[Misfit]) -> Any:
    if not isinstance(table, Mapping):
        misfits.append(Misfit(path, "must be a table of keys and values"))
        return None
    known = {field.name.rstrip("_"): field for field in fields(schema)}
    for key in table.keys() - known.keys():
        misfits.append(Misfit(_at(path, key), _unread(key, list(known))))
    before, hints, given = len(misfits), get_type_hints(schema), {}
    for key, field in known.items():
        if key in table:
            given[field.name] = _value(hints[field.name], table[key], _at(path, key), misfits)
        elif _needed(field):
            advice = f"is missing; add {key} = … ({_wanted(hints[field.name])})"
            misfits.append(Misfit(_at(path, key), advice))
    if len(misfits) > before:
        return None
    try:
        return schema(**given)
    except ValueError as problem:
        misfits.append(_advised(path, str(problem), known))
        return None


_KEY = re.compile(r"((\w+)[\w.\[\]-]*):? (.+)", re.DOTALL)


def _advised(path: str, advice: str, known: Container[str]) -> Misfit:
    """``sd: must be ...`` and ``sd must be ...`` are about the key ``sd`` of the table."""
    found = _KEY.fullmatch(advice)
    if found is None or found[2] not in known:
        return Misfit(path, advice)
    return Misfit(_at(path, found[1]), found[3])


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _needed(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _unread(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"nobody reads this key; remove it.{meant}"


def _wanted(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, get_args(kind)))
    if get_origin(kind) is list:
        return "a list"
    return WRITTEN.get(kind, "a table")


def _value(kind: Any, value: object, path: str, misfits: list[Misfit]) -> Any:
    origin = get_origin(kind)
    if kind is Any:
        return value
    if is_dataclass(kind):
        return _table(kind, value, path, misfits)  # type: ignore[arg-type]
    if origin in (Union, types.UnionType):  # only "or nothing": TOML has no null
        (kind,) = (one for one in get_args(kind) if one is not type(None))
        return _value(kind, value, path, misfits)
    read_as: dict[Any, Callable[..., Any]] = {list: _list, dict: _dict, Literal: _choice}
    return read_as.get(origin, partial(_plain, kind))(get_args(kind), value, path, misfits)


def _list(inner: tuple[Any, ...], value: object, path: str, misfits: list[Misfit]) -> Any:
    if not isinstance(value, list):
        misfits.append(Misfit(path, "must be a list in [ ]"))
        return None
    return [_value(inner[0], one, f"{path}[{n}]", misfits) for n, one in enumerate(value, 1)]


def _dict(inner: tuple[Any, ...], value: object, path: str, misfits: list[Misfit]) -> Any:
    if not isinstance(value, Mapping):
        misfits.append(Misfit(path, "must be a table of keys and values"))
        return None
    return {key: _value(inner[1], one, _at(path, key), misfits) for key, one in value.items()}


def _choice(inner: tuple[Any, ...], value: object, path: str, misfits: list[Misfit]) -> Any:
    if value not in inner:
        misfits.append(Misfit(path, f"must be one of {', '.join(map(str, inner))}"))
    return value


def _plain(
    kind: Any, _inner: tuple[Any, ...], value: object, path: str, misfits: list[Misfit]
) -> Any:
    fits = type(value) is kind or (kind is float and type(value) is int)
    if not fits or isinstance(value, datetime):
        misfits.append(Misfit(path, f"must be {_wanted(kind)}"))
    elif isinstance(value, float) and not math.isfinite(value):
        misfits.append(Misfit(path, f"must be {_wanted(kind)}, not {value}"))
    elif isinstance(value, str) and not value.strip():
        misfits.append(Misfit(path, "must not be empty; leave the key out or fill it in"))
    return value
