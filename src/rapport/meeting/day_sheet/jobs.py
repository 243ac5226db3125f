"""Every night: the sheets of all who set one up, where the practice named a folder for them."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from rapport.core import jobs
from rapport.core.policy import System

from . import actions, folder


@jobs.cron("day_sheet.write", "04:20")
@jobs.job("day_sheet.write", attempts=3)
def write(*, now: datetime) -> None:
    """Before anybody comes in, after the backup. Without a folder only those who left are
    forgotten.

    Raises:
        OSError: the folder cannot be written to.
        ExceptionGroup: some were not written.
    """
    by = System("cron")
    if settings.DAY_SHEETS:
        folder.write_all(by=by, folder=Path(settings.DAY_SHEETS), now=now)
    else:
        actions.forget_of_those_who_left(by=by)
