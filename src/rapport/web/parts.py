"""The parts of a questionnaire over time, as charts of their own."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapport.progress.measures import alone
from rapport.progress.measures.course import Course

from . import courses
from .others import Form


@dataclass(frozen=True)
class Part:
    """One part over time, as its chart and table need it.

    Attributes:
        measure: what it is called where it is a measure of its own; else empty.
    """

    form: Form
    measure: str
    drawings: list[str]
    rows: list[courses.Row]
    latest: list[str]
    prorated: bool
    versions: bool


def shown(course: Course, found: Mapping[str, Course]) -> list[Part]:
    """The parts that have a score, in the questionnaire's order."""
    named = courses.words_of(course).subscales
    own = alone.names(course.instrument)
    return [
        _part(named.get(name, name), one.item.id if one.item.id in own else "", one)
        for name, one in found.items() if one.points
    ]  # fmt: skip


def _part(name: str, measure: str, course: Course) -> Part:
    return Part(
        Form(name), measure, courses.drawn(courses.plot(course)),
        courses.rows(course), courses.latest(course),
        any(point.prorated for point in course.points),
        any(not point.current for point in course.points),
    )  # fmt: skip
