"""The clock of booking by oneself: what was kept runs out, what nobody answered goes."""

from datetime import datetime

from rapport.core import jobs
from rapport.core.policy import System

from ..appointments import answers
from ..appointments.models import Appointment, Hold


@jobs.cron("hold.expire", "*/1", zone="UTC")
@jobs.job("hold.expire", outside=False)
def let_holds_go(*, now: datetime) -> None:
    """Delete holds whose time to decide is over: upkeep, for whoever wants the time does so too."""
    Hold.objects.filter(expires_at__lte=now).delete()


@jobs.cron("request.expire", "*/1", zone="UTC")
@jobs.job("request.expire")
def let_requests_go(*, now: datetime) -> None:
    """Let go what was asked for and not answered before its start, each in a commit of its own.

    One that cannot go holds up no other.

    Raises:
        ExceptionGroup: after all others, what went wrong with those.
    """
    wrong: list[Exception] = []
    over = Appointment.objects.filter(status="REQUESTED", starts_at__lte=now)
    for appointment in list(over.select_related("client").order_by("starts_at")):
        try:
            answers.expire(by=System("clock"), appointment=appointment, now=now)
        except Exception as problem:  # noqa: BLE001  whatever it is, the next one goes on
            wrong.append(problem)
    if wrong:
        raise ExceptionGroup("requests that could not be let go", wrong)
