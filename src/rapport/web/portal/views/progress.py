"""The portal's questionnaires: what waits, and answering it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import time as clock
from rapport.progress.measures import course, queries
from rapport.web import adaptive, answer_frame, offline
from rapport.web import measures as said
from rapport.web.page import page


def _way(request: Any, asked: Any) -> answer_frame.Way:
    return answer_frame.Way(
        by=request.user,
        base="portal/base.html",
        start=reverse("portal_measure", args=[asked.pk]),
        question=lambda number: reverse("portal_measure_question", args=[asked.pk, number]),
        check=reverse("portal_measure_check", args=[asked.pk]),
        home=reverse("portal_home"),
        rest=lambda: _rest(request, asked),
        kept=True,
    )


def _rest(request: Any, asked: Any) -> list[tuple[Any, str]]:
    """What else waits for whoever is signed in, in the order of the page that lists it."""
    found = queries.open_for(client=request.user.client, now=clock.now())
    return [(o, reverse("portal_measure", args=[o.pk])) for o in found if o.pk != asked.pk]


@page("portal.open", look=False)
@require_safe
def measures(request: Any) -> HttpResponse:
    """What waits for an answer, and how earlier answers went."""
    by, client = request.user, request.user.client
    names = course.kinds(by=by, client=client)
    context = {
        "waiting": queries.open_for(client=client, now=clock.now()),
        "courses": [(name, said.words(said.found(name)).title) for name in names],
    }
    return render(request, "portal/record/measures.html", context)


@page("measure.answer", look=False, asked=queries.own)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Any, asked: Any) -> HttpResponse:
    """The first page of one questionnaire."""
    return adaptive.first(request, asked, _way(request, asked))


@page("measure.answer", look=False, asked=queries.own)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, asked: Any, number: int) -> HttpResponse:
    """One question."""
    return adaptive.question(request, asked, _way(request, asked), number)


@page("measure.answer", look=False, asked=queries.own)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Any, asked: Any) -> HttpResponse:
    """What is still open, and handing in."""
    return adaptive.check(request, asked, _way(request, asked))


# Without a network ------------------------------------------------------------------------


@page("measure.answer", look=False, asked=queries.own)
@require_safe
def pack(request: Any, asked: Any) -> HttpResponse:
    """The questions, for the device to lock away."""

    def where(one: Any) -> tuple[str, str]:
        send, check = "portal_measure_send", "portal_measure_check"
        return reverse(send, args=[one.pk]), reverse(check, args=[one.pk])

    return offline.pack(request, [asked], _way(request, asked), where)


@page("measure.answer", look=False, asked=queries.own)
@require_POST
def send(request: Any, asked: Any) -> HttpResponse:
    """Answers that waited on a device."""
    return offline.take(request, asked, _way(request, asked))


@page("measure.answer", look=False, asked=queries.own)
@require_safe
def shell(request: Any, asked: Any) -> HttpResponse:
    """The page for when there is no network."""
    return offline.shell(request, asked, _way(request, asked))


@page("measure.answer", look=False, asked=queries.own)
@require_safe
def worker(request: Any, asked: Any) -> HttpResponse:
    """The script that gives that page; it sees this questionnaire's pages alone."""
    return offline.worker(request, asked, _way(request, asked), "portal.js")
