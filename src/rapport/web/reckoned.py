"""The arithmetic of the methods that compare with a group, step by step with its numbers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.progress.measures.judging import Method, Verdict

from .judging import number, signed

Steps = list[tuple[str, str]]
"""Each a name and the reckoning in signs, which reads from left to right everywhere."""


def steps(verdict: Verdict) -> Steps:
    """How the foretold score and its error came about; empty: the method needs no group.

    The formulas stand with their sources in ``science.change``.
    """
    making = _BY.get(verdict.method)
    return making(verdict.number, verdict.found) if making and verdict.found else []


def _regression_based(group: Any, found: Any) -> Steps:
    (m1, sd1), (m2, sd2), r, n = _group(group)
    x1, b, scatter = _few(found.earlier), _two(found.shown["slope"]), _two(found.shown["scatter"])
    fewer, fewest = group.n - 1, group.n - 2
    return [
        (_("Slope"), f"b = r × SD₂ / SD₁ = {r} × {sd2} / {sd1} = {b}"),
        (_("Foretold without change"),
         f"M₂ + b × (x₁ − M₁) = {m2} + {b} × ({x1} − {m1}) = {_two(found.expected)}"),
        (_("Scatter around it"),
         f"S = SD₂ × √((1 − r²) × (n − 1) / (n − 2)) = "
         f"{sd2} × √((1 − {r}²) × {fewer} / {fewest}) = {scatter}"),
        (_("Standard error"),
         f"S × √(1 + 1/n + (x₁ − M₁)² / (SD₁² × (n − 1))) = "
         f"{scatter} × √(1 + 1/{n} + ({x1} − {m1})² / ({sd1}² × {fewer})) = {_two(found.error)}"),
        (_("Threshold"), f"t({fewest}) = ± {_two(found.threshold)}"),
    ]  # fmt: skip


def _practice_corrected(group: Any, found: Any) -> Steps:
    (m1, sd1), (m2, _sd2), r, _n = _group(group)
    x1 = _few(found.earlier)
    return [
        (_("Foretold without change"),
         f"x₁ + (M₂ − M₁) = {x1} + ({m2} − {m1}) = {_two(found.expected)}"),
        (_("Standard error"), f"√2 × SD₁ × √(1 − r) = √2 × {sd1} × √(1 − {r}) = "
                              f"{_two(found.error)}"),
    ]  # fmt: skip


def _hageman_arrindell(group: Any, found: Any) -> Steps:
    (m1, sd1), (m2, sd2), r, _n = _group(group)
    x1, r1 = _few(found.earlier), _few(group.reliability)
    sem, r_dd = _two(found.shown["sem"]), _two(found.shown["r_dd"])
    spread = _two(group.twice.sd_change)
    return [
        (_("Standard error of one score"),
         f"SE = SD₁ × √(1 − r₁) = {sd1} × √(1 − {r1}) = {sem}"),
        (_("Spread of the differences"),
         f"SD = √(SD₁² + SD₂² − 2 × SD₁ × SD₂ × r) = "
         f"√({sd1}² + {sd2}² − 2 × {sd1} × {sd2} × {r}) = {spread}"),
        (_("Reliability of the differences"),
         f"R = 1 − 2 × SE² / SD² = 1 − 2 × {sem}² / {spread}² = {r_dd}"),
        (_("Foretold without change"),
         f"x₁ − (M₂ − M₁) × (1 − R) / R = {x1} − ({m2} − {m1}) × (1 − {r_dd}) / {r_dd} = "
         f"{_two(found.expected)}"),
        (_("Standard error"),
         f"√2 × SE / √R = √2 × {sem} / √{r_dd} = {_two(found.error)}"),
    ]  # fmt: skip


_BY: Mapping[Method, Callable[[Any, Any], Steps]] = {
    "regression-based": _regression_based,
    "practice-corrected": _practice_corrected,
    "hageman-arrindell": _hageman_arrindell,
}


def _group(one: Any) -> tuple[tuple[str, str], tuple[str, str], str, int]:
    """Mean and deviation of both times, the correlation and how many, as they were entered."""
    earlier = _few(one.earlier_mean), _few(one.earlier_sd)
    later = _few(one.later_mean), _few(one.later_sd)
    return earlier, later, _few(one.correlation), one.n


def _few(value: float) -> str:
    """As it was entered."""
    shown = number(abs(value), 4)
    return f"−{shown}" if value < 0 else shown


def _two(value: float) -> str:
    """As it was reckoned."""
    return signed(value, 2)
