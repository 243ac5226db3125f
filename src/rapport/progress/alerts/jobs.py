"""The clock of alerts: every minute, what nobody looked at goes to the next."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System

from . import actions, queries


@jobs.cron("alert.watch", "*/1", zone="UTC")
@jobs.job("alert.watch")
def watch(*, now: datetime) -> None:
    """Pass on every alert that is due, each in a commit of its own."""
    for some in jobs.chunks(queries.to_pass_on(now=now).select_related("client__data_key")):
        for alert in some:
            actions.pass_on(by=System("clock"), alert=alert, now=now)
