"""The parts of a questionnaire over time, as charts of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapport.progress.measures.course import Course

from . import courses
from .others import Form


@dataclass(frozen=True)
class Part:
    """One part over time, as its chart and table need it."""

    form: Form
    drawings: list[str]
    rows: list[courses.Row]
    latest: list[str]
    prorated: bool
    versions: bool


def shown(course: Course, found: Mapping[str, Course]) -> list[Part]:
    """The parts that have a score, in the questionnaire's order."""
    named = courses.words_of(course).subscales
    return [_part(named.get(name, name), one) for name, one in found.items() if one.points]


def _part(name: str, course: Course) -> Part:
    plot = courses.plot(course)
    return Part(
        Form(name), courses.drawn(replace(plot, words=f"{name}. {plot.words}")),
        courses.rows(course), courses.latest(course),
        any(point.prorated for point in course.points),
        any(not point.current for point in course.points),
    )  # fmt: skip
