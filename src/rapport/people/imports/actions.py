"""Taking clients over from a table: first a plan that changes nothing, then some at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from rapport.core import audit
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.policy import System

from ..circle import actions as circle
from ..clients import actions as clients
from ..clients import reach
from ..clients.models import Client
from ..practice.models import Place
from ..staff.models import Staff
from . import rules, table, words
from .rules import Entry, Problem

AT_ONCE = 50  # clients in one transaction; other people's pages wait no longer than for these


class CannotImport(Exception):
    """The file as a whole cannot be taken over. The message is safe to show."""


@dataclass
class Plan:
    """What a file holds: who would be admitted, who stays out and why."""

    encoding: str
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # columns that are not taken over
    rows: int = 0


def plan(*, by: Any, raw: bytes, order: str, now: datetime) -> Plan:
    """Read a file without changing anything. ``by`` learns only of clients they may see.

    Raises:
        CannotImport: the file is no table of clients.
    """
    try:
        return _read(by, raw, order, clock.local(now).date())
    except table.NoTable as problem:
        raise CannotImport(words.of_file(problem)) from problem


def _read(by: Any, raw: bytes, order: str, today: date) -> Plan:
    text, encoding = table.decode(raw)
    lines = table.lines(text)
    header = next(lines, None)
    if header is None:
        raise table.NoTable("empty")
    where, unknown = rules.columns(header)
    made = Plan(encoding, unknown=unknown)
    land = reach.country()

    def check(kind: str, value: str) -> str:
        return reach.tidy_phone(value, land) if kind == "PHONE" else reach.tidy_mail(value)

    good = []
    for line in lines:
        made.rows += 1
        found = rules.entry(line, where, order=order, today=today, reach=check)
        if isinstance(found, Entry):
            good.append(found)
        else:
            made.problems += found
    if not made.rows:
        raise table.NoTable("no_rows")
    once, twins = rules.apart(good)
    for some in _some(once):
        new, known = _split(by, some)
        made.entries += new
        twins += known
    made.problems = sorted([*made.problems, *twins], key=lambda p: p.line)
    return made


def _some(entries: list[Entry]) -> Iterator[list[Entry]]:
    left = iter(entries)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _split(by: Any, entries: list[Entry]) -> tuple[list[Entry], list[Problem]]:
    """Who is new here, and who is a client already."""
    names = {one.twin[0] for one in entries}
    seen = Client.objects.visible_to(by).filter(sort_name__in=names)
    held = set(seen.values_list("sort_name", "birth_on"))
    known = [Problem(e.line, "legal_name", "here_already") for e in entries if e.twin in held]
    return [one for one in entries if one.twin not in held], known


def carry_out(
    *, by: Any, plan: Plan, place: Place, clinician: Staff, now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[int, list[Problem]]:  # fmt: skip
    """Admit everybody in ``plan``, in short transactions. Safe to run again after a stop.

    Returns:
        How many were admitted, and the rows that turned out not to be possible after all.

    Raises:
        Denied: ``by`` may not import. CannotKeep: a clinician who treats nobody here.
    """
    problems: list[Problem] = []
    admitted = done = 0
    for some in _some(plan.entries):
        new, left = admit_some(by=by, entries=some, place=place, clinician=clinician, now=now)
        admitted, problems, done = admitted + new, [*problems, *left], done + len(some)
        progress(done, len(plan.entries))
    return admitted, problems


@action("client.import")
def admit_some(
    *, by: Any, entries: list[Entry], place: Place, clinician: Staff, now: datetime
) -> tuple[int, list[Problem]]:
    """Admit a few clients in one commit; a row that cannot be leaves the others alone.

    Raises:
        CannotKeep: a clinician who treats nobody here; nothing of this commit stays.
    """
    new, problems = _split(by, entries)
    for one in new:
        try:
            _admit(one, place, clinician, now)
        except clients.CannotKeep as problem:
            if problem.field == "clinician":
                raise
            problems.append(Problem(one.line, problem.field, "not_kept"))
    return len(entries) - len(problems), problems


def _admit(one: Entry, place: Place, clinician: Staff, now: datetime) -> None:
    by = System("import")  # who asked stands in the trail with the import, in the same commit
    with audit.unit():
        client = clients.admit(
            by=by, legal_name=one.legal_name, preferred_name=one.preferred_name,
            birth_on=one.birth_on, pronouns=one.pronouns, languages=one.languages,
            address=one.address, remark=one.remark, place=place, clinician=clinician, now=now,
        )  # fmt: skip
        for kind, value in one.contacts:
            circle.add_contact(by=by, client=client, kind=kind, value=value)
