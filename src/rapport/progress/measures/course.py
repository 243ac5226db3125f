"""A client's scores of one questionnaire over time: what can be compared, and what changed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from rapport.core.library import Item, NotInLibrary
from rapport.people.clients.models import Client
from rapport.science import change

from ..chosen import queries as chosen
from . import instruments
from .instruments import Instrument
from .models import Score
from .published import ChangeOf, NormOf

GAP = timedelta(weeks=8)
"""Two scores farther apart than this are not joined by a line: nobody knows what lay between."""

MOST = 400


@dataclass(frozen=True)
class Judged:
    """One change, and all that led to the verdict.

    Attributes:
        published: the rule that decides, where somebody published one.
        computed: the arithmetic from a norm; it decides where no rule was published.
        reliable: more than measurement error; None: nothing is known to judge by.
        important: the smallest changes that somebody calls important; no verdict.
    """

    earlier: float
    later: float
    published: ChangeOf | None
    norm: NormOf | None
    computed: change.Change | None
    reliable: bool | None
    important: tuple[ChangeOf, ...] = ()

    @property
    def mattered(self) -> list[tuple[ChangeOf, bool]]:
        """Each of ``important``, and whether the change is as large."""
        return [(one, abs(self.points) >= one.points) for one in self.important]

    @property
    def points(self) -> float:
        """Later minus earlier, in scale points."""
        return round(self.later - self.earlier, 4)

    @property
    def disagree(self) -> bool:
        """Whether the published rule and the arithmetic come to two verdicts."""
        known = self.published is not None and self.computed is not None
        return known and self.computed.reliable is not self.reliable  # type: ignore[union-attr]


@dataclass(frozen=True)
class Point:
    """One score on the chart.

    Attributes:
        shown: the total, rounded half up to its decimals: what is read, and what is compared.
        current: answered in the version the library has and in the language of the latest score;
            others are shown, never compared.
        joined: a line leads here from the point before.
    """

    sheet: uuid.UUID
    at: datetime
    total: float
    shown: float
    band: str
    above_cutoff: bool | None
    prorated: bool
    version: int
    language: str
    current: bool
    joined: bool = False
    since_first: Judged | None = None
    since_before: Judged | None = None

    @property
    def reliable(self) -> bool:
        """Whether it differs from the first score by more than measurement error."""
        return self.since_first is not None and self.since_first.reliable is True


@dataclass(frozen=True)
class Course:
    """All scores of one questionnaire, the oldest first.

    Attributes:
        unscored: when it was answered with too many questions open to be scored.
        older: whether older scores are left out.
        since: the score that later ones are compared with, where ``points`` do not begin there.
    """

    item: Item[Instrument]
    points: tuple[Point, ...]
    unscored: tuple[datetime, ...] = ()
    older: bool = False
    since: Point | None = None

    @property
    def instrument(self) -> Instrument:
        """The questionnaire as the library has it."""
        return self.item.content

    @property
    def span(self) -> tuple[int, int]:
        """The lowest and the highest total there is."""
        return self.instrument.span

    @property
    def first(self) -> Point | None:
        """The score with which all later ones are compared."""
        return self.since or next((one for one in self.points if one.current), None)

    @property
    def last(self) -> Point | None:
        """The latest score."""
        return self.points[-1] if self.points else None


def judged(form: Instrument, earlier: float, later: float) -> Judged:
    """Judge a change by the first published rule, else by the arithmetic of the first norm."""
    published = next((one for one in form.changes if one.means == "reliable"), None)
    norm = form.norms[0] if form.norms else None
    computed = change.reliable_change(earlier, later, norm=norm.norm) if norm else None
    reliable = computed.reliable if computed else None
    if published is not None:
        reliable = change.changed_by(earlier, later, points=published.points)
    important = tuple(one for one in form.changes if one.means == "important")
    return Judged(earlier, later, published, norm, computed, reliable, important)


def read(
    item: Item[Instrument], scores: Iterable[Score], *, broken: Iterable[datetime] = (),
    since: datetime | None = None,
) -> list[Point]:  # fmt: skip
    """The points of ``scores`` (oldest first), joined and compared where that is right.

    Args:
        broken: instants at which the line breaks, such as sheets without a score.
        since: compare with the first score from then on; nor is the first one since then with
            the one before it.
    """
    form, breaks, rows = item.content, sorted(broken), list(scores)
    points: list[Point] = []
    first: Point | None = None
    for score in rows:
        point = _point(form, score, rows[-1].sheet.language)
        before = points[-1] if points else None
        if point.current and before is not None and before.current:
            apart = point.at - before.at > GAP
            cut = any(before.at < one < point.at for one in breaks)
            point = replace(point, joined=not apart and not cut)
            if since is None or not before.at < since <= point.at:
                since_before = judged(form, before.shown, point.shown)
                point = replace(point, since_before=since_before)
        if point.current and first is not None:
            point = replace(point, since_first=judged(form, first.shown, point.shown))
        begun = point.current and (since is None or point.at >= since)
        first = first or (point if begun else None)
        points.append(point)
    return points


def _point(form: Instrument, score: Score, spoken: str) -> Point:
    total = score.total
    if total is None or score.total_rounded is None:
        raise ValueError("a sheet without a score is no point")
    decimals = form.score.total.decimals
    shown = form.score.total.rounded(total) if decimals else score.total_rounded
    return Point(
        sheet=score.sheet_id, at=score.at, total=total, shown=shown, band=score.band,
        above_cutoff=score.above_cutoff, prorated=score.status == Score.Status.PRORATED,
        version=score.sheet.version, language=score.sheet.language,
        current=form.alike(score.sheet.version) and score.sheet.language == spoken,
    )  # fmt: skip


def of(
    *, by: Any, client: Client, instrument: str, until: datetime | None = None,
    since: datetime | None = None,
) -> Course:  # fmt: skip
    """A client's course, as far as ``by`` may read it. Two statements; corrections count alone.

    Args:
        until: scores up to that instant alone.
        since: as ``within`` takes it.

    Raises:
        NotInLibrary: there is no such questionnaire.
    """
    item = chosen.item(instruments.find(instrument))
    found = Score.objects.clinical_to(by).filter(client=client, instrument=instrument)
    if until is not None:
        found = found.filter(at__lte=until)
    rows = found.filter(sheet__replaced_by=None).select_related("sheet").only(
        "sheet", "at", "status", "total", "total_rounded", "band", "above_cutoff",
        "sheet__version", "sheet__language",
    )  # fmt: skip
    latest = list(rows.order_by("-at", "pk")[: MOST + 1])
    kept = latest[:MOST][::-1]
    scored = [one for one in kept if one.total is not None and one.total_rounded is not None]
    broken = [one for one in kept if one.total is None and item.content.has_total]
    unscored = tuple(one.at for one in broken)
    return replace(within(item, scored, unscored, since), older=len(latest) > MOST)


def within(
    item: Item[Instrument], scored: Iterable[Score], unscored: tuple[datetime, ...],
    since: datetime | None,
) -> Course:  # fmt: skip
    """The course of an episode: what is since then is compared with the first score since then.

    Args:
        since: None: all of it is one episode. Where nothing comparable is since then, all counts.
    """
    rows = list(scored)
    points = read(item, rows, broken=unscored, since=since)
    current = [one for one in points if one.current]
    later = [one for one in current if since is None or one.at >= since]
    if current and not later:
        points = read(item, rows, broken=unscored)
    first = next(iter(later or current), None)
    return Course(item, tuple(points), unscored, since=first)


def kinds(*, by: Any, client: Client) -> list[str]:
    """Which questionnaires of a client have a course to look at, as far as ``by`` may."""
    found = Score.objects.clinical_to(by).filter(client=client).exclude(total=None)
    names = set(found.values_list("instrument", flat=True).distinct())
    return sorted(name for name in names if _is_there(name))


def _is_there(name: str) -> bool:
    try:
        return bool(instruments.find(name).id)
    except NotInLibrary:
        return False
