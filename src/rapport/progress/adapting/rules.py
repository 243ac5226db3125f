"""How an adaptive test goes on, ends, and is compared with the one before. Pure.

NumPy is loaded where a test is reckoned, not where pages are.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapport.science.adaptive.items import GradedItem
from rapport.science.change.reliable import Z_95

if TYPE_CHECKING:
    from rapport.science.adaptive.choosing import Sitting
    from rapport.science.adaptive.graded import Trait

BELOW_SE, LEAST, MOST = 0.3, 4, 12
"""When a test stops unless somebody says otherwise: the custom of the PROMIS adaptive tests, whose
depression bank was studied by Choi, Reise, Pilkonis, Hays & Cella (2010), Quality of Life
Research 19:125-136. A standard error of 0.3 is a reliability of about 0.9."""
SES = (0.2, 0.6)
"""Which standard errors may be asked for: reliabilities of 0.96 and 0.64 where the population's
standard deviation is 1."""
FEWEST, LONGEST = 1, 40
T_SPAN = (10, 90)
"""The grid from theta -4 to 4 as T scores: 50 + 10 theta."""
SHOWN_AT = (50, 60, 70)
"""T scores at which it is said how precise a test can be: the average, and one and two standard
deviations of the population above it."""

Wrong = Literal["se", "few", "many", "turned"]
Place = Literal["next", "again", "late"]


@dataclass(frozen=True)
class Stops:
    """When the adaptive part ends, see ``science.adaptive.choosing.Stop``."""

    below_se: float = BELOW_SE
    least: int = LEAST
    most: int = MOST


STANDARD = Stops()


def wrong_in(stops: Stops) -> dict[str, Wrong]:
    """What is wrong with them, by field."""
    found: dict[str, Wrong] = {}
    if not SES[0] <= stops.below_se <= SES[1]:
        found["below_se"] = "se"
    if not FEWEST <= stops.least <= LONGEST:
        found["least"] = "few"
    if not FEWEST <= stops.most <= LONGEST:
        found["most"] = "many"
    elif stops.most < stops.least:
        found["most"] = "turned"
    return found


def lacking(
    keys: Sequence[str], risks: Collection[str], worded: Collection[str]
) -> tuple[list[str], int]:
    """What a bank lacks before it can be asked.

    Returns:
        Items that everybody is asked and that have no words; and how many of the others need
        words yet, so that there is something to choose from.
    """
    mute = [key for key in keys if key in risks and key not in worded]
    there = sum(key in worded and key not in risks for key in keys)
    return mute, max(0, LEAST - there)


def sitting(
    items: Sequence[GradedItem], risks: Sequence[str], worded: Collection[str], stops: Stops,
    answers: Mapping[str, int | None],
) -> "Sitting":  # fmt: skip
    """A test as far as it has come.

    Args:
        worded: keys of the items that have words; no other is asked.
        answers: category by key in the order asked, None where the person passed.

    Raises:
        BadItem: these answers cannot be.
    """
    from rapport.science.adaptive.choosing import Bank, Stop  # noqa: PLC0415  NumPy

    return Bank(
        items,
        always=tuple(risks),
        never=frozenset(item.key for item in items) - set(worded) - set(risks),
        stop=Stop(below_se=stops.below_se, least=stops.least, most=stops.most),
    ).sitting(answers)


def trait(items: Sequence[GradedItem], answers: Mapping[str, int | None]) -> "Trait":
    """Where somebody stands by these answers alone, in whatever order they were given."""
    from rapport.science.adaptive.graded import estimate  # noqa: PLC0415  NumPy

    return estimate(items, answers)


def place(*, order: Sequence[str], coming: str | None, key: str, turn: int, sent: int) -> Place:
    """What an answer that was sent is: to the present question, to the last one again, or late.

    Args:
        order: keys in the order answered. coming: the present question.
        turn: how many answers were taken so far; sent: the same as the sender's page had it.
            A page that lies open in another tab, and an answer sent twice, are late.
    """
    if turn != sent:
        return "late"
    if key == coming:
        return "next"
    return "again" if order and key == order[-1] else "late"


@dataclass(frozen=True)
class Compared:
    """Two results by their own standard errors.

    Attributes:
        points: later minus earlier, in T points. se: of that difference.
        z: points / se. reliable: |z| above 1.96 (95 %, two-sided).

    Source:
        Brouwer, Meijer & Zevalkink (2013), Psychotherapy Research 23:489-501.
    """

    points: float
    se: float
    z: float

    @property
    def reliable(self) -> bool:
        return abs(self.z) > Z_95


def compared(earlier: tuple[float, float], later: tuple[float, float]) -> Compared:
    """A change between two results, each a T score with its standard error (above 0).

    >>> compared((60.0, 3.0), (50.0, 4.0))
    Compared(points=-10.0, se=5.0, z=-2.0)
    """
    points, se = later[0] - earlier[0], math.hypot(earlier[1], later[1])
    return Compared(points, se, points / se)


def interval(t: float, se: float) -> tuple[float, float]:
    """The 95 % interval of a T score, kept within the scale."""
    return max(T_SPAN[0], t - Z_95 * se), min(T_SPAN[1], t + Z_95 * se)


def best(
    items: Sequence[GradedItem], worded: Collection[str], most: int
) -> list[tuple[int, float]]:  # fmt: skip
    """How precise a test of these items can be: T scores, and how far the 95 % interval reaches
    on either side.

    1.96 * 10 / sqrt(1 + the information of the ``most`` items that say most there); the 1 is
    the prior's. A test that does not know yet where somebody stands errs a little more.
    """
    from rapport.science.adaptive.graded import information  # noqa: PLC0415  NumPy

    found = []
    for t in SHOWN_AT:
        each = [float(information(one, (t - 50) / 10)[0]) for one in items if one.key in worded]
        found.append((t, 10 * Z_95 / math.sqrt(1 + sum(sorted(each)[-most:]))))
    return found


def shares(sitting: "Sitting", *, wide: int = 5) -> list[tuple[int, int, float]]:
    """How likely each stretch of T scores is after a test: from, to, probability.

    The two ends are left out where they hold less than one in two hundred.
    """
    found = {low: 0.0 for low in range(*T_SPAN, wide)}
    for theta, share in zip(sitting.bank.prior.nodes, sitting.posterior, strict=True):
        steps = int(round(50 + 10 * theta - T_SPAN[0], 6) // wide)
        low = min(T_SPAN[0] + wide * steps, max(found))
        found[low] += float(share)
    seen = [low for low, share in found.items() if share >= 0.005]
    return [(low, low + wide, found[low]) for low in found if seen[0] <= low <= seen[-1]]
