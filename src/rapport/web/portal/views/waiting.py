"""The portal's pages about another hour: being on the list, and an hour that is offered."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.meeting.models import Offer
from rapport.meeting.waiting import actions, queries
from rapport.web import offers
from rapport.web import waiting as said
from rapport.web.page import page
from rapport.web.wishes import OwnWishes


@page("portal.open", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: Any) -> HttpResponse:
    """Join the list for another hour, or say anew what would suit."""
    by, now = request.user, clock.now()
    client = by.client
    entry, offered = queries.own(by=by, now=now)
    form = OwnWishes(request.POST or None, initial=OwnWishes.start(entry))
    if form.is_valid():
        try:
            _keep(by, client, entry, form.given(), now)
        except actions.CannotWait as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.info(request, _("Saved. You are told when a time becomes free."))
            return redirect("portal_waiting")
    context = {
        "entry": entry, "offered": offered, "again": offers.again(offered), "form": form,
        "wishes": said.wishes(entry) if entry else [],
    }  # fmt: skip
    return render(request, "portal/waiting.html", context, status=422 if form.errors else 200)


def _keep(by: Any, client: Any, entry: Any, given: dict[str, Any], now: Any) -> None:
    """On the list with these wishes; of oneself, with those who care for one."""
    if entry is not None:
        actions.change(by=by, client=client, entry=entry, now=now, **given)
        return
    team = [one.staff for one in client.care_team.select_related("staff") if not one.until_on]
    actions.put(by=by, client=client, now=now, clinicians=team, **given)


@page("portal.open", look=False)
@require_POST
def leave(request: Any) -> HttpResponse:
    """Off the list."""
    by, now = request.user, clock.now()
    entry, _offered = queries.own(by=by, now=now)
    if entry is not None:
        actions.withdraw(by=by, client=by.client, entry=entry, now=now)
        messages.info(request, _("You are not on the list any more."))
    return redirect("portal_waiting")


@page("portal.open", look=False)
@require_POST
def still(request: Any) -> HttpResponse:
    """Still looking."""
    by, now = request.user, clock.now()
    entry, _offered = queries.own(by=by, now=now)
    if entry is not None:
        actions.confirm(by=by, client=by.client, entry=entry, now=now)
        messages.info(request, _("Thank you. You stay on the list."))
    return redirect("portal_waiting")


@page("offer.answer", look=False, offer=queries.offer)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Any, offer: Offer) -> HttpResponse:
    """An hour that is offered."""
    way = offers.Way(request.user, "portal/base.html", "portal_home")
    return offers.answer(request, offer, way)
