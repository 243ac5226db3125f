"""From a sum of points to a trait, where only the sum is known: the Lord-Wingersky recursion."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.science.adaptive.graded import STANDARD, Floats, Prior, probabilities
from rapport.science.adaptive.items import GradedItem, distinct


@dataclass(frozen=True)
class SumTable:
    """What each sum score means for theta. One entry a score, from 0 to the highest.

    Attributes:
        theta: mean of the posterior given the sum (EAP).
        se: standard deviation of that posterior.
        probability: how often a score is expected in the prior's population; they add up to 1.
    """

    theta: Floats
    se: Floats
    probability: Floats

    @property
    def t(self) -> Floats:
        """T scores: 50 + 10 theta."""
        return 50 + 10 * self.theta


def sum_distribution(items: Sequence[GradedItem], theta: npt.ArrayLike) -> Floats:
    """How likely each sum score is for somebody at theta.

        f_1(s) = P_1(s),   f_i(s) = sum over k of f_(i-1)(s - k) P_i(k)

    Args:
        items: of any number of categories each; categories count 0, 1, ... points.
        theta: shape (n,), or one number.

    Returns:
        Shape (n, highest sum + 1); each row adds up to 1.

    Raises:
        BadItem: no item, or two of the same key.

    Source:
        Lord & Wingersky (1984), Applied Psychological Measurement 8:453-461; more than two
        categories: Thissen, Pommerich, Billeaud & Williams (1995), same journal 19:39-49.

    >>> two = [GradedItem("a", 1.0, (0.0,)), GradedItem("b", 1.0, (0.0,))]
    >>> sum_distribution(two, 0.0)
    array([[0.25, 0.5 , 0.25]])
    """
    at = np.atleast_1d(np.asarray(theta, float))
    found = np.ones((len(at), 1))
    for item in distinct(items):
        chances = probabilities(item, at)
        wider = np.zeros((len(at), found.shape[1] + item.categories - 1))
        for points in range(item.categories):
            wider[:, points : points + found.shape[1]] += found * chances[:, points, np.newaxis]
        found = wider
    return found


def sum_table(items: Sequence[GradedItem], *, prior: Prior = STANDARD) -> SumTable:
    """Theta with its standard error for every sum score of a complete sheet.

    Raises:
        BadItem: no item, or two of the same key.

    Source:
        Thissen, Pommerich, Billeaud & Williams (1995), see ``sum_distribution``.

    >>> two = [GradedItem("a", 1.0, (0.0,)), GradedItem("b", 1.0, (0.0,))]
    >>> sum_table(two).theta.round(2) + 0.0
    array([-0.7,  0. ,  0.7])
    """
    joint = sum_distribution(items, prior.nodes) * np.exp(prior.log_weights)[:, np.newaxis]
    probability = joint.sum(axis=0)
    theta = prior.nodes @ joint / probability
    spread = (prior.nodes[:, np.newaxis] - theta) ** 2
    return SumTable(theta, np.sqrt((spread * joint).sum(axis=0) / probability), probability)
