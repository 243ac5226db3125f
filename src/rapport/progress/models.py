"""The progress room's tables, gathered for Django."""

from .alerts.models import Alert, AlertClock, AlertStep
from .chosen.models import Choice
from .daily.models import DailyEntry, DailyPlan, DailyQuestion, Phase
from .expected.models import Fit, Signal, SignalStep
from .extract.models import Extract
from .keying.models import Keyed, KeyingTwice
from .marks.models import Mark
from .measures.models import Ask, Asked, Occasion, Score, Sheet
from .own.models import ClientForm, ClientVersion, PracticeForm, PracticeVersion
from .packs.models import Acceptance
from .schedules.models import PlanLine, Recheck

__all__ = [
    "Acceptance", "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Choice", "ClientForm",
    "ClientVersion", "DailyEntry", "DailyPlan", "DailyQuestion", "Extract", "Fit", "Keyed",
    "KeyingTwice", "Mark", "Occasion", "Phase", "PlanLine", "PracticeForm", "PracticeVersion",
    "Recheck", "Score", "Sheet", "Signal", "SignalStep",
]  # fmt: skip
