"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .marks.models import Mark
from .measures.models import Ask, Asked, Score, Sheet

__all__ = ["Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Mark", "Score", "Sheet"]
