"""Every night: the numbers in columns, where the practice is large enough for them."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System

from .models import Extract


@jobs.cron("outcome.extract", "03:40")
@jobs.job("outcome.extract", attempts=3)
def extract(*, now: datetime) -> None:
    """After the backup. A small practice reads its rows instead, and has no extract."""
    from . import making  # noqa: PLC0415  Arrow is loaded by those who need it

    if making.needed() or Extract.objects.exists():
        making.make(by=System("cron"), now=now)
