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
from rapport.meeting.availability import actions, clearing, queries
from rapport.meeting.diaries import queries as diaries
from rapport.people.circle import queries as around
from rapport.web.desk.forms import hours as forms
from rapport.web.desk.forms import moving
from rapport.web.page import page

from . import calling
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
    """Meetings that are still booked in it, to be called off or moved together, or one by one."""
    form = forms.Chosen(request.POST or None)
    if form.is_valid():
        seen = ticked(request)
        if not seen:
            form.add_error(None, _("Tick the meetings to call off."))
        else:
            try:
                done = clearing.cancel_meetings(
                    by=request.user, time_off=time_off, seen=seen, now=clock.now(),
                    reason=form.cleaned_data["reason"],
                )  # fmt: skip
            except CannotBook as problem:
                form.add_error("reason", str(problem))
            else:
                _say(request, time_off, done)
                return redirect("desk_time_off", time_off_id=time_off.pk)
    return shown(request, time_off, form=form)


def ticked(request: Any, name: str = "meeting") -> dict[uuid.UUID, int]:
    """The meetings that were ticked, each with its revision as the person saw it."""
    found = forms.Chosen.seen(request.POST.getlist(name))
    return {uuid.UUID(pk): n for pk, n in found.items() if _id(pk)}


def shown(
    request: Any, time_off: Any, *, form: Any = None, where: Any = None, fits: Any = None
) -> HttpResponse:  # fmt: skip
    """The list; whoever is better called stands first and is not ticked beforehand.

    Args:
        form: of calling off, where: of moving, as they were sent; what was typed into the other
            one is kept. fits: what came of looking, by meeting.
    """
    by, now = request.user, clock.now()
    slot = Slot(time_off.starts_at, time_off.ends_at)
    found = queries.affected(by=by, staff=time_off.staff, slot=slot, now=now)
    audit.shown("meeting.appointment", [one.pk for one in found.shown])
    reached = around.phones(by=by, clients=[one.client_id for one in found.shown])
    audit.shown("people.client", reached)
    heeded = calling.heeded(by, found.shown)
    lines = [
        _line(request, one, heeded, fits or {}) | {"phones": reached.get(one.client_id, [])}
        for one in found.shown
    ]
    form = form or forms.Chosen(initial={"reason": request.POST.get("reason", "")})
    where = where or moving.Where.of(time_off, diaries.clinicians(by=by), request.POST)
    context = {
        "form": form, "where": where, "time_off": time_off, "staff": time_off.staff,
        "found": found, "lines": sorted(lines, key=lambda line: not line["call"]),
        "any": any(line["may"] for line in lines), "looked": fits is not None,
        "fit": sum(line["fit"] is not None and line["fit"].fits for line in lines),
        "over": time_off.ends_at <= now, "undo": undo_for(request, time_off),
        "tells": reminders.tells(Kind.CANCELLED), "tells_moved": reminders.tells(Kind.MOVED),
    }  # fmt: skip
    status = 422 if form.errors or where.errors else 200
    return render(request, "desk/meeting/time_off.html", context, status=status)


def _line(
    request: Any, meeting: Any, heeded: dict[uuid.UUID, uuid.UUID | None], fits: dict[Any, Any]
) -> dict[str, Any]:
    """A meeting, what can be done with it from here, what came of looking, whether it is ticked."""
    key = f"{meeting.pk}:{meeting.revision}"
    booked = meeting.status == meeting.Status.BOOKED
    may = booked and policy.allows("appointment.cancel", request.user, appointment=meeting)
    call, posted = meeting.client_id in heeded, request.method == "POST"
    chosen = key in request.POST.getlist("meeting")
    return {
        "meeting": meeting, "key": key, "may": may, "call": call, "fit": fits.get(meeting.pk),
        "alert": heeded.get(meeting.client_id), "ticked": chosen if posted else not call,
    }  # fmt: skip


def _say(request: Any, time_off: Any, done: clearing.Cleared) -> None:
    """What was done, with one button that takes all of it back."""
    count = len(done.done)
    if count:
        words = ngettext("%(n)s meeting is called off.", "%(n)s meetings are called off.", count)
        can_be_undone(request, time_off, words % {"n": count}, done)
    if done.left:
        words = ngettext(
            "%(n)s meeting was changed by somebody meanwhile and is as it was.",
            "%(n)s meetings were changed by somebody meanwhile and are as they were.",
            done.left,
        )  # fmt: skip
        messages.info(request, words % {"n": done.left})


def can_be_undone(
    request: Any, time_off: Any, words: str, done: clearing.Cleared, *, moved: bool = False
) -> None:  # fmt: skip
    """Say ``words`` with one button that takes all of it back."""
    seen = ",".join(f"{one.pk}:{one.revision}" for one in done.done)
    address = reverse("desk_time_off_undo", args=[time_off.pk])
    offer_undo(request, time_off, words, address, meetings=seen, moved=moved)


@page("time_off.take", time_off=queries.time_off)
@require_POST
def put_back(request: Any, time_off: Any) -> HttpResponse:
    """What was called off or moved together is as it was before, as far as its time is free."""
    asked = forms.Chosen.seen(request.POST.get("meetings", "").split(","))
    seen = {uuid.UUID(pk): n for pk, n in asked.items() if _id(pk)}
    back = len(clearing.put_meetings_back(by=request.user, time_off=time_off, seen=seen,
                                          now=clock.now()))  # fmt: skip
    if request.POST.get("moved"):
        words = ngettext("%(n)s meeting is where it was.", "%(n)s meetings are where they were.",
                         back)  # fmt: skip
    else:
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
