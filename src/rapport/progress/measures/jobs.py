"""What the clock does about measures: ask before sessions what stands to be asked."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System

from . import asking


@jobs.cron("measure.ask_due", "*/15")
@jobs.job("measure.ask_due", outside=False)
def ask_due(*, now: datetime) -> None:
    """Every quarter of an hour: ask what is due before the sessions of the coming hours."""
    asking.ask_due(by=System("cron"), now=now)
