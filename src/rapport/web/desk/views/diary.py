"""What the practice's meetings share: rooms and equipment."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.queries import ahead_of_each, still_with
from rapport.meeting.diaries import actions, queries
from rapport.meeting.equipment import actions as cupboard
from rapport.meeting.equipment import queries as pieces
from rapport.people.practice import queries as practice
from rapport.web.desk.forms import meeting as forms
from rapport.web.page import page


@page("room.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: Any) -> HttpResponse:
    """Every room, and a form for another."""
    form = forms.NewRoom(request.POST or None, places=practice.places(by=request.user))
    if form.is_valid():
        try:
            actions.add_room(by=request.user, **form.cleaned_data)
        except CannotBook as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_rooms")
    return _page(request, "rooms", form, queries.rooms(by=request.user), "ROOM")


def _page(request: Any, name: str, form: Any, shared: list[Any], kind: str) -> HttpResponse:
    """What there is, of what was given up how many meetings have it still, and a form."""
    ahead = ahead_of_each(kind=kind, now=clock.now())
    for one in shared:
        one.ahead = ahead.get(one.pk, 0)
    gone = [one.pk for one in shared if one.closed_on and one.ahead]
    named = still_with(by=request.user, kind=kind, things=gone, now=clock.now())
    for one in shared:
        one.named = named.get(one.pk, [])
        one.unnamed = one.ahead - len(one.named)
    context = {"form": form, "shared": shared}
    status = 422 if form.errors else 200
    return render(request, f"desk/meeting/{name}.html", context, status=status)


@page("room.edit", room=queries.room)
@require_POST
def room_close(request: Any, room: Any) -> HttpResponse:
    """Close a room, or open it again: the button says which; unsaid is close."""
    if request.POST.get("closed") == "off":
        actions.reopen_room(by=request.user, room=room)
    elif room.closed_on is None:
        actions.close_room(by=request.user, room=room, on=clock.today())
    return redirect("desk_rooms")


@page("equipment.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def equipment(request: Any) -> HttpResponse:
    """Every piece of equipment, and a form for another."""
    by = request.user
    form = forms.NewEquipment(
        request.POST or None, places=practice.places(by=by), kinds=pieces.kinds(by=by)
    )
    if form.is_valid():
        try:
            cupboard.add(by=by, **form.cleaned_data)
        except CannotBook as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_equipment")
    return _page(request, "equipment", form, pieces.listed(by=by), "EQUIPMENT")


@page("equipment.edit", equipment=pieces.get)
@require_POST
def equipment_close(request: Any, equipment: Any) -> HttpResponse:
    """Give a piece up, or take it back: the button says which; unsaid is giving it up."""
    if request.POST.get("closed") == "off":
        cupboard.reopen(by=request.user, equipment=equipment)
    elif equipment.closed_on is None:
        cupboard.close(by=request.user, equipment=equipment, on=clock.today())
    return redirect("desk_equipment")


@page("equipment.edit", equipment=pieces.get)
@require_POST
def equipment_replace(request: Any, equipment: Any) -> HttpResponse:
    """Give the meetings ahead that have it another piece of its kind, where one is free."""
    try:
        n = cupboard.replace(by=request.user, equipment=equipment, now=clock.now())
    except CannotBook as problem:
        messages.error(request, str(problem))
    else:
        words = ngettext(
            "%(n)s meeting has another piece now.", "%(n)s meetings have another piece now.", n
        )
        none = _("No other piece is free at the times of these meetings.")
        messages.info(request, words % {"n": n} if n else none)
    return redirect("desk_equipment")
