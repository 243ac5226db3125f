"""The desk's pages about hours that fell free: whom they suit, who is asked, who took them."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.waitlist import queries as waitlist
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.models import Appointment, FreedHour, Offer
from rapport.meeting.waiting import answering, hours, offering, places, queries
from rapport.people.care_team import queries as care_team
from rapport.people.circle import queries as around
from rapport.people.models import Client
from rapport.web import waiting as said
from rapport.web.desk.forms import meeting as when
from rapport.web.desk.forms import waiting as forms
from rapport.web.offers import days_seen
from rapport.web.page import page

MOST = 30  # hours of each sort on one page


@page("hour.open")
@require_safe
def listed(request: Any) -> HttpResponse:
    """Hours that are free, on offer, and what became of the others."""
    by, now = request.user, clock.now()
    found = [list(rows(now=now)[:MOST]) for rows in
             (queries.free_hours, queries.running, queries.settled)]  # fmt: skip
    offers = queries.offers(by=by, hours=[hour for rows in found for hour in rows])
    audit.shown("people.client", {one.client_id for rows in offers.values() for one in rows})
    free, running, settled = (
        [{"hour": hour, "said": said.could_take(hour), "offers": _asked(offers[hour.pk]),
          "again": places.in_words(hour)}
         for hour in rows] for rows in found
    )  # fmt: skip
    context = {"free": free, "running": running, "settled": settled}
    return render(request, "desk/waiting/hours.html", context)


def _asked(offers: list[Offer]) -> list[Offer]:
    """Of everybody in line, those who were asked."""
    return [one for one in offers if one.state != Offer.State.IN_LINE]


@page("hour.open", hour=queries.hour)
@require_safe
def opened(request: Any, hour: FreedHour) -> HttpResponse:
    """One hour: whom it suits and why, who is asked until when, and what came of it."""
    return _shown(request, hour)


def _shown(
    request: Any, hour: FreedHour, fewer: tuple[uuid.UUID, list[date]] | None = None
) -> HttpResponse:  # fmt: skip
    """The page.

    Args:
        fewer: an offer that was to be accepted, and the days that are not included.
    """
    by, now = request.user, clock.now()
    found, settings = [], queries.settings()
    longest = now + timedelta(minutes=settings.answer_minutes)
    if hour.state in (FreedHour.State.OPEN, FreedHour.State.KEPT) and hour.starts_at > now:
        found = queries.fitting(hour=hour, now=now)
    offers = queries.offers(by=by, hours=[hour])[hour.pk]
    pks = [one.entry.client_id for one in found]
    seen = set(Client.objects.visible_to(by).filter(pk__in=pks).values_list("pk", flat=True))
    audit.shown("people.client", seen | {one.client_id for one in offers})
    reached = waitlist.reachable(by=by, clients=[one.entry.client for one in found])
    known = care_team.cared_for(staff=hour.clinician, clients=pks)
    unheard = [one.client_id for one in offers if one.state == "OFFERED" and one.told == "PAGE"]
    numbers = around.numbers(by=by, clients=unheard) if unheard else {}
    kinds = {str(one.pk): one.name for one in queries.types()} if found else {}
    context = {
        "hour": hour,
        "suits": [
            {"entry": one.entry if one.entry.client_id in seen else None,
             "because": said.because(hour, one.fit, kinds.get(one.fit.kind or "", "")),
             "waited": said.waited(one.entry, now), "urgency": one.entry.get_urgency_display(),
             "minutes": one.fit.minutes, "reached": one.entry.client_id in reached,
             "joins": one.entry.client_id not in known}
            for one in found
        ],
        "offers": [
            {"offer": one, "numbers": numbers.get(one.client_id, []),
             "because": said.because(hour, one, one.type.name if one.type else ""),
             "missing": fewer[1] if fewer and fewer[0] == one.pk else []}
            for one in offers
        ],
        "besides": queries.asked_besides(by=by, hour=hour) if hour.state == "RUNNING" else [],
        "settings": settings, "again": places.in_words(hour),
        "taken": places.taken(hour, now=now) if found and hour.rule else [],
        "place_next": places.NEXT,
        "to_answer": timesince(now, min(longest, hour.starts_at)),
        "may": policy.allows("hour.offer", by, hour=hour),
        "ahead": hour.starts_at > now,
    }  # fmt: skip
    return render(request, "desk/waiting/hour.html", context, status=422 if fewer else 200)


@page("hour.open")
@require_http_methods(["GET", "HEAD", "POST"])
def free(request: Any) -> HttpResponse:
    """Say that somebody has an hour free; then it can be offered."""
    by = request.user
    clinicians = diaries.clinicians(by=by)
    form = forms.FreeHour(
        request.POST or None, clinicians=clinicians, spots=diaries.spots(by=by),
        initial=_start(request, clinicians),
    )  # fmt: skip
    if form.is_valid():
        try:
            hour = hours.free(by=by, now=clock.now(), **form.given())
        except hours.CannotFree as problem:
            form.say(problem.field, str(problem))
        else:
            return redirect("desk_hour", hour_id=hour.pk)
    status = 422 if form.errors else 200
    return render(request, "desk/waiting/free.html", {"form": form}, status=status)


def _start(request: Any, clinicians: list[Any]) -> dict[str, Any]:
    wanted = request.GET.get("who", "") or str(getattr(request.user.staff, "pk", ""))
    who = next((one for one in clinicians if str(one.pk) == wanted), None)
    start = {"clinician": str(who.pk) if who else "",
             "minutes": diaries.diary_of(who).minutes if who else 50}  # fmt: skip
    try:
        at = datetime.fromisoformat(request.GET.get("at", ""))
        return start | when.wall(at.astimezone(clock.zone()))
    except (ValueError, OverflowError):
        return start


@page("hour.of_meeting", appointment=meetings.get)
@require_POST
def of_appointment(request: Any, appointment: Appointment) -> HttpResponse:
    """Offer the hour of a meeting that was called off."""
    try:
        hour = hours.free(
            by=request.user, staff=appointment.clinician, slot=appointment.slot, now=clock.now(),
            place=appointment.place, room=appointment.room,
        )  # fmt: skip
    except hours.CannotFree as problem:
        messages.error(request, str(problem))
        return redirect("desk_appointment", appointment_id=appointment.pk)
    return redirect("desk_hour", hour_id=hour.pk)


@page("hour.offer", hour=queries.hour)
@require_POST
def offer(request: Any, hour: FreedHour) -> HttpResponse:
    """Offer it in the way the button says, or the place that begins with it; unsaid is the
    practice's way."""
    how = request.POST.get("how", "")
    if how not in ("IN_TURN", "AT_ONCE"):
        how = queries.settings().how
    try:
        offering.offer(by=request.user, hour=hour, now=clock.now(), how=how,
                       standing=request.POST.get("what") == "place")  # fmt: skip
    except offering.CannotOffer as problem:
        messages.error(request, str(problem))
    return redirect("desk_hour", hour_id=hour.pk)


