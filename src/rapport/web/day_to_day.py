"""How one daily series behaves from day to day: stability and limits, each with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.progress.daily import figures, rules
from rapport.progress.daily.queries import Series
from rapport.science.control_chart import Signal
from rapport.science.daily import Daily

from . import chart, courses
from .daily import Answer, Row, at, day, highest, number, span

FEWEST = figures.ENOUGH  # days of a phase
TOLD = 3  # signals that stand open; more are opened


@dataclass(frozen=True)
class Figure:
    """One statistic: sentences, and what opens below them.

    Attributes:
        formula: how it is worked out. numbers: what went in and came out. source: whose rule it is.
        each: sentences too many to stand open, all of them; no more than there are days.
        rows: what the drawing shows, for its reader. filled: what a filled dot in it means.
    """

    title: str
    said: list[str]
    formula: str = ""
    numbers: list[tuple[str, str]] = field(default_factory=list)
    source: str = ""
    drawings: list[str] = field(default_factory=list)
    each: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    filled: str = ""


def few(n: int) -> str:
    """Why a statistic is not told."""
    return _("This is told from %(least)s days on; there are %(n)s. Look at the picture.") % {
        "least": FEWEST, "n": n,
    }  # fmt: skip


def stability(about: Daily | None) -> list[Figure]:
    """Compliance, MSSD and inertia; nothing where nothing was answered."""
    if about is None or not about.n:
        return []
    return [_answered(about), _jumps(about), _inertia(about)]


def _answered(about: Daily) -> Figure:
    said = _("%(n)s of %(asked)s times were answered: %(share)s percent.") % {
        "n": about.n, "asked": about.expected, "share": number(100 * about.compliance, 0),
    }  # fmt: skip
    numbers = [(_("answered"), str(about.n)), (_("asked"), str(about.expected))]
    if about.mean is not None:
        numbers.append((_("mean"), number(about.mean)))
    if about.sd is not None:
        numbers.append((_("standard deviation"), number(about.sd)))
    rule = _("answered / asked; a day that can still be filled in counts once it was answered")
    return Figure(_("Answered"), [said], rule, numbers)


def _jumps(about: Daily) -> Figure:
    title = _("How much it jumps from day to day")
    if about.mssd is None or about.rmssd is None:
        return Figure(title, [_("No two answers follow each other without a gap.")])
    said = ngettext(
        "From one answer to the next it moved by about %(step)s, in %(pairs)s pair without a gap.",
        "From one answer to the next it moved by about %(step)s, in %(pairs)s pairs without a gap.",
        about.pairs,
    ) % {"step": number(about.rmssd), "pairs": about.pairs}
    return Figure(
        title, [said],
        _("MSSD = mean of the squared differences of successive answers; a pair with a missing "
          "answer between is none, nor is one over a night where a day has several times"),
        [(_("MSSD"), number(about.mssd)), (_("its root"), number(about.rmssd)),
         (_("valid pairs"), str(about.pairs))],
        "von Neumann et al. (1941); Jahng, Wood & Trull (2008), Psychol Methods 13:354-375",
    )  # fmt: skip


def _inertia(about: Daily) -> Figure:
    title = _("How much of a day carries over")
    if about.n < figures.FOR_INERTIA:
        given = {"least": figures.FOR_INERTIA, "n": about.n}
        return Figure(title, [
            _("Inertia is told from %(least)s answers on; there are %(n)s.") % given
        ])  # fmt: skip
    if about.inertia is None or about.bias is None:
        return Figure(title, [
            _("Inertia cannot be told: too few answers follow each other, or all are alike.")
        ])  # fmt: skip
    if about.inertia > 0.1:
        said = _("A high day tends to be followed by a high one: inertia %(value)s.")
    elif about.inertia < -0.1:
        said = _("A high day tends to be followed by a low one: inertia %(value)s.")
    else:
        said = _("One day says little about the next: inertia %(value)s.")
    return Figure(
        title, [said % {"value": number(about.inertia)}],
        _("correlation of what is left beside a straight line with the same one answer later"),
        [(_("inertia"), number(about.inertia)), (_("pairs"), str(about.lagged)),
         (_("too low by about"), number(-about.bias))],
        "Suls, Green & Hillis (1998); Kendall (1954), Biometrika 41:403-404",
    )  # fmt: skip


# Limits -----------------------------------------------------------------------------------


def limits(series: Series, days: figures.Days, phases: Sequence[rules.Stretch]) -> Figure:
    """The chart of individual days and its signals in words."""
    title = _("Is a day still one of the usual ones?")
    found = figures.limits(days, phases[0] if phases else None)
    if found is None:
        return Figure(title, [few(len(days))])
    held, found_chart = days[found.skipped :], found.chart
    each = [_signal(held, one) for one in _begun(found_chart.signals)]
    said = each or [_("No day leaves the limits.")]
    if len(each) > TOLD:
        said = [_("There are %(n)s signals. The latest:") % {"n": len(each)}, each[-1]]
    by = _("The limits rest on %(n)s days.") % {"n": found.set_by}
    return Figure(
        title, [by, *said],
        _("mean ± 2.66 × mean difference of successive days; a signal is a day beyond a limit, or "
          "eight days in a row on one side of the mean; over a day without an answer no "
          "difference is taken and no row goes on"),
        [(_("mean"), number(found_chart.centre)), (_("lower limit"), number(found_chart.low)),
         (_("upper limit"), number(found_chart.high)),
         (_("mean difference of successive days"), number(found_chart.moving_range))],
        "Wheeler & Chambers (1992), Understanding Statistical Process Control",
        courses.drawn(_control(series, held, found_chart)), each if len(each) > TOLD else [],
        _control_rows(held, found_chart), _("beyond a limit") if _wild(found_chart) else "",
    )  # fmt: skip


def _begun(signals: Sequence[Signal]) -> list[Signal]:
    """Signals without those that only say that a run on one side goes on."""
    runs = {(one.at, one.side) for one in signals if one.rule != "beyond a limit"}
    return [one for one in signals
            if one.rule == "beyond a limit" or (one.at - 1, one.side) not in runs]  # fmt: skip


def _signal(days: figures.Days, one: Signal) -> str:
    given = {"day": day(days[one.at][0]), "value": number(days[one.at][1])}
    if one.rule == "beyond a limit":
        if one.side == "above":
            return _("On %(day)s it lay above the limits, at %(value)s.") % given
        return _("On %(day)s it lay below the limits, at %(value)s.") % given
    if one.side == "above":
        return _("On %(day)s it had been above the mean for eight days in a row.") % given
    return _("On %(day)s it had been below the mean for eight days in a row.") % given


def _wild(found: Any) -> set[int]:
    """Which days lie beyond a limit."""
    return {one.at for one in found.signals if one.rule == "beyond a limit"}


def _control_rows(days: figures.Days, found: Any) -> list[Row]:
    wild = _wild(found)
    return [
        Row(
            Answer(number(value)),
            day(on),
            number(value),
            [_("beyond a limit")] if n in wild else [],
        )
        for n, (on, value) in enumerate(days)
    ]


def _control(series: Series, days: figures.Days, found: Any) -> chart.Plot:
    wild, dots = _wild(found), []
    for n, (on, value) in enumerate(days):
        joined = n > 0 and (on - days[n - 1][0]).days == 1
        words = f"{day(on)}: {number(value)}"
        dots.append(chart.Dot(at(on, 0, 1), round(value, 2), words, n in wild, joined=joined))
    top = highest(series)
    lines = [(found.low, _("lower limit")), (found.centre, _("mean")),
             (found.high, _("upper limit"))]  # fmt: skip
    return chart.Plot(
        words=_("The days with their mean, %(mean)s, and limits, %(low)s to %(high)s.")
        % {"mean": number(found.centre), "low": number(found.low), "high": number(found.high)},
        lowest=0, highest=top, dots=tuple(dots), pauses=tuple(span(one) for one in series.pauses),
        lines=tuple(chart.Line(round(height, 2), words) for height, words in lines
                    if 0 <= height <= top),
    )  # fmt: skip
