"""The desk's pages about one appointment: ask, call one action, show the answer."""

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.reminders import queries as reminders
from rapport.contact.reminders.models import Kind
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments import actions, queries, rules
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.availability import doubts
from rapport.meeting.availability import queries as availability
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.equipment import queries as equipment
from rapport.meeting.requests import queries as requests
from rapport.meeting.series import words
from rapport.meeting.terms import queries as in_terms
from rapport.people.clients import queries as clients
from rapport.web import reminders as said
from rapport.web.desk.forms import meeting as forms
from rapport.web.desk.forms import series as several
from rapport.web.desk.forms.doubting import of
from rapport.web.page import page

from . import board, calling, series
from .rows import offer_undo

BACK = {"today": "desk_today", "requests": "desk_requests"}
"""Pages that a button's ``back`` may return to; the appointment's own otherwise."""


@page("appointment.list")
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Any) -> HttpResponse:
    """A new appointment: first for whom, then when, where and with whom."""
    by = request.user
    if "client" not in request.GET:
        return _choose(request)
    client = _client(request)
    clinicians = diaries.clinicians(by=by)
    offers = availability.choices(by=by, now=clock.now())
    form = forms.Book(
        request.POST or None, clinicians=clinicians, spots=offers.spots, types=offers.types,
        initial=_start(request, client, clinicians, offers.types),
    )  # fmt: skip
    if form.is_valid() and not _doubtful(by, form, client):
        try:
            made = actions.book(by=by, client=client, now=clock.now(), **form.given())
        except CannotBook as problem:
            form.say(problem.field, str(problem))
        else:
            return redirect("desk_appointment", appointment_id=made.pk)
    kept = {name: request.GET[name] for name in ("at", "who") if name in request.GET}
    context = {"form": form, "client": client, "again": urlencode(kept)}
    return render(request, "desk/meeting/book.html", context, status=form.status)


def _choose(request: Any) -> HttpResponse:
    """For whom: found as one types."""
    text = request.GET.get("q", "").strip()
    found = clients.search(by=request.user, text=text) if text else []
    audit.shown("people.client", [c.pk for c in found])
    kept = {name: request.GET[name] for name in ("at", "who") if name in request.GET}
    part = request.htmx and not request.htmx.boosted
    name = "desk/meeting/_whom.html" if part else "desk/meeting/whom.html"
    return render(request, name, {"q": text, "found": found, "kept": kept})


def _client(request: Any) -> Any:
    """The client the address names, if the person may book for them.

    Raises:
        Http404: none, or not for this person; recorded like a page that does not open.
    """
    asked = request.GET["client"][:64]
    try:
        client = clients.get(by=request.user, client_id=uuid.UUID(asked))
        if policy.allows("appointment.book", request.user, client=client):
            return client
    except (ObjectDoesNotExist, ValueError):
        pass
    audit.record(
        verb="appointment.book", by=request.user, subject={"client_id": asked}, allowed=False
    )
    raise Http404


def _doubtful(by: Any, form: forms.Move, client: Any, but: Appointment | None = None) -> bool:
    """Whether something is unusual and nobody said that it is to be all the same."""
    booking = of(client, form.given(), but=but.pk if but else None)
    return form.in_doubt(booking, doubts.about(by=by, booking=booking, now=clock.now()))


def _start(
    request: Any, client: Any, clinicians: list[Any], offered: list[Any]
) -> dict[str, Any]:  # fmt: skip
    """What the form starts with: the time of the address, and what is usual."""
    wanted = request.GET.get("who", "") or str(getattr(request.user.staff, "pk", ""))
    team = [str(member.staff_id) for member in client.care_team.all() if not member.until_on]
    ids = {str(one.pk): one for one in clinicians}
    who = next((pk for pk in (wanted, *team) if pk in ids), "")
    usual = diaries.diary_of(ids[who]).minutes if who else 50
    length = None if offered else usual  # else the type's
    start = {"clinician": who, "minutes": length, "where": f"place:{client.place_id}"}
    try:
        at = datetime.fromisoformat(request.GET.get("at", ""))
        return start | forms.wall(at.astimezone(clock.zone()))
    except (ValueError, OverflowError):
        return start


@page("appointment.open", appointment=queries.get)
@require_safe
def opened(request: Any, appointment: Appointment) -> HttpResponse:
    """An appointment, what became of it, and what can be done."""
    return shown(request, appointment)


