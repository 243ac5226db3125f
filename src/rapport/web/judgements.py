"""A change of a latest score, opened: every number that led to the verdict."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.progress.measures.course import Course, Judged

from . import courses, judging, reckoned


@dataclass(frozen=True)
class Judgement:
    """A change of the latest score, opened: every number that led to the verdict."""

    title: str
    judged: Judged
    form: Any
    decimals: int = 0

    @property
    def by(self) -> Any:
        """The method that decides; None: nothing does."""
        return self.judged.decided

    @property
    def method(self) -> str:
        """What the method is called."""
        return str(judging.NAMES[self.by.method]) if self.by else ""

    @property
    def source(self) -> str:
        """Who published the method."""
        return judging.SOURCES[self.by.method] if self.by else ""

    @property
    def is_plain(self) -> bool:
        """Whether the arithmetic shown anyway, of Jacobson and Truax, is what decides."""
        return self.judged.computed is not None and self.by.method == "jacobson-truax"

    @property
    def number(self) -> str:
        """The published number, norm or group it goes by."""
        return judging.said(self.by.number) if self.by else ""

    @property
    def steps(self) -> reckoned.Steps:
        """How a method that compares with a group foretold a score; empty: it does not."""
        return reckoned.steps(self.by) if self.by else []

    @property
    def level(self) -> int:
        """How sure, in per cent."""
        level: int = self.form.way.level
        return level

    @property
    def of_scores(self) -> str:
        """Which scores are compared."""
        return judging.of_scores(self.judged.many)

    @property
    def reached(self) -> list[tuple[str, Any]]:
        """Response and remission, each with its source."""
        return judging.reached(self.form, self.judged)

    @property
    def scores(self) -> tuple[str, str]:
        """The later and the earlier score."""
        both = self.judged.later, self.judged.earlier
        later, earlier = (judging.signed(one, self.decimals) for one in both)
        return later, earlier

    @property
    def points(self) -> str:
        """The change with its sign."""
        return judging.signed(self.judged.points, self.decimals)

    @property
    def index(self) -> str:
        """The change in standard errors of a difference, with its sign."""
        computed = self.judged.computed
        return judging.signed(computed.index, 2) if computed else ""


def judgements(course: Course) -> list[Judgement]:
    """The changes of the latest score, each to be opened."""
    last, first, before = course.last, course.first, courses.before(course)
    found = []
    if last is not None and last.since_first is not None and first is not None:
        title = _("Since %(day)s, the first score") % {"day": courses.day(first.at)}
        found.append(judgement(course, title, last.since_first))
    if last is not None and last.since_before is not None and before not in (None, first):
        title = _("Since %(day)s, the one before") % {"day": courses.day(before.at)}  # type: ignore[union-attr]
        found.append(judgement(course, title, last.since_before))
    return found


def judgement(course: Course, title: str, judged: Judged) -> Judgement:
    """A change to be opened."""
    decimals = course.instrument.score.total.decimals
    places = max(decimals, 1) if judged.many > 1 else decimals
    return Judgement(title, judged, course.instrument, places)
