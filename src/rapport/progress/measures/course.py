"""A client's scores of one questionnaire over time: what can be compared, and what changed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean
from typing import Any

from rapport.core.library import Item, NotInLibrary
from rapport.people.clients.models import Client
from rapport.science import change

from ..chosen import queries as chosen
from . import instruments, judging
from .judging import Reached, Verdict
from .models import Score
from .published import ChangeOf, NormOf
from .questionnaire import Instrument

GAP = timedelta(weeks=8)
"""Two scores farther apart than this are not joined by a line: nobody knows what lay between."""

MOST = 400


@dataclass(frozen=True)
class Judged:
    """One change, and all that led to the verdict.

    Attributes:
        earlier, later: the scores, or the means of two where the practice chose those.
        many: how many scores at each end.
        decided: by the method in use; None: nothing is known to judge by.
        computed: the arithmetic of Jacobson and Truax from ``norm``, beside whatever decides.
        important: the smallest changes that somebody calls important; no verdict.
        reached: response and remission, where the file defines them: of the first score and the
            last one, as for the cut-off, whether or not means are compared.
    """

    earlier: float
    later: float
    decided: Verdict | None
    norm: NormOf | None
    computed: change.Change | None
    important: tuple[ChangeOf, ...] = ()
    reached: tuple[Reached, ...] = ()
    many: int = 1

    @property
    def reliable(self) -> bool | None:
        """More than measurement error; None: nothing is known to judge by."""
        return self.decided.reliable if self.decided else None

    @property
    def published(self) -> ChangeOf | None:
        """The published number, where one decides."""
        by = self.decided
        return by.number if by is not None and by.method == "published" else None

    @property
    def mattered(self) -> list[tuple[ChangeOf, bool]]:
        """Each of ``important``, and whether the change is as large."""
        return [(one, abs(self.points) >= one.points) for one in self.important]

    @property
    def points(self) -> float:
        """Later minus earlier, in scale points."""
        return round(self.later - self.earlier, 4)

    def needed(self, better: change.Better) -> float | None:
        """How many points towards health a verdict takes; None: not known."""
        if self.decided is None:
            return None
        low, high = self.decided.low, self.decided.high
        return self.earlier - low if better == "lower" else high - self.earlier

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
    def compared(self) -> tuple[float, ...]:
        """Every score that can be compared, from the first that counts on."""
        first = self.first
        return tuple(
            one.shown for one in self.points if first and one.current and one.at >= first.at
        )

    @property
    def last(self) -> Point | None:
        """The latest score."""
        return self.points[-1] if self.points else None


def judged(form: Instrument, earlier: float, later: float) -> Judged:
    """Judge the change between two scores that follow each other, by the method in use."""
    return replace(_judged(form, [earlier], [later]), reached=())


def _judged(form: Instrument, first: Sequence[float], last: Sequence[float]) -> Judged:
    one, other = fmean(first), fmean(last)
    norm = form.norms[0] if form.norms and len(first) == 1 else None
    z = judging.Z[form.way.level]
    computed = change.reliable_change(one, other, norm=norm.norm, threshold=z) if norm else None
    important = tuple(each for each in form.changes if each.means == "important")
    return Judged(
        one, other, judging.verdict(form, first, last), norm, computed, important,
        tuple(judging.reached(form, first[0], last[-1])), len(first),
    )  # fmt: skip


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
    compared: list[float] = []
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
        if point.current and (compared or since is None or point.at >= since):
            compared.append(point.shown)
            if len(compared) > 1:
                point = replace(point, since_first=_judged(form, *judging.ends(form, compared)))
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
        above_cutoff=judging.clinical(form, score.above_cutoff, shown, score.sheet.version),
        prorated=score.status == Score.Status.PRORATED,
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
