"""The outcome rules of NHS Talking Therapies, for one episode and for a service.

Every number a service shows stands with its numerator and its denominator.

Source:
    NHS England, "NHS Talking Therapies Manual", and NHS Digital, "Psychological Therapies: reports
    on the use of IAPT services" (how the published rates are calculated).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

LEAST_CONTACTS = 2
Verdict = Literal["reliable improvement", "reliable deterioration", "no reliable change"]


@dataclass(frozen=True)
class Measure:
    """A measure with its two constants, in scale points; lower is better.

    Attributes:
        caseness: the lowest score of a case.
        change: the fewest points that are a reliable change.
    """

    id: str
    caseness: float
    change: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.caseness) and math.isfinite(self.change) and self.change > 0):
            raise ValueError(f"{self.id} needs a caseness and a positive change")


PHQ_9 = Measure("phq-9", caseness=10, change=6)
GAD_7 = Measure("gad-7", caseness=8, change=4)

# These take the place of the GAD-7, by the manual: commonly known, to be confirmed there. Where the
# caseness was read elsewhere, that is said.
PCL_5 = Measure("pcl-5", caseness=32, change=10)  # within 31 to 33, National Center for PTSD
IES_R = Measure("ies-r", caseness=33, change=9)  # Creamer, Bell & Failla (2003)
SPIN = Measure("spin", caseness=19, change=10)  # Connor et al. (2000), abstract
OCI = Measure("oci", caseness=40, change=32)  # 42 items, distress
MOBILITY = Measure("mobility-inventory", caseness=2.3, change=0.73)  # NHS Data Dictionary: > 2.3
PDSS = Measure("pdss-sr", caseness=8, change=5)
HEALTH_ANXIETY = Measure("hai-short-week", caseness=18, change=4)  # 14 items


class Scored(Protocol):
    """What ``scoring.score`` says, as far as it matters here."""

    @property
    def status(self) -> str: ...

    @property
    def total(self) -> float | None: ...


def valid(scored: Scored) -> float | None:
    """The total of a complete sheet; None: an answer is missing, so it is no valid score.

    >>> from rapport.science.scoring import Total
    >>> valid(Total("scored", 12, 12)), valid(Total("prorated", 12.4, 12))
    (12, None)
    """
    return scored.total if scored.status == "scored" else None


class Scores(NamedTuple):
    """The first and the last valid score of one measure; None: there is none."""

    first: float | None
    last: float | None


@dataclass(frozen=True)
class Episode:
    """What the rules need to know of one episode.

    Attributes:
        contacts: treatment contacts that were attended.
        depression: the PHQ-9.
        anxiety: the measure of the client's own disorder where there is one, else the GAD-7: "when
            present, used to calculate outcomes instead of the GAD-7", PMC8411661, table 1.
        anxiety_measure: which of them that is.
    """

    contacts: int
    depression: Scores
    anxiety: Scores
    anxiety_measure: Measure = GAD_7

    def __post_init__(self) -> None:
        if self.contacts < 0:
            raise ValueError(f"contacts cannot be negative, got {self.contacts}")
        for score in (*self.depression, *self.anxiety):
            if score is not None and not (math.isfinite(score) and score >= 0):
                raise ValueError(f"a score is a number from zero on, got {score}")


@dataclass(frozen=True)
class Judgement:
    """What became of one episode. None in any of them: valid scores that would say so are missing.

    Attributes:
        completed: enough contacts were attended.
        paired: both measures have a first and a last valid score.
        case: at caseness at the start.
        recovered: a case at the start and on neither measure at the end.
        reliably_recovered: recovered, and reliably improved.
    """

    completed: bool
    paired: bool
    case: bool | None
    recovered: bool | None
    change: Verdict | None
    reliably_recovered: bool | None


def judge(episode: Episode) -> Judgement:
    """Judge one episode, whether or not it was completed.

        case                    PHQ-9 >= 10 or anxiety measure >= its caseness
        recovered               a case at the start, no case at the end
        reliable improvement    a measure fell by its change, the other did not rise by its own
        reliable deterioration  a measure rose by its change, the other did not fall by its own
        no reliable change      neither, also when one measure rose and the other fell

    >>> found = judge(Episode(8, depression=Scores(16, 7), anxiety=Scores(12, 5)))
    >>> found.recovered, found.change, found.reliably_recovered
    (True, 'reliable improvement', True)
    """
    both = ((PHQ_9, episode.depression), (episode.anxiety_measure, episode.anxiety))
    case = _any(_at_least(scores.first, measure.caseness) for measure, scores in both)
    case_after = _any(_at_least(scores.last, measure.caseness) for measure, scores in both)
    recovered = _all((case, None if case_after is None else not case_after))
    change = _change([_moved(measure, scores) for measure, scores in both])
    return Judgement(
        completed=episode.contacts >= LEAST_CONTACTS,
        paired=all(None not in scores for _, scores in both),
        case=case,
        recovered=recovered,
        change=change,
        reliably_recovered=_all(
            (recovered, None if change is None else change == "reliable improvement")
        ),
    )


Kind = tuple[bool | None, bool | None, int | None]


def kind(measure: Measure, scores: Scores) -> Kind:
    """All that the rules ask of one measure: whether it is at caseness at the start and at the
    end, and whether it fell (-1), rose (1) or stayed (0). Scores of one kind are judged alike.

    >>> kind(PHQ_9, Scores(16, 7)), kind(GAD_7, Scores(12, None))
    ((True, False, -1), (True, None, None))
    """
    first, last = (_at_least(score, measure.caseness) for score in scores)
    return first, last, _moved(measure, scores)


def _at_least(score: float | None, bound: float) -> bool | None:
    return None if score is None else score >= bound


def _moved(measure: Measure, scores: Scores) -> int | None:
    """-1 better, 1 worse, 0 neither, each by the measure's change."""
    if scores.first is None or scores.last is None:
        return None
    points = scores.last - scores.first
    if math.isclose(abs(points), measure.change):  # fractions: 2.3 - 1.57 is the change of 0.73
        return 1 if points > 0 else -1
    return 0 if abs(points) < measure.change else (1 if points > 0 else -1)


