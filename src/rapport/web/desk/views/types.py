"""The desk's pages about what can be booked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import time as clock
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.equipment import queries as equipment
from rapport.meeting.types import actions, queries
from rapport.people.practice import queries as practice
from rapport.web.desk.forms.types import Type
from rapport.web.page import page


@page("type.edit")
@require_safe
def listed(request: Any) -> HttpResponse:
    """Every type in the practice's order, closed ones last."""
    rows, today = queries.listed(by=request.user), clock.today()
    stands = [one for one in rows if one.closed_on is None or one.closed_on > today]
    context = {"types": stands, "closed": [one for one in rows if one not in stands],
               "rooms": any(one.room for one in diaries.spots(by=request.user)),
               "kinds": equipment.kinds(by=request.user)}  # fmt: skip
    return render(request, "desk/meeting/types.html", context)


@page("type.edit")
@require_POST
def begin(request: Any) -> HttpResponse:
    """Start with the types most practices have."""
    ours = practice.current()
    actions.begin(by=request.user, language=ours.locale if ours else "en")
    return redirect("desk_types")


@page("type.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any) -> HttpResponse:
    """Another type."""
    by = request.user
    people, spots = diaries.clinicians(by=by), diaries.spots(by=by)
    form = Type.of(None, request.POST or None, people, kinds=equipment.kinds(by=by),
                   rooms=any(one.room for one in spots))  # fmt: skip
    return _form(request, form, _("Add a type"), actions.add)


@page("type.edit", type=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any, type: Any) -> HttpResponse:
    """Change a type. What is booked stays as it is."""
    by = request.user
    form = Type.of(type, request.POST or None, diaries.clinicians(by=by),
                   kinds=equipment.kinds(by=by))  # fmt: skip
    return _form(request, form, _("Change a type"), actions.change, type=type)


def _form(request: Any, form: Type, title: str, act: Any, **about: Any) -> HttpResponse:
    if form.is_valid():
        try:
            act(by=request.user, **about, **form.said())
        except actions.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_types")
    context = {"form": form, "title": title}
    return render(request, "desk/meeting/type.html", context, status=422 if form.errors else 200)


@page("type.edit", type=queries.get)
@require_POST
def close(request: Any, type: Any) -> HttpResponse:
    """Close a type, or open it again: the button says which; unsaid is close."""
    if request.POST.get("closed") == "off":
        actions.reopen(by=request.user, type=type)
    elif type.closed_on is None:
        actions.close(by=request.user, type=type, on=clock.today())
    return redirect("desk_types")


@page("type.edit", type=queries.get)
@require_POST
def order(request: Any, type: Any) -> HttpResponse:
    """One place up or down."""
    actions.order(by=request.user, type=type, up=request.POST.get("to") == "up")
    return redirect("desk_types")
