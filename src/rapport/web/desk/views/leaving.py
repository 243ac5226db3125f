"""The desk's pages about who leaves, who takes over, and supervision that begins and ends."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import audit
from rapport.core import time as clock
from rapport.meeting.parting import colleagues
from rapport.people.care_team import actions as care_team_actions
from rapport.people.care_team import queries as care_team
from rapport.people.models import Staff
from rapport.people.staff import actions, queries
from rapport.web.desk.forms import staff as forms
from rapport.web.page import page

SHOWN = 12  # times that are named


def _takers(by: Any, leaving: Staff) -> list[Staff]:
    """Who may take over: nobody hands over to the one who leaves, or to themself."""
    return [s for s in queries.clinicians(by=by) if s not in (leaving, by.staff)]


def _leaving(*, by: Any, leaving_id: Any) -> Staff:
    return queries.get(by=by, staff_id=leaving_id)


def _handed_over(request: Any, leaving: Staff, to: Staff) -> str:
    many = care_team_actions.hand_over(by=request.user, leaving=leaving, staff=to, on=clock.today())
    said = ngettext(
        "%(n)s client was handed over to %(name)s.",
        "%(n)s clients were handed over to %(name)s.",
        many,
    )
    return said % {"n": many, "name": to.display_name}


def _meetings(request: Any, leaving: Staff, form: Any, on: date) -> list[str]:
    """Hand the meetings from that day on over, or call them off; what became of them, in words."""
    by, now, to = request.user, clock.now(), form.taker()
    said: list[str] = []
    stay: list[datetime] = []
    if to is not None and not form.meetings_are(form.STAY) and "meetings" in form.fields:
        done = colleagues.hand_over(by=by, leaving=leaving, staff=to, on=on, now=now)
        words = ngettext("%(n)s meeting goes to %(name)s.", "%(n)s meetings go to %(name)s.",
                         done.moved)  # fmt: skip
        said.append(words % {"n": done.moved, "name": to.display_name})
        stay = done.stay
    if form.meetings_are(form.CALL_OFF):
        many = colleagues.call_off(by=by, staff=leaving, on=on, now=now)
        words = ngettext("%(n)s meeting was called off.", "%(n)s meetings were called off.", many)
        return [*said, words % {"n": many}]
    return [*said, _stay(stay)] if stay else said


def _stay(times: list[datetime]) -> str:
    """When they are that could not be handed over: times, and nobody's name."""
    shown = [date_format(clock.local(one), "SHORT_DATETIME_FORMAT") for one in times[:SHOWN]]
    words = ngettext(
        "%(n)s was not free for whoever takes over: %(when)s",
        "%(n)s were not free for whoever takes over: %(when)s", len(times),
    )  # fmt: skip
    more = ", …" if len(times) > SHOWN else ""
    return words % {"n": len(times), "when": ", ".join(shown) + more}


def _held(leaving: Staff, on: date) -> list[datetime]:
    """When meetings are booked with somebody who is not there any more."""
    rows = colleagues.held_from(leaving=leaving, on=on, now=clock.now())
    return list(rows.values_list("starts_at", flat=True))


def _shown(
    request: Any, form: Any, staff: Staff, template: str, held: list[datetime]
) -> HttpResponse:
    context = {
        "form": form,
        "staff": staff,
        "held": held,
        "first": held[:SHOWN],
        "carried": care_team.carried_by(staff).count(),
        "alone": care_team.left_alone(without=staff).count(),
    }
    return render(request, template, context, status=422 if form.errors else 200)


@page("staff.end", staff=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Any, staff: Any) -> HttpResponse:
    """End somebody's work here from a day on, and hand their clients over with it."""
    held = _held(staff, clock.today())
    form = forms.End(
        request.POST or None, takers=_takers(request.user, staff), initial={"on": clock.today()},
        held=len(held),
    )  # fmt: skip
    if form.is_valid():
        to, on = form.taker(), form.cleaned_data["on"]
        said: list[str] = []
        try:
            with audit.unit():
                if to is not None:
                    said = [_handed_over(request, staff, to)]
                actions.end(by=request.user, staff=staff, on=on)
                said += _meetings(request, staff, form, on)
        except actions.CannotEngage as problem:
            form.add_error(problem.field, str(problem))
        except care_team_actions.CannotAssign as problem:
            form.add_error("to", str(problem))
        else:
            for words in said:
                messages.success(request, words)
            return redirect("desk_colleague", staff_id=staff.pk)
    return _shown(request, form, staff, "desk/practice/end.html", held)


@page("staff.end", staff=queries.get)
@require_POST
def take_back(request: Any, staff: Any) -> HttpResponse:
    """Undo the end of somebody's work here."""
    try:
        actions.take_back(by=request.user, staff=staff)
    except actions.CannotEngage as problem:
        messages.error(request, str(problem))
    return redirect("desk_colleague", staff_id=staff.pk)


@page("care_team.hand_over", leaving=_leaving)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Any, leaving: Any) -> HttpResponse:
    """Hand all clients of a colleague over to another in one step."""
    on = max(leaving.ended_on, clock.today()) if leaving.ended_on else None
    held = _held(leaving, on) if on else []
    form = forms.HandOver(
        request.POST or None, takers=_takers(request.user, leaving), held=len(held)
    )
    if form.is_valid():
        to = form.taker()
        said: list[str] = []
        try:
            with audit.unit():
                if to is not None:
                    said = [_handed_over(request, leaving, to)]
                if on is not None:
                    said += _meetings(request, leaving, form, on)
        except care_team_actions.CannotAssign as problem:
            form.add_error("to", str(problem))
        else:
            for words in said:
                messages.success(request, words)
            return redirect("desk_colleague", staff_id=leaving.pk)
    return _shown(request, form, leaving, "desk/practice/hand_over.html", held)


@page("supervision.set", staff=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def supervise(request: Any, staff: Any) -> HttpResponse:
    """Say who supervises this colleague."""
    everyone = queries.clinicians(by=request.user)
    supervisors = [s for s in everyone if s.has("SUPERVISOR") and s.pk != staff.pk]
    form = forms.Supervise(
        request.POST or None, supervisors=supervisors, initial={"from_on": clock.today()}
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("supervisor")
        chosen = next(one for one in supervisors if str(one.pk) == wanted)
        try:
            actions.supervise(by=request.user, supervisor=chosen, supervisee=staff, **given)
        except actions.CannotEngage as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_colleague", staff_id=staff.pk)
    context = {"form": form, "staff": staff, "nobody": not supervisors}
    status = 422 if form.errors else 200
    return render(request, "desk/practice/supervise.html", context, status=status)


def _supervision(*, by: Any, supervision_id: Any) -> Any:
    return queries.supervision(by=by, supervision_id=supervision_id)


@page("supervision.set", supervision=_supervision)
@require_POST
def supervision_end(request: Any, supervision: Any) -> HttpResponse:
    """A supervision ends today; from now on its clients are closed to the supervisor."""
    actions.end_supervision(by=request.user, supervision=supervision, on=clock.today())
    messages.success(request, _("The supervision has ended."))
    return redirect("desk_colleague", staff_id=supervision.supervisee_id)
