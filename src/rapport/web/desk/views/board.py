"""The board: who comes to the house on a day, to whom and where; and what its buttons do."""

import uuid
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.core import time as clock
from rapport.meeting.appointments import actions, arriving, queries, rules
from rapport.meeting.appointments.actions import CannotBook, fit
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.availability import doubts
from rapport.meeting.availability import queries as availability
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.equipment import queries as equipment
from rapport.web.desk import board
from rapport.web.desk.boards import Wanted, asked, filled
from rapport.web.desk.forms.doubting import key, of
from rapport.web.page import page

SAID = "board_said"
LATER = ("10", "15", "20", "30")
"""Minutes by which somebody who called may be late."""


@page("appointment.list")
@require_safe
def opened(request: Any) -> HttpResponse:
    """The whole house's day by clinician or by room, or the week of ten clinicians."""
    said = request.session.pop(SAID, {}) if SAID in request.session else {}
    return shown(request, asked(request.GET), **said)


@page("appointment.list", look=False)
@require_safe
def changed(request: Any) -> HttpResponse:
    """What an open board asks quietly: whether it still is as it was. No name, no time."""
    context = filled(request, asked(request.GET), quiet=True)
    same = request.GET.get("seen") == context["seen"]
    return HttpResponse(status=204) if same else HttpResponse("changed", "text/plain")


def shown(
    request: Any, wanted: Wanted, *, problem: str = "", undo: Any = None, words: str = "",
    again: Any = None,
) -> HttpResponse:  # fmt: skip
    """The board, or its changing part alone where the page asks for that."""
    context = filled(request, wanted) | {
        "problem": problem or wanted.problem, "undo": undo, "words": words, "again": again,
        "later": LATER,
    }  # fmt: skip
    part = request.htmx and not request.htmx.boosted
    name = "desk/board/_part.html" if part else "desk/board/board.html"
    return render(request, name, context, status=422 if problem else 200)


def answer(request: Any, **said: Any) -> HttpResponse:
    """Back to the board that a button stands on, with what came of it."""
    wanted = asked(QueryDict(request.POST.get("board", "")[:500]))
    if request.htmx or said.get("problem"):
        return shown(request, wanted, **said)
    if said:
        request.session[SAID] = said
    return redirect(reverse("desk_board") + "?" + wanted.query())


@page("appointment.arrive", appointment=queries.get)
@require_POST
def arrived(request: Any, appointment: Appointment) -> HttpResponse:
    """The client is here, is not, or called that they are late: the button says which."""
    what, given = request.POST.get("what", ""), {"by": request.user, "now": clock.now()}
    try:
        if what == "ARRIVED":
            arriving.arrive(appointment=appointment, **given)
        elif what == "NOT_HERE":
            arriving.take_back(appointment=appointment, **given)
        else:
            minutes = int(what) if what in ("0", *LATER) else -1
            arriving.expect(appointment=appointment, minutes=minutes, **given)
    except CannotBook as problem:
        return answer(request, problem=str(problem))
    if what != "ARRIVED":
        return answer(request)
    words = _("%(client)s: %(status)s.")
    here = {"client": appointment.client.name, "status": board.LOOKS["arrived"][0]}
    fields = {"what": "NOT_HERE", "board": request.POST.get("board", "")}
    address = reverse("desk_appointment_arrived", args=[appointment.pk])
    return answer(request, undo={"words": words % here, "address": address, "fields": fields})


@page("appointment.move", appointment=queries.get)
@require_POST
def moved(request: Any, appointment: Appointment) -> HttpResponse:
    """Where it was put down: another time, clinician, room or piece of equipment. The rest stays
    as it is."""
    try:
        given = _put(request, appointment)
        booking = of(appointment.client, given | {"type": appointment.type}, but=appointment.pk)
        found = doubts.about(by=request.user, booking=booking, now=clock.now())
        asked_of = key(booking, found)
        if found and request.POST.get("anyway") != asked_of:
            return answer(request, problem=" ".join(one.words for one in found),
                          again=_again(request, appointment, asked_of))  # fmt: skip
        fresh = actions.move(
            by=request.user, appointment=appointment, revision=_number(request, "revision"),
            now=clock.now(), **given,
        )  # fmt: skip
    except ObjectDoesNotExist as problem:  # no such column
        raise Http404 from problem
    except CannotBook as problem:
        over = problem.field == "afterwards"
        return answer(request, problem=_("That time is over.") if over else str(problem))
    if fresh.revision == appointment.revision:
        return answer(request)
    words = _words(appointment, fresh, given["piece"])
    return answer(request, undo=undoing(request, fresh, words))


