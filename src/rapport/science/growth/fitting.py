"""Learn a growth model from rows: the variances that make them likeliest, and the rest from those.

Needs SciPy, so it belongs to jobs; what it returns does not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize

from rapport.science.growth.deviance import At, criterion
from rapport.science.growth.model import Fixed, Growth, Method, Singular
from rapport.science.growth.sums import CannotFit, Floats, Sums, numbered, taken

STARTS = ((1.0, 0.0, 0.5, 0.3), (0.3, 0.0, 0.1, 0.1), (2.0, -0.5, 1.0, 0.5), (0.5, 0.3, 0.3, 0.1))
FEW = 2_000  # blocks up to which the two best starts are followed to their ends
SAME = 1e-6  # a criterion that differs by less is the same
STEEP = 1e-4  # of the criterion by an entry of D, where it should be level


def fit(
    y: npt.ArrayLike, design: npt.ArrayLike, *, client: npt.ArrayLike, time: npt.ArrayLike,
    names: Sequence[str] | None = None, therapist: npt.ArrayLike | None = None,
    slope: bool = True, drop_singular_slope: bool = False, method: Method = "REML",
) -> Growth:  # fmt: skip
    """Fit y = X b + u0 + u1 time + v + e by (restricted) maximum likelihood.

    u0 and u1 vary between clients, correlated; v between therapists; e between measurements.
    Rows may stand in any order, at any times, and a client may have one only.

    Args:
        y: scores, shape (n,), scale points.
        design: the columns X of what holds for everybody, shape (n, p), the constant included.
        client: who, shape (n,), any labels. therapist: with whom, the same for all of a
            client's rows; None leaves the level out.
        time: what the client's own slope belongs to, shape (n,).
        names: of the columns.
        slope: False fits a level of one's own and no slope.
        drop_singular_slope: fit again without slopes where the fit with them is singular.
        method: "REML" for variances, "ML" to compare designs.

    Raises:
        CannotFit: the rows do not determine the model: too few, nothing varies, collinear columns.
        ValueError: lengths differ, or a number is none.

    Source:
        Bates et al. (2015), J Stat Softw 67(1); Laird & Ware (1982), Biometrics 38:963-974.

    >>> day = np.tile([0.0, 1.0, 2.0, 3.0], 3)
    >>> y = [9, 8, 6, 5, 15, 15, 13, 13, 12, 9, 8, 5]
    >>> who = np.repeat(["a", "b", "c"], 4)
    >>> found = fit(y, np.column_stack([np.ones(12), day]), client=who, time=day, slope=False)
    >>> [round(one.value, 3) for one in found.fixed], round(found.criterion, 4)
    ([12.033, -1.467], 40.183)
    """
    rows, x, when = _checked(y, design, time)
    if method not in ("REML", "ML"):
        raise ValueError(f"a method is REML or ML, not {method!r}")
    named = list(names) if names is not None else [f"x{n + 1}" for n in range(x.shape[1])]
    if len(named) != x.shape[1]:
        raise ValueError(f"{x.shape[1]} columns have {len(named)} names")
    who, clients = _labels(client, len(rows), "client")
    whose, therapists = (None, 0)
    if therapist is not None:
        whose, therapists = _labels(therapist, len(rows), "therapist")
        if therapists < 2:
            raise CannotFit("one therapist says nothing of the differences between them")
    if clients < 2:
        raise CannotFit("one client says nothing of the differences between them")
    if len(rows) <= x.shape[1] + 1:
        raise CannotFit(f"{len(rows)} rows are too few for {x.shape[1]} columns")
    sums = taken(
        rows, x, client=who, clients=clients, time=when,
        therapist=whose, therapists=therapists, slope=slope,
    )  # fmt: skip
    found = _growth(sums, _best(sums, slope, method == "REML"), named, slope, method, therapists)
    if slope and drop_singular_slope and set(found.singular) - {"therapist variance is 0"}:
        return fit(y, design, client=client, time=time, names=names, therapist=therapist,
                   slope=False, method=method)  # fmt: skip
    return found


def _checked(y: Any, design: Any, time: Any) -> tuple[Floats, Floats, Floats]:
    try:
        rows, x, when = (np.asarray(a, dtype=np.float64) for a in (y, design, time))
    except (TypeError, ValueError) as problem:
        raise ValueError(f"scores, design and time are numbers: {problem}") from problem
    if x.ndim == 1:
        x = x[:, None]
    if rows.ndim != 1 or x.ndim != 2 or not len(rows) == len(x) == len(when) or when.ndim != 1:
        raise ValueError("scores, design and time have the same number of rows")
    if not len(rows) or not x.shape[1]:
        raise CannotFit("there are no rows, or no columns")
    for name, array in (("score", rows), ("design", x), ("time", when)):
        if not math.isfinite(float(array.sum())) and not np.isfinite(array).all():
            raise ValueError(f"a {name} is missing or infinite; leave such rows out")
    return rows, x, when


def _labels(given: Any, rows: int, what: str) -> tuple[npt.NDArray[np.intp], int]:
    labels = np.asarray(given)
    if labels.shape != (rows,):
        raise ValueError(f"each row has one {what}")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise ValueError(f"a row without a {what}")
    try:
        return numbered(labels)
    except TypeError as problem:
        raise ValueError(f"{what} labels are of one kind, and none is missing") from problem


@dataclass
class _Search:
    """The criterion over (a, b, c, k'): D = L L' with L = [[a, 0], [b, c]], k = k'^2."""

    sums: Sums
    slope: bool
    reml: bool
    calls: int = 0

    @property
    def free(self) -> list[int]:
        return [0] + ([1, 2] if self.slope else []) + ([3] if self.sums.cells is not None else [])

    def whole(self, theta: Any) -> Floats:
        all_four = np.zeros(4)
        all_four[self.free] = theta
        return all_four

    def at(self, theta: Any) -> At:
        self.calls += 1
        a, b, c, k = self.whole(theta)
        lower = np.array([[a, 0.0], [b, c]])
        return criterion(self.sums, lower @ lower.T, k * k, reml=self.reml)

    def __call__(self, theta: Any) -> tuple[float, Floats]:
        found = self.at(theta)
        a, b, c, k = self.whole(theta)
        by_l = 2 * found.by_d @ np.array([[a, 0.0], [b, c]])
        slope = np.array([by_l[0, 0], by_l[1, 0], by_l[1, 1], 2 * k * found.by_k])[self.free]
        return min(found.value, 1e300), slope

    def from_(self, start: Any) -> tuple[float, Floats]:
        limits = [(None, None) if n == 1 else (0.0, None) for n in self.free]
        done = optimize.minimize(
            self, start, jac=True, method="L-BFGS-B", bounds=limits,
            options={"ftol": 1e-14, "gtol": 1e-7, "maxiter": 300},
        )  # fmt: skip
        return float(done.fun), np.asarray(done.x, dtype=np.float64)


@dataclass(frozen=True)
class _Best:
    theta: Floats  # (a, b, c, k')
    at: At
    converged: bool
    calls: int


def _best(sums: Sums, slope: bool, reml: bool) -> _Best:
    search = _Search(sums, slope, reml)
    starts = [np.array(start)[search.free] for start in STARTS]
    starts.sort(key=lambda start: search.at(start).value)
    starts = starts[: 1 if len(sums.blocks.count) > FEW else 2]
    value, theta = min((search.from_(start) for start in starts), key=lambda found: found[0])
    settled = True
    for _ in range(3):  # an edge is a level place even where the criterion falls away from it
        away = _off_the_edge(search, theta)
        if away is None:
            break
        lower, moved = search.from_(away)
        if not lower < value - SAME / 10:
            break
        value, theta = lower, moved
    else:
        settled = False
    theta = _onto_the_edge(search, theta, value)
    at = search.at(theta)
    if not math.isfinite(at.value):
        raise CannotFit("the criterion has no finite value on these rows")
    steep = np.abs(search(theta)[1])
    level = settled and bool((steep < STEEP * max(1.0, abs(at.value) * 1e-3)).all())
    return _Best(search.whole(theta), at, level, search.calls)


def _off_the_edge(search: _Search, theta: Floats) -> Floats | None:
    """A start inside, where the criterion falls from the edge inwards; None where it does not."""
    a, b, c, k = search.whole(theta)
    at = search.at(theta)
    moved = False
    lower = np.array([[a, 0.0], [b, c]])
    d = lower @ lower.T
    if search.slope:
        sizes, ways = np.linalg.eigh(d)
        for size, way in zip(sizes, ways.T, strict=True):
            if size < 1e-4 and way @ at.by_d @ way < -STEEP:
                d, moved = d + 0.05 * np.outer(way, way), True
    elif a * a < 1e-4 and at.by_d[0, 0] < -STEEP:
        d, moved = d + np.diag([0.05, 0.0]), True
    if search.sums.cells is not None and k * k < 1e-4 and at.by_k < -STEEP:
        k, moved = 0.2, True
    if not moved:
        return None
    a = math.sqrt(d[0, 0])
    b = d[0, 1] / a if a else 0.0
    return np.array([a, b, math.sqrt(max(d[1, 1] - b * b, 0.0)), k])[search.free]


def _onto_the_edge(search: _Search, theta: Floats, value: float) -> Floats:
    """0 for what is as good at 0, tried one after the other."""
    kept = search.whole(theta)
    for at_zero in ([3], [2], [1, 2], [0]):
        if not set(at_zero) <= set(search.free) or not kept[at_zero].any():
            continue
        tried = kept.copy()
        tried[at_zero] = 0.0
        if search.at(tried[search.free]).value <= value + SAME / 10:
            kept = tried
    return np.asarray(kept[search.free], dtype=np.float64)


def _growth(
    sums: Sums, best: _Best, names: list[str], slope: bool, method: Method, therapists: int
) -> Growth:
    a, b, c, k = best.theta
    at, sigma = best.at, math.sqrt(best.at.sigma2)
    lower = np.array([[a, 0.0], [b, c]])
    back = np.array([[1.0, -sums.centre / sums.scale], [0.0, 1 / sums.scale]])
    d = back @ lower @ lower.T @ back.T
    sds = np.sqrt(np.maximum(np.diag(d), 0.0))
    edge: list[Singular] = []
    correlation = math.nan
    if slope:
        if not sds[1]:
            edge.append("slope variance is 0")
        if sds[0] ** 2 <= 1e-12 * max(d[1, 1] * (sums.centre**2 + sums.scale**2), 1e-300):
            edge.append("intercept variance is 0")
        if not edge:
            correlation = float(np.clip(d[0, 1] / (sds[0] * sds[1]), -1.0, 1.0))
            if c == 0:
                correlation = math.copysign(1.0, correlation)
                edge.append("correlation is 1" if correlation > 0 else "correlation is -1")
    elif not a:
        edge.append("intercept variance is 0")
    if therapists and not k:
        edge.append("therapist variance is 0")
    values = sums.plain + sums.turn @ at.beta
    errors = sigma * np.sqrt(np.diag(sums.turn @ at.inverse @ sums.turn.T))
    fixed = tuple(
        Fixed(n, float(v), float(e)) for n, v, e in zip(names, values, errors, strict=True)
    )
    return Growth(
        fixed, sigma * float(sds[0]), sigma * float(sds[1]), correlation, sigma * float(k), sigma,
        method, at.value, sums.rows, sums.clients, therapists, tuple(edge),
        best.converged, best.calls,
    )  # fmt: skip
