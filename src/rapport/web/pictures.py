"""The one picture of a client's measures as it is drawn: for the desk, the portal and paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.core import time as clock
from rapport.progress.expected import said as in_words
from rapport.progress.expected.queries import Expected
from rapport.progress.marks.models import Mark
from rapport.progress.measures.course import Course, Point
from rapport.progress.picture.queries import Measured, Picture
from rapport.progress.picture.rules import WANTED, Wanted

from . import chart, courses, gains, items, judgements, judging, readings

SPANS = {
    "episode": gettext_lazy("This episode"), "year": gettext_lazy("The last year"),
    "all": gettext_lazy("Everything"),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One measure of the picture, ready for a page.

    Attributes:
        said: two sentences. notes: what limits them.
        expected: the words of the expected range; empty where there is none.
        gains: sudden gains whose mark is drawn. items: what a client's own one consists of.
    """

    name: str
    form: Any
    title: str
    plot: chart.Plot
    drawings: list[str]
    rows: list[courses.Row]
    said: list[str]
    notes: list[str]
    judgements: list[judgements.Judgement]
    expected: str
    worse: bool
    gains: list[gains.Shown]
    items: list[items.Shown]


def wanted(asked: str) -> Wanted:
    """The stretch of time that a page's address asks for; the episode, if it asks for none."""
    return next((one for one in WANTED if one == asked), "episode")


def expected(found: Expected | None) -> chart.Expected | None:
    """The range in which a client's scores are expected; None: there is none to draw."""
    if found is None or not (found.points or found.ahead):
        return None
    points = [chart.Foreseen(p.at, p.low, p.middle, p.high) for p in found.points]
    ahead = [
        chart.Foreseen(p.at, p.low, p.middle, p.high)
        for p in found.ahead
        if not points or p.at > points[-1].at
    ]
    return chart.Expected(in_words.sentence(found), (*points, *ahead), len(points))


def for_desk(picture: Picture, ranges: Mapping[str, Expected]) -> list[Shown]:
    """Every measure as who treats reads it.

    Args:
        ranges: what is expected of the client, by questionnaire.
    """
    drawn = [expected(ranges.get(one.shown.instrument.id)) for one in picture.measured]
    period = _period(picture, drawn)
    return [
        _shown(picture, one, foreseen, period, plain=False)
        for one, foreseen in zip(picture.measured, drawn, strict=True)
    ]


def for_client(picture: Picture) -> list[Shown]:
    """Every measure as the person reads it who answered: no band is named."""
    period = _period(picture, [])
    return [_shown(picture, one, None, period, plain=True) for one in picture.measured]


Period = tuple[datetime, datetime]


def _period(picture: Picture, ranges: list[chart.Expected | None]) -> Period:
    """The one axis of time; it reaches as far ahead as something is expected."""
    start, end = (clock.local(one) for one in picture.period)
    ahead = [point.at for one in ranges if one is not None for point in one.points]
    return start, max([end, *ahead])


def _shown(
    picture: Picture, measured: Measured, foreseen: chart.Expected | None, period: Period, *,
    plain: bool,
) -> Shown:  # fmt: skip
    course, reading = measured.shown, measured.reading
    say = courses.plainly if plain else courses.sentence
    read = readings.kindly if plain else readings.sentences
    happened = [courses.Happened(noon(one), one.words) for one in picture.marks]
    leaps = gains.within(course, (gains.for_client if plain else gains.for_desk)(
        measured.whole, measured.gains))  # fmt: skip
    gained = gains.marked(leaps, gains.plain_name() if plain else gains.name())
    plot = replace(
        courses.plot(course, happened=happened, say=say, named=not plain, gained=gained),
        spans=tuple(_spans(picture)), ticks=tuple(map(clock.local, picture.sessions)),
        turns=tuple(_turns(course)), expected=foreseen, period=period,
    )  # fmt: skip
    return Shown(
        name=course.item.id, form=course.instrument, title=courses.words_of(course).title,
        plot=plot,
        drawings=courses.drawn(plot, (chart.ROW, chart.NARROW_ROW)),
        rows=_rows(course, say, foreseen, gained),
        said=read(measured.whole, reading),
        notes=[] if plain else [*readings.keep_in_mind(reading), *_open(course),
               *judging.about(measured.whole.instrument, measured.judged)],
        judgements=[] if plain else _judgements(measured),
        expected=foreseen.words if foreseen else "",
        worse=reading.moved == "worse", gains=leaps, items=items.beside(measured.items, plot),
    )  # fmt: skip


def _open(course: Course) -> list[str]:
    """How often nothing could be scored, which is where the line breaks."""
    times = len(course.unscored)
    said = ngettext(
        "Once too many questions stayed open for a score; the line breaks there.",
        "%(n)s times too many questions stayed open for a score; the line breaks there.", times,
    )  # fmt: skip
    return [said % {"n": times}] if times else []


def noon(mark: Mark) -> datetime:
    """Where a mark stands on the axis: at noon of its day, on the practice's clock."""
    return clock.local(clock.day_bounds(mark.on)[0] + timedelta(hours=12))


def _spans(picture: Picture) -> list[chart.Span]:
    return [
        chart.Span(
            clock.local(clock.day_bounds(one.opened_on)[0]),
            clock.local(clock.day_bounds(one.closed_on or picture.days.last)[1]),
            stay(one),
        )
        for one in picture.episodes
        if one.opened_on <= picture.days.last
    ]


def stay(episode: Any) -> str:
    """From when to when an episode goes."""
    first = date_format(episode.opened_on, "DATE_FORMAT")
    if episode.closed_on is None:
        return _("care since %(first)s") % {"first": first}
    last = date_format(episode.closed_on, "DATE_FORMAT")
    return _("care from %(first)s to %(last)s") % {"first": first, "last": last}


def _turns(course: Course) -> list[chart.Mark]:
    """Where the form's version or language changes from one score to the next."""
    return [
        chart.Mark(clock.local(one.at), "",
                   _("from here on another version or language of the form"))
        for before, one in pairwise(course.points)
        if (before.version, before.language) != (one.version, one.language)
    ]  # fmt: skip


def _rows(
    course: Course, say: courses.Say, foreseen: chart.Expected | None, gained: Mapping[Any, str]
) -> list[courses.Row]:  # fmt: skip
    rows = courses.rows(course, say, gained)
    return rows if foreseen is None else [_expecting(course, one, foreseen) for one in rows]


def _expecting(course: Course, row: courses.Row, foreseen: chart.Expected) -> courses.Row:
    there = foreseen.at(row.point.at)
    if there is None:
        return row
    low, high = (courses.number(course, one) for one in (there.low, there.high))
    said = _("expected: %(low)s to %(high)s") % {"low": low, "high": high}
    return replace(row, notes=[*row.notes, said])


def _judgements(measured: Measured) -> list[judgements.Judgement]:
    first: Point | None = measured.whole.first
    if measured.judged is None or first is None:
        return []
    title = _("Since %(day)s, the first score") % {"day": courses.day(first.at)}
    return [judgements.judgement(measured.whole, title, measured.judged)]


def period(picture: Picture) -> str:
    """From when to when the picture goes."""
    first, last = (date_format(one, "DATE_FORMAT")
                   for one in (picture.days.first, picture.days.last))  # fmt: skip
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def marked(picture: Picture) -> list[tuple[str, Mark]]:
    """The marks with the letters they have in every chart."""
    return [(courses.letter(n), one) for n, one in enumerate(picture.marks)]
