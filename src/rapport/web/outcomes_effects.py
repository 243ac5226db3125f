"""The effect of each row in words: its size, by whose spread, and how it came about."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.progress.outcomes.effect import Effect, effect
from rapport.progress.outcomes.queries import Outcomes
from rapport.progress.outcomes.showing import Line

from .shares import number

Z = 1.96  # of a 95 % interval, as ``effects.d_pre`` has it


@dataclass(frozen=True)
class Worked:
    """The arithmetic of a row.

    Attributes:
        spread: whose first scores, and how far they lie apart.
        steps: what was divided by what, and so on: sums in figures alone.
    """

    name: str
    spread: str
    steps: list[str]


def of(found: Outcomes, line: Line) -> Effect | None:
    """The effect of a line. None: it cannot be told, or only one band was looked at.

    Those of one band began alike, so it is measured by the spread of everybody's first scores.
    """
    if found.asked.band:
        return None
    of_band = found.asked.by == "band" and any(line is one for one in found.groups)
    among = found.whole.tally if of_band else None
    return effect(line.tally, better=found.form.better, among=among)


def said(one: Effect | None) -> str:
    """Its size with its interval; a dash where there is none."""
    if one is None:
        return "–"
    return _("%(size)s (%(low)s to %(high)s)") % {
        "size": number(one.found.size, 2), "low": number(one.found.low, 2),
        "high": number(one.found.high, 2),
    }  # fmt: skip


def whose(found: Outcomes) -> str:
    """By whose spread the effects of the page are measured."""
    if found.asked.band:
        return _("Where one band alone is looked at, no effect is given: those in it began alike.")
    if found.asked.by == "band":
        return _("The effect of every row, of each band too, is measured by the spread of "
                 "everybody’s first scores.")  # fmt: skip
    return _("The effect of each row is measured by the spread of the first scores in that row.")


def worked(found: Outcomes, name: str, line: Line) -> Worked | None:
    """How the effect of a row came about; None: it has none, or is hidden."""
    one = of(found, line) if line.shown else None
    if one is None:
        return None
    made, ends = one.found, one.found.rests_on
    size, sd, error = number(made.size, 2), number(made.sd, 2), number(made.error, 2)
    means = [number(ends.first, 2), number(ends.last, 2)]
    above, below = means if found.form.better == "lower" else reversed(means)
    between = f"({number(made.low, 2)}; {number(made.high, 2)})"
    return Worked(name, _spread(one), [
        f"({above} − {below}) / {sd} = {size}", f"√({_variance(one)}) = {error}",
        f"{size} ± {number(Z, 2)} × {error} = {between}",
    ])  # fmt: skip


def _spread(one: Effect) -> str:
    n = one.found.rests_on.n if one.everybody is None else one.everybody
    own = ngettext(
        "Standard deviation of the first score of this %(n)s client: %(sd)s.",
        "Standard deviation of the first scores of these %(n)s clients: %(sd)s.", n)  # fmt: skip
    every = ngettext(
        "Standard deviation of everybody’s first scores, of %(n)s client: %(sd)s.",
        "Standard deviation of everybody’s first scores, of %(n)s clients: %(sd)s.", n)  # fmt: skip
    words = own if one.everybody is None else every
    return words % {"n": number(n, 0), "sd": number(one.found.sd, 2)}


def _variance(one: Effect) -> str:
    """The squared error in figures: Becker's own, or with everybody's spread."""
    ends, size = one.found.rests_on, number(abs(one.found.size), 2)
    if one.everybody is None:
        r, n = number(ends.r, 2), number(ends.n, 0)
        return f"2 × (1 − {r}) / {n} + {size}² / (2 × {n})"
    apart, sd = number(ends.sd_change, 2), number(one.found.sd, 2)
    every = number(one.everybody, 0)
    return f"({apart} / {sd})² / {number(ends.n, 0)} + {size}² / (2 × {every})"
