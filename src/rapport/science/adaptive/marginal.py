"""The marginal likelihood of answers under the graded response model, and where it rises.

Items are held as slopes and intercepts, P(X >= k | theta) = 1 / (1 + exp(-(a theta + d_k))) with
d_1 > d_2 > ..., because the likelihood is nearly quadratic in them; b_k = -d_k / a.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.science.adaptive.graded import Floats, Prior

AT_ONCE = 1 << 12  # rows worked on together, so that memory does not grow with the sample
TINY = np.finfo(float).tiny

Parameters = list[Floats]
"""Of each item (a, d_1, ..., d_(m-1)), shape (m,)."""


@dataclass(frozen=True)
class Curves:
    """One item at every node.

    Attributes:
        log_chances: shape (m, points).
        scores: derivative of log_chances by each parameter, shape (m, points, m).
    """

    log_chances: Floats
    scores: Floats


def curves(parameters: Floats, nodes: Floats) -> Curves:
    """An item's chances and their derivatives.

        d log P_k / d d_j = (w_k [j = k] - w_(k+1) [j = k + 1]) / P_k,   w = P* (1 - P*)
        d log P_k / d a = theta (w_k - w_(k+1)) / P_k

    >>> float(curves(np.array([1.0, 0.0]), np.array([0.0])).scores[1, 0, 1])
    0.5
    """
    m = len(parameters)
    above = np.zeros((m + 1, len(nodes)))
    above[0] = 1
    z = parameters[0] * nodes + parameters[1:, np.newaxis]
    above[1:m] = 1 / (1 + np.exp(np.minimum(-z, 700.0)))
    below = np.zeros_like(above)
    below[m] = 1
    below[1:m] = 1 / (1 + np.exp(np.minimum(z, 700.0)))
    # Of two ways to write the same difference, the one that loses nothing; see graded.
    high = above[:-1] + above[1:] > 1
    chances = np.where(high, below[1:] - below[:-1], above[:-1] - above[1:])
    chances = np.maximum(chances, TINY)
    w = above * below
    scores = np.zeros((m, len(nodes), m))
    scores[:, :, 0] = nodes * (w[:-1] - w[1:]) / chances
    for j in range(1, m):
        scores[j, :, j] = w[j] / chances[j]
        scores[j - 1, :, j] = -w[j] / chances[j - 1]
    return Curves(np.log(chances), scores)


@dataclass(frozen=True)
class Expected:
    """What a set of parameters makes of the data.

    Attributes:
        log_likelihood: of all rows, theta integrated out.
        counts: of each item, how often each answer is expected at each node, (m, points).
        gradient: of log_likelihood by all parameters, one item after the other.
        cross_product: sum over rows of the outer product of a row's gradient, which for many
            rows is the information matrix.
    """

    log_likelihood: float
    counts: list[Floats]
    gradient: Floats
    cross_product: Floats


class Marginal:
    """Answers to fit to: distinct patterns and how often each occurs.

    Args:
        patterns: shape (patterns, items), -1 unanswered.
        weights: shape (patterns,).
        categories: of each item.
    """

    def __init__(
        self,
        patterns: npt.NDArray[np.int8],
        weights: Floats,
        categories: tuple[int, ...],
        prior: Prior,
    ) -> None:
        self.patterns, self.weights = patterns.astype(np.intp), weights
        self.categories, self.prior = categories, prior
        self.ends = np.cumsum(categories)
        self.marks = np.concatenate(
            [patterns[:, n, np.newaxis] == np.arange(m) for n, m in enumerate(categories)], axis=1
        )  # of each pattern, which answers it has: (patterns, all categories)

    def expect(self, parameters: Parameters) -> Expected:
        """Everything a step needs, in one pass over the patterns."""
        of_items = [curves(one, self.prior.nodes) for one in parameters]
        table = np.concatenate([one.log_chances for one in of_items])
        slopes = np.concatenate(
            [one.scores.transpose(1, 0, 2).reshape(len(self.prior.nodes), -1) for one in of_items],
            axis=1,
        )  # (points, for each item m times m)
        size = len(table)
        total, counts = 0.0, np.zeros_like(table)
        gradient, product = np.zeros(size), np.zeros((size, size))
        for start in range(0, len(self.weights), AT_ONCE):
            here = slice(start, start + AT_ONCE)
            marks, weights = self.marks[here].astype(float), self.weights[here]
            posterior, log = self._posterior(marks, table)
            total += float(weights @ log)
            counts += (marks * weights[:, np.newaxis]).T @ posterior
            scores = self._scores(self.patterns[here], posterior @ slopes)
            gradient += weights @ scores
            product += (scores * weights[:, np.newaxis]).T @ scores
        return Expected(total, np.split(counts, self.ends[:-1]), gradient, product)

    def _posterior(self, marks: Floats, table: Floats) -> tuple[Floats, Floats]:
        """Of theta given each pattern, and the logarithm of the pattern's probability."""
        joint = marks @ table
        joint += self.prior.log_weights
        top = joint.max(axis=1, keepdims=True)
        joint -= top
        np.exp(joint, out=joint)
        total = joint.sum(axis=1, keepdims=True)
        joint /= total
        return joint, (np.log(total) + top)[:, 0]

    def _scores(self, patterns: npt.NDArray[np.intp], slopes: Floats) -> Floats:
        """Gradient of each pattern's log probability, shape (patterns, all parameters)."""
        rows, column, found = np.arange(len(patterns)), 0, []
        for answers, m in zip(patterns.T, self.categories, strict=True):
            of_answers = slopes[:, column : column + m * m].reshape(-1, m, m)
            found.append(of_answers[rows, answers] * (answers >= 0)[:, np.newaxis])
            column += m * m
        return np.concatenate(found, axis=1)


def maximised(parameters: Floats, counts: Floats, nodes: Floats) -> Floats:
    """One item's parameters, better for the answers expected at each node (an M step).

    Fisher scoring on the expected log likelihood, a step halved until it rises and the
    intercepts keep their order.
    """
    for _ in range(2):  # EM needs only a better value, not the best
        now = curves(parameters, nodes)
        scores = now.scores.reshape(-1, len(parameters))
        gradient = counts.ravel() @ scores
        at_nodes = (np.exp(now.log_chances) * counts.sum(axis=0)).ravel()
        information = (scores * at_nodes[:, np.newaxis]).T @ scores
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        better = _halved(parameters, step, counts, nodes, float((counts * now.log_chances).sum()))
        if better is None:
            break
        parameters = better
        if float(gradient @ step) < 1e-6:
            break
    return parameters


def _halved(
    parameters: Floats, step: Floats, counts: Floats, nodes: Floats, before: float
) -> Floats | None:
    for share in (1.0, 0.5, 0.25, 0.125, 0.0625):
        candidate = parameters + share * step
        if falls(candidate):
            after = float((counts * curves(candidate, nodes).log_chances).sum())
            if after >= before:
                return np.asarray(candidate)
    return None


def falls(parameters: Floats) -> bool:
    """Whether the intercepts fall from category to category, as they must.

    >>> falls(np.array([1.0, 0.5, -0.5])), falls(np.array([1.0, -0.5, 0.5]))
    (True, False)
    """
    return bool((np.diff(parameters[1:]) < 0).all())
