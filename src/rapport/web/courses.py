"""A course of scores in words, as a plot, and as rows of a table: for the desk and the portal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.progress.measures.course import Course, Judged, Point

from . import chart, measures
from . import judging as said
from .parted import together

Say = Callable[[Course, Point], str]
NOTHING: Mapping[Any, str] = MappingProxyType({})


@dataclass(frozen=True)
class Happened:
    """Something a door puts beside the scores, such as a plan's milestone."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Row:
    """One line of the table: the same as the dot with the same number says."""

    number: int
    point: Point
    day: str
    said: str
    notes: list[str]


def words_of(course: Course) -> Any:
    """The questionnaire's words in the reader's language, else in English."""
    return measures.words(course.item)


def band(course: Course, point: Point) -> str:
    """What the band of a score is called, as it stands within a sentence."""
    found: str = words_of(course).bands.get(point.band, "")
    return found[:1].lower() + found[1:]


def day(instant: datetime) -> str:
    """The day of an instant, on the practice's clock."""
    return date_format(clock.local(instant).date(), "DATE_FORMAT")


def number(course: Course, points: float) -> str:
    """Points with the decimals of the course's questionnaire."""
    decimals = course.instrument.score.total.decimals
    return str(number_format(round(points, decimals), decimal_pos=decimals))


def _moved(course: Course, judged: Judged, since: datetime) -> str:
    """How much more or less, and since when."""
    if judged.many > 1:
        return _("the last two average %(last)s, the first two %(first)s") % _means(judged)
    given = {"points": number(course, abs(judged.points)), "day": day(since)}
    if not judged.points:
        return _("the same as on %(day)s") % given
    if judged.points < 0:
        return _("%(points)s less than on %(day)s") % given
    return _("%(points)s more than on %(day)s") % given


def _means(judged: Judged) -> dict[str, str]:
    return {"first": said.number(judged.earlier, 1), "last": said.number(judged.later, 1)}


def change(course: Course, judged: Judged, since: datetime) -> str:
    """A change in words: how much, since when, and whether it is more than measurement error."""
    moved = _moved(course, judged, since)
    if judged.reliable is None or not judged.points:
        return moved
    verdict = (
        _("more than measurement error explains")
        if judged.reliable
        else _("no more than measurement error explains")
    )
    return _("%(change)s, %(verdict)s") % {"change": moved, "verdict": verdict}


def sentence(course: Course, point: Point) -> str:
    """One score with its meaning: "14, moderate; 6 less than on 3 March, more than …"."""
    parts = [number(course, point.shown)]
    if found := band(course, point):
        parts[0] = _("%(points)s, %(band)s") % {"points": parts[0], "band": found}
    first = first_compared(course)
    if point.since_first is not None and first is not None:
        parts.append(change(course, point.since_first, first.at))
    return together(parts)


def first_compared(course: Course) -> Point | None:
    """The score with which all later ones are compared."""
    return course.first


def latest(course: Course) -> list[str]:
    """The sentences under the chart: the latest score against the first and the one before."""
    last = course.last
    if last is None:
        return []
    lines, former = [f"{sentence(course, last)}."], before(course)
    if last.since_before is not None and former is not None and former != first_compared(course):
        words = change(course, last.since_before, former.at)
        lines.append(_("Against the one before: %(change)s.") % {"change": words})
    return lines


def judged_by(course: Course) -> list[str]:
    """Under these: response and remission, and by what method the change was judged."""
    last = course.last
    return said.about(course.instrument, last.since_first if last else None)


def before(course: Course) -> Point | None:
    """The score before the latest."""
    return course.points[-2] if len(course.points) > 1 else None


def summary(course: Course, say: Say = sentence) -> str:
    """The whole chart in a sentence or two."""
    short, last = course.instrument.short, course.last
    if last is None:
        return _("%(form)s: no score yet.") % {"form": short}
    count = len(course.points)
    begun = ngettext(
        "%(form)s: %(count)s score, on %(last)s.",
        "%(form)s: %(count)s scores, from %(first)s to %(last)s.",
        count,
    ) % {"form": short, "count": count, "first": day(course.points[0].at), "last": day(last.at)}
    latest = _("The latest")
    return f"{begun} {latest}: {say(course, last)}."


def rows(
    course: Course, say: Say = sentence, gained: Mapping[Any, str] = NOTHING
) -> list[Row]:  # fmt: skip
    """Every point as the table has it, the oldest first.

    Args:
        gained: what is said of a point to which a sudden gain led, by its sheet.
    """
    return [
        Row(n, one, day(one.at), say(course, one), _notes(one, gained))
        for n, one in enumerate(course.points)
    ]


def _notes(point: Point, gained: Mapping[Any, str]) -> list[str]:
    notes = [gained[point.sheet]] if point.sheet in gained else []
    if point.prorated:
        notes.append(_("prorated: not every question was answered"))
    if not point.current:
        notes.append(_("another version or language of the form, not compared"))
    return notes


def plot(
    course: Course, *, happened: Iterable[Happened] = (), say: Say = sentence, named: bool = True,
    gained: Mapping[Any, str] = NOTHING,
) -> chart.Plot:  # fmt: skip
    """The course as it is drawn.

    Args:
        happened: from other rooms, handed in by the door.
        say: how one score is put into words.
        named: whether bands carry their names.
        gained: what is said of a dot to which a sudden gain led, by its sheet.
    """
    lowest, highest = course.span
    marks = sorted(happened, key=lambda one: one.at)
    return chart.Plot(
        words=summary(course, say), lowest=lowest, highest=highest,
        dots=tuple(_dot(one, say(course, one), gained) for one in course.points),
        bands=tuple(_bands(course, named)), lines=tuple(_lines(course)),
        marks=tuple(chart.Mark(one.at, letter(n), one.words) for n, one in enumerate(marks)),
    )  # fmt: skip


