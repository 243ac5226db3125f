"""Parameters of items from many people's answers: marginal maximum likelihood.

For a practice's own questionnaire, or to see whether published parameters fit its clients. A
job's work, not a page's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rapport.science.adaptive.graded import Floats, Prior
from rapport.science.adaptive.items import GradedItem
from rapport.science.adaptive.marginal import (
    Expected,
    Marginal,
    Parameters,
    falls,
    maximised,
)
from rapport.science.adaptive.sheets import MISSING

WIDE = Prior(lowest=-6.0, highest=6.0, points=61)
ENOUGH = 1e-8  # log likelihood still to be gained, below which a fit has converged
ROUGHLY = 2  # EM steps before the first step on all parameters together


class CannotCalibrate(ValueError):
    """Answers from which these parameters cannot be known. The message says which and why."""


@dataclass(frozen=True)
class ItemErrors:
    """Standard errors of one item's parameters, in the parameters' own units."""

    discrimination: float
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class Calibration:
    """Items as the answers have them.

    Attributes:
        items: in the order of the columns.
        errors: of each item, from the cross product of the rows' gradients.
        log_likelihood: of all rows at the estimate.
        rows: how many had at least one answer.
        iterations: how many steps were made.
        converged: False where the steps ran out; the parameters are then no estimate.
        merged: of each item with an empty category, which category each answer became.
    """

    items: tuple[GradedItem, ...]
    errors: tuple[ItemErrors, ...]
    log_likelihood: float
    rows: int
    iterations: int
    converged: bool
    merged: Mapping[str, tuple[int, ...]]


def calibrate(
    block: npt.NDArray[np.int8],
    *,
    keys: Sequence[str],
    categories: Sequence[int] | None = None,
    merge_empty: bool = False,
    prior: Prior = WIDE,
    most_iterations: int = 200,
) -> Calibration:
    """Fit the graded response model, theta integrated out over a grid.

    A few EM steps, then steps on all parameters together by the cross product of the rows'
    gradients, each accepted only if the likelihood rises, otherwise replaced by an EM step.

    Args:
        block: shape (rows, items), int8, 0 the lowest answer, -1 unanswered. Unanswered items
            add nothing to a row's likelihood, which is right where answers are missing at random.
        keys: what the items are called, one a column.
        categories: how many answers each item has; the highest seen plus one if not given.
        merge_empty: join a category that nobody chose to the one below it (the lowest to the one
            above it) instead of refusing.
        prior: theta in the sample, which fixes the scale: mean 0, standard deviation 1.
        most_iterations: after so many steps the fit is given up and says so.

    Returns:
        Calibration; look at ``converged``.

    Raises:
        CannotCalibrate: another shape or type, fewer than 3 items, fewer different rows
            than parameters, an answer out of range, a category that nobody chose, an item that
            everybody answered the same, two that are always answered alike, or one that goes
            against the others.

    Source:
        Bock & Aitkin (1981), Psychometrika 46:443-459; the step on all parameters: Berndt, Hall,
        Hall & Hausman (1974), Annals of Economic and Social Measurement 3:653-665.

    >>> chance = np.random.default_rng(1)
    >>> high = chance.normal(size=(400, 1)) + chance.normal(size=(400, 3)) > 0
    >>> found = calibrate(high.astype(np.int8), keys=("a", "b", "c"))
    >>> found.converged, [item.categories for item in found.items]
    (True, [2, 2, 2])
    """
    block, counts, merged = _ready(block, tuple(keys), categories, merge_empty)
    answered = block[(block != MISSING).any(axis=1)]
    patterns, weights = np.unique(answered, axis=0, return_counts=True)
    if len(patterns) <= sum(counts):
        raise CannotCalibrate(
            f"{len(patterns)} different sheets are too few for {sum(counts)} parameters"
        )
    data = Marginal(patterns, weights.astype(float), counts, prior)
    fit = _fitted(data, _start(answered, counts), most_iterations)
    return Calibration(
        items=tuple(_item(key, one) for key, one in zip(keys, fit.parameters, strict=True)),
        errors=tuple(_errors(fit)),
        log_likelihood=fit.now.log_likelihood,
        rows=len(answered),
        iterations=fit.iterations,
        converged=fit.converged,
        merged=merged,
    )


def _ready(
    block: npt.NDArray[np.int8],
    keys: tuple[str, ...],
    categories: Sequence[int] | None,
    merge_empty: bool,
) -> tuple[npt.NDArray[np.int8], tuple[int, ...], dict[str, tuple[int, ...]]]:
    """The block without empty categories, how many remain of each item, and what was merged."""
    if block.dtype != np.int8 or block.ndim != 2 or block.shape[1] != len(keys):
        raise CannotCalibrate(f"a block is int8 and has {len(keys)} columns")
    if len(keys) < 3 or len(set(keys)) < len(keys):
        raise CannotCalibrate("a calibration needs at least 3 items, each with a key of its own")
    if not len(block):
        raise CannotCalibrate("there is no row")
    most = categories or [int(column.max()) + 1 for column in block.T]
    ready, counts, merged = block.copy(), [], {}
    for n, (key, m) in enumerate(zip(keys, most, strict=True)):
        becomes = _becomes(key, block[:, n], m, merge_empty)
        if becomes != tuple(range(m)):
            merged[key] = becomes
            ready[:, n] = np.append(becomes, MISSING)[block[:, n]]
        counts.append(max(becomes) + 1)
        for other in range(n):
            if (ready[:, other] == ready[:, n]).all():
                raise CannotCalibrate(f"{keys[other]} and {key} are always answered alike")
    return ready, tuple(counts), merged


def _becomes(key: str, column: npt.NDArray[np.int8], m: int, merge_empty: bool) -> tuple[int, ...]:
    """What each of an item's m categories is counted as."""
    if column.min() < MISSING or column.max() >= m:
        raise CannotCalibrate(f"{key}: answers run from 0 to {m - 1}, or are -1")
    chosen = np.bincount(column[column >= 0], minlength=m) > 0
    if chosen.sum() < 2:
        raise CannotCalibrate(f"{key}: everybody who answered gave the same answer")
    if not chosen.all() and not merge_empty:
        empty = ", ".join(map(str, np.flatnonzero(~chosen)))
        raise CannotCalibrate(f"{key}: nobody chose {empty}; merge it or leave the item out")
    return tuple(map(int, np.maximum(np.cumsum(chosen) - 1, 0)))


