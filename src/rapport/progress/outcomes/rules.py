"""How ended episodes are added up and judged. No database, no clock, no Django."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from rapport.science import talking_therapies as nhs
from rapport.science.change import Better, Class

AT_ONCE = 500  # episodes that are kept until they are judged together
Reliable = Callable[[float, float], bool | None]
Reached = Callable[["End", "End"], tuple[bool, bool, bool]]


@dataclass(frozen=True)
class End:
    """The score at one end of an episode, rounded as it is read and compared.

    Attributes:
        sheet: which sheet it was.
        form: the version and the language that were answered.
        clinical: in the clinical range, by the questionnaire's first cut-off; None: it has none.
    """

    sheet: str
    total: float
    form: tuple[int, str]
    band: str = ""
    prorated: bool = False
    clinical: bool | None = None


@dataclass(frozen=True)
class Ended:
    """An episode that ended, the latest of its client.

    Attributes:
        first, last: the ends of its course; the same sheet where there is but one.
        second, before: the one after the first and the one before the last, where means of two
            are asked for.
        episode: the same for the rules of NHS Talking Therapies, where they are asked for.
        reason: how the care ended, as ``episodes`` has it; empty: not said.
        wait: days from the first contact to the first session; None: not known.
        unknown: why it is not, as ``sessions.UNKNOWN`` has it.
    """

    responsible: str
    problem: str = ""
    modality: str = ""
    first: End | None = None
    last: End | None = None
    episode: nhs.Episode | None = None
    reason: str = ""
    wait: int | None = None
    unknown: str = ""
    second: End | None = None
    before: End | None = None

    @property
    def band(self) -> str:
        """The band of the first score."""
        return self.first.band if self.first is not None else ""

    @property
    def answered_twice(self) -> bool:
        """Whether there are two scores, whether or not they can be compared."""
        return self.first is not None and self.last is not None and (
            self.first.sheet != self.last.sheet
        )  # fmt: skip

    @property
    def pair(self) -> tuple[End, End] | None:
        """The two ends, where they are two of one version and language."""
        if self.first is None or self.last is None or not self.answered_twice:
            return None
        return (self.first, self.last) if self.first.form == self.last.form else None

    @property
    def inner(self) -> tuple[End, End] | None:
        """The two between them that are averaged with them: of four scores or more, all of these
        of one version and language."""
        if self.pair is None or self.second is None or self.before is None:
            return None
        four = (self.pair[0], self.second, self.before, self.pair[1])
        alike = len({end.form for end in four}) == 1
        return four[1:3] if alike and len({end.sheet for end in four}) == 4 else None


def scores(first: End | None, last: End | None) -> nhs.Scores:
    """Two ends as NHS Talking Therapies judges them; a last one that cannot be compared is none."""
    ended = Ended("", first=first, last=last)
    return nhs.Scores(
        first.total if first is not None else None, ended.pair[1].total if ended.pair else None
    )


def fits(row: Ended, *, problem: str = "", modality: str = "", band: str = "") -> bool:
    """Whether an episode is among those asked for; what is empty is not asked."""
    wanted = ((problem, row.problem), (modality, row.modality), (band, row.band))
    return all(asked in ("", is_) for asked, is_ in wanted)


def classed(first: End, last: End, *, better: Better, reliable: bool | None) -> Class | None:
    """What became of a pair; None: nobody published what a reliable change is.

    Without a cut-off nobody recovers; who changed for the better improved.
    """
    if reliable is None:
        return None
    if not reliable or first.total == last.total:
        return "unchanged"
    if (last.total < first.total) is not (better == "lower"):
        return "deteriorated"
    return "recovered" if first.clinical and last.clinical is False else "improved"


@dataclass(frozen=True)
class Judge:
    """By what a pair is judged.

    Attributes:
        reliable: whether two totals differ by more than error; None: nobody published it.
        clinical: whether an end lies in the clinical range, by the cut-off in use; None: nobody
            knows, or there is none.
        means: the same as ``reliable`` of the means of two; None: means are not asked for. In or
            out of the clinical range is the first score and the last one still.
        reached: whether the first score was one to get well from, and whether the last one is a
            response, and remission; see ``goals``.
    """

    better: Better
    reliable: Reliable
    clinical: Callable[[End], bool | None] = lambda end: end.clinical
    means: Reliable | None = None
    reached: Reached = lambda _first, _last: (False, False, False)

    def classed(self, first: End, last: End, inner: tuple[End, End] | None = None) -> Class | None:
        """What became of a pair; None: nobody published what a reliable change is.

        Args:
            inner: as ``Ended.inner`` has them.
        """
        one, other = (replace(end, clinical=self.clinical(end)) for end in (first, last))
        if self.means is None or inner is None:
            reliable = self.reliable(first.total, last.total)
            return classed(one, other, better=self.better, reliable=reliable)
        a, b = mean(first, inner[0]), mean(inner[1], last)
        one, other = replace(one, total=a), replace(other, total=b)
        return classed(one, other, better=self.better, reliable=self.means(a, b))

    def least(self, highest: float) -> int:
        """How many halves of thousandths apart two means are told from error, at least.

        Args:
            highest: points apart that surely are.
        """
        low, high = 0, int(highest * HALVES) + 1
        while self.means is not None and low < high:
            middle = (low + high) // 2
            if self.means(0, middle / HALVES):
                high = middle
            else:
                low = middle + 1
        return high


HALVES = 2000  # of a thousandth of a point: sums of two are whole numbers of them


def mean(one: End, other: End) -> float:
    """The mean of two totals, exact to half of a thousandth."""
    return (round(one.total * 1000) + round(other.total * 1000)) / HALVES


BETTER = ("recovered", "improved")
PLANNED = ("COMPLETED",)
DROPPED = ("CLIENT_ENDED", "LOST")
"""Ended by the client alone, before what they came for was done, said or not said.

