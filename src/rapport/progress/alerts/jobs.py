"""The clock of alerts: every minute, what nobody looked at goes to the next."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System

from . import actions, queries


@jobs.cron("alert.watch", "*/1", zone="UTC")
@jobs.job("alert.watch")
def watch(*, now: datetime) -> None:
    """Pass on every alert that is due, each in a commit of its own.

    One that cannot be passed on holds up no other.

    Raises:
        ExceptionGroup: after all others, what went wrong with those.
    """
    wrong: list[Exception] = []
    for some in jobs.chunks(queries.to_pass_on(now=now).select_related("client__data_key")):
        for alert in some:
            try:
                actions.pass_on(by=System("clock"), alert=alert, now=now)
            except Exception as problem:  # noqa: BLE001  whatever it is, the next one goes on
                wrong.append(problem)
    if wrong:
        raise ExceptionGroup("alerts that could not be passed on", wrong)
