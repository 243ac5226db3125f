"""A caseload in words: why somebody needs attention, how the scores went, what came back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.core import time as clock
from rapport.progress.caseload.queries import Row, Trend
from rapport.progress.caseload.rules import Change, Reason, Why
from rapport.progress.expected import rules as signals

from . import judging, measures, spark

NAMES: dict[Reason, Any] = {
    "alert": gettext_lazy("an answer to look at"),
    "red": gettext_lazy("not on track"),
    "amber": gettext_lazy("first sign of not being on track"),
    "worse": gettext_lazy("worse than at first"),
    "unmeasured": gettext_lazy("not measured for long"),
    "unbooked": gettext_lazy("no appointment ahead"),
    "due": gettext_lazy("a questionnaire waits"),
}


@dataclass(frozen=True)
class Said:
    """One reason in words, and where it can be looked into; "" where nowhere."""

    reason: Reason
    words: str
    url: str


@dataclass(frozen=True)
class Shown:
    """A line of the list.

    Attributes:
        scores: of the main measure, such as "21 → 6"; "" without one. drawing: the same, as SVG.
        last, next: of the sessions, as days.
    """

    client: Any
    whys: list[Said]
    short: str
    scores: str
    drawing: str
    held: int
    last: datetime | None
    next: datetime | None
    asked: int
    answered: int


def shown(row: Row) -> Shown:
    """A line in words."""
    facts = row.line.facts
    return Shown(
        client=row.client, whys=[_said(row, one) for one in row.line.whys],
        short=row.trend.item.content.short if row.trend else "",
        scores=_scores(row.trend) if row.trend else "",
        drawing=_drawing(row.trend) if row.trend else "",
        held=facts.held, last=facts.last_at, next=facts.next_at,
        asked=facts.asked, answered=facts.answered,
    )  # fmt: skip


def _day(at: datetime | None) -> str:
    return date_format(clock.local(at).date(), "DATE_FORMAT") if at else ""


def _said(row: Row, why: Why) -> Said:
    words = {
        "alert": _alert, "red": _signal, "amber": _signal, "worse": _worse,
        "unmeasured": _unmeasured, "unbooked": _unbooked, "due": _due,
    }[why.reason](row, why)  # fmt: skip
    return Said(why.reason, words, _url(row, why))


def _url(row: Row, why: Why) -> str:
    pk = row.client.pk
    if why.reason == "alert":
        return reverse("desk_alert", args=[why.id])
    if why.reason in ("red", "amber"):
        return reverse("desk_signal", args=[why.id])
    if why.reason == "worse":
        return reverse("desk_course", args=[pk, why.instrument])
    return reverse("desk_measures", args=[pk]) if why.reason in ("unmeasured", "due") else ""


def _alert(row: Row, why: Why) -> str:
    at = clock.local(why.since) if why.since else None
    given = {"when": date_format(at, "DATETIME_FORMAT") if at else ""}
    rest = len(row.line.facts.alerts) - 1
    if rest:
        return ngettext(
            "An answer to look at since %(when)s, and %(n)s more",
            "An answer to look at since %(when)s, and %(n)s more", rest,
        ) % (given | {"n": rest})  # fmt: skip
    return _("An answer to look at since %(when)s") % given


def _form(row: Row, name: str) -> Any:
    item = row.forms.get(name)
    return item.content if item is not None else None


def _signal(row: Row, why: Why) -> str:
    form = _form(row, why.instrument)
    first = signals.reasons(row.reasons[why.id])[0]
    given = {
        "day": _day(why.since), "form": form.short if form else why.instrument,
        "why": _sign(first, lower=form is None or form.better == "lower"),
    }  # fmt: skip
    if why.reason == "red":
        return _("Red since %(day)s: %(form)s, %(why)s") % given
    return _("First sign on %(day)s: %(form)s, %(why)s") % given


def _sign(reason: signals.Reason, *, lower: bool) -> str:
    """What a signal rests on, as it stands within a sentence."""
    once, again = {
        "beyond the expected range": (
            _("a score above the expected range"),
            _("two scores in a row above the expected range"),
        ) if lower else (
            _("a score below the expected range"),
            _("two scores in a row below the expected range"),
        ),
        "worse than at intake": (
            _("worse than at first by more than the measure errs"),
            _("twice in a row worse than at first by more than the measure errs"),
        ),
        "worse than at best": (
            _("worse than at best by more than the measure errs"),
            _("twice in a row worse than at best by more than the measure errs"),
        ),
        "improvement unlikely": (
            _("improvement has become unlikely"),
            _("improvement has become unlikely, by two scores in a row"),
        ),
        "no improvement by session": (
            _("no improvement so far"), _("no improvement so far, by two scores in a row"),
        ),
        "still a case at session": (
            _("still in the clinical range"),
            _("still in the clinical range, by two scores in a row"),
        ),
    }[reason.kind]  # fmt: skip
    return again if reason.again else once


def _worse(row: Row, why: Why) -> str:
    found: Change = next(o for o in row.line.facts.changes if o.instrument == why.instrument)
    form = _form(row, why.instrument)
    return _("%(form)s went from %(first)s to %(last)s by %(day)s: worse by more than the measure "
             "errs (%(method)s)") % {
        "form": form.short if form else why.instrument, "day": _day(found.at),
        "first": judging.number(found.first), "last": judging.number(found.last),
        "method": judging.brief(found.form),
    }  # fmt: skip


def _unmeasured(_row: Row, why: Why) -> str:
    if why.since is None:
        return _("Never measured: what was asked was not answered")
    return _("Not measured since %(day)s: what was asked later was not answered") % {
        "day": _day(why.since)}  # fmt: skip


def _unbooked(_row: Row, why: Why) -> str:
    if why.since is None:
        return _("No appointment ahead, and no session so far")
    return _("No appointment ahead; the last session was on %(day)s") % {"day": _day(why.since)}


def _due(_row: Row, why: Why) -> str:
    return _("A questionnaire waits for an answer since %(day)s") % {"day": _day(why.since)}


def _ends(trend: Trend) -> tuple[str, str]:
    name = trend.item.id
    return (measures.number(trend.points[0][1], name), measures.number(trend.points[-1][1], name))


def _scores(trend: Trend) -> str:
    first, last = _ends(trend)
    if len(trend.points) == 1:
        return last
    return _("%(first)s at first, %(last)s now") % {"first": first, "last": last}


def _drawing(trend: Trend) -> str:
    form, points = trend.item.content, trend.points
    lowest, highest = form.span
    values = ", ".join(measures.number(value, trend.item.id) for _at, value in points[-12:])
    words = ngettext(
        "%(form)s: %(n)s score, on %(last)s: %(values)s",
        "%(form)s: %(n)s scores, the last on %(last)s; the latest of them: %(values)s",
        len(points),
    ) % {"form": form.short, "n": len(points), "last": _day(points[-1][0]), "values": values}
    return spark.draw(points, lowest=lowest, highest=highest, words=words)
