"""What one daily series comes to, in sentences a person can check: each with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import fmean
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.daily import figures, rules
from rapport.progress.daily.queries import Series
from rapport.progress.measures.course import Course
from rapport.science.single_case import Better

from .daily import day, number
from .day_to_day import FEWEST, Figure, few, limits, stability


@dataclass(frozen=True)
class Comparison:
    """Two phases beside each other."""

    title: str
    figures: list[Figure]


@dataclass(frozen=True)
class Read:
    """Everything that is said about one series."""

    daily: list[Figure]
    compared: list[Comparison]
    slopes: list[Figure]
    turned: Figure | None


def read(series: Series, phases: Sequence[rules.Stretch]) -> Read:
    """All statistics of one series; yes and no have no limits, lines or levels."""
    days = rules.by_day(series.points)
    measured = series.question.kind != "YES_NO"
    about = figures.described(series.points, a_day=series.a_day, asked=series.asked)
    daily = [*stability(about), *([limits(series, days, phases)] if measured else [])]
    better: Better = "lower" if series.question.better == "lower" else "higher"
    return Read(
        daily, compared(days, phases, better), slopes(days, phases) if measured else [],
        _turned(days) if measured and not phases else None,
    )  # fmt: skip


def of_course(course: Course, phases: Sequence[rules.Stretch]) -> Read | None:
    """A questionnaire's scores by phases, as far as they are compared; None without phases."""
    if not phases:
        return None
    scores = [(clock.local(one.at).date(), one.shown) for one in course.points if one.current]
    days = [(on, fmean(score for _on, score in some))
            for on, some in groupby(scores, lambda one: one[0])]  # fmt: skip
    long = [one for one in phases if sum(one.holds(on) for on, _score in days) >= FEWEST]
    moved = slopes(days, long) if long else []
    return Read([], compared(days, phases, course.instrument.better), moved, None)


def compared(
    days: figures.Days, phases: Sequence[rules.Stretch], better: Better
) -> list[Comparison]:  # fmt: skip
    """Each phase beside the one before it."""
    return [
        Comparison(
            _("%(after)s beside %(before)s") % {"after": one.after.name, "before": one.before.name},
            _compared(one),
        )
        for one in figures.compare(days, phases, better)
    ]


def slopes(days: figures.Days, phases: Sequence[rules.Stretch]) -> list[Figure]:
    """How each phase rose or fell; without phases, the whole series."""
    held: Sequence[rules.Stretch | None] = phases or [None]
    return [_slope(days, one) for one in held]


# Phases -----------------------------------------------------------------------------------


def _compared(one: figures.Compared) -> list[Figure]:
    if one.nap is None or one.pairs is None or one.tau_u is None or one.corrected is None:
        given = {"least": FEWEST, "before": one.before.name, "after": one.after.name,
                 "m": one.counts[0], "n": one.counts[1]}  # fmt: skip
        words = _("Phases are compared from %(least)s days each on; %(before)s has %(m)s, "
                  "%(after)s has %(n)s. Look at the picture, and claim nothing.")  # fmt: skip
        return [Figure(_("Too short to compare"), [words % given])]
    return [_nap(one, one.nap, one.pairs), _tau(one.nap), _tau_u(one, one.tau_u),
            _corrected(one, one.corrected)]  # fmt: skip


def _nap(one: figures.Compared, nap: Any, pairs: figures.Pairs) -> Figure:
    given = {"better": pairs.better, "all": pairs.all, "equal": pairs.equal,
             "before": one.before.name, "after": one.after.name}  # fmt: skip
    said = [_("In %(better)s of %(all)s pairs of days, the day of %(after)s was better than the "
              "day of %(before)s; in %(equal)s they were equal.") % given]  # fmt: skip
    said.append(
        _("NAP %(value)s, 95 percent interval %(low)s to %(high)s; 0.5 means no difference.")
        % {"value": number(nap.nap), "low": number(nap.low), "high": number(nap.high)}
    )
    halves = number(pairs.better + pairs.equal / 2, 1)
    return Figure(
        _("Nonoverlap of all pairs (NAP)"), said,
        _("(better pairs + half of the equal ones) / all pairs"),
        [(_("better"), str(pairs.better)), (_("equal"), str(pairs.equal)),
         (_("all pairs"), f"{one.counts[0]} × {one.counts[1]} = {pairs.all}"),
         (_("NAP"), f"{halves} / {pairs.all} = {number(nap.nap, 4)}"),
         (_("standard error"), "–" if nap.se is None else number(nap.se, 4))],
        "Parker & Vannest (2009), Behav Ther 40:357-367; interval: Newcombe (2006), "
        "Stat Med 25:559-573",
    )  # fmt: skip


def _tau(nap: Any) -> Figure:
    low, high = nap.tau_interval
    given = {"value": number(nap.tau), "low": number(low), "high": number(high)}
    said = _("Tau %(value)s, 95 percent interval %(low)s to %(high)s, on a scale from −1 to 1 "
             "where 0 means that nothing changed.") % given  # fmt: skip
    return Figure(_("Tau"), [said], "2 × NAP − 1", [(_("Tau"), number(nap.tau, 4))],
                  "Parker, Vannest, Davis & Sauber (2011), Behav Ther 42:284-299")  # fmt: skip


