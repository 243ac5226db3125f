"""A link in a message: looking at it does nothing, its button does one thing, once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from rapport.contact.reminders import answers, links, words
from rapport.contact.reminders.models import Does
from rapport.core import policy
from rapport.core import time as clock
from rapport.people.practice import queries as practice
from rapport.web.page import PUBLIC, page

ASKS = {
    Does.CONFIRM: (gettext_lazy("Will you be there?"), gettext_lazy("Yes, I will be there")),
    Does.CANCEL: (gettext_lazy("Call this off?"), gettext_lazy("Call it off")),
    Does.MOVE: (gettext_lazy("Would another time be better?"),
                gettext_lazy("Ask for another time")),
}  # fmt: skip
DONE = {
    Does.CONFIRM: gettext_lazy("Thank you. It is noted that you will be there."),
    Does.CANCEL: gettext_lazy("It is called off. Thank you for saying so."),
    Does.MOVE: gettext_lazy("It is noted that you would like another time. Somebody will get in "
                            "touch with you; until then this time is kept for you."),
}  # fmt: skip
CLOSED = {
    "taken_back": gettext_lazy("This link was used before, and this time stands all the same. "
                               "Let us know if that is not right."),
    "begun": gettext_lazy("This time is over, so nothing can be changed by this link any more."),
    "moved": gettext_lazy("This was moved to another time since. A newer message has it."),
    "called_off": gettext_lazy("This was called off. You need not do anything."),
    "changed": gettext_lazy("This was changed at this very moment. Look at the link again."),
    "": gettext_lazy("This link does not work."),
}  # fmt: skip


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, token: str) -> HttpResponse:
    """What the link asks, with a button; pressed, what became of it."""
    now, holder = clock.now(), links.holder(token)
    asked = answers.look(holder, now=now) if holder else None
    if holder is None or asked is None:
        return _shown(request, CLOSED[""], status=404)
    if asked.why:
        return _shown(request, _why(holder, asked.why))
    if request.method == "POST":
        try:
            knows = request.POST.get("late") == "yes"
            answers.answer(by=holder, delivery=asked.delivery, now=now, knows_late=knows)
        except answers.CountsAsLate:
            return _asked(request, holder, asked, status=422)
        except answers.Closed as problem:
            return _shown(request, _why(holder, problem.why))
        except policy.Denied:
            return _shown(request, CLOSED[""], status=404)
        return _shown(request, DONE[Does(holder.does)])
    return _asked(request, holder, asked)


def _asked(request: Any, holder: links.Holder, asked: answers.Asked, status: int = 200) -> Any:
    """The question and its button; that calling off counts as late is said above it."""
    asks, usual = ASKS[Does(holder.does)]
    when = words.when(asked.delivery.starts_at, asked.own)
    until = words.when(asked.until, asked.own) if asked.until else ""
    button = _("Call it off late") if until else usual
    return _shown(request, asks, when=when, button=button, until=until, status=status)


def _why(holder: links.Holder, why: str) -> Any:
    if why == "done":
        return DONE[Does(holder.does)]
    return CLOSED[why]


def _shown(request: Any, title: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    row = practice.current()
    context = {"title": title, "hours": row.hours if row else "", **more}
    response = render(request, "public/answer.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
