"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .chosen.models import Choice
from .expected.models import Fit, Signal, SignalStep
from .extract.models import Extract
from .marks.models import Mark
from .measures.models import Ask, Asked, Score, Sheet
from .packs.models import Acceptance

__all__ = [
    "Acceptance", "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Choice", "Extract", "Fit",
    "Mark", "Score", "Sheet", "Signal", "SignalStep",
]  # fmt: skip
