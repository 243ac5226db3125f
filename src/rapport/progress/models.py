"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .measures.models import Ask, Asked, Score, Sheet
from .own.models import ClientForm, ClientVersion, PracticeForm, PracticeVersion

__all__ = [
    "Alert",
    "AlertClock",
    "AlertStep",
    "Ask",
    "Asked",
    "ClientForm",
    "ClientVersion",
    "PracticeForm",
    "PracticeVersion",
    "Score",
    "Sheet",
]
