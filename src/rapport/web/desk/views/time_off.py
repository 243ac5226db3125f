"""The desk's pages about being away: whom it meets, shown before it is saved, and what then."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rapport.contact.reminders import queries as reminders
from rapport.contact.reminders.models import Kind
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions, queries
from rapport.people.circle import queries as around
from rapport.web.desk.forms import hours as forms
from rapport.web.page import page

from .rows import offer_undo, undo_for


@page("time_off.take", staff=queries.clinician)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: Any, staff: Any) -> HttpResponse:
    """First look who has an appointment then; what was looked at can be taken."""
    by, now = request.user, clock.now()
    form = forms.Off(request.POST or None)
    looked = None
    if form.is_valid() and form.slot is not None:
        looked = queries.affected(by=by, staff=staff, slot=form.slot, now=now)
        audit.shown("meeting.appointment", [one.pk for one in looked.shown])
        if request.POST.get("seen") == form.mark:
            try:
                made = actions.take_time_off(
                    by=by, staff=staff, slot=form.slot, why=form.cleaned_data["why"], now=now
                )
            except CannotBook as problem:
                form.add_error(problem.field, str(problem))
            else:
                return _taken(request, staff, made, looked)
    context = {"form": form, "staff": staff, "looked": looked, "own": by.staff == staff}
    status = 422 if form.errors else 200
    return render(request, "desk/meeting/time_off_take.html", context, status=status)


def _taken(request: Any, staff: Any, made: Any, looked: queries.Affected) -> HttpResponse:
    """To the list of meetings that stand in the way; to the hours where there are none."""
    if looked:
        return redirect("desk_time_off", time_off_id=made.pk)
    messages.info(request, _("Saved. Nothing new is offered then."))
    return redirect("desk_hours", staff_id=staff.pk)


@page("time_off.take", time_off=queries.time_off)
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: Any, time_off: Any) -> HttpResponse:
    """Meetings that are still booked in it, to be called off together or moved one by one."""
    by, now = request.user, clock.now()
    form = forms.Chosen(request.POST or None)
    chosen = request.POST.getlist("meeting")
    if form.is_valid():
        seen = {uuid.UUID(pk): n for pk, n in forms.Chosen.seen(chosen).items() if _id(pk)}
        if not seen:
            form.add_error(None, _("Tick the meetings to call off."))
        else:
            try:
                done = actions.cancel_meetings(
                    by=by, time_off=time_off, seen=seen, now=now,
                    reason=form.cleaned_data["reason"],
                )  # fmt: skip
            except CannotBook as problem:
                form.add_error("reason", str(problem))
            else:
                _say(request, time_off, done)
                return redirect("desk_time_off", time_off_id=time_off.pk)
    slot = Slot(time_off.starts_at, time_off.ends_at)
    found = queries.affected(by=by, staff=time_off.staff, slot=slot, now=now)
    audit.shown("meeting.appointment", [one.pk for one in found.shown])
    reached = around.phones(by=by, clients=[one.client_id for one in found.shown])
    audit.shown("people.client", reached)
    context = {
        "form": form, "time_off": time_off, "staff": time_off.staff, "found": found,
        "lines": [
            _line(by, one, chosen, bool(request.POST)) | {"phones": reached.get(one.client_id, [])}
            for one in found.shown
        ],
        "over": time_off.ends_at <= now, "undo": undo_for(request, time_off),
        "tells": reminders.tells(Kind.CANCELLED),
    }  # fmt: skip
    context["any"] = any(line["may"] for line in context["lines"])
    status = 422 if form.errors else 200
    return render(request, "desk/meeting/time_off.html", context, status=status)


def _line(by: Any, meeting: Any, chosen: list[str], asked: bool) -> dict[str, Any]:
    """A meeting, whether it can be called off from here, and whether it is ticked."""
    key = f"{meeting.pk}:{meeting.revision}"
    booked = meeting.status == meeting.Status.BOOKED
    may = booked and policy.allows("appointment.cancel", by, appointment=meeting)
    return {"meeting": meeting, "key": key, "may": may, "ticked": key in chosen or not asked}


def _say(request: Any, time_off: Any, done: actions.Cancelled) -> None:
    """What was done, with one button that takes all of it back."""
    count = len(done.done)
    if count:
        words = ngettext("%(n)s meeting is called off.", "%(n)s meetings are called off.", count)
        address = reverse("desk_time_off_undo", args=[time_off.pk])
        seen = ",".join(f"{one.pk}:{one.revision}" for one in done.done)
        offer_undo(request, time_off, words % {"n": count}, address, meetings=seen)
    if done.left:
        words = ngettext(
            "%(n)s meeting was changed by somebody meanwhile and is as it was.",
            "%(n)s meetings were changed by somebody meanwhile and are as they were.",
            done.left,
        )  # fmt: skip
        messages.info(request, words % {"n": done.left})


@page("time_off.take", time_off=queries.time_off)
@require_POST
def put_back(request: Any, time_off: Any) -> HttpResponse:
    """Meet after all: what was called off together is booked again, as far as it is free."""
    asked = forms.Chosen.seen(request.POST.get("meetings", "").split(","))
    seen = {uuid.UUID(pk): n for pk, n in asked.items() if _id(pk)}
    back = len(actions.put_meetings_back(by=request.user, time_off=time_off, seen=seen,
                                         now=clock.now()))  # fmt: skip
    words = ngettext("%(n)s meeting is booked again.", "%(n)s meetings are booked again.", back)
    messages.info(request, words % {"n": back})
    if back < len(seen):
        messages.error(request, _("The others were changed meanwhile, or their time is taken."))
    return redirect("desk_time_off", time_off_id=time_off.pk)


def _id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@page("time_off.take", time_off=queries.time_off)
@require_POST
def take_back(request: Any, time_off: Any) -> HttpResponse:
    """Be there after all."""
    staff = time_off.staff
    actions.take_back_time_off(by=request.user, time_off=time_off)
    messages.info(request, _("Taken back: those hours are offered again."))
    return redirect("desk_hours", staff_id=staff.pk)
