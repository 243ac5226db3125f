"""An hour that is offered, as a client meets it; public door and portal share it.

Looking changes nothing: programs that read mail open links, too. A button answers.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from rapport.core import time as clock
from rapport.meeting.models import Offer
from rapport.meeting.waiting import answering, queries


@dataclass(frozen=True)
class Way:
    """How a client came: who they are to the policy.

    Attributes:
        base: the frame of the pages. home: where the last page leads, if anywhere. By a
            link nobody is named: not the practice, not the clinician, not the place.
    """

    by: Any
    base: str
    home: str = ""


def answer(request: Any, offer: Offer, way: Way) -> HttpResponse:
    """The hour and two buttons; what was answered is said in the same response."""
    with speaking(offer.client, way):
        if request.method == "POST":
            return _answered(request, offer, way)
        code = _code(offer)
        if code in ("ACCEPTED", "DECLINED"):
            return _said(request, offer, way, code)
        if code:
            return closed(request, offer, way, code)
        return _open(request, offer, way)


def _answered(request: Any, offer: Offer, way: Way) -> HttpResponse:
    wanted = request.POST.get("answer", "")
    act = {"yes": answering.accept, "no": answering.decline}.get(wanted)
    if act is None:
        return _open(request, offer, way, wrong=True)
    try:
        done = act(by=way.by, offer=offer, now=clock.now())
    except answering.Closed as problem:
        if problem.code == "ACCEPTED":
            return _said(request, offer, way, "ACCEPTED")
        return closed(request, offer, way, problem.code)
    return _said(request, done, way, done.state)


def _open(request: Any, offer: Offer, way: Way, *, wrong: bool = False) -> HttpResponse:
    others = queries.others_asked(offer=offer, now=clock.now())
    context = {"offer": offer, "others_asked": others, "wrong": wrong}
    return shown(request, "offer", way, context, status=422 if wrong else 200)


def _code(offer: Offer) -> str:
    """Why the offer cannot be answered any more; "" when it can."""
    try:
        answering.still_open(offer, clock.now())
    except answering.Closed as problem:
        return problem.code
    return ""


def _said(request: Any, offer: Offer, way: Way, code: str) -> HttpResponse:
    return shown(request, "answered", way, {"offer": offer, "yes": code == "ACCEPTED"})


def closed(request: Any, offer: Offer | None, way: Way, code: str) -> HttpResponse:
    """One calm page for whatever can no longer be answered."""
    status = 404 if offer is None else 410
    return shown(request, "closed", way, {"offer": offer, "code": code}, status=status)


@contextlib.contextmanager
def speaking(client: Any, way: Way) -> Iterator[None]:
    """On a link: in the client's first language, where Rapport speaks it; times by our clock."""
    wanted = next((code.split("-")[0] for code in client.languages[:1]), "")
    knows = wanted in dict(settings.LANGUAGES) and not way.home
    with timezone.override(clock.zone()):
        if not knows:
            yield
            return
        with translation.override(wanted):
            yield


def shown(
    request: Any, name: str, way: Way, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of these, which nothing keeps."""
    context = {"way": way, "base": way.base, "zone": clock.zone().key, **more}
    response = render(request, f"waiting/{name}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response
