"""By which method change on a questionnaire is judged, and what each method says. Pure.

What a practice chose stands in ``form.way``, and the number it chose in front of its like
(``chosen.rules``); so every verdict of every page comes from here and is the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal, get_args

from rapport.science import change
from rapport.science.change.hageman_arrindell import ONE_SIDED_95
from rapport.science.scoring import above_cutoff

from .published import GroupOf

Method = Literal[
    "published", "jacobson-truax", "edwards-nunnally", "gulliksen-lord-novick",
    "regression-based", "practice-corrected", "hageman-arrindell",
]  # fmt: skip
Level = Literal[95, 90]
Ends = Literal[1, 2]
METHODS: tuple[Method, ...] = get_args(Method)
LEVELS: tuple[Level, ...] = get_args(Level)
WITHOUT_CHOICE: tuple[Method, ...] = ("published", "jacobson-truax")
OF_MEANS: tuple[Method, ...] = ("published", "jacobson-truax")
"""Methods that can compare means; of the others nobody published how."""
OF_GROUPS: tuple[Method, ...] = ("regression-based", "practice-corrected", "hageman-arrindell")
"""Methods that need people who answered twice."""

Z: dict[Level, float] = {95: change.Z_95, 90: change.Z_90}
INTERVAL: dict[Level, float] = {95: 2.0, 90: change.Z_90}
"""Edwards and Nunnally's interval is two standard errors wide on each side (Speer 1992)."""
ONE_SIDED: dict[Level, float] = {95: ONE_SIDED_95, 90: 1.28}
"""Hageman and Arrindell (1999) look at one direction at a time; 1.28 is 90 % one-sided."""


@dataclass(frozen=True)
class Way:
    """How a practice wants change judged.

    Attributes:
        method: empty: the first published number, else Jacobson and Truax by the first norm.
        level: how sure, in per cent; a published number has its own.
        ends: 2: the mean of the first two scores and of the last two, where there are four.
        cutoff: the name of the one that counts; empty: the first of the file.
    """

    method: Method | Literal[""] = ""
    level: Level = 95
    ends: Ends = 1
    cutoff: str = ""


@dataclass(frozen=True)
class Verdict:
    """What one method says of one change, with what it was made of.

    Attributes:
        number: the published number, norm or group it went by.
        found: the arithmetic; None: a published number needs none.
        reliable: the score lies outside of ``low`` to ``high``, on the side to which it moved: who
            moved less than was foretold has not changed the other way.
        low, high: later scores from the one to the other are no reliable change; by a published
            number those at the ends are one.
    """

    method: Method
    number: Any
    reliable: bool
    low: float
    high: float
    found: change.Judged | None = None


def numbers(form: Any, method: Method) -> list[Any]:
    """What in the questionnaire's file a method can work with; none: it cannot be chosen."""
    if method == "published":
        return [one for one in form.changes if one.means == "reliable"]
    if method == "jacobson-truax":
        return list(form.norms)
    if method in ("edwards-nunnally", "gulliksen-lord-novick"):
        return [one for one in form.norms if one.mean is not None]
    return [one for one in form.groups if method in by_group(one)]


def by_group(one: GroupOf) -> tuple[Method, ...]:
    """The methods that can go by a group: Chelune's reads its correlation as a reliability."""
    if one.treated:
        return ("hageman-arrindell",)
    return OF_GROUPS[:2] if one.correlation >= 0 else OF_GROUPS[:1]


def in_use(form: Any) -> Method | None:
    """The method that decides; None: nothing is published to judge change by."""
    wanted = (form.way.method,) if form.way.method else ()
    return next((one for one in (*wanted, *WITHOUT_CHOICE) if numbers(form, one)), None)


def decides(form: Any) -> Any:
    """The published number, norm or group that decides, with its source; None: there is none."""
    method = in_use(form)
    return numbers(form, method)[0] if method else None


