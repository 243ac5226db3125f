"""The desk's pages about the practice: its settings and places, and how one reads best."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.accounts import actions as accounts
from rapport.people.practice import actions as practice_actions
from rapport.people.practice import queries as practice
from rapport.web.appearance import Appearance
from rapport.web.desk.forms import practice as forms
from rapport.web.page import page


@page("practice.open")
@require_safe
def settings(request: Any) -> HttpResponse:
    """The practice's settings and places, and the way to what owners look after."""
    places = list(practice.all_places(by=request.user))
    context = {
        "practice": practice.current(),
        "places": [one for one in places if one.closed_on is None],
        "closed": [one for one in places if one.closed_on is not None],
        "may_edit": policy.allows("practice.edit", request.user),
        "may_audit": policy.allows("audit.read", request.user),
        "may_plan": policy.allows("measure.plan", request.user),
        "may_set_clock": policy.allows("alert.set_clock", request.user),
        "may_mail": policy.allows("mail.open", request.user),
        "may_remind": policy.allows("reminder.open", request.user),
        "may_allow": policy.allows("calendar.allow", request.user),
        "may_see_packs": policy.allows("pack.open", request.user),
        "may_read_outcomes": policy.allows("outcome.read", request.user),
        "may_take_out": policy.allows("measure.take_out", request.user),
    }
    return render(request, "desk/practice/practice.html", context)


@page("practice.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any) -> HttpResponse:
    """Change the practice's settings."""
    row = practice.current()
    names = ("name", "discreet_name", "hours", "phone", "answer_days", "time_zone", "country",
             "currency", "locale", "consents", "tablet_minutes")  # fmt: skip
    form = forms.Settings(request.POST or None, initial={n: getattr(row, n) for n in names})
    if form.is_valid() and row is not None:
        try:
            practice_actions.change(by=request.user, practice=row, **form.cleaned_data)
        except practice_actions.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_practice")
    context = {"form": form, "title": _("The practice's settings"), "back": "desk_practice"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("practice.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Any) -> HttpResponse:
    """Add a place."""
    form = forms.Place(request.POST or None, country=_country())
    if form.is_valid():
        try:
            practice_actions.open_place(by=request.user, **form.cleaned_data)
        except practice_actions.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_practice")
    context = {"form": form, "title": _("Add a place"), "back": "desk_practice"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


def _country() -> str:
    ours = practice.current()
    return ours.country if ours else ""


@page("practice.edit", place=practice.place)
@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: Any, place: Any) -> HttpResponse:
    """Give a place another name or address."""
    start = {"name": place.name, "address": place.address, "region": place.region}
    form = forms.Place(request.POST or None, initial=start, country=_country())
    if form.is_valid():
        try:
            practice_actions.change_place(by=request.user, place=place, **form.cleaned_data)
        except practice_actions.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_practice")
    context = {"form": form, "title": _("Change a place"), "back": "desk_practice"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("practice.edit", place=practice.place)
@require_POST
def place_close(request: Any, place: Any) -> HttpResponse:
    """Close a place, or open it again: the button says which; unsaid is close."""
    try:
        if request.POST.get("closed") == "off":
            practice_actions.reopen_place(by=request.user, place=place)
        elif place.closed_on is None:
            practice_actions.close_place(by=request.user, place=place, on=clock.today())
    except practice_actions.CannotSet as problem:
        messages.error(request, str(problem))
    return redirect("desk_practice")


@page("me.signin", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: Any) -> HttpResponse:
    """Language and colours."""
    me = request.user
    form = Appearance(request.POST or None, initial={"language": me.language, "theme": me.theme})
    if form.is_valid():
        accounts.set_appearance(by=me, account=me, **form.cleaned_data)
        return redirect("desk_appearance")
    context = {"form": form, "title": _("Language and colours"), "back": "desk_today"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)
