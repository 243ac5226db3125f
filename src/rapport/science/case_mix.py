"""What the mix of clients alone leads a unit to expect.

Into the model go facts from before treatment: score at intake, age, sex, deprivation, employment,
chronic illness, diagnosis. The number of sessions does not; it is part of what a unit does.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_ROUNDS = 50


class CannotFit(ValueError):
    """These clients do not tell what the covariates do. The sentence says why."""


@dataclass(frozen=True)
class CaseMix:
    """A logistic model of one outcome.

    Attributes:
        start: intercept, in log odds.
        weights: shape (covariates,), in log odds per unit of the covariate.
        errors: shape (1 + covariates,), standard errors, the intercept's first.
        clients: how many it was fitted to.
    """

    start: float
    weights: Floats
    errors: Floats
    clients: int

    def chance(self, covariates: Floats) -> Floats:
        """Each client's chance of the outcome, from 0 to 1."""
        return _logistic(self.start + np.asarray(covariates, np.float64) @ self.weights)


@dataclass(frozen=True)
class Units:
    """Sums by unit, in the order of ``name``."""

    name: npt.NDArray[np.int64]
    count: Floats
    expected: Floats
    n: Floats


def case_mix(outcome: npt.ArrayLike, covariates: npt.ArrayLike) -> CaseMix:
    """Fit by iteratively reweighted least squares, which is maximum likelihood.

    Args:
        outcome: shape (clients,), 0 or 1. covariates: shape (clients, covariates), no NaN.

    Raises:
        CannotFit: covariates that follow from each other, or that foretell the outcome perfectly.

    >>> sick = np.array([[0], [0], [0], [0], [1], [1], [1], [1]])
    >>> model = case_mix([1, 1, 1, 0, 1, 0, 0, 0], sick)
    >>> round(model.start, 4), model.weights.round(4).tolist()
    (1.0986, [-2.1972])
    """
    y, x = np.asarray(outcome, np.float64), np.asarray(covariates, np.float64)
    if x.ndim != 2 or y.shape != (len(x),):
        raise ValueError(f"one outcome and one row a client, got {y.shape} and {x.shape}")
    if not np.isfinite(x).all() or not np.isin(y, (0, 1)).all():
        raise ValueError("outcomes are 0 or 1, and no covariate is missing")
    if len(y) <= x.shape[1] + 1:
        raise CannotFit(f"{len(y)} clients are too few for {x.shape[1]} covariates")
    centre, scale = x.mean(axis=0), x.std(axis=0)
    if not scale.all():
        raise CannotFit("a covariate is the same for every client")
    design = np.column_stack([np.ones(len(y)), (x - centre) / scale])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise CannotFit("a covariate follows from the others")
    weights, inverse = _fitted(y, design)
    back = np.eye(len(weights))  # from standardised covariates to the given ones
    back[0, 1:] = -centre / scale
    back[1:, 1:] = np.diag(1 / scale)
    found = back @ weights
    errors = np.sqrt(np.diag(back @ inverse @ back.T))
    return CaseMix(float(found[0]), found[1:], errors, len(y))


def by_unit(outcome: npt.ArrayLike, chance: npt.ArrayLike, unit: npt.ArrayLike) -> Units:
    """Add up what happened and what was to be expected, unit by unit, as ``funnel.shares`` asks.

    >>> units = by_unit([1, 0, 1], [0.5, 0.25, 0.75], [7, 7, 9])
    >>> units.name.tolist(), units.count.tolist(), units.expected.tolist(), units.n.tolist()
    ([7, 9], [1.0, 1.0], [0.75, 0.75], [2.0, 1.0])
    """
    y, p = np.asarray(outcome, np.float64), np.asarray(chance, np.float64)
    of = np.asarray(unit)
    if not y.shape == p.shape == of.shape or y.ndim != 1:
        raise ValueError(f"three columns alike, got {y.shape}, {p.shape} and {of.shape}")
    name, which = np.unique(of, return_inverse=True)
    ones = np.ones(len(y))
    count, expected, n = (_sums(which, one, len(name)) for one in (y, p, ones))
    return Units(name, count, expected, n)


def _sums(which: npt.NDArray[np.intp], of: Floats, units: int) -> Floats:
    return np.bincount(which, of, units).astype(np.float64)


def _fitted(y: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Weights, and the inverse of the information."""
    weights, before = np.zeros(design.shape[1]), np.inf
    for _ in range(MOST_ROUNDS):
        linear = design @ weights
        p = _logistic(linear)
        worth = p * (1 - p)
        information = design.T @ (worth[:, None] * design)
        loss = float(np.logaddexp(0, linear).sum() - y @ linear)
        if loss < 1e-6 * len(y) or np.linalg.cond(information) > 1e12:
            break
        if abs(before - loss) <= 1e-12 * (abs(loss) + 1):
            return weights, np.asarray(np.linalg.inv(information), np.float64)
        before = loss
        weights = weights + np.linalg.solve(information, design.T @ (y - p))
    raise CannotFit("a covariate foretells the outcome perfectly, or it always is the same")


def _logistic(linear: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(linear / 2)))
