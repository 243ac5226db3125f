"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .chosen.models import Choice
from .measures.models import Ask, Asked, Score, Sheet
from .packs.models import Acceptance

__all__ = [
    "Acceptance", "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Choice", "Score", "Sheet",
]  # fmt: skip
