"""What the clock does about measures: ask before sessions, and look after what was left."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System

from . import calendar, left, sessions
from .models import Asked


@jobs.cron("measure.ask_due", "*/15")
@jobs.job("measure.ask_due", outside=False)
def ask_due(*, now: datetime) -> None:
    """Every quarter of an hour: ask what is due before the sessions of the coming hours."""
    sessions.ask_due(by=System("cron"), now=now)


@jobs.cron("measure.ask_by_calendar", "*/15")
@jobs.job("measure.ask_by_calendar")
def ask_by_calendar(*, now: datetime) -> None:
    """Every quarter of an hour: ask what is due by the calendar, each client in a commit of its
    own. One that cannot be asked keeps no other waiting; the job fails after all."""
    failed: Exception | None = None
    for client_id in calendar.waiting(now=now):
        try:
            calendar.ask_due(by=System("cron"), client_id=client_id, now=now)
        except Exception as problem:
            failed = failed or problem
    if failed is not None:
        raise failed


@jobs.cron("measure.look_after_left", "*/1", zone="UTC")
@jobs.job("measure.look_after_left")
def look_after_left(*, now: datetime) -> None:
    """Every minute: raise what is risky among answers that were left, each in its own commit.

    One that cannot be looked through keeps no other waiting; the job fails after all.
    """
    failed: Exception | None = None
    found = Asked.objects.filter(pk__in=left.oldest(now=now)).select_related("client__data_key")
    for some in jobs.chunks(found):
        for asked in some:
            try:
                left.look_after(by=System("clock"), asked=asked, now=now)
            except Exception as problem:
                failed = failed or problem
    if failed is not None:
        raise failed
