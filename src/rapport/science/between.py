"""How much of the differences between outcomes lies between therapists, with its interval.

A mixed model with one random intercept, fitted by restricted maximum likelihood. From sums by
therapist alone, so that a million clients take no longer than their sums.

With W = [X y], n the clients of a therapist, S the sum of their rows of W, t = tau^2 / sigma^2:

    M        = W'W - sum t / (1 + t n) S S'
    r2       = M_yy - M_yX inv(M_XX) M_Xy
    deviance = sum log(1 + t n) + log|M_XX| + (N - p) (1 + log(2 pi r2 / (N - p)))

The share of variance is t / (1 + t). Its interval holds every share whose deviance is above the
least by no more than chi^2 with one degree of freedom leaves open (profile likelihood).

Source: Bates et al. (2015), J Stat Softw 67(1), section 3.4, for the deviance.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from .case_mix import CannotFit
from .proportions import Interval
from .therapists import Caseload, Variances

Floats = npt.NDArray[np.float64]
MOST = 1 - 1e-9  # a share of one has no clients that differ
GRID, HALVINGS = 64, 60
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Between:
    """What a fit found.

    Attributes:
        variances: between and within therapists, in the square of the outcome's unit.
        share: of all variance, what lies between therapists, 0 to 1.
        weights: of the covariates, shape (covariates,).
        deviance: the criterion at its least.
        caseloads: each therapist's clients and mean residual, in the order of their numbers.
    """

    variances: Variances
    share: Interval
    weights: Floats
    deviance: float
    caseloads: tuple[Caseload, ...]


@dataclass(frozen=True)
class _Sums:
    n: Floats  # clients by therapist
    rows: Floats  # (therapists, p + 1), sums of W
    whole: Floats  # (p + 1, p + 1), W'W

    def at(self, share: float) -> tuple[float, Floats, float]:
        """Deviance, weights with the intercept first, and the variance within."""
        t = share / (1 - share)
        scaled = (t / (1 + t * self.n))[:, None] * self.rows
        m = self.whole - self.rows.T @ scaled
        inner, outer = m[:-1, :-1], m[:-1, -1]
        weights: Floats = np.asarray(np.linalg.solve(inner, outer), np.float64)
        r2 = float(m[-1, -1] - outer @ weights)
        free = float(self.n.sum()) - len(inner)
        if r2 <= 0:
            raise CannotFit("nothing is left to differ within a therapist's clients")
        sure = float(np.linalg.slogdet(inner)[1])
        least = free * (1 + math.log(2 * math.pi * r2 / free))
        return float(np.log1p(t * self.n).sum()) + sure + least, weights, r2 / free


def between(
    outcome: npt.ArrayLike, covariates: npt.ArrayLike, unit: npt.ArrayLike, *, level: float = 0.95
) -> Between:
    """Fit outcome by covariates from before treatment, clients within therapists.

    Args:
        outcome: shape (clients,). covariates: shape (clients, covariates), no NaN; may have none.
        unit: shape (clients,), whose client each is.

    Raises:
        CannotFit: one therapist, fewer clients than it takes, or covariates that say the same.

    >>> found = between([2, 3, 4, 6, 7, 8, 1, 2, 3], np.empty((9, 0)), [0, 0, 0, 1, 1, 1, 2, 2, 2])
    >>> round(found.variances.between, 3), round(found.variances.within, 3)
    (6.667, 1.0)
    """
    y, x = np.asarray(outcome, np.float64), np.asarray(covariates, np.float64)
    name, of = np.unique(np.asarray(unit), return_inverse=True)
    if x.ndim != 2 or not y.shape == of.shape == (len(x),):
        raise ValueError(f"a row a client, got {y.shape}, {x.shape} and {of.shape}")
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    centre, scale = x.mean(axis=0), x.std(axis=0)
    if len(name) < 2 or len(y) < x.shape[1] + 3 or len(y) == len(name) or not scale.all():
        raise CannotFit("too few therapists or clients, or a covariate that is the same for all")
    table = np.column_stack([np.ones(len(y)), (x - centre) / scale, y - y.mean()])
    if np.linalg.matrix_rank(table[:, :-1]) < table.shape[1] - 1:
        raise CannotFit("a covariate follows from the others")
    rows = np.array([np.bincount(of, column, len(name)) for column in table.T], np.float64).T
    sums = _Sums(np.bincount(of).astype(np.float64), rows, table.T @ table)
    return _found(sums, scale, level)


def _found(sums: _Sums, scale: Floats, level: float) -> Between:
    best = _least(lambda share: sums.at(share)[0])
    deviance, weights, within = sums.at(best)
    allowed = deviance + NormalDist().inv_cdf((1 + level) / 2) ** 2

    def outside(share: float) -> bool:
        return sums.at(share)[0] > allowed

    low = _edge(outside, best, 0.0) if outside(0.0) else 0.0
    residuals = (sums.rows[:, -1] - sums.rows[:, :-1] @ weights) / sums.n
    return Between(
        Variances(within * best / (1 - best), within),
        Interval(best, low, _edge(outside, best, MOST), level), weights[1:] / scale, deviance,
        tuple(Caseload(int(n), float(r)) for n, r in zip(sums.n, residuals, strict=True)),
    )  # fmt: skip


def _least(of: Callable[[float], float]) -> float:
    """Where it is least from 0 to MOST: the best of a grid, then by golden sections."""
    grid = np.linspace(0, MOST, GRID) ** 2  # closer where shares usually lie
    place = int(np.argmin([of(float(one)) for one in grid]))
    low, high = float(grid[max(place - 1, 0)]), float(grid[min(place + 1, GRID - 1)])
    for _ in range(HALVINGS):
        step = GOLDEN * (high - low)
        if of(high - step) <= of(low + step):
            high = low + step
        else:
            low = high - step
    found = (low + high) / 2
    return 0.0 if of(0.0) <= of(found) else found


def _edge(outside: Callable[[float], bool], inside: float, beyond: float) -> float:
    """The last share inside, towards one that is outside."""
    for _ in range(HALVINGS):
        middle = (inside + beyond) / 2
        inside, beyond = (inside, middle) if outside(middle) else (middle, beyond)
    return inside