def letter(number: int) -> str:
    """a, b, c … z, aa, ab …"""
    first, rest = divmod(number, 26)
    return (letter(first - 1) if first else "") + chr(ord("a") + rest)


def _dot(point: Point, meaning: str, gained: Mapping[Any, str]) -> chart.Dot:
    shape: chart.Shape = "dot"
    if point.prorated:
        shape = "diamond"
    if not point.current:
        shape = "square"
    ringed = point.sheet in gained
    words = together([f"{day(point.at)}: {meaning}", *([gained[point.sheet]] if ringed else [])])
    return chart.Dot(
        clock.local(point.at),
        point.shown,
        words,
        point.reliable,
        shape,
        point.joined,
        ringed=ringed,
    )


def _bands(course: Course, named: bool) -> Iterable[chart.Band]:
    found, named_as = course.instrument.score.total.bands, words_of(course).bands
    worse_is_more = course.instrument.better == "lower"
    for n, one in enumerate(found):
        severity = n if worse_is_more else len(found) - 1 - n
        words = named_as.get(one.name, one.name) if named else ""
        least, most = one.range
        yield chart.Band(least, most, words, chart.level(severity, len(found)))


def _lines(course: Course) -> Iterable[chart.Line]:
    cutoffs = course.instrument.cutoffs
    for one in cutoffs:
        if one.name != cutoffs[0].name:
            continue
        points = one.at_least if one.at_least is not None else one.at_most
        facts = ", ".join(one.facts.values())
        words = _("cut-off %(points)s") % {"points": points}
        yield chart.Line(float(points or 0), f"{words} ({facts})" if facts else words)


def short_day(on: date) -> str:
    """A day as the axis of time writes it: a first of the month is its month.

    The axis runs from the left in every language; the words of one are read from their own side.
    """
    said = date_format(on, "M Y" if on.day == 1 else "j M")
    return f"\N{RIGHT-TO-LEFT MARK}{said}" if get_language_bidi() else said


def scale_number(value: float) -> str:
    """A number of the scale as short as it can be written: 14, or 2.5."""
    return str(number_format(f"{value:g}"))


def drawn(
    found: chart.Plot, sizes: tuple[chart.Size, ...] = (chart.WIDE, chart.NARROW)
) -> list[str]:
    """The chart for a page, wide and narrow; a stylesheet shows the one that fits."""
    return [chart.draw(found, size=size, say=short_day, count=scale_number) for size in sizes]


def on_paper(found: chart.Plot, size: chart.Size = chart.WIDE) -> str:
    """The chart as a file of its own, for paper."""
    return chart.standalone(found, size=size, say=short_day, count=scale_number)


# In the portal ----------------------------------------------------------------------------


def plainly(course: Course, point: Point) -> str:
    """One score for the person who gave the answers: the numbers, and no name of a band."""
    given = {"points": number(course, point.shown), "highest": course.span[1]}
    now = _("%(points)s of %(highest)s") % given
    if course.instrument.is_adaptive:
        now = number(course, point.shown)
    first = first_compared(course)
    if point.since_first is None or first is None:
        return now
    return together([now, _moved(course, point.since_first, first.at)])


def plain(course: Course) -> list[str]:
    """The latest answers in plain words for the person who gave them."""
    last, first = course.last, first_compared(course)
    if last is None:
        return []
    given = {
        "day": day(last.at), "points": number(course, last.shown),
        "lowest": course.span[0], "highest": course.span[1],
    }  # fmt: skip
    form = course.instrument
    adds = form.score.total.method == "sum" and course.span[0] == 0
    sums = not form.is_adaptive and (form.validated or adds)
    lines = [
        _("Your latest answers, of %(day)s, add up to %(points)s of %(highest)s.") % given
        if sums
        else _(
            "Your latest answers, of %(day)s, come to %(points)s, from %(lowest)s to %(highest)s."
        )
        % given,
        _("On this questionnaire, a lower number means that less troubles you.")
        if course.instrument.better == "lower"
        else _("On this questionnaire, a higher number means that you are doing better."),
    ]
    if form.is_adaptive:
        lines.append(_("50 is the average of the people these questions were tried on, and two in "
                      "three of them lie between 40 and 60."))  # fmt: skip
    if last.since_first is not None and first is not None:
        lines.append(_plain_change(course, last.since_first, first.at))
    return lines


def _plain_change(course: Course, judged: Judged, since: datetime) -> str:
    given = {"points": number(course, abs(judged.points)), "day": day(since)}
    if not judged.points and judged.many == 1:
        return _("That is the same as on %(day)s.") % given
    if judged.many > 1:
        moved = _("Your last two numbers average %(last)s, your first two %(first)s.") % _means(
            judged)  # fmt: skip
    elif judged.points < 0:
        moved = _("That is %(points)s less than on %(day)s.") % given
    else:
        moved = _("That is %(points)s more than on %(day)s.") % given
    if judged.reliable is None:
        return moved
    if judged.reliable:
        meaning = _("This is more than the ups and downs every questionnaire has.")
    else:
        meaning = _("A difference like this can come from the ups and downs every "
                    "questionnaire has.")  # fmt: skip
    return f"{moved} {meaning}"


def bands(course: Course) -> list[tuple[str, float, float]]:
    """What the stretches of the scale are called, for whoever wants to know."""
    named = words_of(course).bands
    found = course.instrument.score.total.bands
    return [(named.get(one.name, one.name), one.range[0], one.range[1]) for one in found]
