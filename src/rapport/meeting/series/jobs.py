"""What the nights do for standing slots: make them further, and keep their hour on the wall."""

from datetime import datetime

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System

from . import actions, queries, zones
from .models import Series


@jobs.cron("series.extend", "01:40")
@jobs.job("series.extend")
def extend(*, now: datetime) -> None:
    """Make the appointments of every slot that ends too soon; each by itself, so that one
    which cannot be made stands in no other's way."""
    for pk in queries.to_extend(today=clock.local(now).date()):
        series = Series.objects.filter(pk=pk).first()
        if series is not None:
            actions.extend(by=System("series"), series=series, now=now)


@jobs.cron("series.clocks", "01:20")
@jobs.job("series.clocks", outside=False)
def keep_the_hour(*, now: datetime) -> None:
    """Move what a newer table of zones has at another instant."""
    zones.follow_clocks(by=System("series"), now=now)
