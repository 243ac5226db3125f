"""Setting one's day sheet up, taking it along, and ending it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import offline
from rapport.core import time as clock
from rapport.core.action import action

from . import page, queries, rules
from .models import DaySheet


class NoSheet(Exception):
    """There is no sheet yet. The message is safe to show."""

    def __init__(self) -> None:
        super().__init__(_("Make the passphrase first: without one, nothing can be sealed."))


@dataclass(frozen=True)
class File:
    """A sealed page, and a name for it that names nobody."""

    name: str
    content: str = field(repr=False)


def _mine(by: Any) -> DaySheet:
    found = queries.of(by=by)
    if found is None:
        raise NoSheet
    return found


def make_passphrase(*, by: Any, now: datetime) -> str:
    """A passphrase for files made from now on; show it once, it is kept nowhere.

    Files made before open with the one before. The key is made of it before anything is
    written, so that nobody else's writing waits for it.
    """
    said = offline.passphrase()
    relock(by=by, lock=offline.locked(said), now=now)
    return said


@action("day_sheet.set")
def relock(*, by: Any, lock: offline.Lock, now: datetime) -> DaySheet:
    """Seal the sheet with another lock from now on; the first one sets it up."""
    new = DaySheet(staff=by.staff)
    new.keep(lock)
    sheet, _new = DaySheet.objects.update_or_create(
        staff=by.staff,
        defaults={
            "salt": new.salt, "iterations": new.iterations, "key": new.key,
            "key_version": new.key_version, "locked_at": now, "fetched_at": None,
            "written_at": None,
        },
    )  # fmt: skip
    return sheet


@action("day_sheet.set")
def choose(*, by: Any, days: int, names: str, reach: bool) -> DaySheet:
    """Say what the next file shows.

    Raises:
        NoSheet: there is none.
    """
    sheet = _mine(by)
    sheet.days, sheet.names, sheet.reach = days, names, reach
    sheet.save(update_fields=["days", "names", "reach"])
    return sheet


@action("day_sheet.set")
def end(*, by: Any) -> None:
    """Make no more files. Those that are somewhere still open with their passphrase."""
    DaySheet.objects.filter(staff=by.staff).delete()


def fetch(*, by: Any, now: datetime) -> File:
    """The sheet as a file to take along. Whose names are in it stands in the trail.

    Raises:
        Denied: ``by`` may not have one.
        NoSheet: there is none.
        KeyProblem: its key was changed.
    """
    sheet = _mine(by)
    content = page.made(by=by, sheet=sheet, now=now)
    note_fetched(by=by, sheet=sheet, now=now)
    return File(rules.name_of_day(clock.local(now).date()), content)


@action("day_sheet.fetch")
def note_fetched(*, by: Any, sheet: DaySheet, now: datetime) -> DaySheet:
    """Its file goes to whoever asked for it, if they may have one."""
    sheet.fetched_at = now
    sheet.save(update_fields=["fetched_at"])
    return sheet


@action("day_sheet.write")
def note_written(*, by: Any, sheet: DaySheet, now: datetime) -> DaySheet:
    """Its file is in the folder."""
    sheet.written_at = now
    sheet.save(update_fields=["written_at"])
    return sheet


@action("day_sheet.forget")
def forget_of_those_who_left(*, by: Any) -> None:
    """Nothing is sealed any more for whoever does not work here today."""
    today = clock.today()
    gone = [one.pk for one in queries.everybodys() if not one.staff.works_on(today)]
    DaySheet.objects.filter(pk__in=gone).delete()
