"""What the clock does about messages to people on the waiting list."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from rapport.core import jobs
from rapport.core.jobs import Job

from . import actions, sending
from .models import WaitingMessage

KEEP = timedelta(days=365)
LOST = timedelta(minutes=10)
State = WaitingMessage.State


@jobs.job(actions.SEND, attempts=sending.ATTEMPTS + 6)
def send(*, message_id: str, now: datetime) -> None:
    """Send one message."""
    sending.attempt(message_id=uuid.UUID(message_id), now=now)


@jobs.cron("waiting.pick_up", "*/5")
@jobs.job("waiting.pick_up")
def pick_up(*, now: datetime) -> None:
    """Every five minutes: let what was promised and has no job any more be sent."""
    waits = WaitingMessage.objects.filter(
        state__in=[State.PLANNED, State.SENDING], planned_at__lt=now - LOST
    )
    working = Job.objects.filter(name=actions.SEND, state__in=["QUEUED", "RUNNING"])
    known = set(working.values_list("unique_key", flat=True))
    for row in waits.defer("path").order_by("planned_at", "pk"):
        if f"{actions.SEND}@{row.pk}" not in known:
            with transaction.atomic():
                actions.send_later(row)


@jobs.cron("waiting.forget_told", "04:35")
@jobs.job("waiting.forget_told")
def forget(*, now: datetime) -> None:
    """Forget after a year what went out."""
    for some in jobs.chunks(WaitingMessage.objects.filter(planned_at__lt=now - KEEP)):
        WaitingMessage.objects.filter(pk__in=[row.pk for row in some]).delete()