Source: Swift & Greenberg (2012), J Consult Clin Psychol 80(4):547-559, premature discontinuation.
"""
SOON, LATE = 42, 126
"""Days: 6 and 18 weeks, within which 75 % and 95 % begin treatment.

Source: NHS Talking Therapies manual, waiting time standards.
"""


class Unjudged(ValueError):
    """Nobody published for this measure what a reliable change is."""


def classed_by(judge: Judge, first: End, last: End, inner: tuple[End, End] | None = None) -> Class:
    """What became of a pair.

    Raises:
        Unjudged: nobody can say.
    """
    name = judge.classed(first, last, inner)
    if name is None:
        raise Unjudged
    return name


ADDED = ("clients", "said", "planned", "dropped", "paired", "apart", "prorated", "began",
         "responded", "remitted", "first", "last", "first_squares", "last_squares",
         "products")  # fmt: skip


@dataclass
class Tally:
    """Episodes added up one by one, so that a million need no more room than ten.

    Attributes:
        paired: with two scores that can be compared.
        apart: with two that cannot: another version or language.
        prorated: pairs with a score that was filled up from the items answered.
        began, responded, remitted: pairs as ``Judge.reached`` tells them.
        said: of whom it is said how their care ended: as ``planned``, ``dropped``, or otherwise.
        waits: how many waited so many days for the first session.
        unknown: of how many that is not known, by reason.
        whose, whom: how many pairs, and clients, each clinician is responsible for; never shown.
    """

    clients: int = 0
    said: int = 0
    planned: int = 0
    dropped: int = 0
    paired: int = 0
    apart: int = 0
    prorated: int = 0
    began: int = 0
    responded: int = 0
    remitted: int = 0
    first: int | Fraction = 0
    last: int | Fraction = 0
    first_squares: int | Fraction = 0
    last_squares: int | Fraction = 0
    products: int | Fraction = 0
    classes: Counter[str] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    whose: Counter[str] = field(default_factory=Counter)
    whom: Counter[str] = field(default_factory=Counter)
    _judged: nhs.Service | None = None
    _waiting: list[nhs.Episode] = field(default_factory=list)

    def add(self, row: Ended, judge: Judge) -> None:
        """Count one more."""
        self.clients += 1
        self.whom[row.responsible] += 1
        self.said += bool(row.reason)
        self.planned += row.reason in PLANNED
        self.dropped += row.reason in DROPPED
        if row.wait is not None:
            self.waits[row.wait] += 1
        elif row.unknown:
            self.unknown[row.unknown] += 1
        if row.episode is not None:
            self._waiting.append(row.episode)
            if len(self._waiting) >= AT_ONCE:
                self._judge()
        if row.pair is None:
            self.apart += row.answered_twice
            return
        one, other = row.pair
        self.paired += 1
        self.prorated += one.prorated or other.prorated
        a, b = _exact(one.total), _exact(other.total)
        self.first += a
        self.last += b
        self.first_squares += a * a
        self.last_squares += b * b
        self.products += a * b
        self.whose[row.responsible] += 1
        began, responded, remitted = judge.reached(one, other)
        self.began += began
        self.responded += responded
        self.remitted += remitted
        name = judge.classed(one, other, row.inner)
        if name is not None:
            self.classes[name] += 1

    @property
    def service(self) -> nhs.Service | None:
        """By the rules of NHS Talking Therapies; None: they were not asked for."""
        if self._waiting:
            self._judge()
        return self._judged

    def _judge(self) -> None:
        self.judge(nhs.service(self._waiting))
        self._waiting.clear()

    def judge(self, more: nhs.Service) -> None:
        """Add what more episodes came to by the rules of NHS Talking Therapies."""
        self._judged = more if self._judged is None else _sum(self._judged, more)

    def merge(self, more: "Tally") -> None:
        """Add what others came to."""
        for name in ADDED:
            setattr(self, name, getattr(self, name) + getattr(more, name))
        self.classes.update(more.classes)
        self.waits.update(more.waits)
        self.unknown.update(more.unknown)
        self.whose.update(more.whose)
        self.whom.update(more.whom)
        if more.service is not None:
            self.judge(more.service)

    def waited(self, days: int | None = None) -> int:
        """How many waited so many days or fewer; None: of how many it is known."""
        return sum(n for wait, n in self.waits.items() if days is None or wait <= days)

    def ends(self) -> dict[str, float] | None:
        """Means, spreads and correlation of first and last scores, as ``effects.Paired`` has them.

        None: fewer than 3 pairs, or scores that do not differ, or differ in step.
        """
        n = self.paired
        one = n * self.first_squares - self.first**2  # n (n - 1) times the variance, exactly
        other = n * self.last_squares - self.last**2
        if n < 3 or not one or not other:
            return None
        both = n * self.products - self.first * self.last
        if both**2 == one * other:
            return None
        spread = n * (n - 1)
        return {
            "n": n, "first": float(self.first / n), "last": float(self.last / n),
            "sd_first": math.sqrt(one / spread), "sd_last": math.sqrt(other / spread),
            "r": both / math.sqrt(one * other),
        }  # fmt: skip


def _exact(total: float) -> int | Fraction:
    """A total as it is read, so that sums of 0.1 are no less exact than sums of whole points."""
    return int(total) if total == int(total) else Fraction(str(total))


def _sum(one: nhs.Service, other: nhs.Service) -> nhs.Service:
    added: dict[str, Any] = {}
    for each in fields(nhs.Service):
        a, b = getattr(one, each.name), getattr(other, each.name)
        if isinstance(a, nhs.Rate):
            added[each.name] = nhs.Rate(a.numerator + b.numerator, a.denominator + b.denominator)
        else:
            added[each.name] = a + b
    return nhs.Service(**added)


def in_group(by: str, group: str) -> bool:
    """Whether there is a group of this name; without a first score nobody has a band.

    Args:
        by, group: as ``grouped`` has them.
    """
    return bool(by) and (by != "band" or bool(group))


def grouped(
    rows: Iterable[Ended], *, judge: Judge, by: str, me: str
) -> tuple[Tally, Tally, dict[str, Tally]]:
    """Everybody, one's own, and each group.

    Args:
        by: problem, modality or band, or more of them with a blank between; so is a group called.
    """
    whole, mine, groups = Tally(), Tally(), defaultdict[str, Tally](Tally)
    for row in rows:
        whole.add(row, judge)
        if row.responsible == me:
            mine.add(row, judge)
        group = " ".join(str(getattr(row, name)) for name in by.split())
        if in_group(by, group):
            groups[group].add(row, judge)
    return whole, mine, groups
