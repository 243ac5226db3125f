"""What the clock does about reminders: look what is due, send it, forget it in the end."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from rapport.core import jobs
from rapport.core.jobs import Job
from rapport.core.policy import System

from . import actions, daily, delivering, planning
from .models import Delivery

KEEP = timedelta(days=365)
LOST = timedelta(minutes=10)
BY = System("reminders")
State = Delivery.State


@jobs.cron("reminder.look", "*/5")
@jobs.job("reminder.look")
def look(*, now: datetime) -> None:
    """Every five minutes: promise what is due, each in its own commit; pick up what lies."""
    for one in planning.wanted(now=now):
        reader = planning.reader_of(one.reader)
        actions.promise(by=BY, client=reader, appointment=one.appointment, wanted=one, now=now)
    for client_id in daily.due(now=now):
        daily.promise(by=BY, client=planning.reader_of(client_id), now=now)
    _pick_up(now)


def _pick_up(now: datetime) -> None:
    """Let what was promised and has no job any more be sent: after quiet hours, or a job that
    was thrown away."""
    waits = Delivery.objects.filter(
        state__in=[State.PLANNED, State.SENDING], planned_at__lt=now - LOST
    )
    working = Job.objects.filter(name=actions.SEND, state__in=["QUEUED", "RUNNING"])
    known = set(working.values_list("unique_key", flat=True))
    for row in waits.order_by("starts_at", "pk"):
        if f"{actions.SEND}@{row.pk}" not in known:
            with transaction.atomic():
                actions.send_later(row)


@jobs.job(actions.SEND, attempts=delivering.ATTEMPTS + 6)
def send(*, delivery_id: str, now: datetime) -> None:
    """Send one message."""
    delivering.attempt(delivery_id=uuid.UUID(delivery_id), now=now)


@jobs.cron("reminder.forget", "04:25")
def forget(*, now: datetime) -> None:
    """Forget what went out a year after its meeting."""
    for some in jobs.chunks(Delivery.objects.filter(starts_at__lt=now - KEEP)):
        Delivery.objects.filter(pk__in=[row.pk for row in some]).delete()
