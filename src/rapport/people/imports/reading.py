"""What a table holds, before anything is changed: who is new, who stays out and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Q

from ..clients import reach
from ..clients.models import Client
from . import rules, table
from .rules import Entry, Problem

AT_ONCE = 50  # clients looked up by one statement
T = TypeVar("T")


@dataclass
class Plan:
    """What a file holds: who would be admitted, who stays out and why."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    unknown: list[str] = field(default_factory=list)  # columns that are not taken over
    encoding: str = ""


def some(things: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """``things`` a few at a time."""
    left = iter(things)
    while few := list(islice(left, size)):
        yield few


def plan(
    *, by: Any, text: str, names: list[str] | None = None, order: str, today: date,
    progress: Callable[[int], None] = lambda rows: None,
) -> Plan:  # fmt: skip
    """Read every row. ``by`` learns only of clients they may see.

    Args:
        names: the field each column holds; None: by the header's words.
        progress: told the number of rows read so far, now and then.

    Raises:
        NoTable: no table of clients.
    """
    made, good = Plan(), []
    for one in rows(text=text, names=names, order=order, today=today):
        made.rows += 1
        if isinstance(one, Entry):
            good.append(one)
        else:
            made.problems += one
        if made.rows % AT_ONCE == 0:
            progress(made.rows)
    if not made.rows:
        raise table.NoTable("no_rows")
    once, twins = rules.apart(good)
    for few in some(once):
        new, known = split(by, few)
        made.entries += new
        twins += known
    made.problems = sorted([*made.problems, *twins], key=lambda p: p.line)
    return made


def unknown(text: str) -> list[str]:
    """The titles of columns nobody knows.

    Raises:
        NoTable: no table of clients.
    """
    header = next(table.lines(text), None)
    if header is None:
        raise table.NoTable("empty")
    known = rules.guessed(header)
    return [title for title, name in zip(header.cells, known, strict=True) if title and not name]


def rows(
    *, text: str, names: list[str] | None = None, order: str, today: date
) -> Iterator[Entry | list[Problem]]:
    """Each row as the client it tells of, or as everything that is wrong with it.

    Raises:
        NoTable: no table of clients.
    """
    lines = table.lines(text)
    header = next(lines, None)
    if header is None:
        raise table.NoTable("empty")
    where = rules.placed(rules.guessed(header) if names is None else names)
    land = reach.country()

    def check(kind: str, value: str) -> str:
        return reach.tidy_phone(value, land) if kind == "PHONE" else reach.tidy_mail(value)

    for line in lines:
        yield rules.entry(line, where, order=order, today=today, reach=check)


def split(by: Any, entries: list[Entry]) -> tuple[list[Entry], list[Problem]]:
    """Who is new here, and who is a client already, as far as ``by`` knows.

    Somebody knows the clients they may see, and those who came by their own imports.
    """
    named = Client.objects.filter(sort_name__in={one.twin[0] for one in entries})
    theirs = Q(came_by__source__account=by.pk) if getattr(by, "staff", None) else Q(pk__in=())
    seen = Q(pk__in=Client.objects.visible_to(by).values("pk"))
    held = set(named.filter(seen | theirs).values_list("sort_name", "birth_on"))
    known = [Problem(e.line, "legal_name", "here_already") for e in entries if e.twin in held]
    return [one for one in entries if one.twin not in held], known