def _tau_u(one: figures.Compared, found: Any) -> Figure:
    said = _("With the trend of %(before)s taken off: %(value)s. This is no correlation and may "
             "lie beyond 1; a long %(before)s takes off more than a short one.") % {
        "before": one.before.name, "value": number(found.value),
    }  # fmt: skip
    pairs = one.counts[0] * one.counts[1]
    return Figure(
        _("Tau-U"), [said], _("(better less worse pairs between phases − rising less falling "
                              "pairs within the first) / all pairs"),
        [(_("between phases"), number(found.between)), (_("within the first"), number(found.trend)),
         (_("Tau-U"), f"({number(found.between)} − {number(found.trend)}) / {pairs} = "
                      f"{number(found.value, 4)}")],
        "Parker, Vannest, Davis & Sauber (2011), Behav Ther 42:284-299",
    )  # fmt: skip


def _corrected(one: figures.Compared, found: Any) -> Figure:
    given = {"before": one.before.name, "p": chance(found.trend_p), "slope": number(found.slope, 3)}
    if found.corrected:
        first = _("%(before)s was changing already, by %(slope)s a day for the better (p %(p)s); "
                  "that line was continued and taken off.") % given  # fmt: skip
    else:
        first = _("%(before)s shows no trend beyond chance (p %(p)s), so nothing was taken "
                  "off.") % given  # fmt: skip
    second = _("What is left differs between the phases by tau %(tau)s (p %(p)s).") % {
        "tau": number(found.tau), "p": chance(found.p),
    }  # fmt: skip
    return Figure(
        _("Baseline-corrected Tau"), [first, second],
        _("where Kendall's tau of the first phase with time has p below 0.05, its line of Theil "
          "and Sen is taken off both phases; then tau-b between phase and value"),
        [(_("tau-b"), f"{number(found.tau, 4)}, p {chance(found.p)}"),
         (_("trend of the first phase"), f"{number(found.trend, 4)}, p {chance(found.trend_p)}")],
        "Tarlow (2017), Behav Modif 41:427-467",
    )  # fmt: skip


def chance(p: float) -> str:
    """A p as it is written: = 0.012, or < 0.001."""
    return f"< {number(0.001, 3)}" if p < 0.001 else f"= {number(p, 3)}"


def _slope(days: figures.Days, phase: rules.Stretch | None) -> Figure:
    title = (_("How it moved in %(phase)s") % {"phase": phase.name} if phase is not None
             else _("How it moved"))  # fmt: skip
    found = figures.course(days, phase)
    if found is None:
        held = [on for on, _value in days if phase is None or phase.holds(on)]
        return Figure(title, [few(len(held))])
    size = number(abs(found.slope), 3)
    if not found.slope:
        said = [_("It stayed level.")]
    elif found.slope > 0:
        said = [_("It rose by %(size)s a day.") % {"size": size}]
    else:
        said = [_("It fell by %(size)s a day.") % {"size": size}]
    if found.low is not None and found.high is not None:
        ends = {"low": number(found.low, 3), "high": number(found.high, 3)}
        said.append(_("95 percent interval of the slope: %(low)s to %(high)s.") % ends)
    return Figure(
        title, said, _("median of the slopes between all pairs of days"),
        [(_("slope a day"), number(found.slope, 4)), (_("days"), str(found.n))],
        "Theil (1950); Sen (1968), J Am Stat Assoc 63:1379-1389",
    )  # fmt: skip


# Where the level changed ------------------------------------------------------------------


def _turned(days: figures.Days) -> Figure:
    title = _("Where its level changed")
    found = figures.turned(days)
    if found is None:
        return Figure(title, [few(len(days))])
    if isinstance(found, figures.OneChange):
        return _one_change(title, days, found)
    if not found.at:
        said = [_("One level throughout fits best, of %(level)s.")
                % {"level": number(found.levels[0])}]  # fmt: skip
    else:
        said = [_stretch(days[at][0], before, after) for at, before, after
                in zip(found.at, found.levels, found.levels[1:], strict=False)]  # fmt: skip
    said.append(_("Where days hang together, this finds too many changes. Draw on what you know."))
    return Figure(
        title, said, _("the division into levels with the lowest BIC, of stretches of five days or "
                       "more"),
        [("BIC", "–" if found.bic is None else number(found.bic)),
         (_("BIC of one level"), "–" if found.bic_of_one is None else number(found.bic_of_one))],
        "Auger & Lawrence (1989), Bull Math Biol 51:39-54; Yao (1988), Stat Probab Lett 6:181-189",
    )  # fmt: skip


def _stretch(on: date, before: float, after: float) -> str:
    return _("From %(day)s the level was %(after)s, before that %(before)s.") % {
        "day": day(on), "before": number(before), "after": number(after),
    }  # fmt: skip


def _one_change(title: str, days: figures.Days, found: figures.OneChange) -> Figure:
    given = {"share": number(100 * found.probability, 0), "day": day(days[found.best][0]),
             "here": number(100 * found.at[found.best], 0)}  # fmt: skip
    said = [
        _("That the level changed once is %(share)s percent likely; most likely on %(day)s "
          "(%(here)s percent).") % given,
        _stretch(days[found.best][0], found.before, found.after),
        _("A slow trend and days that hang together look like a change, too."),
    ]  # fmt: skip
    return Figure(
        title, said, _("one change of level weighed at each day against none, half and half "
                       "before the days were seen"),
        [(_("days"), str(found.n)), (_("probability of a change"), number(found.probability, 3))],
        "Smith (1975), Biometrika 62:407-416; Gönen et al. (2005), Am Stat 59:252-257",
    )  # fmt: skip
