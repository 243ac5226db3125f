"""The desk's pages about alerts: what was answered, whose it is, what was done."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.practice import queries as practice
from rapport.people.staff import queries as staff
from rapport.progress.alerts import actions, said
from rapport.progress.alerts import queries as alerts
from rapport.progress.alerts.models import Alert, Done, Tried
from rapport.web import alerting, numbers
from rapport.web import informants as words
from rapport.web.desk.forms import alerts as forms
from rapport.web.page import page


@page("alert.open", alert=alerts.get)
@require_safe
def opened(request: Any, alert: Any) -> HttpResponse:
    """One alert: what was answered, until when, whom to call, what was done so far."""
    return _shown(request, alert)


def _shown(
    request: Any, alert: Any, *, acknowledge: Any = None, note: Any = None
) -> HttpResponse:  # fmt: skip
    by, client, row = request.user, alert.client, practice.current()
    wrong = (acknowledge or note) is not None
    context = {
        "alert": alert,
        "client": client,
        "about": said.about(alert),
        "next_step": said.next_step(alert),
        "form_name": said.form(alert),
        "answered_by": words.answered_by(said.informant(alert)),
        "said": said.said(alert),
        "handed_in": said.handed_in(alert),
        "said_later": said.said_later(alert),
        "steps": [(step, how_in_words(step.how)) for step in alerts.steps(by=by, alert=alert)],
        "clock": in_words(alert),
        "owner_away": away_in_words(alert.owner_back_at),
        "deputy_away": away_in_words(alert.deputy_back_at),
        "contacts": [one for one in around.contacts(by=by, client=client) if one.kind == "PHONE"],
        "related": around.related(by=by, client=client),
        "acknowledge": acknowledge or forms.Acknowledge(),
        "note": note or forms.Note(),
        "sees_client": policy.allows("client.open", by, client=client),
        **(numbers.of_country(row.country) if row else {}),
    }
    return render(request, "desk/progress/alert.html", context, status=422 if wrong else 200)


@page("alert.acknowledge", alert=alerts.get)
@require_POST
def acknowledge(request: Any, alert: Any) -> HttpResponse:
    """Say what was done; with that the alert is answered."""
    form = forms.Acknowledge(request.POST)
    if form.is_valid():
        try:
            actions.acknowledge(by=request.user, alert=alert, now=clock.now(), **form.cleaned_data)
        except actions.SomebodyWasFirst as problem:
            form.add_error(None, str(problem))
            alert = alerts.get(by=request.user, alert_id=alert.pk)
            given = form.cleaned_data.get("done", "")
            return _shown(request, alert, note=_kept(form, given))
        except actions.CannotAnswer as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("Written down. The alert is answered."))
            return redirect("desk_alert", alert_id=alert.pk)
    return _shown(request, alert, acknowledge=form)


def _kept(form: Any, words: str) -> Any:
    """The words of whoever came second, ready to be added as a note."""
    note = forms.Note({"tried-how": "NOTE", "tried-done": words})
    note.is_valid()
    for text in form.non_field_errors():
        note.add_error(None, text)
    return note


@page("alert.acknowledge", alert=alerts.get)
@require_POST
def note(request: Any, alert: Any) -> HttpResponse:
    """Add what was tried; a waiting alert goes on waiting."""
    form = forms.Note(request.POST)
    if form.is_valid():
        try:
            actions.note(by=request.user, alert=alert, now=clock.now(), **form.cleaned_data)
        except actions.CannotAnswer as problem:
            form.add_error(problem.field, str(problem))
        else:
            waits = alert.acknowledged_at is None
            words = _("Noted. The alert goes on waiting.") if waits else _("Noted.")
            messages.success(request, words)
            return redirect("desk_alert", alert_id=alert.pk)
    return _shown(request, alert, note=form)


@page("alert.list", look=False)
@require_safe
def waiting(request: Any) -> HttpResponse:
    """What an open page asks quietly: whether alerts wait for its reader. No name, no answer.

    Owners are told, too, where one waits and nobody is responsible.
    """
    return HttpResponse(alerting.strip(request.user))


@page("alert.set_clock")
@require_http_methods(["GET", "HEAD", "POST"])
def set_clock(request: Any) -> HttpResponse:
    """How long alerts wait, and who stands in."""
    by, now = request.user, alerts.clock_of()
    clinicians = staff.clinicians(by=by)
    start = {"minutes": now.minutes, "deputy_minutes": now.deputy_minutes,
             "deputy": str(now.deputy_id or "")}  # fmt: skip
    form = forms.Clock(request.POST or None, initial=start, clinicians=clinicians)
    if form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("deputy")
        deputy = next((one for one in clinicians if str(one.pk) == wanted), None)
        try:
            actions.set_clock(by=by, deputy=deputy, **given)
        except actions.CannotAnswer as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("Saved. Alerts raised from now on wait that long."))
            return redirect("desk_alert_clock")
    status = 422 if form.errors else 200
    return render(request, "desk/progress/alert_clock.html", {"form": form}, status=status)


# Words ------------------------------------------------------------------------------------


def in_words(alert: Alert) -> str:
    """How much time is left, or since when there is none."""
    left = alert.answer_by - clock.now()
    minutes = int(left.total_seconds() // 60)
    at = {"time": _at(alert.answer_by)}
    if alert.stage == "TEAM":
        return _("stands with the whole care team since %(time)s") % at
    if left.total_seconds() <= 0:
        return _("was to be answered by %(time)s") % at
    if minutes < 1:
        return _("answer by %(time)s, within a minute") % at
    if minutes < 120:
        words = ngettext(
            "answer by %(time)s, in %(minutes)s minute",
            "answer by %(time)s, in %(minutes)s minutes",
            minutes,
        )
        return words % {**at, "minutes": minutes}
    words = ngettext(
        "answer by %(time)s, in %(hours)s hour", "answer by %(time)s, in %(hours)s hours",
        minutes // 60,
    )  # fmt: skip
    return words % {**at, "hours": minutes // 60}


def away_in_words(back_at: datetime | None) -> str:
    """Until when somebody who has time off is away: a time, or the last day; "" for others."""
    if back_at is None:
        return ""
    last = clock.local(back_at - timedelta(microseconds=1)).date()
    if back_at == clock.day_bounds(last)[1]:
        return _("away until the end of %(day)s") % {"day": date_format(last, "DATE_FORMAT")}
    return _("away until %(time)s") % {"time": _at(back_at)}


def _at(instant: Any) -> str:
    """A time of today, or a day with its time."""
    local = clock.local(instant)
    kind = "TIME_FORMAT" if local.date() == clock.today() else "DATETIME_FORMAT"
    return date_format(local, kind)


def how_in_words(how: str) -> str:
    """A step's code as a reader says it."""
    told = {"MAIL": _("by mail"), "PAGE": _("on the page"), "OWNER": "", "TEAM": _("care team"),
            "DEPUTY": ""}  # fmt: skip
    if how in told:
        return told[how]
    choices = {**dict(Done.choices), **dict(Tried.choices)}
    return str(choices.get(how, ""))
