"""Which scores make a course, what counts as a change, what a signal's reasons say. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..measures import judging

WEEK = timedelta(weeks=1)
PARTS = 5  # of a scale without named bands
WEIGHT = (
    "worse than at intake", "beyond the expected range", "worse than at best",
    "improvement unlikely", "no improvement by session", "still a case at session",
)  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """A score that counts, rounded as it is read and compared.

    Attributes:
        form: the version and the language that were answered.
    """

    id: Any
    at: datetime
    total: int
    form: tuple[int, str]
    band: str = ""
    prorated: bool = False


@dataclass(frozen=True)
class Series:
    """A client's scores that can be compared, from the intake on.

    Attributes:
        later: after the intake, oldest first. times: of these, in weeks since the intake,
            ascending.
        apart: how many were left out, being of another version or language.
    """

    intake: Scored
    later: tuple[Scored, ...]
    times: tuple[float, ...]
    apart: int = 0

    @property
    def last(self) -> Scored:
        """The latest of all."""
        return self.later[-1] if self.later else self.intake

    @property
    def prorated(self) -> bool:
        """Whether the intake or the latest was filled up from the items answered."""
        return self.intake.prorated or self.last.prorated


def series(scores: Iterable[Scored], *, version: int) -> Series | None:
    """The comparable scores, oldest first given; None: none of this version.

    The first of ``version`` is the intake; others of its language follow. Of two at the same
    instant the later given stands.

    >>> from datetime import UTC
    >>> day = datetime(2030, 1, 7, tzinfo=UTC)
    >>> some = [Scored(n, day + n * WEEK, 15 - n, (1, "en" if n != 1 else "de")) for n in range(3)]
    >>> found = series(some, version=1)
    >>> found.times, found.apart
    ((2.0,), 1)
    """
    kept: list[Scored] = []
    apart = 0
    for one in scores:
        if one.form[0] != version or (kept and one.form != kept[0].form):
            apart += 1
        elif kept and one.at <= kept[-1].at:
            kept[-1] = one
        else:
            kept.append(one)
    if not kept:
        return None
    intake, *later = kept
    return Series(intake, tuple(later), tuple((o.at - intake.at) / WEEK for o in later), apart)


@dataclass(frozen=True)
class Scale:
    """What is needed of a questionnaire.

    Attributes:
        least, most: the lowest and the highest total.
        better: which way health lies.
        points: a reliable change, as it was published; None: it was not.
        caseness: first total of the clinical range; None: has none, or it depends on a fact.
    """

    least: float
    most: float
    better: str
    points: float | None
    caseness: float | None = None


def caseness(cutoffs: Sequence[Any]) -> float | None:
    """Where the clinical range begins by the first cut-off, if it is the same for everybody."""
    if not cutoffs or cutoffs[0].facts:
        return None
    first = cutoffs[0]
    return float(first.at_least if first.at_least is not None else first.at_most)


def scale_of(form: Any) -> Scale:
    """What the mathematics needs to know of a questionnaire (``measures.Instrument``)."""
    least, most = form.key.span(form.key.total)
    points, case = judging.points(form), caseness(form.cutoffs)
    return Scale(float(least), float(most), form.better, points, case)


def stretch(intake: Scored, *, least: float, most: float) -> str:
    """Which part of the scale an intake lies in: its band, or a fifth where there are no bands.

    >>> from datetime import UTC
    >>> some = Scored(1, datetime(2030, 1, 7, tzinfo=UTC), 27, (1, "en"))
    >>> stretch(some, least=0, most=27)
    'part-5'
    """
    if intake.band:
        return intake.band
    part = int(PARTS * (intake.total - least) / (most - least))
    return f"part-{min(max(part, 0), PARTS - 1) + 1}"


def since(open_on: Iterable[date], closed_on: Iterable[date]) -> date | None:
    """From which day on a client's scores belong to the care that goes on.

    The latest open episode's first day; without one, the day after the last that closed;
    None: from the beginning, where no episode was ever noted.
    """
    begun = max(open_on, default=None)
    if begun is not None:
        return begun
    ended = max(closed_on, default=None)
    return ended + timedelta(days=1) if ended is not None else None


@dataclass(frozen=True)
class Reason:
    """One thing a signal rests on; see ``growth.signals.Signal``.

    Attributes:
        ground: "model", "change" or "rule".
        again: the score before gave the same.
        numbers: what was compared, by name.
    """

    kind: str
    ground: str
    again: bool
    numbers: Mapping[str, float]

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"kind": self.kind, "ground": self.ground, "again": self.again,
                "numbers": dict(self.numbers)}  # fmt: skip


def reasons(data: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """What ``as_data`` gave, the weightiest first."""
    found = [Reason(o["kind"], o["ground"], o["again"], o["numbers"]) for o in data]
    return sorted(found, key=lambda one: (not one.again, WEIGHT.index(one.kind)))


def may_undo(*, recorded_on: date, today: date, mine: bool, undone: bool) -> bool:
    """Whether a step can be taken back: by whoever recorded it, on the same day, once."""
    return mine and not undone and recorded_on == today
