"""The tablet in a client's hands: handing it over, the questions on it, taking it back."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.accounts import pins
from rapport.people.clients import queries as clients
from rapport.people.practice import queries as practice
from rapport.progress.measures import kiosk, links
from rapport.progress.models import Asked
from rapport.web import adaptive, answer_frame
from rapport.web import measures as said
from rapport.web.desk.forms import kiosk as forms
from rapport.web.headers import SIGNED_OUT_WITH_DRAFTS
from rapport.web.page import page
from rapport.web.signin import handed


@page("measure.hand_over", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Any, client: Any) -> HttpResponse:
    """What waits, and the button that puts the tablet into the client's hands."""
    by, now, problem = request.user, clock.now(), ""
    if request.method == "POST":
        try:
            asked = kiosk.hand_over(by=by, client=client, now=now)
        except kiosk.NothingWaits as refusal:
            problem = str(refusal)
        else:
            handed.hand_over(request, asked, minutes=practice.tablet_minutes())
            answer = redirect("desk_kiosk")
            answer.headers["Clear-Site-Data"] = SIGNED_OUT_WITH_DRAFTS  # pages to go back to
            return answer
    waiting = kiosk.waiting(client=client, now=now)
    treats = policy.allows("measure.read", by, client=client)
    context = {
        "client": client, "many": len(waiting), "problem": problem,
        "shorts": [said.short(one.instrument) for one in waiting] if treats else [],
        "may_ask": policy.allows("measure.ask", by, client=client) and not client.is_together,
        "has_pin": pins.has_pin(by),
    }  # fmt: skip
    return render(request, "desk/kiosk/hand_over.html", context, status=422 if problem else 200)


@page("me.signin", step_up=True)
@sensitive_post_parameters("pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: Any) -> HttpResponse:
    """Set the digits that take the tablet back."""
    me, back = request.user, _came_from(request.GET.get("client", ""))
    form = forms.NewPin(request.POST or None)
    if form.is_valid():
        try:
            pins.set_pin(by=me, account=me, pin=form.cleaned_data["pin"], now=clock.now())
            return redirect(back)
        except pins.CannotSet as problem:
            form.add_error("pin", str(problem))
    context = {"form": form, "has_pin": pins.has_pin(me), "back": back}
    return render(request, "desk/kiosk/pin.html", context, status=422 if form.errors else 200)


def _came_from(client: str) -> str:
    """The page on which a tablet was about to be handed over, or today."""
    try:
        return reverse("desk_tablet", args=[uuid.UUID(client)])
    except ValueError:
        return reverse("desk_today")


# In the client's hands --------------------------------------------------------------------


def _handed(request: Any) -> list[Asked]:
    return kiosk.handed(request.session.get(handed.ASKS, []))


def _way(asked: Asked, every: list[Asked]) -> answer_frame.Way:
    place, start = every.index(asked) + 1, reverse("desk_kiosk")
    now = clock.now()

    def rest() -> list[tuple[Asked, str]]:
        open_ = [one for one in every if one.state == Asked.State.OPEN and one.expires_at > now]
        return [(one, start) for one in open_ if one.pk != asked.pk]

    return answer_frame.Way(
        by=links.Holder(asked.pk),
        base="desk/kiosk/frame.html",
        start=start,
        question=lambda number: reverse("desk_kiosk_question", args=[place, number]),
        check=reverse("desk_kiosk_check", args=[place]),
        rest=rest,
        after=lambda risk: "" if risk else start,
        done=start,
    )


def _away(request: Any) -> HttpResponse | None:
    """Not for a client's eyes: the desk is not handed over, or the tablet covers itself."""
    if not request.session.is_handed:
        return render(request, "desk/kiosk/with_you.html")
    return redirect("desk_kiosk_back") if handed.rests(request) else None


@page("me.signin", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Any) -> HttpResponse:
    """The first page of what waits; when nothing does, thanks that tell nothing."""
    if (away := _away(request)) is not None:
        return away
    every, now = _handed(request), clock.now()
    for one in every:
        if one.state == Asked.State.OPEN and one.expires_at > now:
            return adaptive.first(request, one, _way(one, every))
    return render(request, "desk/kiosk/thanks.html")


@page("me.signin", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, place: int, number: int) -> HttpResponse:
    """One question."""
    if (away := _away(request)) is not None:
        return away
    every = _handed(request)
    if not 1 <= place <= len(every):
        return redirect("desk_kiosk")
    asked = every[place - 1]
    return adaptive.question(request, asked, _way(asked, every), number)


@page("me.signin", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Any, place: int) -> HttpResponse:
    """What is still open, and handing in."""
    if (away := _away(request)) is not None:
        return away
    every = _handed(request)
    if not 1 <= place <= len(every):
        return redirect("desk_kiosk")
    asked = every[place - 1]
    return adaptive.check(request, asked, _way(asked, every))


@page("me.signin", look=False)
@require_POST
def rest(request: Any) -> HttpResponse:
    """Cover the tablet: the client was interrupted, or nobody has touched it for a while."""
    if request.session.is_handed:
        handed.cover(request)
        return redirect("desk_kiosk_back")
    return redirect("desk_today")


@page("me.signin", look=False)
@require_POST
def awake(request: Any) -> HttpResponse:
    """Somebody reads: a script says so twice a minute, so that reading is no idleness."""
    if not request.session.is_handed:
        return redirect("desk_today")
    return HttpResponse(status=423 if handed.rests(request) else 204)


@page("me.signin", look=False)
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: Any) -> HttpResponse:
    """Digits, or a sign-in: the desk again, or on with the questions."""
    if not request.session.is_handed:
        return render(request, "desk/kiosk/with_you.html")
    form = forms.Pin(request.POST or None)
    if form.is_valid() and not handed.is_shut(request):
        found = pins.tried(request.user, form.cleaned_data["pin"], now=request.session.now)
        if found == "right":
            return _let(request)
        handed.refused(request, often=found == "often")
        form.add_error("pin", _("These are not the digits. Try again."))
    context = {
        "form": form, "rests": handed.rests(request), "shut": handed.is_shut(request),
        "has_pin": pins.has_pin(request.user),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "desk/kiosk/back.html", context, status=status)


def _let(request: Any) -> HttpResponse:
    if request.POST.get("to") == "questions":
        handed.uncover(request)
        return redirect("desk_kiosk")
    handed.take_back(request)
    return redirect("desk_today")
