"""The portal's pages about meetings: book or ask for a time, move one, call one off."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import Appointment
from rapport.meeting.requests import actions, queries, staying
from rapport.meeting.terms import queries as in_terms
from rapport.people.practice import queries as practice
from rapport.web import reach
from rapport.web import terms as read
from rapport.web.booking import choosing, confirming
from rapport.web.page import page
from rapport.web.portal.forms import meeting as forms


def _reach() -> dict[str, Any]:
    return reach.of(practice.current())


def _way(request: Any, moving: Appointment | None = None) -> choosing.Way:
    by, client = request.user, request.user.client
    return choosing.Way(
        by=by, client=client, door="portal", base="portal/base.html",
        keep=lambda choice, _before: actions.hold(
            by=by, client=client, choice=choice, now=clock.now()
        ),
        confirm=reverse("portal_book_confirm"),
        back=reverse("portal_meeting", args=[moving.pk]) if moving else reverse("portal_book"),
        moving=moving, reach=_reach,
    )  # fmt: skip


@page("portal.open", look=False)
@require_safe
def offered(request: Any) -> HttpResponse:
    """What can be booked here."""
    context = {
        "types": queries.offered(client=request.user.client), **_reach(),
    }  # fmt: skip
    return render(request, "portal/meeting/offered.html", context)


@page("portal.open", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Any, type_id: uuid.UUID) -> HttpResponse:
    """A time for what is offered."""
    offered = queries.offered(client=request.user.client)
    type = next((one for one in offered if one.pk == type_id), None)
    if type is None:
        raise Http404
    return choosing.choose(request, _way(request), type)


@page("portal.open", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Any) -> HttpResponse:
    """What was chosen, the terms, and the button that books it, asks for it, or moves to it."""
    client = request.user.client
    found = choosing.chosen(request, door="portal", client=client, visitor=str(client.pk))
    if found is None:
        return render(request, "portal/meeting/nothing_chosen.html")
    moving = _moving(request, found)
    made = _made_before(request, found, moving)
    if made is not None:
        return redirect("portal_meeting", appointment_id=made.pk)
    way = _way(request, moving)
    terms = None if moving else in_terms.in_force(day=clock.today())
    form = read.Confirm(request.POST if request.method == "POST" else None, terms=terms)
    tried = confirming.tried(
        request, way, found, form,
        lambda: _made(request, found, moving, form.read(terms) if terms else None),
    )  # fmt: skip
    if tried.to:
        return redirect(tried.to)
    if tried.made is not None:
        _say(request, tried.made, moving)
        return redirect("portal_meeting", appointment_id=tried.made.pk)
    context = choosing.about(found) | {
        "form": form, "moving": moving, "problem": tried.problem, "terms": terms,
        "others": tried.others, "base": way.base,
        "text": read.text(terms), "asked_for": found.choice.type.needs_approval,
        "back": way.back if moving else reverse("portal_book_type", args=[found.choice.type.pk]),
    }  # fmt: skip
    status = 422 if tried.problem or form.errors else 200
    with timezone.override(found.shown.zone):
        return render(request, "booking/confirm.html", context, status=status)


def _moving(request: Any, found: choosing.Chosen) -> Appointment | None:
    if found.token.moves is None:
        return None
    try:
        return meetings.own(by=request.user, appointment_id=found.token.moves)
    except Appointment.DoesNotExist as missing:
        raise Http404 from missing


def _made_before(request: Any, found: choosing.Chosen, moving: Any) -> Appointment | None:
    """What this page booked or moved already, for whoever comes back to it."""
    if request.method == "POST" or found.hold is not None:
        return None
    if moving is not None:
        return moving if moving.starts_at == found.token.start else None
    return queries.booked_by(once=found.token.hold, client=request.user.client)


def _made(request: Any, found: choosing.Chosen, moving: Any, read: Any) -> Appointment:
    given = {"by": request.user, "choice": found.choice, "hold": found.hold, "now": clock.now()}
    if moving is not None:
        return actions.move_own(appointment=moving, revision=moving.revision, **given)
    return actions.book_own(
        client=request.user.client, terms=read, once=found.token.hold,
        language=get_language() or "", **given,
    )  # fmt: skip


def _say(request: Any, made: Appointment, moving: Any) -> None:
    if moving is not None:
        messages.info(request, _("Moved."))
    elif made.status == Appointment.Status.REQUESTED:
        messages.info(request, _("You asked for this time. It is kept until somebody answers."))
    else:
        messages.info(request, _("Booked."))


@page("appointment.own", look=False, appointment=meetings.own)
@require_safe
def meeting(request: Any, appointment: Appointment) -> HttpResponse:
    """One's own meeting: when and where, and what one can do about it."""
    now = clock.now()
    held = appointment.status in (Appointment.Status.BOOKED, Appointment.Status.REQUESTED)
    ahead = held and appointment.starts_at > now
    why = staying.why(appointment=appointment, now=now)
    context = {
        "appointment": appointment, "zone": clock.zone().key.replace("_", " "), "ahead": ahead,
        "may_move": ahead and not why, "why": staying.WORDS.get(why, "") if ahead else "",
        "until": in_terms.until(appointment=appointment) if ahead else None, "now": now,
        "no": _no(request, appointment), **_reach(),
    }  # fmt: skip
    return render(request, "portal/meeting/meeting.html", context)


def _no(request: Any, appointment: Appointment) -> Any:
    """What the practice said where it could not confirm this."""
    answers = queries.answered(client=request.user.client, now=clock.now())
    return next((one for one in answers if one.appointment_id == appointment.pk), None)


@page("appointment.move_own", appointment=meetings.own)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Any, appointment: Appointment) -> HttpResponse:
    """Another time for one's own meeting."""
    why = staying.why(appointment=appointment, now=clock.now())
    if why or appointment.type is None:
        back = reverse("portal_meeting", args=[appointment.pk])
        context = {"why": staying.WORDS.get(why, ""), "back": back, **_reach()}
        status = 422 if request.method == "POST" else 200
        return render(request, "portal/meeting/stays.html", context, status=status)
    return choosing.choose(request, _way(request, appointment), appointment.type)


@page("appointment.cancel_own", appointment=meetings.own)
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: Any, appointment: Appointment) -> HttpResponse:
    """Calling one's own meeting off; that it counts as late is said before it is done."""
    now = clock.now()
    if request.method != "POST" and appointment.status == Appointment.Status.CANCELLED:
        return redirect("portal_meeting", appointment_id=appointment.pk)
    late = in_terms.counts_as_late(appointment=appointment, now=now)
    start = {"late": late, "revision": appointment.revision}
    form = forms.CallOff(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        try:
            actions.cancel_own(
                by=request.user, appointment=appointment, now=now,
                knows_late=form.cleaned_data["late"],
                revision=form.cleaned_data["revision"] or 0,
            )  # fmt: skip
        except CannotBook as problem:
            form.add_error(None, str(problem))
            typed: Any = form.data  # what is shown now is what the next tap answers
            form.data = again = typed.copy()
            again["late"], again["revision"] = str(late), str(appointment.revision)
        else:
            messages.info(request, _("Called off."))
            return redirect("portal_home")
    context = {
        "form": form, "appointment": appointment, "late": late,
        "zone": clock.zone().key.replace("_", " "),
        "until": in_terms.until(appointment=appointment),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "portal/meeting/call_off.html", context, status=status)
