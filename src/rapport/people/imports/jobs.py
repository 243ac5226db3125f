"""The long work of an import, a few clients at a time. Each job may run again after a stop."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System

from . import actions, reading, table
from .models import Import

State = Import.State
Progress = Callable[[int, int], None]


def _still(import_id: str, turn: int, state: str) -> Import | None:
    """The import, if it still waits for this job."""
    rows = Import.objects.select_related("data_key", "account", "place", "clinician")
    return rows.filter(pk=uuid.UUID(import_id), turn=turn, state=state).first()


@jobs.job("import.read")
def read(*, import_id: str, turn: int, now: datetime, progress: Progress) -> None:
    """Find out what the table holds as its columns stand now."""
    source = _still(import_id, turn, State.READING)
    if source is None:
        return
    found: dict[str, Any]
    try:
        plan = reading.plan(
            by=source.account, text=source.table, names=source.columns, order=source.order,
            today=clock.local(now).date(), progress=lambda rows: progress(rows, 0),
        )  # fmt: skip
    except table.NoTable as problem:
        found = {"fault": problem.code, "fault_line": problem.line, "rows": 0, "good": 0,
                 "left_out": []}  # fmt: skip
    else:
        said = [[p.line, p.field, p.code, p.other] for p in plan.problems]
        found = {"fault": "", "fault_line": 0, "rows": plan.rows, "good": len(plan.entries),
                 "left_out": said}  # fmt: skip
    rows = Import.objects.filter(pk=source.pk, turn=turn, state=State.READING)
    rows.update(state=State.READY, **found)


@jobs.job("import.admit")
def admit(*, import_id: str, turn: int, now: datetime, progress: Progress) -> None:
    """Admit the rows that can be, until somebody undoes it."""
    source = _still(import_id, turn, State.ADMITTING)
    if source is not None:
        actions.admit_all(source=source, now=now, progress=progress)


@jobs.job("import.undo")
def undo(*, import_id: str, turn: int, progress: Progress) -> None:
    """Take back whom the table brought, apart from those somebody worked with since."""
    source = _still(import_id, turn, State.UNDOING)
    if source is not None:
        actions.take_back_all(source=source, progress=progress)


@jobs.cron("import.forget", "03:40")
def forget(*, now: datetime) -> None:
    """Every night: tables handed in a month ago are forgotten, whatever became of them."""
    for source in Import.objects.filter(created_at__lt=now - actions.KEPT):
        actions.forget_old(source=source, by=System("cron"))
