"""Another time by a link in a message: choose one that is free, then confirm it. No names."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from rapport.contact.reminders import answers
from rapport.contact.reminders import moving as actions
from rapport.contact.reminders.models import Does, Preference
from rapport.core import policy
from rapport.core import time as clock
from rapport.web import terms
from rapport.web.booking import choosing, confirming, tokens
from rapport.web.page import PUBLIC, page
from rapport.web.public import links

BASE = "answering/link.html"
DOOR = "link"


def choose(request: Any, link: links.Found, token: str) -> HttpResponse:
    """The free times of the same clinician, type and way; a button keeps one.

    Raises:
        Closed: meanwhile the link does nothing any more.
    """
    meeting = link.asked.meeting
    way = _way(link, token)
    assert meeting.type is not None, "else no time can be chosen"
    if not way.people(meeting.type):
        return links.question(request, link)
    return links.kept_nowhere(choosing.choose(request, way, meeting.type))


def _way(link: links.Found, token: str) -> choosing.Way:
    delivery, meeting = link.asked.delivery, link.asked.meeting
    return choosing.Way(
        by=policy.Nobody(), client=meeting.client, door=DOOR, base=BASE,
        keep=lambda choice, _before: actions.keep(
            by=link.holder, delivery=delivery, choice=choice, now=clock.now()
        ),
        confirm=reverse("answer_time", args=[token]), back="", reach=links.reach, moving=meeting,
        as_it_is=True, zone=link.asked.own.zone, keeps={"in": get_language() or "en"},
        page="public/move.html",
    )  # fmt: skip


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Any, token: str) -> HttpResponse:
    """The time that was chosen, and the button that moves the meeting there."""
    link = links.found(token)
    if link is None or link.holder.does != Does.MOVE:
        return links.closed(request, None)
    if link.asked.why:
        return links.closed(request, link, link.asked.why, _clock(request))
    way, client = _way(link, token), link.asked.meeting.client
    if link.stays:
        return redirect(_again(way, token))
    found = choosing.chosen(request, door=DOOR, client=client, visitor=str(client.pk))
    if found is None or found.token.moves != link.asked.meeting.pk:
        return redirect(_again(way, token))
    form = terms.Confirm(request.POST if request.method == "POST" else None, terms=None)
    try:
        tried = confirming.tried(request, way, found, form, lambda: actions.move(
            by=link.holder, delivery=link.asked.delivery, choice=found.choice, hold=found.hold,
            now=clock.now(),
        ))  # fmt: skip
    except answers.Closed as problem:
        return links.closed(request, link, problem.why, _clock(request))
    if tried.to:
        return redirect(tried.to)
    if tried.made is not None:
        return links.moved(request, tried.made, Preference(zone=found.shown.name))
    context = choosing.about(found) | {
        "form": form, "moving": link.asked.meeting, "problem": tried.problem,
        "others": tried.others, "back": _again(way, token), "base": BASE, "unnamed": True,
    }  # fmt: skip
    status = 422 if tried.problem or form.errors else 200
    with timezone.override(found.shown.zone):
        page = render(request, "booking/confirm.html", context, status=status)
        return links.kept_nowhere(page)


def _clock(request: Any) -> Preference | None:
    """The clock on which the time in the address was chosen."""
    token = tokens.read(DOOR, request.GET.get("at", ""))
    return Preference(zone=token.zone) if token else None


def _again(way: choosing.Way, token: str) -> str:
    """Where times are chosen."""
    return f"{reverse('answer', args=[token])}?in={way.keeps['in']}"
