"""A questionnaire behind a link: no sign-in, no name, nothing but these questions."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.progress.measures import links, queries
from rapport.web import answering
from rapport.web.page import PUBLIC, page

BASE = "answering/link.html"


def _with(request: Any, token: str, show: Callable[..., HttpResponse], *more: Any) -> HttpResponse:
    """Show what the link asks; one that asks nothing says no more than that."""
    asked = queries.by_token(token=token)
    way = _way(token, links.Holder(asked.pk) if asked is not None else None)
    if asked is None:
        return answering.closed(request, _("This link does not work."), way, status=404)
    return show(request, asked, way, *more)


def _way(token: str, by: Any) -> answering.Way:
    return answering.Way(
        by=by,
        base=BASE,
        start=reverse("measure", args=[token]),
        question=lambda number: reverse("measure_question", args=[token, number]),
        check=reverse("measure_check", args=[token]),
    )


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Any, token: str) -> HttpResponse:
    """The first page: help, how long it takes, who reads it; the button begins."""
    return _with(request, token, answering.first)


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, token: str, number: int) -> HttpResponse:
    """One question."""
    return _with(request, token, answering.question, number)


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Any, token: str) -> HttpResponse:
    """What is still open, and handing in."""
    return _with(request, token, answering.check)
