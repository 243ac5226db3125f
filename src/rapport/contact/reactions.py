"""What the outside hears about, and when."""

import uuid
from datetime import datetime

from rapport.core.events import on
from rapport.core.policy import System
from rapport.progress.alerts import actions as alerts
from rapport.progress.alerts import queries
from rapport.progress.events import AlertPassedOn, AlertRaised

from . import notices

ATTEMPTS = 20  # some hours; the alert's own clock runs meanwhile
DESK = "/desk/"  # says nothing; the alert stands there


@on(AlertRaised, attempts=ATTEMPTS)
def tell_who_owns_it(fact: AlertRaised, now: datetime) -> None:
    """Tell the owner of an alert, once: the notice commits with this job's end."""
    _tell(fact.alert_id, "", now)


@on(AlertPassedOn, attempts=ATTEMPTS)
def tell_who_is_next(fact: AlertPassedOn, now: datetime) -> None:
    """Tell the deputy, or everybody on the care team."""
    _tell(fact.alert_id, fact.stage, now)


def _tell(alert_id: uuid.UUID, passed_on: str, now: datetime) -> None:
    """By mail where the practice sends any; the desk shows it either way."""
    alert, people = queries.to_tell(alert_id=alert_id, passed_on=passed_on)
    by_mail = notices.can_send()
    for staff in people:
        if by_mail:
            notices.send(kind="attention", account=staff.account, now=now, link_path=DESK)
        alerts.told(
            by=System("contact"), alert=alert, staff=staff,
            how="MAIL" if by_mail else "PAGE", now=now,
        )  # fmt: skip
