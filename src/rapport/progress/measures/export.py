"""What of the progress room goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.people.export import parts, words

parts.declare(parts.Part("informants", _("Who else answered"), "progress.Informant"))
parts.declare(
    parts.Part(
        "asked", _("Questionnaires asked"), "progress.Asked", order=("asked_at", "pk"),
        left_out={"token": _("opens a questionnaire; it is of no use outside")},
    )
)  # fmt: skip
parts.declare(
    parts.Part(
        "sheets", _("Answers, by the number of each question; licensed words stay here"),
        "progress.Sheet", order=("answered_at", "pk"),
    )
)  # fmt: skip
parts.declare(
    parts.Part("scores", _("Scores"), "progress.Score", order=("at", "instrument", "pk"),
               left_out={"whole": _("says again which answers it is of")})
)  # fmt: skip
parts.declare(
    parts.Part("keyed", _("Keyed from paper"), "progress.Keyed", order=("first_at", "pk"))
)
parts.declare(parts.Part("asks", _("Asked by itself"), "progress.Ask"))
parts.declare(parts.Part("alerts", _("Alerts"), "progress.Alert", order=("raised_at", "pk")))
parts.declare(
    parts.Part("alert_steps", _("What was done about alerts"), "progress.AlertStep",
               order=("at", "pk"))
)  # fmt: skip
parts.declare(parts.Part("signals", _("Signs of not being on track"), "progress.Signal",
                         order=("at", "pk")))  # fmt: skip
parts.declare(
    parts.Part("signal_steps", _("What was done about those"), "progress.SignalStep",
               order=("at", "pk"),
               left_out={"once": _("tells a form sent twice from two forms")})
)  # fmt: skip

words.add(
    {
        "informant": _("answered by somebody else"),
        "person": _("around the client"),
        "rater": _("clinician who rated"),
        "by_role": _("known by the role alone"),
        "calls": _("calls the client"),
        "instrument": _("measure"),
        "language": _("language"),
        "way": _("way"),
        "sitting": _("answered in one go with"),
        "part": _("place in it"),
        "state": _("state"),
        "in_interview": _("asked in an interview"),
        "draft": _("answers so far"),
        "asked_by": _("asked by"),
        "asked_at": _("asked"),
        "expires_at": _("open until"),
        "kept_at": _("last answered"),
        "keeps": _("answers without a pause"),
        "looked_at": _("answers so far looked through"),
        "closed_at": _("closed"),
        "asked": _("question asked"),
        "source": _("source"),
        "answers": _("answers"),
        "notes": _("notes to answers"),
        "facts": _("facts"),
        "answered_at": _("answered"),
        "entered_by": _("entered by"),
        "keyed_times": _("times keyed"),
        "first": _("keyed first"),
        "first_by": _("first keyed by"),
        "first_at": _("first keyed"),
        "second": _("keyed the second time"),
        "second_by": _("second time keyed by"),
        "second_at": _("keyed the second time on"),
        "decided_by": _("differences decided by"),
        "decided_at": _("differences decided"),
        "replaced_by": _("corrected by"),
        "sheet": _("answers"),
        "total": _("total"),
        "total_rounded": _("total, rounded"),
        "band": _("band"),
        "above_cutoff": _("in the clinical range"),
        "risk": _("risk item raised"),
        "subscales": _("subscales"),
        "findings": _("what was found"),
        "hours_before": _("hours before"),
        "every_days": _("days apart"),
        "occasion": _("occasion"),
        "count": _("sessions, or weeks after care"),
        "since": _("counted since"),
        "recheck": _("asked by the rule"),
        "because": _("because of the answers"),
        "ended_why": _("why it ended"),
        "next_at": _("asked next"),
        "set_by": _("set by"),
        "set_at": _("set"),
        "ended_at": _("ended"),
        "rule": _("rule"),
        "owner": pgettext_lazy("of an alert", "owner"),
        "deputy": _("deputy"),
        "stage": _("with whom"),
        "raised_at": _("raised"),
        "answer_by": _("to be answered by"),
        "acknowledged_at": _("acknowledged"),
        "acknowledged_by": _("acknowledged by"),
        "alert": _("alert"),
        "done": _("what was done"),
        "score": _("score"),
        "level": _("how strong a sign"),
        "reasons": _("reasons"),
        "prorated": _("a score was filled up"),
        "learned_at": _("the expected course was learned"),
        "signal": _("sign"),
        "undone_at": _("taken back"),
    }
)
