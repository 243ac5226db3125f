"""What others answered about a client over time, apart from the client's own answers."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from rapport.progress.informants import queries
from rapport.progress.informants.models import Informant
from rapport.progress.measures import course as courses
from rapport.progress.measures import instruments
from rapport.progress.measures.course import Course, Point

from . import courses as words
from .informants import answered_by, who


@dataclass(frozen=True)
class Form:
    """What a chart and its table are called: the questionnaire, and whose answers they are."""

    short: str
    validated: bool = False  # no sign of a verdict, and none in the legend


@dataclass(frozen=True)
class Series:
    """One informant's answers over time.

    Attributes:
        by_role: nobody knows whether it was the same person each time: nothing is compared.
    """

    title: str
    by_role: bool
    form: Form
    drawings: list[str]
    rows: list[words.Row]
    prorated: bool
    versions: bool


@dataclass(frozen=True)
class Beside:
    """The latest answers of one person, for the comparison side by side."""

    who: str
    day: str
    said: str
    apart: str


@dataclass(frozen=True)
class Others:
    """What others answered on a questionnaire, and the latest of everybody side by side."""

    series: list[Series]
    beside: list[Beside]


def of(by: Any, client: Any, course: Course) -> Others:
    """What others answered about ``client``, on the questionnaire of ``course``, the client's."""
    rows = queries.scores(by=by, client=client, instrument=course.item.id, most=courses.MOST)
    found: dict[Any, list[Any]] = {}
    for one in rows:
        found.setdefault(one.informant_id, []).append(one)
    read = [_read(course, scores, client) for scores in found.values()]
    lasts = [(whose, one.last) for whose, one in read if one.last is not None]
    shown = [_series(whose, one) for whose, one in read if one.points]
    return Others(shown, _beside(course, lasts))


def forms(by: Any, client: Any) -> list[tuple[str, str]]:
    """Questionnaires that others answered about ``client``: the name, and what it is called."""
    found = instruments.these(queries.scored(by=by, client=client))
    return sorted(
        ((name, one.content.short) for name, one in found.items()), key=lambda two: two[1]
    )


def _read(course: Course, scores: list[Any], client: Any) -> tuple[Informant, Course]:
    """Compared with the same person's alone, by points: the published limits of change are of
    people who answer about themselves."""
    informant = queries.named(scores[0].informant, client)
    bare = replace(course.instrument, changes=[], norms=[], groups=[])
    item = replace(course.item, content=bare)
    scored = [one for one in scores if one.total_rounded is not None]
    unscored = tuple(one.at for one in scores if one.total_rounded is None)
    points = courses.read(item, scored, broken=unscored)
    if informant.by_role:
        points = [replace(p, joined=False, since_first=None, since_before=None) for p in points]
    return informant, Course(item, tuple(points), unscored)


def _series(informant: Informant, course: Course) -> Series:
    short, answered = course.instrument.short, answered_by(informant)
    title = _("%(form)s, %(answered)s") % {"form": short, "answered": answered}
    return Series(
        title=title, by_role=informant.by_role, form=Form(title),
        drawings=words.drawn(words.plot(course)), rows=words.rows(course),
        prorated=any(one.prorated for one in course.points),
        versions=any(not one.current for one in course.points),
    )  # fmt: skip


def _beside(course: Course, lasts: list[tuple[Informant, Point]]) -> list[Beside]:
    """The client's latest first; how far the others are from it, in points and words alone."""
    mine = course.last
    if len(lasts) + (mine is not None) < 2:
        return []
    rows = [Beside(who(one), words.day(p.at), _said(course, p), _apart(course, p, mine))
            for one, p in lasts]  # fmt: skip
    if mine is None:
        return rows
    return [Beside(_("the client"), words.day(mine.at), _said(course, mine), ""), *rows]


def _said(course: Course, point: Point) -> str:
    return words.sentence(course, replace(point, since_first=None))


def _apart(course: Course, point: Point, mine: Point | None) -> str:
    if mine is None:
        return ""
    if not (point.current and mine.current):
        return _("another version or language of the form, not compared")
    points = round(point.shown - mine.shown, 4)
    given = {"points": words.number(course, abs(points))}
    if not points:
        return _("the same as the client")
    if points < 0:
        return _("%(points)s less than the client") % given
    return _("%(points)s more than the client") % given