def ends(form: Any, scores: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    """Which scores are compared, of comparable ones, the oldest first: one or two at each end."""
    many = form.way.ends if of_means(form) and len(scores) >= 2 * form.way.ends else 1
    return scores[:many], scores[-many:]


def of_means(form: Any) -> bool:
    """Whether means of two scores are compared, where there are four."""
    return form.way.ends > 1 and in_use(form) in OF_MEANS


def verdict(form: Any, first: Sequence[float], last: Sequence[float]) -> Verdict | None:
    """What the method in use says of a change; None: nothing is published to judge it by.

    Args:
        first, last: as ``ends`` gives them: a score, or two that are averaged.
    """
    method = in_use(form)
    return said_by(method, decides(form), form.way.level, first, last) if method else None


def reliable(form: Any, first: Sequence[float], last: Sequence[float]) -> bool | None:
    """Whether a change is more than the questionnaire errs, by the method in use."""
    found = verdict(form, first, last)
    return found.reliable if found else None


def said_by(
    method: Method, number: Any, level: Level, first: Sequence[float], last: Sequence[float]
) -> Verdict:
    """What ``method`` says by ``number``, one of ``numbers``."""
    earlier, later = fmean(first), fmean(last)
    if method == "published":
        points = number.points
        differs = change.changed_by(earlier, later, points=points)
        return Verdict(method, number, differs, earlier - points, earlier + points)
    if method == "jacobson-truax":
        found = change.means_change(
            [*first, *last], norm=number.norm, first=len(first), last=len(last),
            threshold=Z[level],
        )  # fmt: skip
    else:
        found = _BY[method](number, level, earlier, later)
    outside = found.reliable and (later - earlier) * found.index > 0
    return Verdict(method, number, outside, found.low, found.high, found)


_Judge = Callable[[Any, Level, float, float], change.Judged]
_BY: dict[Method, _Judge] = {
    "edwards-nunnally": lambda number, level, one, other: change.edwards_nunnally(
        one, other, sample=number.sample, threshold=INTERVAL[level]
    ),
    "gulliksen-lord-novick": lambda number, level, one, other: change.gulliksen_lord_novick(
        one, other, sample=number.sample, threshold=Z[level]
    ),
    "regression-based": lambda number, level, one, other: change.regression_based(
        one, other, untreated=number.twice, level=level / 100
    ),
    "practice-corrected": lambda number, level, one, other: change.practice_corrected(
        one, other, untreated=number.twice, threshold=Z[level]
    ),
    "hageman-arrindell": lambda number, level, one, other: change.hageman_arrindell(
        one, other, group=number.twice, reliability=number.reliability,
        threshold=ONE_SIDED[level],
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """One method by one number, at 95 and at 90 per cent; a published number has no level.

    Attributes:
        many: how many scores at each end. used: it is the one that decides.
    """

    method: Method
    number: Any
    many: int
    at: dict[Level, Verdict]
    used: bool


def beside(form: Any, scores: Sequence[float]) -> list[Beside]:
    """What each method says of the change from the first of ``scores`` to the last.

    With four comparable scores or more the means of two stand among them too.
    """
    chosen, number = in_use(form), decides(form)
    first, _last = ends(form, scores)
    found = []
    for method in METHODS:
        for one in numbers(form, method):
            for many in (1, 2) if method in OF_MEANS and len(scores) >= 4 else (1,):
                two = scores[:many], scores[-many:]
                levels = LEVELS if method != "published" else LEVELS[:1]
                at = {level: said_by(method, one, level, *two) for level in levels}
                used = (method, one, many) == (chosen, number, len(first))
                found.append(Beside(method, one, many, at, used))
    return found


def points(form: Any) -> float | None:
    """How many points are more than the questionnaire errs, whatever the first score was; None:
    nobody published it.

    The chosen method's where that does not depend on the first score, else Jacobson and Truax's
    by the same norm and level (1991, J Consult Clin Psychol 59:12-19): signals and sudden gains
    need one number for everybody.
    """
    by = points_by(form)
    if by is None:
        return None
    method, number = by
    if method == "published":
        return float(number.points)
    return change.reliable_change(0, 0, norm=number.norm, threshold=Z[form.way.level]).needed


def points_by(form: Any) -> tuple[Method, Any] | None:
    """By which method and number ``points`` goes."""
    method = in_use(form)
    if method == "published" or (method is not None and not form.norms):
        published = numbers(form, "published")
        return ("published", published[0]) if published else None
    return ("jacobson-truax", form.norms[0]) if method else None


def clinical(form: Any, stored: bool | None, total: float | None, version: int) -> bool | None:
    """Whether a score lies in the clinical range by the cut-off in use; None: nobody knows.

    Args:
        stored: the same by the first cut-off of the file, as it was kept with the score.
        total: as it is read, rounded.
        version: of the questionnaire it was answered in.
    """
    if not form.way.cutoff or not form.reckons_as(version):
        return stored
    of_it = tuple(one.cutoff for one in form.cutoffs if one.name == form.way.cutoff)
    return above_cutoff(of_it, total)


def clinical_of(form: Any, score: Any, version: int) -> bool | None:
    """The same of a stored score."""
    stored, total = score.above_cutoff, score.total_rounded
    return clinical(form, stored, total, version)


@dataclass(frozen=True)
class Reached:
    """Whether a change is a response, or a score remission, by somebody's definition.

    Attributes:
        yes: None: there was no way to go, the first score was the best already.
    """

    kind: Literal["response", "remission"]
    number: Any
    yes: bool | None


def reached(form: Any, earlier: float, later: float) -> list[Reached]:
    """Responses and remissions as the questionnaire's file defines them."""
    best = form.span[0] if form.better == "lower" else form.span[1]
    made = [
        Reached("response", one, change.response(
            earlier, later, better=form.better, best=best, share=one.share))
        for one in form.responses
    ]  # fmt: skip
    return made + [
        Reached("remission", one, change.remission(later, better=form.better, bound=one.bound))
        for one in form.remissions
    ]
