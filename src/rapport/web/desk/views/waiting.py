"""The desk's pages about the waiting list: who waits, for what, and who still looks."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.models import WaitingEntry
from rapport.meeting.waiting import actions, queries
from rapport.people.clients import queries as clients
from rapport.people.practice import queries as practice
from rapport.web import waiting as said
from rapport.web.desk.forms import waiting as forms
from rapport.web.page import page

from .rows import offer_undo, undo_for

ON_A_PAGE = 50
FILTERS = ("state", "clinician", "type", "urgency")


@page("waiting.list")
@require_safe
def listed(request: Any) -> HttpResponse:
    """Who waits, whoever has waited longest first."""
    by, now = request.user, clock.now()
    asked = {name: request.GET.get(name, "")[:64] for name in FILTERS}
    shown = Paginator(queries.listed(by=by, **asked), ON_A_PAGE).get_page(request.GET.get("page"))
    audit.shown("people.client", [one.client_id for one in shown])
    context = {
        "page": shown, "asked": asked, "filtered": any(asked.values()),
        "rows": [_row(one, now) for one in shown],
        "clinicians": diaries.clinicians(by=by), "types": queries.types(),
        "urgencies": [(str(code), words) for code, words in WaitingEntry.Urgency.choices],
        "states": WaitingEntry.State.choices,
    }  # fmt: skip
    return render(request, "desk/waiting/listed.html", context)


def _row(entry: WaitingEntry, now: Any) -> dict[str, Any]:
    return {"entry": entry, "waited": said.waited(entry, now), "wishes": said.wishes(entry)}


def _form(request: Any, kind: Any, entry: WaitingEntry | None) -> Any:
    by = request.user
    return kind(
        request.POST or None, initial=kind.start(entry), types=queries.types(),
        clinicians=diaries.clinicians(by=by), places=practice.places(by=by),
    )  # fmt: skip


@page("waiting.put", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: Any, client: Any) -> HttpResponse:
    """Put a client on the list."""
    form = _form(request, forms.Put, None)
    if form.is_valid():
        try:
            entry = actions.put(by=request.user, client=client, now=clock.now(), **form.given())
        except actions.CannotWait as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return redirect("desk_waiting_entry", entry_id=entry.pk)
    context = {"form": form, "client": client, "title": _("Put on the waiting list")}
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("waiting.open", entry=queries.get)
@require_safe
def opened(request: Any, entry: WaitingEntry) -> HttpResponse:
    """What somebody waits for, what they were offered, and what can be done."""
    by, client = request.user, entry.client
    context = {
        "entry": entry, "client": client, **_row(entry, clock.now()),
        "offers": queries.offers_of(by=by, entry=entry),
        "may": policy.allows("waiting.change", by, client=client),
        "undo": undo_for(request, client),
    }  # fmt: skip
    return render(request, "desk/waiting/entry.html", context)


@page("waiting.change", entry=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any, entry: WaitingEntry) -> HttpResponse:
    """Change what somebody could take."""
    client = entry.client
    form = _form(request, forms.Wanted, entry)
    if form.is_valid():
        try:
            actions.change(
                by=request.user, client=client, entry=entry, now=clock.now(), **form.given()
            )
        except actions.CannotWait as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            return redirect("desk_waiting_entry", entry_id=entry.pk)
    context = {
        "form": form, "client": client, "title": _("Change what would suit"),
        "back": reverse("desk_waiting_entry", args=[entry.pk]),
    }  # fmt: skip
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("waiting.withdraw", entry=queries.get)
@require_POST
def withdraw(request: Any, entry: WaitingEntry) -> HttpResponse:
    """Take them off the list, or put them back: the answer to the first offers the second."""
    by, client, now = request.user, entry.client, clock.now()
    if "back" in request.POST:
        try:
            actions.put_back(by=by, client=client, entry=entry, now=now)
        except actions.CannotWait as problem:
            messages.error(request, str(problem))
    else:
        actions.withdraw(by=by, client=client, entry=entry, now=now)
        address = reverse("desk_waiting_withdraw", args=[entry.pk])
        offer_undo(request, client, _("Taken off the waiting list."), address, back=True)
    return redirect("desk_waiting_entry", entry_id=entry.pk)


@page("waiting.confirm", entry=queries.get)
@require_POST
def confirm(request: Any, entry: WaitingEntry) -> HttpResponse:
    """They said that they still look."""
    try:
        actions.confirm(by=request.user, client=entry.client, entry=entry, now=clock.now())
    except actions.CannotWait as problem:
        messages.error(request, str(problem))
    return redirect("desk_waiting_entry", entry_id=entry.pk)


@page("waiting.ask", entry=queries.get)
@require_POST
def ask(request: Any, entry: WaitingEntry) -> HttpResponse:
    """Ask them now whether they still look."""
    actions.ask(by=request.user, client=entry.client, entry=entry, now=clock.now())
    return redirect("desk_waiting_entry", entry_id=entry.pk)


@page("waiting.set")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Any) -> HttpResponse:
    """How hours are offered here, and when people are asked again."""
    now = queries.settings()
    names = ("how", "answer_minutes", "most_at_once", "confirm_weeks")
    start = {name: getattr(now, name) for name in names}
    start["by_itself"] = "yes" if now.by_itself else "no"
    form = forms.Settings(request.POST or None, initial=start)
    if form.is_valid():
        try:
            actions.set_settings(by=request.user, **form.cleaned_data)
        except actions.CannotWait as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_waiting_settings")
    context = {"form": form, "title": _("The waiting list"), "back": "desk_practice"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)
