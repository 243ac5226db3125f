"""The owner's pages about reminders: how they go out, through whom, and what became of them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact import channels
from rapport.contact.channels import folder
from rapport.contact.gateways import queries as gateways
from rapport.contact.gateways.models import BY_WEB, PLAIN
from rapport.contact.reminders import actions, queries
from rapport.contact.reminders.models import Reminding
from rapport.core import policy
from rapport.core import time as clock
from rapport.web import reminders as said
from rapport.web.desk.forms import reminders as forms
from rapport.web.page import page

ON_A_PAGE = 50


@page("reminder.open")
@require_safe
def reminders(request: Any) -> HttpResponse:
    """How clients are reminded, and what went out by which way. No names, no addresses."""
    by, row = request.user, queries.reminding()
    known, troubled = channels.found(), queries.troubled(by=by, now=clock.now())
    shown = Paginator(queries.latest(by=by), ON_A_PAGE).get_page(request.GET.get("page"))
    ways = [known[id] for id in row.channels if id in known] if row else []
    context = {
        "row": row,
        "times": said.times(row.offsets) if row else "",
        "ways": [(one.name, one.ready()) for one in ways],
        "told": [words for kind, words in said.TOLD if row and kind in row.notices],
        "types": [
            (one, None if own is None else said.times(own)) for one, own in queries.types(by=by)
        ],
        "gateways": [(one, PLAIN[one], gateways.gateway(one)) for one in BY_WEB],
        "outbox": gateways.outbox(),
        "folder": folder.where(),
        "numbers": [
            one | {"name": known[one["channel"]].name if one["channel"] in known else ""}
            for one in queries.numbers(by=by, now=clock.now())
        ],
        "troubled": [known[id].name for id in troubled if id in known],
        "page": shown,
        "lines": said.lines(shown, plain=False),
        "may_set": policy.allows("reminder.set", by),
    }
    return render(request, "desk/practice/reminders.html", context)


def show(request: Any, form: Any, title: str, **more: str) -> HttpResponse:
    """One form about reminders; ``more`` stands above it, ``act`` on its button."""
    context = {"form": form, "title": title, "back": "desk_reminders"} | more
    status = 422 if form.errors else 200
    return render(request, "desk/practice/reminder_form.html", context, status=status)


@page("reminder.set")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any) -> HttpResponse:
    """Say how clients are reminded. Until this is saved once, nobody is."""
    form = forms.Rules(request.POST or None, row=queries.reminding() or Reminding(pk=1))
    if form.is_valid():
        try:
            actions.set_reminding(by=request.user, now=clock.now(), **form.given())
        except actions.CannotSet as problem:
            form.say(problem.field, str(problem))
        else:
            return redirect("desk_reminders")
    return show(request, form, _("How clients are reminded"))


@page("reminder.set")
@require_POST
def stop(request: Any) -> HttpResponse:
    """Remind nobody any more."""
    actions.stop_reminding(by=request.user)
    messages.success(request, _("Nobody is reminded any more, nor told of changes."))
    return redirect("desk_reminders")


@page("reminder.set", type=queries.type_)
@require_http_methods(["GET", "HEAD", "POST"])
def of_type(request: Any, type: Any) -> HttpResponse:
    """When meetings of one type are reminded of."""
    own = dict((one.pk, own) for one, own in queries.types(by=request.user)).get(type.pk)
    form = forms.OfType(request.POST or None, own=own)
    if form.is_valid():
        try:
            actions.set_type(by=request.user, type=type, offsets=form.given())
        except actions.CannotSet as problem:
            form.add_error("before_0", str(problem))
        else:
            return redirect("desk_reminders")
    return show(request, form, _("Reminders of: %(name)s") % {"name": type.name})
