"""Everybody's sheets in a folder, each whole as soon as it has its name, nobody else's to read."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from rapport.core import audit, policy
from rapport.core.keys import document

from . import actions, page, queries, rules


def write_all(*, by: Any, folder: Path, now: datetime) -> int:
    """Write the sheet of whoever set one up, and remove those that nobody has any more.

    A folder that is not there is not made: it may be a disk that is not mounted.

    Returns:
        How many were written.

    Raises:
        OSError: the folder is not there or cannot be written to.
        ExceptionGroup: after all others, what went wrong with those.
    """
    actions.forget_of_those_who_left(by=by)
    there = list(folder.iterdir())
    written, wrong, kept = 0, [], set()
    for sheet in queries.everybodys():
        if not policy.allows("day_sheet.fetch", sheet.staff.account):
            continue
        name = rules.name_of_sheet(sheet.pk)
        kept.add(name)
        try:
            with audit.looking(verb="day_sheet.write", by=by, subject={"sheet": sheet}):
                content = page.made(by=sheet.staff.account, sheet=sheet, now=now)
            put(folder / name, content)
            actions.note_written(by=by, sheet=sheet, now=now)
        except Exception as problem:
            wrong.append(problem)
        else:
            written += 1
    for path in there:
        if rules.is_ours(path.name) and path.name not in kept:
            path.unlink()
    if wrong:
        raise ExceptionGroup("day sheets that were not written", wrong)
    return written


def put(path: Path, content: str) -> None:
    """Write a private file beside its place and move it there: it is never half a file."""
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)  # a killed process left it
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    document.flush_folder(path.parent)
