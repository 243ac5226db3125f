"""From answers to a trait: the graded response model, and the mean of what remains likely.

A sum of points treats every item alike. Where items were calibrated, each answer says more or
less about the trait, an unanswered item is left out instead of guessed, and the result comes
with its own standard error. NumPy only: the serving process may load it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rapport.science.adaptive.items import BadItem, GradedItem, distinct

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Prior:
    """What is believed of theta before any answer: a normal curve, on a grid.

    Attributes:
        mean, sd: of the curve, in theta; 0 and 1 are the population of the calibration.
        lowest, highest: where the grid begins and ends; -4 and 4 as PROMIS does.
        points: how many nodes the grid has, both ends included.

    Raises:
        ValueError: sd is not positive, the grid is turned round or has fewer than 3 points, or
            the mean lies outside it.

    >>> Prior(points=5).nodes
    array([-4., -2.,  0.,  2.,  4.])
    """

    mean: float = 0.0
    sd: float = 1.0
    lowest: float = -4.0
    highest: float = 4.0
    points: int = 81

    def __post_init__(self) -> None:
        numbers = (self.mean, self.sd, self.lowest, self.highest)
        if not np.isfinite(numbers).all() or not self.sd > 0:
            raise ValueError(f"a prior's sd must be above 0, not {self.sd}")
        if not self.lowest < self.highest or self.points < 3:
            raise ValueError("a grid runs from low to high and has at least 3 points")
        if not self.lowest <= self.mean <= self.highest:
            raise ValueError(f"the prior's mean {self.mean} lies outside its grid")

    @cached_property
    def nodes(self) -> Floats:
        """Theta at each node, shape (points,)."""
        return np.linspace(self.lowest, self.highest, self.points)

    @cached_property
    def log_weights(self) -> Floats:
        """Logarithm of the prior probability of each node; the probabilities add up to 1."""
        exponent = -0.5 * ((self.nodes - self.mean) / self.sd) ** 2
        return np.asarray(exponent - np.log(np.exp(exponent).sum()))


STANDARD = Prior()


@dataclass(frozen=True)
class Trait:
    """Where somebody stands.

    Attributes:
        theta: mean of the posterior (EAP), in standard deviations of the calibration sample.
        se: standard deviation of the posterior, same unit.

    >>> Trait(theta=0.83, se=0.43).t
    58.3
    """

    theta: float
    se: float

    @property
    def t(self) -> float:
        """The same as a T score: 50 + 10 theta."""
        return 50 + 10 * self.theta

    @property
    def t_se(self) -> float:
        """Standard error of the T score: 10 se."""
        return 10 * self.se


@dataclass(frozen=True)
class Traits:
    """One entry a row: ``theta`` and ``se`` as in ``Trait``, float64."""

    theta: Floats
    se: Floats

    @property
    def t(self) -> Floats:
        """T scores: 50 + 10 theta."""
        return 50 + 10 * self.theta


def probabilities(item: GradedItem, theta: npt.ArrayLike) -> Floats:
    """How likely each answer is: P(X = k) = P(X >= k) - P(X >= k + 1).

    Args:
        theta: shape (n,), or one number.

    Returns:
        Shape (n, categories); each row adds up to 1, every entry is above 0 for |a (theta - b)|
        below about 700.

    >>> probabilities(GradedItem("x", 2.0, (0.0,)), 0.0)
    array([[0.5, 0.5]])
    """
    z = _standing(item, theta)
    # Each is a difference of two logistic curves. Of the two ways to write it, the one whose
    # curves are small is kept, so that nothing is lost where both are near 1.
    from_above = -np.diff(_logistic(z), axis=1)
    from_below = np.diff(_logistic(-z), axis=1)
    high = z[:, :-1] + z[:, 1:] > 0
    return np.where(high, from_below, from_above)


def information(item: GradedItem, theta: npt.ArrayLike) -> Floats:
    """Fisher information of an item, sum over k of P'(X = k)^2 / P(X = k), per theta squared.

    Args:
        theta: shape (n,), or one number.

    Returns:
        Shape (n,), >= 0. 1 / sqrt(sum over items) is the standard error of a maximum
        likelihood estimate.

    Source:
        Samejima (1969). For two answers it is a^2 P (1 - P):

    >>> information(GradedItem("x", 2.0, (0.0,)), 0.0)
    array([1.])
    """
    z = _standing(item, theta)
    slopes = item.discrimination * _logistic(z) * _logistic(-z)
    chances = probabilities(item, theta)
    of_each = -np.diff(slopes, axis=1)
    return np.asarray((of_each**2 / np.maximum(chances, np.finfo(float).tiny)).sum(axis=1))


def estimate(
    items: Sequence[GradedItem], answers: Mapping[str, int | None], *, prior: Prior = STANDARD
) -> Trait:
    """Where one person stands, by the mean of the posterior over the grid (EAP).

    Args:
        answers: category by key, 0 the lowest; None, or no entry, is unanswered and is left out.

    Returns:
        Trait. Without any answer it is the prior.

    Raises:
        BadItem: an answer that the item does not have, or of an item that is not there.

    Source:
        Bock & Mislevy (1982), Applied Psychological Measurement 6:431-444.

    >>> found = estimate([GradedItem("x", 2.0, (0.0,))], {"x": 1})
    >>> round(found.theta, 2), round(found.se, 2)
    (0.61, 0.8)
    """
    named = {item.key: item for item in distinct(items)}
    posterior = prior.log_weights.copy()
    for key, answer in answers.items():
        if key not in named:
            raise BadItem(f"there is no item {key}")
        if answer is not None:
            posterior += log_chances(named[key], prior)[category(named[key], answer)]
    found = moments(posterior[np.newaxis, :], prior.nodes)
    return Trait(float(found.theta[0]), float(found.se[0]))


def category(item: GradedItem, answer: int) -> int:
    """``answer``, where the item has it.

    Raises:
        BadItem: it has not.

    >>> category(GradedItem("x", 2.0, (0.0,)), 1)
    1
    """
    if isinstance(answer, bool) or answer != int(answer) or not 0 <= answer < item.categories:
        raise BadItem(f"{item.key}: answers run from 0 to {item.categories - 1}, not {answer}")
    return int(answer)


def log_chances(item: GradedItem, prior: Prior) -> Floats:
    """Logarithm of ``probabilities`` on the prior's grid, shape (categories, points).

    >>> log_chances(GradedItem("x", 2.0, (0.0,)), Prior(points=5)).shape
    (2, 5)
    """
    chances = probabilities(item, prior.nodes)
    return np.asarray(np.log(np.maximum(chances, np.finfo(float).tiny)).T)


def moments(log_posterior: Floats, nodes: Floats) -> Traits:
    """Mean and standard deviation of each row of unscaled log posteriors (rows, points)."""
    weights = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    theta = weights @ nodes
    square = weights @ nodes**2
    return Traits(theta, np.sqrt(np.maximum(square - theta**2, 0.0)))


def _standing(item: GradedItem, theta: npt.ArrayLike) -> Floats:
    """a (theta - b) with a column of +inf before and one of -inf behind: (n, categories + 1)."""
    at = np.atleast_1d(np.asarray(theta, float))
    if at.ndim != 1 or not np.isfinite(at).all():
        raise ValueError("theta is a list of numbers")
    z = np.empty((len(at), item.categories + 1))
    z[:, 0], z[:, -1] = np.inf, -np.inf
    z[:, 1:-1] = item.discrimination * (at[:, np.newaxis] - np.array(item.thresholds))
    return z


def _logistic(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(np.minimum(-z, 700.0))))
