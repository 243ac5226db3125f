"""Daily answers as a page shows them: drawn with gaps as gaps, and as rows. For desk and portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.core import time as clock
from rapport.progress.daily import figures, rules
from rapport.progress.daily.queries import Diary, Series

from . import chart, courses

HOURS = (8, 14, 20)  # where up to three times of a day lie on the axis of time
LOWEST_TOP = 5  # of a count: the least that its scale reaches to
WHOLE = 8  # of a count: up to here it ends where it was counted
FOURTHS = (3, 5, 10, 15, 20, 25)  # steps of a higher scale, and ten and a hundred times these


@dataclass(frozen=True)
class Answer:
    """One answer as it is shown."""

    shown: str


@dataclass(frozen=True)
class Row:
    """One line of the table, as the chart's reader says it; a pause has no point."""

    point: Answer | None
    day: str
    said: str
    notes: list[str]


@dataclass(frozen=True)
class Shown:
    """One question, ready for a page.

    Attributes:
        form: what the chart is called. said: one or two sentences.
    """

    series: Series
    form: dict[str, str]
    drawings: list[str]
    rows: list[Row]
    said: list[str]
    marks: Sequence[chart.Mark]

    @property
    def question(self) -> Any:
        """The question itself."""
        return self.series.question


def number(value: float, places: int = 2) -> str:
    """A number with at most ``places`` decimals, and a true minus."""
    rounded = round(value, places)
    needed = next(n for n in range(places + 1) if round(rounded, n) == rounded)
    said = str(number_format(abs(rounded), decimal_pos=needed))
    return f"−{said}" if rounded < 0 else said


def value(series: Series, given: float) -> str:
    """An answer in words."""
    if series.question.kind == "YES_NO" and given in (0, 1):
        return _("yes") if given else _("no")
    if series.question.kind == "RATING":
        return _("%(number)s of 10") % {"number": number(given)}
    return number(given)


def day(on: date) -> str:
    """A day in full."""
    return str(date_format(on, "DATE_FORMAT"))


def lately(on: date) -> str:
    """A day without its year."""
    return str(date_format(on, pgettext("how a day is written without its year", "j F")))


def at(on: date, slot: int, a_day: int) -> datetime:
    """Where an answer lies on the axis of time: noon, or its place in the day."""
    hour = HOURS[slot] if a_day > 1 else 12
    return datetime.combine(on, time(hour), tzinfo=clock.zone())


def of(
    diary: Diary, phases: Sequence[rules.Stretch], *, since: date | None = None
) -> list[Shown]:  # fmt: skip
    """Every question of a diary, those asked no more last.

    Args:
        since: the first day that is drawn.
    """
    every = sorted(diary.series, key=lambda one: one.question.ended_on is not None)
    return [shown(one, diary.times, phases, since=since) for one in every]


def shown(
    series: Series, times: Sequence[str], phases: Sequence[rules.Stretch], *,
    since: date | None = None,
) -> Shown:  # fmt: skip
    """One question drawn, read and said."""
    means = figures.running_mean(series.points, series.first)
    kept = [(one, mean) for one, mean in zip(series.points, means, strict=True)
            if since is None or one.on >= since]  # fmt: skip
    pauses = _drawn(series, kept, since)
    rows = _rows(series, kept, times, pauses)
    said = [compliance(series), *_lately(series, means)]
    title = str(series.question.words["title"])
    plot = _plot(series, kept, rows, phases, pauses, f"{title}. {' '.join(said)}")
    drawings = courses.drawn(plot) if kept else []
    return Shown(series, {"short": title}, drawings, rows, said, plot.marks)


def compliance(series: Series) -> str:
    """How many of the times somebody was asked were answered."""
    answered, asked = len(series.points), max(series.asked, len(series.points))
    if not asked:
        return _("It was not asked yet.")
    return ngettext(
        "%(answered)s of %(asked)s time was answered.",
        "%(answered)s of %(asked)s times were answered.",
        asked,
    ) % {"answered": answered, "asked": asked}


def _lately(series: Series, means: Sequence[float | None]) -> list[str]:
    if not means or means[-1] is None:
        return []
    said = _share if series.question.kind == "YES_NO" else _mean
    return [said(means[-1], figures.week_before(series.points, series.first))]


def _mean(week: float, before: float | None) -> str:
    if before is None:
        return _("The mean of the last seven days is %(week)s.") % {"week": number(week, 1)}
    given = {"week": number(week, 1), "before": number(before, 1)}
    return _("The mean of the last seven days is %(week)s, of the seven before %(before)s.") % given


def _share(week: float, before: float | None) -> str:
    """Of yes and no, how many answers in a hundred were yes."""
    given = {"week": number(100 * week, 0)}
    if before is None:
        return _("In the last seven days %(week)s percent of the answers were yes.") % given
    given["before"] = number(100 * before, 0)
    return _("In the last seven days %(week)s percent of the answers were yes, in the seven before "
             "%(before)s percent.") % given  # fmt: skip


