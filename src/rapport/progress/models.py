"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .expected.models import Fit, Signal, SignalStep
from .extract.models import Extract
from .marks.models import Mark
from .measures.models import Ask, Asked, Score, Sheet

__all__ = [
    "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Extract", "Fit", "Mark", "Score", "Sheet",
    "Signal", "SignalStep",
]  # fmt: skip
