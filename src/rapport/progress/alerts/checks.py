"""Finding alerts that were silenced behind our back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Prefetch

from rapport.core.verify import Problem, verifies

from .models import Alert, AlertStep
from .rules import LONGEST

CHUNK = 500
STAGES = (AlertStep.What.RAISED, AlertStep.What.PASSED_ON)


@verifies("alerts")
def every_alert_says_what_happened() -> Iterator[Problem]:
    """An alert stands where its steps left it, and whoever acknowledged it wrote that down.

    The steps are sealed, so that none is written past the program; that an alert or a
    step was removed shows in the check of rows that the trail names.
    """
    steps = Prefetch("steps", AlertStep.objects.defer("done"))
    ordered = Alert.objects.prefetch_related(steps).order_by("pk")
    chunk = list(ordered[:CHUNK])
    while chunk:
        for alert in chunk:
            if wrong := _wrong(alert, sorted(alert.steps.all(), key=_order)):
                yield Problem("changed", f"progress.alert {alert.pk}", wrong)
        chunk = list(ordered.filter(pk__gt=chunk[-1].pk)[:CHUNK])


def _order(step: AlertStep) -> tuple[datetime, bool, str]:
    return step.at, step.what != AlertStep.What.RAISED, step.how


def _wrong(alert: Alert, steps: list[AlertStep]) -> str:
    """What its steps do not tell, in a few words; empty if they tell all of it."""
    gone_to = [one for one in steps if one.what in STAGES]
    if not gone_to or gone_to[0].what != AlertStep.What.RAISED:
        return "that it was raised is not written down"
    last = gone_to[-1]
    if last.how != alert.stage or alert.answer_by > last.at + timedelta(minutes=LONGEST):
        return "it does not stand where it was passed on to"
    said = {(one.at, one.staff_id) for one in steps if one.what == AlertStep.What.ACKNOWLEDGED}
    if said != ({(alert.acknowledged_at, alert.acknowledged_by_id)} - {(None, None)}):
        return "acknowledged by nobody, or that was taken away"
    return ""
