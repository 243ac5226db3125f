"""What of daily questions, answers and phases goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part("daily_plans", _("What was asked each day"), "progress.DailyPlan",
               order=("from_on", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part("daily_questions", _("Questions of each day"), "progress.DailyQuestion",
               order=("made_at", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part("daily_pauses", _("Pauses of what was asked each day"), "progress.DailyPause",
               order=("from_on", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part("daily_entries", _("Answers of each day"), "progress.DailyEntry",
               order=("on", "slot", "kept_at", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part("phases", _("Phases of the work"), "progress.Phase", order=("on", "pk"))
)  # fmt: skip

words.add(
    {
        "a_day": _("times a day"),
        "back_on": _("first day asked again"),
        "better": _("which way is better"),
        "ended_on": _("last day asked"),
        "kept_at": _("kept"),
        "letter": _("phase"),
        "plan": _("plan"),
        "sent": _("number of the form"),
        "slot": _("time of the day"),
        "times": _("times"),
    }
)
