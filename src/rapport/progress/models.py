"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .keying.models import Keyed, KeyingTwice
from .measures.models import Ask, Asked, Occasion, Score, Sheet
from .schedules.models import PlanLine, Recheck

__all__ = [
    "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Keyed", "KeyingTwice", "Occasion",
    "PlanLine", "Recheck", "Score", "Sheet",
]  # fmt: skip
