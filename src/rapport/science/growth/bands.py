"""Where one client's next scores are likely to lie, given the intake and the scores so far.

Plain numbers only: a page computes this itself, in microseconds a score.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from rapport.science.growth.calibration import Calibration
from rapport.science.growth.course import Course, moved

LEVELS = (0.5, 0.8, 0.9)  # two-sided: the share of scores that lie within
NORMAL = NormalDist()


class Likely(NamedTuple):
    """A predictive distribution before the scale cuts it off: normal, in scale points."""

    mean: float
    sd: float


class Band(NamedTuple):
    """Where a share ``level`` of such scores lies, cut off at the ends of the scale."""

    low: float
    high: float
    level: float


class Outlook(NamedTuple):
    """What is known of a client after some scores.

    Attributes:
        intake: score at intake.
        level, slope: the expected line level + slope f(t): what holds for everybody with such
            an intake and case mix, and the expected value of the client's own u0 (with v) and u1.
        spread: the covariance (c00, c01, c11) of those.
        seen: how many scores it has learned from.
    """

    course: Course
    intake: float
    level: float
    slope: float
    spread: tuple[float, float, float]
    seen: int

    def at(self, time: float) -> Likely:
        """The distribution of a score at ``time`` since intake, in the course's unit.

            mean = level + slope f(t)     variance = z'C z + sigma^2     z = (1, f(t))

        The error of the coefficients is left out: it is small where a course is drawn at all.
        """
        f = moved(time, self.course.shape)
        c00, c01, c11 = self.spread
        variance = c00 + f * (2 * c01 + f * c11) + self.course.growth.residual_sd**2
        return Likely(self.level + self.slope * f, math.sqrt(variance))

    def after(self, time: float, score: float) -> "Outlook":
        """Learn from one more score: one 2 x 2 update, in any order of the scores.

            g = C z / variance     (level, slope) += g (score - mean)     C -= g g' variance

        Raises:
            ValueError: the score is none, or lies off the scale.
        """
        course = self.course
        if not course.least <= score <= course.most:
            raise ValueError(f"{score} is not on the scale")
        f = moved(time, course.shape)
        c00, c01, c11 = self.spread
        r0, r1 = c00 + c01 * f, c01 + c11 * f
        variance = r0 + f * r1 + course.growth.residual_sd**2
        g0, g1 = r0 / variance, r1 / variance
        surprise = score - self.level - self.slope * f
        return Outlook(
            course, self.intake, self.level + g0 * surprise, self.slope + g1 * surprise,
            (c00 - g0 * r0, c01 - g0 * r1, c11 - g1 * r1), self.seen + 1,
        )  # fmt: skip

    def band(self, time: float, *, level: float, calibration: Calibration | None = None) -> Band:
        """The predictive band at ``time``.

        Args:
            level: 0 to 1, such as 0.8. With a calibration it is one of ``LEVELS``.
            calibration: what held-out clients showed; it stretches each side by what they need.

        Raises:
            ValueError: a level that is none, or a calibration that withholds the band.
        """
        down = up = _reach(level)
        mean, sd = self.at(time)
        if calibration is not None:
            down, up = calibration.reach(mean, level)
        low, high = mean - down * sd, mean + up * sd
        least, most = self.course.least, self.course.most
        return Band(
            least if low < least else most if low > most else low,
            least if high < least else most if high > most else high,
            level,
        )  # fmt: skip

    def no_improvement(self, time: float, *, points: float) -> float | None:
        """Probability that a score at ``time`` is not ``points`` better than the intake.

        Returns:
            0 to 1; None where the intake leaves no room for such a change on the scale.
        """
        if not points > 0:
            raise ValueError(f"a change takes points above 0, not {points}")
        likely, course = self.at(time), self.course
        needed = self.intake - points if course.better == "lower" else self.intake + points
        if not course.least <= needed <= course.most:
            return None
        z = (needed - likely.mean) / likely.sd
        return 1 - NORMAL.cdf(z) if course.better == "lower" else NORMAL.cdf(z)


@lru_cache(maxsize=64)  # LEVELS, and whatever somebody tries out
def _reach(level: float) -> float:
    """How far the middle ``level`` of a normal distribution reaches, in standard deviations.

    Raises:
        ValueError: a level that is none.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
    return NORMAL.inv_cdf((1 + level) / 2)


def outlook(course: Course, *, intake: float, case_mix: Sequence[float] = ()) -> Outlook:
    """What is known of a client at intake: nothing of their own yet.

    Args:
        intake: score at intake, on the scale. case_mix: one number for each of the course's.

    Raises:
        ValueError: a number is missing, or off the scale.

    >>> from rapport.science.growth.model import Fixed, Growth
    >>> b = [Fixed(n, v, 0.1) for n, v in (("constant", 2), ("time", -1), ("intake", 0.8),
    ...                                    ("intake x time", 0))]
    >>> growth = Growth(tuple(b), 3, 0, 0, 0, 4, "REML", 0, 900, 90, 0, (), True, 1)
    >>> client = outlook(Course(growth, "linear", (), 0, 27, "lower"), intake=15)
    >>> client.at(2)
    Likely(mean=12.0, sd=5.0)
    >>> later = client.after(1, 19).at(2)  # 6 above the expected 13: 9 / 25 of it stays
    >>> round(later.mean, 2), round(later.sd, 3)
    (14.16, 4.665)
    """
    if len(case_mix) != len(course.case_mix) or not all(map(math.isfinite, case_mix)):
        raise ValueError(f"the case mix is {', '.join(course.case_mix) or 'empty'}")
    if not course.least <= intake <= course.most:
        raise ValueError(f"an intake of {intake} is not on the scale")
    growth = course.growth
    b = [one.value for one in growth.fixed]
    level = b[0] + b[2] * intake + sum(c * x for c, x in zip(b[4:], case_mix, strict=True))
    spread = (
        growth.intercept_sd**2 + growth.therapist_sd**2, growth.covariance, growth.slope_sd**2
    )  # fmt: skip
    return Outlook(course, intake, level, b[1] + b[3] * intake, spread, 0)
