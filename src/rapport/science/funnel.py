"""Whether a unit, a therapist or a place, differs from the rest by more than chance and size allow.

A funnel plot draws every unit by its size. Limits narrow as units grow, so that nobody is called
different for being small; nothing here is an order of merit.

Source:
    Spiegelhalter (2005), Stat Med 24(8):1185-1202.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from rapport.science.discoveries import discoveries
from rapport.science.dispersion import Dispersion, over_dispersion

INNER, OUTER = 0.95, 0.998
SMALL = 10.0  # fewer events than this expected on either side: exact limits
Floats = npt.NDArray[np.float64]
Over = Literal["none", "additive", "multiplicative"]


@dataclass(frozen=True)
class Limits:
    """Bounds that units of this size stay within by chance, one entry a unit."""

    low: Floats
    high: Floats


@dataclass(frozen=True)
class Funnel:
    """One entry a unit, in the order in which units were given.

    Attributes:
        value: what is drawn: share, standardised share or mean.
        size: on the horizontal axis.
        target: the line in the middle.
        inner, outer: limits of 95 % and 99.8 %.
        z: distance from the target in standard errors, over-dispersion counted in.
        p: two-sided.
        place: int8; -2 and 2 outside the outer limits, -1 and 1 outside the inner ones, 0 within.
        discovered: outside by a test that bounds the share of false ones among them.
        exact: where limits are the binomial's own.
    """

    value: Floats
    size: Floats
    target: float
    inner: Limits
    outer: Limits
    z: Floats
    p: Floats
    place: npt.NDArray[np.int8]
    discovered: npt.NDArray[np.bool_]
    exact: npt.NDArray[np.bool_]
    dispersion: Dispersion
    over: Over


def limits(target: Floats, n: Floats, *, level: float = INNER) -> Limits:
    """Limits of a share by the normal distribution.

        p0 +- z sqrt(p0 (1 - p0) / n), from 0 to 1

    >>> found = limits(np.array([0.5]), np.array([100.0]))
    >>> found.low.round(3).tolist(), found.high.round(3).tolist()
    ([0.402], [0.598])
    """
    wide = _z(level) * np.sqrt(target * (1 - target) / n)
    return Limits(np.maximum(target - wide, 0.0), np.minimum(target + wide, 1.0))


def exact_limits(target: Floats, n: Floats, *, level: float = INNER) -> Limits:
    """Limits of a share by the binomial distribution itself, for few events.

        low  = (r - a) / n,  r the smallest count with P(R <= r) >= tail,
                             a = (P(R <= r) - tail) / P(R = r)
        high = the same, counted from the other end

    The fraction smooths the steps from size to size. A share is below the lower limit exactly
    where P(R <= its count) < tail, and above the upper one exactly where P(R >= its count) < tail.

    Args:
        target, n: shape (units,); shares between 0 and 1, sizes of 1 or more.

    >>> found = exact_limits(np.array([0.5]), np.array([10.0]))
    >>> found.low.round(4).tolist(), found.high.round(4).tolist()
    ([0.1324], [0.8676])
    """
    tail = (1 - level) / 2
    few = target <= 0.5
    rare = np.where(few, target, 1 - target)  # counted from the end where there are fewer
    low = np.maximum(_quantile(rare, n, tail) / n, 0.0)
    high = np.minimum((_quantile(rare, n, 1 - tail) + 1) / n, 1.0)
    return Limits(np.where(few, low, 1 - high), np.where(few, high, 1 - low))


def shares(
    count: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    expected: npt.ArrayLike | None = None,
    target: float | None = None,
    over: Over = "additive",
    false_share: float = 0.05,
) -> Funnel:
    """A funnel of shares: recovered of treated, ended early of begun.

    With ``expected`` each unit is held against its own case mix (indirect standardisation), and
    drawn as count / expected x target. Limits are the binomial's own where fewer than 10 events
    are expected on either side.

    Args:
        count, n: shape (units,), whole numbers, 0 <= count <= n, n >= 1.
        expected: events that the case mix leads to expect, 0 < expected < n; see ``case_mix``.
        target: the line in the middle, between 0 and 1; None: the share of all units together.
        over: how to treat units differing by more than chance: widen by a variance that is added
            (the default), by a factor, or not at all, when large units all look different.
        false_share: of the discoveries that may be false (Benjamini and Hochberg).

    Raises:
        ValueError: counts that cannot be, or a target of none or all.

    >>> found = shares([52, 5, 71], [100, 20, 100], target=0.5, over="none")
    >>> found.place.tolist(), found.exact.tolist()
    ([0, -1, 2], [False, False, False])
    """
    events, size = _floats(count), _floats(n)
    if events.shape != size.shape or events.ndim != 1 or not len(size):
        raise ValueError(f"counts and sizes are columns alike, got {events.shape}, {size.shape}")
    if (size < 1).any() or (events < 0).any() or (events > size).any():
        raise ValueError("a unit has one client or more, and no more events than clients")
    if (events % 1).any() or (size % 1).any():
        raise ValueError("events and clients are whole numbers")
    middle = float(events.sum() / size.sum()) if target is None else target
    if not 0 < middle < 1:
        raise ValueError(f"the target must lie between 0 and 1, got {middle}")
    if expected is None:
        own = np.full(len(size), middle)
    else:
        own = _floats(expected) / size
        if own.shape != size.shape or not ((own > 0) & (own < 1)).all():
            raise ValueError("each unit expects more than no events and fewer than all")
    times = middle / own  # from the unit's own scale to the plot's
    exact = np.minimum(own, 1 - own) * size < SMALL
    error = np.sqrt(own * (1 - own) / size)
    z = (events / size - own) / error
    z[exact] = _exact_z(events[exact], own[exact], size[exact])
    bounds = []
    for level in (INNER, OUTER):
        found = limits(own, size, level=level)
        few = exact_limits(own[exact], size[exact], level=level)
        found.low[exact], found.high[exact] = few.low, few.high
        bounds.append(Limits(times * found.low, times * found.high))
    value = times * events / size
    return _funnel(value, size, middle, bounds, z, times * error, exact, over, false_share)


def means(
    mean: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    sd: float,
    target: float | None = None,
    over: Over = "additive",
    false_share: float = 0.05,
) -> Funnel:
    """A funnel of means: effect sizes, or residuals once the case mix is taken off.

        error = sd / sqrt(n)

    Args:
        mean, n: shape (units,). sd: of single clients within units, in the mean's unit, > 0.
        target: None: the mean of all clients together.

    >>> found = means([0.9, 1.6], [25, 25], sd=1.0, target=1.0, over="none")
    >>> found.z.round(2).tolist(), found.place.tolist()
    ([-0.5, 3.0], [0, 1])
    """
    value, size = _floats(mean), _floats(n)
    if value.shape != size.shape or value.ndim != 1 or not len(size):
        raise ValueError(f"means and sizes are columns alike, got {value.shape}, {size.shape}")
    if (size < 1).any():
        raise ValueError("a unit has one client or more")
    if not 0 < sd < math.inf:
        raise ValueError(f"sd must be positive, got {sd}")
    middle = float((value * size).sum() / size.sum()) if target is None else target
    error = sd / np.sqrt(size)
    bounds = [Limits(middle - _z(one) * error, middle + _z(one) * error) for one in (INNER, OUTER)]
    exact = np.zeros(len(size), np.bool_)
    z = (value - middle) / error
    return _funnel(value, size, middle, bounds, z, error, exact, over, false_share)


def _funnel(
    value: Floats, size: Floats, target: float, bounds: list[Limits], z: Floats, error: Floats,
    exact: npt.NDArray[np.bool_], over: Over, false_share: float,
) -> Funnel:  # fmt: skip
    found = over_dispersion(z, error) if len(z) > 1 else Dispersion(1.0, 0.0, 0.0)
    wider = np.ones(len(z))
    if over == "multiplicative":
        wider *= math.sqrt(max(1.0, found.phi))
    elif over == "additive":
        wider = np.sqrt(1 + found.tau2 / np.square(error))
    inner, outer = (_widened(one, target, wider) for one in bounds)
    z = z / wider
    p = np.fromiter(map(math.erfc, (np.abs(z) / math.sqrt(2)).tolist()), np.float64, len(z))
    place = np.zeros(len(z), np.int8)
    for one in (inner, outer):
        place += (value > one.high).astype(np.int8) - (value < one.low).astype(np.int8)
    found_out = discoveries(p, false_share=false_share).found
    return Funnel(value, size, target, inner, outer, z, p, place, found_out, exact, found, over)


def _widened(one: Limits, target: float, wider: Floats) -> Limits:
    return Limits(target - (target - one.low) * wider, target + (one.high - target) * wider)


def _quantile(p: Floats, n: Floats, tail: float) -> Floats:
    """The smoothed count that the binomial stays below with probability ``tail``."""
    found = np.full(len(p), np.nan)
    chance = np.exp(n * np.log1p(-p))
    below = np.zeros(len(p))
    odds = p / (1 - p)
    r = 0
    while np.isnan(found).any():
        reached = np.isnan(found) & ((below + chance >= tail) | (r >= n))
        over = np.clip(below + chance - tail, 0, chance)
        found[reached] = r - (over / np.maximum(chance, 1e-300))[reached]
        below = below + chance
        chance = chance * np.maximum(n - r, 0) / (r + 1) * odds
        r += 1
    return found


def _exact_z(count: Floats, p: Floats, n: Floats) -> Floats:
    """z-scores with the binomial's mid-p, for units too small for the normal distribution."""
    quantile = NormalDist().inv_cdf
    found = []
    for events, share, size in zip(count.tolist(), p.tolist(), n.tolist(), strict=True):
        k, rare = (events, share) if share <= 0.5 else (size - events, 1 - share)
        chance, below, odds = math.exp(size * math.log1p(-rare)), 0.0, rare / (1 - rare)
        for r in range(int(k)):
            below += chance
            chance *= (size - r) / (r + 1) * odds
        z = quantile(min(max(below + chance / 2, 1e-16), 1 - 1e-16))
        found.append(z if share <= 0.5 else -z)
    return np.array(found, np.float64)


def _floats(given: npt.ArrayLike) -> Any:
    found = np.array(given, np.float64)
    if not np.isfinite(found).all():
        raise ValueError("a number is missing or infinite")
    return found


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level must be in (0, 1), got {level}")
    return NormalDist().inv_cdf((1 + level) / 2)
