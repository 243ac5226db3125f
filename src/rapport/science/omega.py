"""McDonald's omega: reliability of a sum whose items are not all equally good."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_ROUNDS = 20_000
CLOSE = 1e-10


class NoFactor(ValueError):
    """One factor does not describe these answers. The sentence says why."""


@dataclass(frozen=True)
class Omega:
    """Omega and the one factor behind it.

    Attributes:
        loadings: shape (items,), of standardised items.
        left: the largest correlation that the factor leaves unexplained; above about 0.1 the
            items have more in common than one factor, and omega says less than it seems to.
    """

    value: float
    loadings: npt.NDArray[np.float64]
    left: float


def omega(items: npt.ArrayLike) -> Omega:
    """Omega total of one factor, found by least squares (principal axes to convergence).

        omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances)

    with loadings and variances in the items' own units. Equals alpha where all loadings are equal,
    and is above it elsewhere.

    Args:
        items: shape (people, items), reversed items turned, more people than items, 3 items or
            more, no NaN.

    Raises:
        NoFactor: an item that does not vary, or one that the factor explains altogether.

    Source:
        McDonald (1999), Test Theory: A Unified Treatment, chapter 6.

    >>> chance = np.random.default_rng(1)
    >>> sick = chance.normal(size=(400, 1))
    >>> found = omega(sick + chance.normal(size=(400, 5)))
    >>> round(found.value, 2), found.left < 0.1
    (0.81, True)
    """
    x = np.asarray(items, np.float64)
    if x.ndim != 2 or x.shape[1] < 3 or len(x) <= x.shape[1]:
        raise ValueError(f"omega needs 3 items and more people than items, got {x.shape}")
    if not np.isfinite(x).all():
        raise ValueError("an answer is missing; leave out whoever did not give all of them")
    sds = x.std(axis=0, ddof=1)
    if not sds.all():
        raise NoFactor("an item has the same answer from everybody")
    shared = np.asarray(np.corrcoef(x, rowvar=False))
    loadings = _one_factor(shared)
    if loadings.sum() < 0:
        loadings = -loadings
    common = float((loadings * sds).sum() ** 2)
    unique = float((np.square(sds) * (1 - np.square(loadings))).sum())
    rest = shared - np.outer(loadings, loadings)
    np.fill_diagonal(rest, 0.0)
    return Omega(common / (common + unique), loadings, float(np.abs(rest).max()))


def _one_factor(shared: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Loadings that explain the correlations off the diagonal best."""
    reduced = shared.copy()
    explained = 1 - 1 / np.diag(np.linalg.pinv(shared))
    for _ in range(MOST_ROUNDS):
        np.fill_diagonal(reduced, explained)
        values, vectors = np.linalg.eigh(reduced)
        loadings = np.asarray(vectors[:, -1] * np.sqrt(max(values[-1], 0.0)))
        before, explained = explained, np.square(loadings)
        if explained.max() >= 1:
            raise NoFactor("the factor explains an item altogether")
        if np.abs(explained - before).max() < CLOSE:
            return loadings
    raise NoFactor("the loadings do not settle")
