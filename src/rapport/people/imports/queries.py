"""Reading imports. Everybody sees their own."""

import uuid
from datetime import date
from typing import Any

from rapport.core import time as clock
from rapport.core.jobs import Job

from . import rules, table
from .models import Import, ImportQuerySet
from .rules import Problem

MOST = 20
SAMPLES = 3
JOBS = {
    Import.State.READING: "import.read",
    Import.State.ADMITTING: "import.admit",
    Import.State.UNDOING: "import.undo",
}


def mine(*, by: Any) -> ImportQuerySet:
    """One's own imports, the latest first; a few, without their tables."""
    return Import.objects.visible_to(by).defer("table", "left_out").order_by("-created_at")[:MOST]


def one(*, by: Any, source_id: uuid.UUID) -> Import:
    """One's own import.

    Raises:
        Import.DoesNotExist: none, or somebody else's.
    """
    rows = Import.objects.visible_to(by).select_related("data_key", "place", "clinician")
    return rows.get(pk=source_id)


def job(source: Import) -> Job | None:
    """The job that is busy with an import, or gave it up."""
    name = JOBS.get(Import.State(source.state))
    keyed = Job.objects.filter(name=name, unique_key=key(source))
    return keyed.order_by("-created_at").first() if name else None


def key(source: Import) -> str:
    """By what a job about this state of an import is promised once."""
    return f"{source.pk}@{source.turn}@{source.state.lower()}"


def left_out(source: Import) -> list[Problem]:
    """The rows that stay out, by line."""
    return [Problem(*each) for each in source.left_out]


def head(source: Import) -> tuple[list[str], list[list[str]]]:
    """The header's cells, and the first rows below it as the file has them."""
    lines = table.lines(source.table)
    header = next(lines).cells
    first = [line.cells for _number, line in zip(range(SAMPLES), lines, strict=False)]
    return header, first


def twins(source: Import, rows: dict[int, list[str]]) -> dict[int, tuple[str, date | None]]:
    """By what the people in these rows are recognised, by line."""
    found: dict[int, tuple[str, date | None]] = {}
    where = rules.placed(source.columns) if rows else {}
    for line, cells in rows.items():
        one = rules.entry(
            table.Line(line, cells), where, order=source.order, today=clock.today(),
            reach=lambda _kind, value: value,
        )  # fmt: skip
        if isinstance(one, rules.Entry):
            found[line] = one.twin
    return found


def cells(source: Import, wanted: set[int]) -> dict[int, list[str]]:
    """The rows that begin on these lines, as the file has them."""
    found = {}
    for line in table.lines(source.table):
        if line.number in wanted:
            found[line.number] = line.cells
            if len(found) == len(wanted):
                break
    return found