def settled(request: Any, fresh: Appointment) -> HttpResponse:
    """Back to the board after it was said how a meeting went, or after that was taken back."""
    if fresh.status not in (Appointment.Status.KEPT, Appointment.Status.MISSED):
        return answer(request, words=_("Taken back."))
    words = _("%(client)s: %(status)s.")
    given = {"client": fresh.client.name, "status": fresh.get_status_display()}
    return answer(request, undo=undoing(request, fresh, words % given))


def undoing(request: Any, fresh: Appointment, words: str) -> dict[str, Any]:
    """What the line says that takes it back."""
    fields = {"revision": fresh.revision, "back": "board", "board": request.POST.get("board", "")}
    address = reverse("desk_appointment_undo", args=[fresh.pk])
    return {"words": words, "address": address, "fields": fields}


def _words(before: Appointment, fresh: Appointment, piece: Any) -> str:
    """What the move was, in words."""
    given = {
        "time": board.at(clock.local(fresh.starts_at)),
        "name": fresh.clinician.display_name,
        "room": piece.name if piece else fresh.room.name if fresh.room else "",
    }
    if fresh.clinician_id != before.clinician_id:
        return _("Moved to %(time)s with %(name)s.") % given
    if piece is not None or (fresh.room_id != before.room_id and fresh.room):
        return _("Moved to %(time)s, %(room)s.") % given
    return _("Moved to %(time)s") % given  # no full stop: "p.m." ends with one


def _put(request: Any, appointment: Appointment) -> dict[str, Any]:
    """What ``move`` takes: as it is, but for what was posted."""
    given: dict[str, Any] = {
        "slot": appointment.slot, "clinician": appointment.clinician, "way": appointment.way,
        "place": appointment.place, "room": appointment.room, "piece": None,
    }  # fmt: skip
    wanted = asked(QueryDict(request.POST.get("board", "")[:500]))
    minutes = _number(request, "minute")
    if not 0 <= minutes < board.A_DAY:
        raise Http404
    try:
        start = _instant(wanted.on, time(minutes // 60, minutes % 60), appointment)
        given["slot"] = rules.lasting(start, appointment.slot.minutes)
    except rules.Unfit as problem:
        raise fit(problem) from problem
    who, where = request.POST.get("clinician", ""), request.POST.get("room", "")
    if who and who != str(appointment.clinician_id):
        given["clinician"] = availability.clinician(by=request.user, staff_id=_id(who))
    if where == "none":
        given["room"] = None
    elif where and where != str(appointment.room_id):
        given["room"] = diaries.room(by=request.user, room_id=_id(where))
        given["place"] = given["room"].place
    if request.POST.get("equipment", ""):
        piece = _id(request.POST["equipment"])
        given["piece"] = equipment.get(by=request.user, equipment_id=piece)
    return given


def _instant(on: date, wall: time, appointment: Appointment) -> datetime:
    """The instant that was meant; where it stands already stays the same of an hour that is twice.

    Raises:
        Unfit: the time does not exist, or comes twice.
    """
    same = clock.local(appointment.starts_at)
    if (same.date(), same.time().replace(second=0, microsecond=0)) == (on, wall):
        return appointment.starts_at
    return rules.on_the_wall(on, wall, clock.zone())


def _again(request: Any, appointment: Appointment, asked_of: str) -> dict[str, Any]:
    """What moves it all the same."""
    names = ("revision", "minute", "clinician", "room", "equipment", "board")
    fields = {name: request.POST.get(name, "") for name in names} | {"anyway": asked_of}
    return {"appointment": appointment, "fields": fields}


def _number(request: Any, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