def _start(block: npt.NDArray[np.int8], counts: tuple[int, ...]) -> Parameters:
    found = []
    for column, m in zip(block.T, counts, strict=True):
        given = column[column >= 0]
        above = np.array([(given >= k).mean() for k in range(1, m)])
        found.append(np.concatenate([[1.5], 1.4 * np.log(above / (1 - above))]))
    return found


@dataclass(frozen=True)
class _Fit:
    parameters: Parameters
    now: Expected
    iterations: int
    converged: bool


def _fitted(data: Marginal, parameters: Parameters, most: int) -> _Fit:
    now = data.expect(parameters)
    for iteration in range(most):
        step = _together(now)
        if float(now.gradient @ step) < ENOUGH:
            return _Fit(parameters, now, iteration, True)
        risen = _risen(data, parameters, step, now) if iteration >= ROUGHLY else None
        if risen is None:
            parameters = [
                maximised(one, counts, data.prior.nodes)
                for one, counts in zip(parameters, now.counts, strict=True)
            ]
            now = data.expect(parameters)
        else:
            parameters, now = risen
    return _Fit(parameters, now, most, False)


def _together(now: Expected) -> Floats:
    """A step on all parameters; where they hang together, the shortest that does the same."""
    return np.asarray(np.linalg.lstsq(now.cross_product, now.gradient, rcond=1e-10)[0])


def _risen(
    data: Marginal, parameters: Parameters, step: Floats, now: Expected
) -> tuple[Parameters, Expected] | None:
    pieces = np.split(step, data.ends[:-1])
    for share in (1.0, 0.5, 0.25):
        candidate = [p + share * piece for p, piece in zip(parameters, pieces, strict=True)]
        if all(map(falls, candidate)):
            expected = data.expect(candidate)
            if expected.log_likelihood > now.log_likelihood:
                return candidate, expected
    return None


def _item(key: str, parameters: Floats) -> GradedItem:
    a = float(parameters[0])
    if a <= 0:
        raise CannotCalibrate(
            f"{key}: goes against the other items (discrimination {a:.2f}); turn it round first"
        )
    return GradedItem(key, a, tuple(map(float, -parameters[1:] / a)))


def _errors(fit: _Fit) -> list[ItemErrors]:
    """By the delta method: b = -d / a, so db = -dd / a + d da / a^2."""
    spread = np.linalg.pinv(fit.now.cross_product, hermitian=True)
    found, start = [], 0
    for one in fit.parameters:
        m = len(one)
        here = spread[start : start + m, start : start + m]
        turned = np.zeros((m, m))
        turned[0, 0] = 1
        turned[1:, 0] = one[1:] / one[0] ** 2
        turned[np.arange(1, m), np.arange(1, m)] = -1 / one[0]
        se = np.sqrt(np.maximum(np.diag(turned @ here @ turned.T), 0.0))
        found.append(ItemErrors(float(se[0]), tuple(map(float, se[1:]))))
        start += m
    return found
