"""The owner's pages about who hands messages on: gateways for texts and for calls, a folder."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from rapport.contact.gateways import actions
from rapport.contact.gateways import queries as gateways
from rapport.contact.gateways.models import PLAIN, Gateway, Outbox, Reaches
from rapport.contact.reminders import trying
from rapport.core import time as clock
from rapport.web.desk.forms import gateways as forms
from rapport.web.page import page

from .reminders import show

TITLES = {
    Reaches.TEXT: gettext_lazy("A gateway for texts"),
    Reaches.CALL: gettext_lazy("A gateway for calls"),
}


def _reaches(way: str) -> Reaches:
    try:
        return gateways.way(way)
    except Gateway.DoesNotExist as nothing:
        raise Http404 from nothing


@page("gateway.set", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def gateway(request: Any, way: str) -> HttpResponse:
    """Set the gateway for texts or for calls, and with whom there is an agreement."""
    reaches = _reaches(way)
    form = forms.TheGateway.of(gateways.gateway(reaches), request.POST or None)
    if form.is_valid():
        try:
            actions.set_gateway(
                by=request.user, reaches=reaches, now=clock.now(), **form.given()
            )  # fmt: skip
        except actions.CannotSet as problem:
            form.say(problem.field, str(problem))
        else:
            messages.success(request, _("Saved. Send a test message to see that it works."))
            return redirect("desk_reminders")
    return show(request, form, str(TITLES[reaches]))


@page("gateway.set", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: Any, way: str) -> HttpResponse:
    """Send a test message to a number that is typed here and kept nowhere."""
    reaches = _reaches(way)
    form = forms.Trial(request.POST or None)
    if form.is_valid():
        try:
            trying.send(by=request.user, channel=way, now=clock.now(), **form.cleaned_data)
        except trying.CannotTry as problem:
            form.add_error("number", str(problem))
        else:
            messages.success(request, _("The gateway took the message. It should arrive soon."))
            return redirect("desk_reminders")
    title = _("Send a test: %(way)s") % {"way": PLAIN[reaches]}
    return show(request, form, title, act=_("Send"))


@page("gateway.set", step_up=True)
@require_POST
def forget(request: Any, way: str) -> HttpResponse:
    """Stop using the gateway for texts, or for calls."""
    actions.forget_gateway(by=request.user, reaches=_reaches(way))
    messages.success(request, _("Nothing goes out through the gateway any more."))
    return redirect("desk_reminders")


@page("gateway.set", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def outbox(request: Any) -> HttpResponse:
    """Let another program take messages from a folder."""
    row = gateways.outbox() or Outbox(pk=1)
    start = {name: getattr(row, name) for name in ("reaches", "agreed_with", "agreed_on")}
    form = forms.TheOutbox(request.POST or None, initial=start)
    if form.is_valid():
        try:
            actions.use_outbox(by=request.user, now=clock.now(), **form.cleaned_data)
        except actions.CannotSet as problem:
            form.say(problem.field, str(problem))
        else:
            return redirect("desk_reminders")
    more = _("Messages lie there unencrypted, with the number or address, until they are taken.")
    return show(request, form, _("A folder for another gateway"), more=more)


@page("gateway.set", step_up=True)
@require_POST
def forget_outbox(request: Any) -> HttpResponse:
    """Write nothing into the folder any more."""
    actions.forget_outbox(by=request.user)
    messages.success(
        request, _("Nothing is written into the folder any more. What lies there stays.")
    )
    return redirect("desk_reminders")
