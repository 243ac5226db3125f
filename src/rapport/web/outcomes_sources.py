"""What the figures of outcomes were made of, and who says so."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from rapport.people.episodes import codes
from rapport.progress.measures import instruments, judging
from rapport.progress.outcomes import anxiety
from rapport.progress.outcomes.queries import Outcomes

from . import judging as by_what


def judged_by(found: Outcomes) -> Any:
    """The published number, the norm or the group that decides what a reliable change is, or
    None."""
    return judging.decides(found.form)


def goals(form: Any) -> list[tuple[str, str, Any]]:
    """Response and remission, where a measure's file defines them: a name, where a tally counts
    it, and the definition."""
    made = ((_("Response"), "responded", form.responses), (_("Remission"), "remitted",
            form.remissions))  # fmt: skip
    return [(name, counted, some[0]) for name, counted, some in made if some]


def _goal(form: Any, counted: str, one: Any) -> str:
    if counted == "responded":
        return _("The last score is at least %(share)s %% of the way from the first one to the "
                 "best there is.") % {"share": by_what.number(100 * one.share)}  # fmt: skip
    bound = _("below %(n)s") if form.better == "lower" else _("above %(n)s")
    said = {"bound": bound % {"n": by_what.number(one.bound)}}
    return _("The last score is %(bound)s.") % said


def rests_on(found: Outcomes) -> list[tuple[str, str, Any]]:
    """What the figures were made of: a name, what it is, and who says so."""
    form, decides = found.form, judged_by(found)
    made: list[tuple[str, str, Any]] = []
    for one in form.cutoffs:
        if one.name == form.cutoffs[0].name:
            made.append((_("Cut-off"), by_what.cutoff(one), one))
    made += [(name, _goal(form, counted, one), one) for name, counted, one in goals(form)]
    method = judging.in_use(form)
    if method is not None:
        level = "" if method == "published" else f"{form.way.level} %"
        name, source = str(by_what.NAMES[method]), by_what.SOURCES[method]
        means = by_what.of_scores(2) if judging.of_means(form) else ""
        told = " · ".join(filter(None, (name, level, by_what.parameters(decides), means, source)))
        made.append((_("Reliable change"), told, decides))
    return made


def instead_of_gad_7() -> list[str]:
    """Which measure takes its place for which problem, with its two numbers."""
    words = _("%(problem)s – %(form)s: caseness %(case)s or more, reliable change %(change)s.")
    return [
        words % {
            "problem": codes.in_words(codes.Problem, about), "case": number_format(one.caseness),
            "form": instruments.get(one.id).content.short, "change": number_format(one.change),
        } for about, one in anxiety.INSTEAD
    ]  # fmt: skip
