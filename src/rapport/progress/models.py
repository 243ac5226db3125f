"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .expected.models import Fit, Signal, SignalStep
from .measures.models import Ask, Asked, Score, Sheet

__all__ = [
    "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Fit", "Score", "Sheet", "Signal",
    "SignalStep",
]  # fmt: skip