def _drawn(series: Series, kept: Any, since: date | None) -> list[rules.Pause]:
    """Pauses after the first answer that is drawn, and begun by today."""
    first = kept[0][0].on if kept else since
    return [one for one in series.pauses if one.from_on <= clock.today()
            and (first is None or one.back_on is None or one.back_on > first)]  # fmt: skip


def paused(pause: rules.Pause) -> str:
    """The days of a pause in words."""
    if pause.back_on is None:
        return _("from %(day)s on") % {"day": day(pause.from_on)}
    last = pause.back_on - rules.DAY
    if last == pause.from_on:
        return day(last)
    return _("%(first)s to %(last)s") % {"first": day(pause.from_on), "last": day(last)}


def span(pause: rules.Pause) -> chart.Span:
    """Where a pause lies on the axis of time; one that lasts, until today ends."""
    ends = pause.back_on or clock.today() + rules.DAY
    start, end = (
        datetime.combine(on, time(0), tzinfo=clock.zone()) for on in (pause.from_on, ends)
    )
    return chart.Span(start, end, _("Paused: %(days)s") % {"days": paused(pause)})


def _rows(
    series: Series, kept: Sequence[tuple[rules.Point, float | None]], times: Sequence[str],
    pauses: Sequence[rules.Pause],
) -> list[Row]:  # fmt: skip
    """Answers and pauses in their order; the first answer after a pause says that it is."""
    rows, left = [], list(pauses)
    for one, _mean in kept:
        over = [pause for pause in left if pause.from_on <= one.on]
        rows += [_pause_row(pause) for pause in over]
        left = left[len(over) :]
        after = any(pause.back_on is not None and pause.back_on <= one.on for pause in over)
        rows.append(_row(series, one, times, [_("after a pause")] if after else []))
    return rows + [_pause_row(pause) for pause in left]


def _pause_row(pause: rules.Pause) -> Row:
    return Row(None, paused(pause), _("paused, nothing was asked"), [])


def _row(
    series: Series, point: rules.Point, times: Sequence[str], notes: list[str]
) -> Row:  # fmt: skip
    when = day(point.on)
    if times[point.slot :] and times[point.slot]:
        when = _("%(day)s, %(time)s") % {"day": when, "time": times[point.slot]}
    said = value(series, point.value)
    return Row(Answer(str(point.value)), when, said, notes)


def _plot(
    series: Series, kept: Sequence[tuple[rules.Point, float | None]], rows: Sequence[Row],
    phases: Sequence[rules.Stretch], pauses: Sequence[rules.Pause], words: str,
) -> chart.Plot:  # fmt: skip
    instants = [at(one.on, one.slot, series.a_day) for one, _mean in kept]
    told = [row for row in rows if row.point is not None]
    spans = tuple(span(one) for one in pauses)
    lines = series.question.kind != "YES_NO"  # from no to yes there is nothing between
    dots = tuple(
        chart.Dot(
            instant, one.value, f"{row.day}: {row.said}", joined=lines and one.joined and n > 0
        )
        for n, (instant, (one, _mean), row) in enumerate(zip(instants, kept, told, strict=True))
    )
    turns = tuple(_turns(phases, instants))
    return chart.Plot(
        words=words, lowest=0, highest=highest(series), dots=dots, turns=turns, marks=turns,
        pauses=spans, period=period(instants, spans),
        named={} if lines else {0: _("no"), 1: _("yes")},
        trails=(chart.Trail(_("mean of the last seven days"), tuple(
            (instant, mean) for instant, (_one, mean) in zip(instants, kept, strict=True)
        )),),
    )  # fmt: skip


def period(
    instants: Sequence[datetime], pauses: Sequence[chart.Span]
) -> tuple[datetime, datetime] | None:
    """What the axis of time covers: the answers, and a pause that goes on after them."""
    if not instants:
        return None
    now = datetime.combine(clock.today() + rules.DAY, time(0), tzinfo=clock.zone())
    return instants[0], max([instants[-1], *(min(one.end, now) for one in pauses)])


def _turns(phases: Sequence[rules.Stretch], instants: Sequence[datetime]) -> list[chart.Mark]:
    """Where phases begin within what is drawn, at the beginning of their day."""
    found = []
    for one in phases:
        if one.starts is None or not instants:
            continue
        begins = datetime.combine(one.starts, time(0), tzinfo=clock.zone())
        if instants[0] <= begins <= instants[-1]:
            words = _("phase %(name)s begins") % {"name": one.name}
            found.append(chart.Mark(begins, one.name, words))
    return found


def highest(series: Series) -> int:
    """Where the scale ends: a count's is as high as it was counted, in fourths one can read."""
    if series.question.kind == "COUNT":
        top = max([LOWEST_TOP, *(one.value for one in series.points)])
        if top <= WHOLE:
            return int(top)
        power = int(10 ** max(len(str(int(top))) - 2, 0))
        ends = (4 * n * by for by in (power / 10, power, 10 * power) for n in FOURTHS)
        return int(min(end for end in ends if end >= top and end % 4 == 0))
    return int(rules.HIGHEST[series.question.kind])
