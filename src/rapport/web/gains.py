"""Sudden gains in words: for who treats with the numbers, for the client in plain ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from rapport.progress.gains.rules import Leap
from rapport.progress.measures.course import Course
from rapport.progress.measures.judging import points_by

from . import courses


@dataclass(frozen=True)
class Shown:
    """A sudden gain as a page says it: a sentence, and the three criteria to be opened.

    Attributes:
        id: of the sheet whose dot carries the mark.
        sizes, shares, means: what was compared, number by number.
        source: where the size of a reliable change stands.
    """

    id: Any
    said: str
    sizes: str
    shares: str
    means: str
    source: Any


def for_desk(course: Course, leaps: Iterable[Leap]) -> list[Shown]:
    """Every gain, also one that was lost again."""
    return [_shown(course, one) for one in leaps]


def for_client(course: Course, leaps: Iterable[Leap]) -> list[Shown]:
    """Gains that have held, as the person reads them who answered."""
    said = _("Between %(first)s and %(last)s your number moved a good deal in the direction that "
             "helps, and so far it has held. What happened around then is worth remembering: you "
             "could talk about it in your next session.")  # fmt: skip
    return [
        Shown(one.after.id, said % _days(one), "", "", "", None)
        for one in leaps if one.lost is None
    ]  # fmt: skip


def within(course: Course, shown: Iterable[Shown]) -> list[Shown]:
    """Those whose mark lies on the part of the course that is drawn."""
    drawn = {one.sheet for one in course.points}
    return [one for one in shown if one.id in drawn]


def marked(shown: Iterable[Shown], words: str) -> dict[Any, str]:
    """What the dot of each gain says, by sheet."""
    return {one.id: words for one in shown}


def name() -> str:
    """What it is called among those who treat."""
    return _("sudden gain")


def plain_name() -> str:
    """What it is called in the portal."""
    return _("a big step")


def _shown(course: Course, leap: Leap) -> Shown:
    form = course.instrument
    return Shown(
        leap.after.id, _sentence(course, leap), _sizes(course, leap), _shares(course, leap),
        _means(leap), by[1] if (by := points_by(form)) else None,
    )  # fmt: skip


def _day(on: date) -> str:
    return date_format(on, "DATE_FORMAT")


def _days(leap: Leap) -> dict[str, str]:
    return {"first": _day(leap.before.on), "last": _day(leap.after.on)}


def _points(course: Course, leap: Leap) -> dict[str, str]:
    before, after = leap.before.points or 0, leap.after.points or 0
    return {
        "before": courses.number(course, before), "after": courses.number(course, after),
        "size": courses.number(course, leap.size), "needed": _number(leap.reliable),
    }  # fmt: skip


def _sentence(course: Course, leap: Leap) -> str:
    given = _days(leap) | _points(course, leap)
    if leap.lost is not None:
        return _("A sudden gain from %(first)s to %(last)s, from %(before)s to %(after)s; by "
                 "%(lost)s half of it or more was lost again.") % (
            given | {"lost": _day(leap.lost.on)})  # fmt: skip
    return _("A sudden gain from %(first)s to %(last)s, from %(before)s to %(after)s; it has held "
             "so far. Ask what happened in between.") % given  # fmt: skip


def _sizes(course: Course, leap: Leap) -> str:
    return _("%(before)s to %(after)s: %(size)s points; it takes %(needed)s, a reliable "
             "change.") % _points(course, leap)  # fmt: skip


def _shares(course: Course, leap: Leap) -> str:
    given = _points(course, leap)
    if leap.share is None:
        return _("The score before was 0, of which any gain is more than a quarter.")
    share = number_format(round(100 * leap.share), 0)
    return _("%(size)s of %(before)s is %(share)s %%; it takes 25 %%.") % (given | {"share": share})


def _means(leap: Leap) -> str:
    before, after = leap.means
    given = {
        "before": _number(before), "after": _number(after), "bar": _number(leap.bar),
        "apart": _number(abs(before - after)), "t": number_format(leap.critical, 3),
    }  # fmt: skip
    return _("On average %(before)s in up to three scores before and %(after)s in as many after: "
             "%(apart)s apart; it takes more than %(bar)s, which is %(t)s times the spread within "
             "the two.") % given  # fmt: skip


def _number(value: float) -> str:
    return number_format(round(value, 2), 0 if float(value).is_integer() else 2)
