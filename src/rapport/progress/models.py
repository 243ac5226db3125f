"""The progress room's tables, gathered for Django."""

from .adapting.models import AdaptiveTest
from .alerts.models import Alert, AlertClock, AlertStep
from .batteries.models import Assessment, AssessmentReport, Battery, PlannedTest
from .chosen.models import Choice, ComparisonGroup, ComparisonVersion
from .daily.models import DailyEntry, DailyPause, DailyPlan, DailyQuestion, Phase
from .expected.models import Fit, Signal, SignalStep
from .extract.models import Extract
from .informants.models import Informant
from .keying.models import Keyed, KeyingTwice
from .marks.models import Mark
from .measures.models import Ask, Asked, Occasion, Score, Sheet
from .norms.models import NormTable, NormVersion
from .own.models import ClientForm, ClientVersion, PracticeForm, PracticeVersion
from .packs.models import Acceptance
from .schedules.models import PlanLine, Recheck

__all__ = [
    "Acceptance", "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Choice", "ClientForm",
    "ComparisonGroup", "ComparisonVersion",
    "ClientVersion", "Extract", "Fit", "Informant", "Keyed", "KeyingTwice", "Mark", "Occasion",
    "Acceptance", "AdaptiveTest", "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Choice",
    "ClientForm", "ClientVersion", "Extract", "Fit", "Keyed", "KeyingTwice", "Mark", "Occasion",
    "PlanLine", "PracticeForm", "PracticeVersion", "Recheck", "Score", "Sheet", "Signal",
    "Acceptance", "Alert", "AlertClock", "AlertStep", "Ask", "Asked", "Assessment",
    "AssessmentReport", "Battery", "Choice", "ClientForm", "ClientVersion", "Extract", "Fit",
    "Keyed", "KeyingTwice", "Mark", "NormTable", "NormVersion", "Occasion", "PlanLine",
    "PlannedTest", "PracticeForm", "PracticeVersion", "Recheck", "Score", "Sheet", "Signal",
    "SignalStep",
    "ClientVersion", "DailyEntry", "DailyPause", "DailyPlan", "DailyQuestion", "Extract", "Fit",
    "Keyed",
    "KeyingTwice", "Mark", "Occasion", "Phase", "PlanLine", "PracticeForm", "PracticeVersion",
    "Recheck", "Score", "Sheet", "Signal", "SignalStep",
]  # fmt: skip