def shown(request: Any, appointment: Appointment, problem: str = "") -> HttpResponse:
    by, now = request.user, clock.now()
    changes = queries.changes(by=by, appointment=appointment)
    _name_who_called_off(appointment, changes)
    booked = appointment.status == Appointment.Status.BOOKED
    asked_for = appointment.status == Appointment.Status.REQUESTED
    may = policy.allows("appointment.settle", by, appointment=appointment)
    last = changes[0] if changes else None
    standing, client = appointment.series, appointment.client
    by_client = appointment.cancelled_by == Appointment.Side.CLIENT
    context = {
        "appointment": appointment, "client": client, "changes": changes,
        "standing": standing and words.of(standing),
        "problem": problem, "may": may, "booked": booked, "zone": clock.zone().key,
        "asked_for": asked_for, "now": now,
        "introduction": requests.introduction(appointment=appointment) if may else None,
        "by_client": by_client,
        "unbound": by_client and in_terms.would_be_late(
            appointment=appointment, now=appointment.settled_at or now
        ),
        "address": diaries.video_address(appointment),
        "equipment": equipment.of_meetings(meetings=[appointment.pk]).get(appointment.pk, []),
        "begun": now >= appointment.starts_at - rules.EARLY,
        "may_undo": may and last is not None and last.what != "TAKEN_BACK",
        "last": last,
        "offerable": appointment.status == Appointment.Status.CANCELLED
        and appointment.starts_at > now
        and policy.allows("hour.of_meeting", by, appointment=appointment),
        "told": said.lines(reminders.of_appointment(by=by, appointment=appointment)),
        "wishes": reminders.wishes(by=by, appointment=appointment),
        "ahead": appointment.starts_at > now,
        "joins": doubts.new_to(by, client, appointment.clinician) if may and asked_for else [],
        "unusual": _unusual(by, appointment, now),
    }  # fmt: skip
    if appointment.way == Appointment.Way.VIDEO and booked:
        context["agreed"] = queries.agreed_to_video(by=by, client=appointment.client)
    status = 422 if problem else 200
    return render(request, "desk/meeting/appointment.html", context, status=status)


def _name_who_called_off(appointment: Appointment, changes: list[Any]) -> None:
    """Put ``side`` on each change: who called it off then, in words; the latest change first."""
    after = appointment.cancelled_by
    for one in changes:
        one.side = Appointment.Side(after).label if one.what == "CANCELLED" and after else ""
        after = one.before.get("cancelled_by") or ""


@page("appointment.move", appointment=queries.get, sent_before=series.sent_before)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Any, appointment: Appointment) -> HttpResponse:
    """Another time, type, clinician, way, room or video address; from a time off one goes back
    to it."""
    by, away = request.user, _id(request.GET.get("away", ""))
    place, room = appointment.place_id, appointment.room_id
    kept, length = appointment.type, appointment.slot.minutes
    start = forms.wall(appointment.starts_at) | {
        "minutes": None if kept and kept.minutes == length else length, "way": appointment.way,
        "type": str(kept.pk) if kept else "",
        "where": f"room:{room}" if room else f"place:{place}" if place else "",
        "clinician": str(appointment.clinician_id), "revision": appointment.revision,
        "video_url": appointment.video_url,
    }  # fmt: skip
    standing = appointment.series
    if standing is not None:
        start["series_revision"] = standing.revision
    offers = availability.choices(by=by, now=clock.now())
    form = (forms.Move if standing is None else several.MoveOfSeries)(
        request.POST or None, initial=start, spots=offers.spots,
        clinicians=diaries.clinicians(by=by, also=appointment.clinician_id),
        types=offers.with_one(kept),
    )  # fmt: skip
    if form.is_valid() and not _doubtful(by, form, appointment.client, appointment):
        try:
            if form.cleaned_data.get("scope", several.ONE) != several.ONE:
                later = series.move(request, appointment, form)
                messages.info(request, _("Moved."))
                return redirect("desk_series", series_id=later.pk)
            actions.move(
                by=by, appointment=appointment, now=clock.now(),
                revision=form.cleaned_data["revision"] or 0, **form.given(),
            )  # fmt: skip
        except CannotBook as problem:
            form.refuse(problem)
        else:
            messages.info(request, _("Moved."))
            if away is not None:
                return redirect("desk_time_off", time_off_id=away)
            return redirect("desk_appointment", appointment_id=appointment.pk)
    context = {
        "form": form, "appointment": appointment, "client": appointment.client, "away": away,
        "tells": reminders.tells(Kind.MOVED),
    }  # fmt: skip
    return render(request, "desk/meeting/move.html", context, status=form.status)


