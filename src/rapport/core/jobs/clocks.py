"""Striking: once per tick, however many schedulers run and however long the machine slept."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from rapport.core import time

from . import queue, registry
from .models import Job, Tick

ASTRAY = timedelta(days=1)


def strike(now: datetime) -> int:
    """Enqueue the job of every clock that has struck since it was last looked at.

    A clock seen for the first time waits for its next tick. Of several missed ticks only
    the latest counts, and while an earlier tick's job still waits no other is added. A
    tick that lies more than a day ahead of ``now`` was written when this machine's clock
    was wrong, and is forgotten.

    Returns:
        How many jobs were enqueued.
    """
    known = dict(Tick.objects.values_list("name", "last_at"))
    clocks = list(registry.CLOCKS.values())
    return sum(_strike_one(clock, known.get(clock.name), now) for clock in clocks)


def _strike_one(clock: registry.Clock, last: datetime | None, now: datetime) -> bool:
    zone = time.zone() if clock.zone == "practice" else time.zone_named(clock.zone)
    tick = clock.schedule.last(now, zone)
    if last is None:
        Tick.objects.bulk_create([Tick(name=clock.name, last_at=tick)], ignore_conflicts=True)
        return False
    if last > now + ASTRAY:
        Tick.objects.filter(name=clock.name, last_at=last).update(last_at=tick)
        return False
    return last < tick and _enqueue(clock, tick)


def _enqueue(clock: registry.Clock, tick: datetime) -> bool:
    with transaction.atomic():
        if not Tick.objects.filter(name=clock.name, last_at__lt=tick).update(last_at=tick):
            return False  # another scheduler was faster
        waiting = Job.objects.filter(
            state=Job.State.QUEUED, name=clock.job, unique_key__startswith=f"{clock.name}@"
        )
        if waiting.exists():
            return False
        minute = tick.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        queue.enqueue(clock.job, unique=f"{clock.name}@{minute}")
        return True
