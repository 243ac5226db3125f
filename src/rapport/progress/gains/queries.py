"""Finding sudden gains in a course that was read."""

from datetime import date, datetime

from rapport.core import time as clock

from ..measures import judging
from ..measures.course import Course
from . import rules
from .rules import At, Leap


def of(course: Course) -> list[Leap]:
    """The sudden gains of a course; what was answered in another version is not compared."""
    form = course.instrument
    scored = [(one.at, At(one.sheet, _day(one.at), one.shown if one.current else None))
              for one in course.points]  # fmt: skip
    open_ = [(at, At(None, _day(at), None)) for at in course.unscored]
    in_order = [one for _at, one in sorted([*scored, *open_], key=lambda pair: pair[0])]
    return rules.leaps(in_order, reliable=judging.points(form), better=form.better)


def _day(at: datetime) -> date:
    return clock.local(at).date()