def _unusual(by: Any, appointment: Appointment, now: datetime) -> list[doubts.Doubt]:
    """Which of their own rules a meeting ahead breaks, for the clinician themself."""
    ahead = appointment.starts_at > now and appointment.status == Appointment.Status.BOOKED
    if not ahead or by.staff != appointment.clinician:
        return []
    given = {name: getattr(appointment, name) for name in ("clinician", "slot", "way", "type",
                                                           "place")}  # fmt: skip
    booking = of(appointment.client, given, but=appointment.pk)
    return doubts.limits(by=by, booking=booking, now=now) or []


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@page("appointment.cancel", appointment=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Any, appointment: Appointment) -> HttpResponse:
    """Who called it off, and why."""
    shown = forms.Cancel if appointment.series is None else several.CancelOfSeries
    form = shown(request.POST or None, initial={"revision": appointment.revision})
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("side", "reason")}
        given["revision"] = form.cleaned_data["revision"] or 0
        try:
            if form.cleaned_data.get("scope", several.ONE) != several.ONE:
                series.cancel(request, appointment, form, given)
                messages.info(request, _("Called off."))
                return redirect("desk_series", series_id=appointment.series_id)
            actions.cancel(by=request.user, appointment=appointment, now=clock.now(), **given)
        except CannotBook as problem:
            form.refuse(problem)
        else:
            messages.info(request, _("Called off."))
            return redirect("desk_appointment", appointment_id=appointment.pk)
    now, tells = clock.now(), reminders.tells(Kind.CANCELLED)
    context = calling.about(request.user, appointment, tells=tells) | {
        "form": form, "appointment": appointment, "client": appointment.client, "tells": tells,
        "late": in_terms.counts_as_late(appointment=appointment, now=now),
        "unbound": in_terms.would_be_late(appointment=appointment, now=now),
    }  # fmt: skip
    return render(request, "desk/meeting/cancel.html", context, status=422 if form.errors else 200)


@page("appointment.settle", appointment=queries.get)
@require_POST
def settle(request: Any, appointment: Appointment) -> HttpResponse:
    """Kept, or the client did not come: the button says which."""
    return done(request, appointment, actions.settle, what=request.POST.get("what", ""))


@page("appointment.undo", appointment=queries.get)
@require_POST
def undo(request: Any, appointment: Appointment) -> HttpResponse:
    """Take back what last happened to it."""
    return done(request, appointment, actions.undo)


def done(request: Any, appointment: Appointment, act: Any, **given: Any) -> HttpResponse:
    """Call an action that a button asks for; go where the button stands, or say why not."""
    revision = request.POST.get("revision") or request.GET.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    by, on_board = request.user, request.POST.get("back") == "board"
    try:
        made = act(by=by, appointment=appointment, revision=seen, now=clock.now(), **given)
    except CannotBook as problem:
        if on_board:
            return board.answer(request, problem=str(problem))
        fresh = queries.get(by=by, appointment_id=appointment.pk)
        return shown(request, fresh, str(problem))
    if on_board:
        return board.settled(request, made)
    name = request.POST.get("back", "")
    if name in BACK and act is not actions.undo:
        words = {"name": appointment.client.name, "state": made.get_status_display()}
        address = reverse("desk_appointment_undo", args=[made.pk])
        offer_undo(request, by, _("%(name)s: %(state)s") % words, address, back=name,
                   revision=made.revision)  # fmt: skip
    if name in BACK:
        return redirect(BACK[name])
    return redirect("desk_appointment", appointment_id=appointment.pk)


@page("appointment.open", appointment=queries.get)
@require_safe
def join(request: Any, appointment: Appointment) -> HttpResponse:
    """Leave for the video address: the appointment's own, else the clinician's."""
    address = diaries.video_address(appointment)
    if not address:
        return redirect("desk_appointment", appointment_id=appointment.pk)
    return HttpResponseRedirect(address)