def _change(moved: list[int | None]) -> Verdict | None:
    known = [one for one in moved if one is not None]
    if len(known) < len(moved):
        return None
    total = sum(known)
    if not total:
        return "no reliable change"
    return "reliable improvement" if total < 0 else "reliable deterioration"


def _any(said: Iterable[bool | None]) -> bool | None:
    """True if one is; False if none is; None if that depends on one that nobody knows."""
    every = list(said)
    return True if True in every else (None if None in every else False)


def _all(said: Iterable[bool | None]) -> bool | None:
    every = list(said)
    return False if False in every else (None if None in every else True)


@dataclass(frozen=True)
class Rate:
    """A share with what it is a share of."""

    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None: of nobody."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Service:
    """What became of all episodes that ended in a period.

    Attributes:
        completed: of all.
        paired: of those completed; NHS England expects at least 0.9.
        cases, not_cases: of those completed, where it is known.
        recovery, reliable_recovery: of those completed less ``not_cases``.
        improvement, deterioration, no_change: of all completed. What nobody knows, because scores
            are missing, is in no numerator and in every denominator.
    """

    completed: Rate
    paired: Rate
    cases: int
    not_cases: int
    recovery: Rate
    reliable_recovery: Rate
    improvement: Rate
    deterioration: Rate
    no_change: Rate


def service(episodes: Iterable[Episode]) -> Service:
    """Add up the judgements as the published rates do.

        recovery           = recovered / (completed - not at caseness)
        reliable recovery  = reliably recovered / (completed - not at caseness)
        improvement        = reliably improved / completed

    So an episode without valid scores lowers every rate; ``paired`` says how many there are.

    >>> found = service([
    ...     Episode(8, Scores(16, 7), Scores(12, 5)),
    ...     Episode(6, Scores(15, 14), Scores(9, 9)),
    ...     Episode(4, Scores(5, 4), Scores(6, 2)),
    ...     Episode(1, Scores(20, 9), Scores(15, 3))])
    >>> found.completed, found.recovery, found.improvement
    (Rate(numerator=3, denominator=4), Rate(numerator=1, denominator=2), \
Rate(numerator=2, denominator=3))
    """
    every = [judge(episode) for episode in episodes]
    done = [one for one in every if one.completed]
    not_cases = sum(one.case is False for one in done)
    could_recover = len(done) - not_cases

    def of_all(change: Verdict) -> Rate:
        return Rate(sum(one.change == change for one in done), len(done))

    return Service(
        completed=Rate(len(done), len(every)),
        paired=Rate(sum(one.paired for one in done), len(done)),
        cases=sum(one.case is True for one in done),
        not_cases=not_cases,
        recovery=Rate(sum(one.recovered is True for one in done), could_recover),
        reliable_recovery=Rate(sum(one.reliably_recovered is True for one in done), could_recover),
        improvement=of_all("reliable improvement"),
        deterioration=of_all("reliable deterioration"),
        no_change=of_all("no reliable change"),
    )
