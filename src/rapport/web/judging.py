"""By which method and numbers change is judged, in words: on every page that says a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.progress.chosen.figures import OwnGroup
from rapport.progress.chosen.rules import takes_groups
from rapport.progress.measures import judging
from rapport.progress.measures.course import Course
from rapport.progress.measures.judging import Beside, Method, Verdict
from rapport.progress.measures.published import ChangeOf, GroupOf

from .counting import counted
from .parted import together

NAMES: Mapping[Method, Any] = {
    "published": gettext_lazy("A published number of points"),
    "jacobson-truax": "Jacobson & Truax",
    "edwards-nunnally": "Edwards & Nunnally",
    "gulliksen-lord-novick": "Gulliksen, Lord & Novick",
    "regression-based": "Crawford & Garthwaite",
    "practice-corrected": "Chelune",
    "hageman-arrindell": "Hageman & Arrindell",
}
EXPLAINED: Mapping[Method, Any] = {
    "published": gettext_lazy("Somebody published how many points are more than the measure errs."),
    "jacobson-truax": gettext_lazy(
        "The change against the error of two scores. What most of the literature uses."
    ),
    "edwards-nunnally": gettext_lazy(
        "Whether the later score leaves the range around what the first one points to. An extreme "
        "first score drifts back to the mean by itself, and has to change by more."
    ),
    "gulliksen-lord-novick": gettext_lazy(
        "The same drift back to the mean, with the error of both scores."
    ),
    "regression-based": gettext_lazy(
        "Against what people without treatment score the second time, foretold from their first."
    ),
    "practice-corrected": gettext_lazy(
        "What answering again changes by itself is taken off, as people without treatment show it."
    ),
    "hageman-arrindell": gettext_lazy(
        "The change pulled towards that of a group in the same treatment, as far as its "
        "differences are error."
    ),
}
SOURCES: Mapping[Method, str] = {
    "published": "",
    "jacobson-truax": "Jacobson & Truax (1991), J Consult Clin Psychol 59(1):12-19",
    "edwards-nunnally": "Speer (1992), J Consult Clin Psychol 60(3):402-408",
    "gulliksen-lord-novick": "Hsu (1989), Behav Assess 11(4):459-467",
    "regression-based": "Crawford & Garthwaite (2007), Neuropsychology 21(5):611-620",
    "practice-corrected": "Chelune et al. (1993), Neuropsychology 7(1):41-52",
    "hageman-arrindell": "Hageman & Arrindell (1999), Behav Res Ther 37(12):1169-1193",
}


NONE = gettext_lazy("None: change is not judged")


def number(value: float, places: int = 2) -> str:
    """A number with as many decimals as it needs, at most ``places``."""
    rounded = round(value, places)
    return str(number_format(int(rounded) if rounded == int(rounded) else rounded))


def signed(value: float, places: int) -> str:
    """A number with its sign; a true minus."""
    said: str = number_format(round(abs(value), places), decimal_pos=places)
    return f"−{said}" if value < 0 else said


def called(method: str) -> str:
    """What a stored method is called; empty: none of those there are."""
    return next((str(name) for code, name in NAMES.items() if code == method), "")


def lacking(form: Any, method: Method) -> str:
    """Why a method cannot be chosen; empty: it can be."""
    if judging.numbers(form, method):
        return ""
    if method == "published":
        return _("Nobody published a number of points for it.")
    if method == "jacobson-truax":
        return _("The file has no sample with a standard deviation and a reliability.")
    if method in ("edwards-nunnally", "gulliksen-lord-novick"):
        return _("The file has no sample with a mean beside standard deviation and reliability.")
    if method == "hageman-arrindell":
        return _("There is no group that answered before and after the same treatment: neither the "
                 "file nor the practice has one.")  # fmt: skip
    if any(not one.treated for one in form.groups):
        return _("In no group that answered twice without treatment do the two answers go "
                 "together.")  # fmt: skip
    return _("There is no group that answered twice without treatment: neither the file nor the "
             "practice has one.")  # fmt: skip


def lacks_group(form: Any) -> bool:
    """Whether a method cannot be chosen for want of a group that a practice may enter."""
    return takes_groups(form) and any(lacking(form, one) for one in judging.OF_GROUPS)


def parameters(one: Any) -> str:
    """What a published number, a norm or a group says, without its source."""
    if isinstance(one, ChangeOf):
        return ngettext("%(n)s point or more", "%(n)s points or more", counted(one.points)) % {
            "n": number(one.points)}  # fmt: skip
    if isinstance(one, GroupOf):
        return together([
            *_whose(one),
            _("first mean %(m)s, standard deviation %(sd)s") % {
                "m": number(one.earlier_mean), "sd": number(one.earlier_sd)},
            _("second mean %(m)s, standard deviation %(sd)s") % {
                "m": number(one.later_mean), "sd": number(one.later_sd)},
            _("correlation %(r)s, %(n)s people") % {"r": number(one.correlation), "n": one.n},
        ])  # fmt: skip
    said = _("standard deviation %(sd)s, reliability %(r)s") % {
        "sd": number(one.sd), "r": number(one.reliability)}  # fmt: skip
    if one.mean is None:
        return said
    return _("mean %(m)s, %(rest)s") % {"m": number(one.mean), "rest": said}


def _whose(one: GroupOf) -> list[str]:
    """Whether a group was treated; of one that the practice entered that, and the time between."""
    treated = _("a group in treatment") if one.treated else _("a group without treatment")
    if not isinstance(one, OwnGroup):
        return [treated]
    return [treated, _("entered by the practice"), apart(one.days)]


def apart(days: int) -> str:
    """How long lay between a group's two answers."""
    if days % 7:
        return ngettext("%(n)s day apart", "%(n)s days apart", days) % {"n": days}
    return ngettext("%(n)s week apart", "%(n)s weeks apart", days // 7) % {"n": days // 7}


def said(one: Any) -> str:
    """A published number, a norm or a group in a line: its parameters, of whom, who says so and
    when."""
    dated = str(one.dated) if str(one.dated) not in one.source else ""
    return " · ".join(filter(None, (parameters(one), one.population, one.source, dated)))


def of_scores(many: int) -> str:
    """Which scores are compared."""
    if many > 1:
        return _("mean of the first two scores against the mean of the last two")
    return _("first score against the last")


def brief(form: Any) -> str:
    """The method in use in a few words; empty: change is not judged."""
    method = judging.in_use(form)
    if method is None:
        return ""
    if method == "published":
        points = judging.decides(form).points
        words = ngettext("published: %(n)s point", "published: %(n)s points", counted(points))
        return words % {"n": number(points)}
    return f"{NAMES[method]}, {form.way.level} %"


def way(form: Any) -> str:
    """The method in use with its parameters and source in a sentence; empty: nothing is known."""
    method = judging.in_use(form)
    if method is None:
        return ""
    level = "" if method == "published" else f"{form.way.level} %"
    means = of_scores(2) if form.way.ends > 1 else ""
    told = filter(None, (level, said(judging.decides(form)), means))
    return _("Method: %(method)s; %(with)s.") % {
        "method": NAMES[method], "with": together(told)}  # fmt: skip


def cutoff(one: Any) -> str:
    """A cut-off in a few words, with the fact it is for."""
    points = one.at_least if one.at_least is not None else one.at_most
    words = _("%(n)s or more") if one.at_least is not None else _("%(n)s or less")
    return " · ".join(filter(None, (words % {"n": number(points)}, ", ".join(one.facts.values()))))


def cutoff_said(some: Sequence[Any]) -> str:
    """The cut-offs of one name in a line, with population, source and year."""
    one = some[0]
    dated = str(one.dated) if str(one.dated) not in one.source else ""
    told = (" / ".join(map(cutoff, some)), one.population, one.source, dated)
    return " · ".join(filter(None, told))


def chosen_line(form: Any, options: Mapping[str, Any], choice: Any) -> str:
    """A stored choice in a line, as far as the file still has what it names."""
    one = options.get(choice.what)
    some = [each for each in form.cutoffs if each.name == choice.cutoff]
    level = f"{choice.level} %" if choice.method not in ("", "published") else ""
    told = (
        called(choice.method), level, parameters(one) if one is not None else choice.what,
        of_scores(choice.ends) if choice.ends > 1 else "",
        _("cut-off %(points)s") % {"points": cutoff(some[0])} if some else "",
    )  # fmt: skip
    return " · ".join(filter(None, told)) or str(NONE)


# Beside each other, on the page of a measure ----------------------------------------------


@dataclass(frozen=True)
class Line:
    """A row of the table.

    Attributes:
        with_, of: the number it goes by, and whose it is. source: of the method, once.
        scores: which are compared. stays: from where to where a later score is no change.
        at: the verdict at 95 and at 90 %; both the same where the method has no level.
    """

    name: str
    with_: str
    of: str
    source: str
    scores: str
    stays: str
    at: tuple[str, str]
    used: bool


@dataclass(frozen=True)
class Compared:
    """What each method says of the change from the first score to the latest.

    Attributes:
        agree: whether they do, in a sentence. missing: methods that lack something, and what.
        enter: a group that the practice may enter would make one of these possible.
    """

    agree: str
    lines: tuple[Line, ...]
    missing: tuple[tuple[str, str], ...]
    enter: bool


def compared(course: Course) -> Compared | None:
    """The methods beside each other; None: there are no two scores to compare, or nothing is
    known of it and nothing can be entered."""
    form, scores = course.instrument, course.compared
    if len(scores) < 2 or not (judging.in_use(form) or takes_groups(form)):
        return None
    found = judging.beside(form, scores)
    missing = tuple(
        (str(NAMES[one]), why) for one in judging.METHODS if (why := lacking(form, one))
    )
    before = [None, *(one.method for one in found)]
    lines = tuple(
        _line(one, again=one.method == last) for one, last in zip(found, before, strict=False)
    )
    return Compared(_agree(form, found), lines, missing, lacks_group(form))


def _agree(form: Any, found: Sequence[Beside]) -> str:
    level = form.way.level
    verdicts = [one.at.get(level, one.at[95]).reliable for one in found]
    changed, every = sum(verdicts), len(verdicts)
    if not every:
        return _("Nothing is known to judge this change by.")
    if changed in (0, every):
        return _("All of these come to the same verdict.")
    apart = _("They do not agree: %(n)s of %(of)s say that the change is more than measurement "
              "error explains. It lies close to the border.")  # fmt: skip
    return apart % {"n": changed, "of": every}


def _line(one: Beside, *, again: bool) -> Line:
    at95, number_ = one.at[95], one.number
    of = " · ".join(filter(None, (number_.population, number_.source)))
    source = "" if again else SOURCES[one.method]
    return Line(
        str(NAMES[one.method]), parameters(number_), of, source, of_scores(one.many),
        _stays(at95), (_says(at95), _says(one.at.get(90, at95))), one.used,
    )  # fmt: skip


def _stays(found: Verdict) -> str:
    inside = (
        _("above %(low)s and below %(high)s") if found.method == "published"
        else _("%(low)s to %(high)s")
    )  # fmt: skip
    return inside % {"low": number(found.low, 1), "high": number(found.high, 1)}


def _says(found: Verdict) -> str:
    return _("reliable") if found.reliable else _("not reliable")


# Response and remission -------------------------------------------------------------------


def reached(form: Any, judged: Any) -> list[tuple[str, Any]]:
    """Response and remission of a change in sentences, where the file defines them, each with
    its source."""
    return [(_reached(form, one), one.number) for one in judged.reached]


def about(form: Any, judged: Any) -> list[str]:
    """What stands under a change: response and remission, then by what method it was judged."""
    if judged is None:
        return []
    return [*(text for text, _by in reached(form, judged)), *filter(None, [way(form)])]


def _reached(form: Any, one: judging.Reached) -> str:
    if one.kind == "remission":
        bound = _("below %(n)s") if form.better == "lower" else _("above %(n)s")
        said = _("Remission (%(bound)s): yes.") if one.yes else _("Remission (%(bound)s): no.")
        return said % {"bound": bound % {"n": number(one.number.bound)}}
    share = {"share": round(100 * one.number.share)}
    if one.yes is None:
        return _("Response (%(share)s %% of the way to the best score): the first score was the "
                 "best already.") % share  # fmt: skip
    if one.yes:
        return _("Response (%(share)s %% of the way to the best score): yes.") % share
    return _("Response (%(share)s %% of the way to the best score): no.") % share
