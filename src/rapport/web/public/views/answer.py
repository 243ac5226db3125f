"""A link in a message: looking at it does nothing, its button does one thing, once."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rapport.contact.reminders import answers
from rapport.contact.reminders.models import Does
from rapport.core import policy
from rapport.core import time as clock
from rapport.web.page import PUBLIC, page
from rapport.web.public import links

from . import moving


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, token: str) -> HttpResponse:
    """What the link asks, with a button, or times to choose from; pressed, what became of it."""
    link = links.found(token)
    if link is None or link.asked.why:
        return links.closed(request, link, link.asked.why if link else "")
    chooses = link.holder.does == Does.MOVE and "start" in request.POST
    try:
        if request.method == "POST" and not chooses:
            return _answered(request, link)
        if link.holder.does == Does.MOVE and not link.stays:
            return moving.choose(request, link, token)
    except answers.Closed as problem:
        return links.closed(request, link, problem.why)
    except policy.Denied:
        return links.closed(request, None)
    return links.question(request, link, status=422 if chooses else 200)


def _answered(request: Any, link: links.Found) -> HttpResponse:
    knows = request.POST.get("late") == "yes"
    try:
        answers.answer(
            by=link.holder, delivery=link.asked.delivery, now=clock.now(), knows_late=knows
        )
    except answers.CountsAsLate:
        return links.question(request, link, status=422)
    return links.done(request, link)
