"""A client's measures, marks, sessions and episodes, read in as few statements as may be."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from rapport.core import time as clock
from rapport.core.library import Item
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client
from rapport.people.episodes import queries as episodes
from rapport.people.episodes.models import Episode

from ..chosen import queries as chosen
from ..gains import queries as gains
from ..gains.rules import Leap
from ..marks import queries as marks
from ..marks.models import Mark
from ..measures import course as courses
from ..measures import instruments
from ..measures.course import Course, Judged, Point
from ..measures.models import Score
from ..measures.questionnaire import Instrument
from ..own import series
from ..own.series import Series
from . import rules
from .rules import Days, Reading, Seen, Verdict, Wanted

MOST = 1200
"""So many scores, the latest, are in one picture."""

SESSIONS = 600


@dataclass(frozen=True)
class Measured:
    """One measure.

    Attributes:
        whole: every score of it. shown: those within the days of the picture.
        judged: the latest against the first; None where nothing is compared.
        gains: where it leapt for the better, in all of it.
        items: of one in a client's own words each of these, as far as it lies within the days.
    """

    whole: Course
    shown: Course
    reading: Reading
    judged: Judged | None
    gains: tuple[Leap, ...] = ()
    items: tuple[Series, ...] = ()


@dataclass(frozen=True)
class Picture:
    """All that is drawn, on one axis of time.

    Attributes:
        period: from the first instant of ``days`` to the last.
        elsewhere: how many measures have scores outside of these days alone.
        older: whether scores before the earliest ones are left out.
    """

    wanted: Wanted
    days: Days
    period: tuple[datetime, datetime]
    measured: tuple[Measured, ...]
    marks: tuple[Mark, ...]
    sessions: tuple[datetime, ...]
    episodes: tuple[Episode, ...]
    elsewhere: int
    older: bool


def of(*, by: Any, client: Client, wanted: Wanted, now: datetime) -> Picture:
    """The picture of a client whom ``by`` has opened, or of oneself.

    Five statements; where the practice's or the client's own words were asked, five more.
    """
    stays = episodes.of(by=by, client=client)
    latest = _latest(stays)
    since = begun(stays)
    scores, older = _scores(by, client)
    every = marks.of(by=by, client=client)
    today = clock.local(now).date()
    known = [clock.local(one.at).date() for one in scores] + [one.on for one in every]
    stay = (latest.opened_on, latest.closed_on) if latest else None
    days = rules.days(wanted, today=today, episode=stay, known=known)
    start, end = clock.day_bounds(days.first)[0], clock.day_bounds(days.last)[1]
    by_form = _by_form(scores)
    judges, held = chosen.every(), instruments.these(name for name, _rows in by_form)
    found = [
        _measured(chosen.judged(held[name], judges), rows, since, (start, end), now)
        for name, rows in by_form if name in held
    ]  # fmt: skip
    shown = [one for one in found if one is not None and one.shown.points]
    own = series.of(by=by, client=client, instruments=[one.shown.item.id for one in shown])
    shown = [
        replace(one, items=_items_within(own.get(one.shown.item.id, []), (start, end)))
        for one in shown
    ]
    kept = Appointment.objects.filter(
        client=client, status=Appointment.Status.KEPT, starts_at__gte=start, starts_at__lt=end
    )
    times = kept.order_by("-starts_at").values_list("starts_at", flat=True)[:SESSIONS]
    return Picture(
        wanted=wanted, days=days, period=(start, end), measured=tuple(shown),
        marks=tuple(one for one in every if days.first <= one.on <= days.last),
        sessions=tuple(sorted(times)), episodes=tuple(stays),
        elsewhere=sum(one is not None for one in found) - len(shown), older=older,
    )  # fmt: skip


def begun(stays: Iterable[Episode]) -> datetime | None:
    """From when on scores belong to the latest of these episodes; None: there is none."""
    latest = _latest(stays)
    return clock.day_bounds(latest.opened_on - rules.LEAD)[0] if latest else None


def _latest(stays: Iterable[Episode]) -> Episode | None:
    return max(stays, key=lambda one: (one.closed_on is None, one.opened_on), default=None)


def _scores(by: Any, client: Client) -> tuple[list[Score], bool]:
    """The latest scores of every measure, the oldest first, and whether there are older ones."""
    found: QuerySet[Score] = Score.objects.clinical_to(by).filter(client=client)
    rows = found.filter(sheet__replaced_by=None).select_related("sheet").only(
        "sheet", "instrument", "at", "status", "total", "total_rounded", "band", "above_cutoff",
        "sheet__version", "sheet__language",
    )  # fmt: skip
    latest = list(rows.order_by("-at", "pk")[: MOST + 1])
    return latest[:MOST][::-1], len(latest) > MOST


def _by_form(scores: list[Score]) -> list[tuple[str, list[Score]]]:
    """Scores by measure, the one answered last first; parts of one form by their names."""
    by_form: dict[str, list[Score]] = {}
    for one in scores:
        by_form.setdefault(one.instrument, []).append(one)
    named = sorted(by_form.items())
    return sorted(named, key=lambda pair: pair[1][-1].at, reverse=True)


def _measured(
    item: Item[Instrument], rows: list[Score], since: datetime | None,
    period: tuple[datetime, datetime], now: datetime,
) -> Measured | None:  # fmt: skip
    scored = [one for one in rows if one.total is not None and one.total_rounded is not None]
    if not (item.words and scored):
        return None
    unscored = tuple(one.at for one in rows if one.total is None)
    whole = courses.within(item, scored, unscored, since)
    judged = whole.points[-1].since_first
    return Measured(whole, _within(whole, period), _reading(whole, judged, now), judged,
                    tuple(gains.of(whole)))  # fmt: skip


def _items_within(found: list[Series], period: tuple[datetime, datetime]) -> tuple[Series, ...]:
    start, end = period
    kept = (replace(one, points=[p for p in one.points if start <= p[1] < end]) for one in found)
    return tuple(one for one in kept if one.points)


def _within(course: Course, period: tuple[datetime, datetime]) -> Course:
    start, end = period
    kept = [one for one in course.points if start <= one.at < end]
    if kept:
        kept[0] = replace(kept[0], joined=False)
    unscored = tuple(at for at in course.unscored if start <= at < end)
    return replace(course, points=tuple(kept), unscored=unscored)


def _reading(course: Course, judged: Judged | None, now: datetime) -> Reading:
    form, first = course.instrument, course.first
    seen = [_seen(one) for one in course.points]
    verdict = None
    if judged is not None:
        means = (judged.earlier, judged.later) if judged.many > 1 else None
        needed = judged.needed(form.better)
        verdict = Verdict(judged.reliable, needed, judged.disagree, means)
    return rules.reading(
        seen, verdict, first=_seen(first) if first else None,
        lower_is_better=form.better == "lower", scale=course.span, now=now,
    )  # fmt: skip


def _seen(point: Point) -> Seen:
    return Seen(point.at, point.shown, point.above_cutoff, point.prorated, point.current)
