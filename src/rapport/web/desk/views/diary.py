"""The practice's rooms."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.diaries import actions, queries
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
    context = {"form": form, "rooms": queries.rooms(by=request.user)}
    return render(request, "desk/meeting/rooms.html", context, status=422 if form.errors else 200)


@page("room.edit", room=queries.room)
@require_POST
def room_close(request: Any, room: Any) -> HttpResponse:
    """Close a room, or open it again: the button says which; unsaid is close."""
    if request.POST.get("closed") == "off":
        actions.reopen_room(by=request.user, room=room)
    elif room.closed_on is None:
        actions.close_room(by=request.user, room=room, on=clock.today())
    return redirect("desk_rooms")