@page("hour.offer", hour=queries.hour)
@require_POST
def stop(request: Any, hour: FreedHour) -> HttpResponse:
    """Ask nobody any more; the hour is free again."""
    offering.stop(by=request.user, hour=hour, now=clock.now())
    return redirect("desk_hour", hour_id=hour.pk)


@page("hour.offer", hour=queries.hour)
@require_POST
def keep(request: Any, hour: FreedHour) -> HttpResponse:
    """Keep it free, or let it be offered after all: the button says which."""
    act = offering.open_again if request.POST.get("kept") == "off" else offering.keep
    act(by=request.user, hour=hour, now=clock.now())
    return redirect("desk_hour", hour_id=hour.pk)


@page("offer.open", offer=queries.offer)
@require_POST
def answer(request: Any, offer: Offer) -> HttpResponse:
    """What somebody said on the telephone: the button says yes or no; anything else is neither."""
    by, now, said_so = request.user, clock.now(), request.POST.get("answer", "")
    if said_so not in ("yes", "no"):
        return redirect("desk_hour", hour_id=offer.hour_id)
    try:
        if said_so == "yes":
            done = answering.accept(by=by, offer=offer, now=now, seen=days_seen(request))
        else:
            done = answering.decline(by=by, offer=offer, now=now)
    except answering.Fewer as problem:
        return _shown(request, offer.hour, (offer.pk, problem.days))
    except answering.Closed as problem:
        messages.error(request, str(problem))
        return redirect("desk_hour", hour_id=offer.hour_id)
    if done.appointment_id:
        messages.info(request, _("Booked."))
    return redirect("desk_hour", hour_id=offer.hour_id)


@page("offer.call", offer=queries.offer)
@require_POST
def called(request: Any, offer: Offer) -> HttpResponse:
    """Somebody told them on the telephone: their time to answer begins."""
    answering.called(by=request.user, offer=offer, now=clock.now())
    messages.info(request, _("Noted. Their time to answer runs from now."))
    if request.POST.get("back") == "today":
        return redirect("desk_today")
    return redirect("desk_hour", hour_id=offer.hour_id)
