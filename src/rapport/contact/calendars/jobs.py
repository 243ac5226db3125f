"""Calendars elsewhere are read and written every few minutes, each in a job of its own."""

import uuid
from datetime import datetime, timedelta

from rapport.core import jobs, practice
from rapport.core import time as clock

from ..notices.secrets import Changed
from . import syncing
from .models import Outside, Pushed

KEEP = timedelta(days=60)
LEASE = timedelta(minutes=5)
SECRETS = ("address", "password")


@jobs.cron("calendar.round", "*/5")
@jobs.job("calendar.round", outside=False)
def go_round(*, now: datetime) -> None:
    """Promise a turn to each calendar that is due, or into which something is to be written."""
    near = Outside.objects.select_related("staff").defer(*SECRETS)
    working = [one for one in near.exclude(error="unchosen") if one.staff.works_on(clock.today())]
    due = [one for one in working if one.next_at <= now]
    rest = [one for one in working if one.writes and one.next_at > now and not one.error]
    for one in [*due, *syncing.waiting_to_be_written(rest, clock.today())]:
        jobs.enqueue("calendar.turn", outside_id=one.pk, unique=f"calendar.turn@{one.pk}")


@jobs.job("calendar.turn", attempts=1, lease=LEASE)
def take_a_turn(*, outside_id: str, now: datetime) -> None:
    """Read and write one calendar; its row says when to try again, so the job does not."""
    row = Outside.objects.select_related("staff__account").filter(pk=uuid.UUID(outside_id)).first()
    if row is not None:
        syncing.turn(outside=row, now=now)


@jobs.cron("calendar.upkeep", "04:40")
def upkeep(*, now: datetime) -> None:
    """Forget what was written about meetings long over; bring secrets under the newest key."""
    Pushed.objects.filter(ends_at__lt=now - KEEP).delete()
    newest = practice.current().keyring.version
    for row in Outside.objects.all():
        versions = {row.address_version, row.password_version} - {None, newest}
        if not versions:
            continue
        try:
            address, password = row.secret()
        except Changed:
            continue  # verify names it
        row.keep(address=address, password=password)
        fields = [name for one in SECRETS for name in (one, f"{one}_version")]
        row.save(update_fields=fields)
