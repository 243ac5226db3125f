"""Questionnaires behind a link: no sign-in, no name, nothing but these questions.

The part of the sitting stands in the address: a tap that is sent twice, or a page left open in
another tab, never lands on the next questionnaire.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.progress.measures import links, queries
from rapport.progress.models import Asked
from rapport.web import adaptive, answer_frame, offline
from rapport.web.page import PUBLIC, page

BASE = "answering/link.html"


def _with(
    request: Any, token: str, part: int | None, show: Callable[..., HttpResponse], *more: Any,
    kept: bool = False,
) -> HttpResponse:  # fmt: skip
    """Show what the link asks; one that asks nothing says no more than that.

    Args:
        part: of the sitting; None is the first that waits.
        kept: it is for answering without a network, as clients can, but nobody else.
    """
    asked = queries.by_token(token=token)
    if asked is not None and asked.client.data_key.destroyed_at is not None:
        asked = None  # nothing of that client can be read or kept any more
    parts = queries.sitting(asked=asked) if asked is not None else []
    waits = [one for one in parts if one.state == Asked.State.OPEN]
    if part is not None:
        asked = next((one for one in parts if one.part == part), None)
    elif waits:
        asked = waits[0]
    if asked is None or (kept and asked.informant_id is not None):
        way = answer_frame.Way(by=None, base=BASE, start="", question=lambda number: "", check="")
        return answer_frame.closed(request, _("This link does not work."), way, status=404)
    rest = [one for one in waits if one.pk != asked.pk]
    return show(request, asked, _way(token, asked, rest), *more)


def _way(token: str, asked: Asked, rest: list[Asked]) -> answer_frame.Way:
    start = reverse("measure", args=[token])
    return answer_frame.Way(
        by=links.Holder(asked.pk, asked.sitting),
        base=BASE,
        start=start,
        question=lambda number: reverse("measure_question", args=[token, asked.part, number]),
        check=reverse("measure_check", args=[token, asked.part]),
        rest=lambda: [(one, start) for one in rest],
        kept=asked.informant_id is None,
        other=asked.informant_id is not None,
        calls=(asked.calls or "") if asked.informant_id is not None else "",
    )


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: Any, token: str) -> HttpResponse:
    """The first page: help, how long it takes, who reads it; the button begins."""
    return _with(request, token, None, adaptive.first)


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, token: str, part: int, number: int) -> HttpResponse:
    """One question."""
    return _with(request, token, part, adaptive.question, number)


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Any, token: str, part: int) -> HttpResponse:
    """What is still open, and handing in."""
    return _with(request, token, part, adaptive.check)


# Without a network ------------------------------------------------------------------------


@page(PUBLIC)
@require_safe
def pack(request: Any, token: str) -> HttpResponse:
    """The questions, for the device to lock away; looking changes nothing."""

    def packed(request: Any, asked: Asked, way: answer_frame.Way) -> HttpResponse:
        def where(one: Asked) -> tuple[str, str]:
            args = [token, one.part]
            return reverse("measure_send", args=args), reverse("measure_check", args=args)

        return offline.pack(request, queries.sitting(asked=asked), way, where)

    return _with(request, token, None, packed, kept=True)


@page(PUBLIC)
@require_POST
def send(request: Any, token: str, part: int) -> HttpResponse:
    """Answers that waited on a device."""
    return _with(request, token, part, offline.take, kept=True)


@page(PUBLIC)
@require_safe
def shell(request: Any, token: str) -> HttpResponse:
    """The page for when there is no network."""
    return _with(request, token, None, offline.shell, kept=True)


@page(PUBLIC)
@require_safe
def worker(request: Any, token: str) -> HttpResponse:
    """The script that gives that page; it sees this link's pages alone."""
    return _with(request, token, None, offline.worker, "public.js", kept=True)
