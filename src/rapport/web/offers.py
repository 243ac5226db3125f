"""An hour that is offered, as a client meets it; public door and portal share it.

Looking changes nothing: programs that read mail open links, too. A button answers.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from rapport.core import time as clock
from rapport.meeting.models import Offer
from rapport.meeting.terms import queries as in_terms
from rapport.meeting.waiting import answering, missing, places, queries
from rapport.web import terms
from rapport.web.speaking import speaking


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
    if wanted not in ("yes", "no"):
        return _open(request, offer, way, wrong=True)
    try:
        done = _done(request, offer, way, yes=wanted == "yes")
    except answering.Unread:
        return _open(request, offer, way, unread=True)
    except answering.Fewer:
        return _open(request, offer, way, fewer=True)
    except answering.Closed as problem:
        if problem.code == "ACCEPTED":
            return _said(request, offer, way, "ACCEPTED")
        return closed(request, offer, way, problem.code)
    return _said(request, done, way, done.state)


def _done(request: Any, offer: Offer, way: Way, *, yes: bool) -> Offer:
    now = clock.now()
    if not yes:
        return answering.decline(by=way.by, offer=offer, now=now)
    asked = in_terms.to_read(by=way.by, client=offer.client, now=now)
    form = terms.Confirm(request.POST, terms=asked)
    read = form.read(asked) if form.is_valid() else None
    return answering.accept(by=way.by, offer=offer, now=now, terms=read, seen=days_seen(request),
                            language=translation.get_language() or "")  # fmt: skip


def days_seen(request: Any) -> frozenset[date]:
    """The days that are left out of a place, as the page showed them."""
    try:
        return frozenset(map(date.fromisoformat, request.POST.get("without", "")[:9000].split()))
    except ValueError:
        return frozenset()


def _open(
    request: Any, offer: Offer, way: Way, *, wrong: bool = False, unread: bool = False,
    fewer: bool = False,
) -> HttpResponse:  # fmt: skip
    """The hour, the terms, and what is wrong with the answer."""
    now = clock.now()
    asked = in_terms.to_read(by=way.by, client=offer.client, now=now)
    form = terms.Confirm(request.POST if unread or fewer else None, terms=asked)
    context = {
        "missing": missing.days(offer, now=now), "fewer": fewer,
        "offer": offer, "others_asked": queries.others_asked(offer=offer, now=now),
        "wrong": wrong, "form": form, "terms": asked, "text": terms.text(asked),
    }  # fmt: skip
    if unread and asked is not None and not form.errors:  # another version since it was shown
        form.add_error("accepted", terms.UNREAD)
        typed: Any = form.data
        form.data = again = typed.copy()
        again["terms"] = str(asked.version)
        again.pop("accepted", None)
    return shown(request, "offer", way, context, status=422 if wrong or unread or fewer else 200)


def _code(offer: Offer) -> str:
    """Why the offer cannot be answered any more; "" when it can."""
    try:
        answering.still_open(offer, clock.now())
    except answering.Closed as problem:
        return problem.code
    return ""


def _said(request: Any, offer: Offer, way: Way, code: str) -> HttpResponse:
    return shown(request, "answered", way, {
        "offer": offer, "yes": code == "ACCEPTED", "missing": missing.from_accepted(offer),
    })  # fmt: skip


def closed(request: Any, offer: Offer | None, way: Way, code: str) -> HttpResponse:
    """One calm page for whatever can no longer be answered."""
    status = 404 if offer is None else 410
    return shown(request, "closed", way, {"offer": offer, "code": code}, status=status)


def again(offer: Offer | None) -> str:
    """How often one would meet, where a standing place is offered; else ""."""
    return places.in_words(offer.hour) if offer is not None and offer.hour.standing else ""


def shown(
    request: Any, name: str, way: Way, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of these, which nothing keeps."""
    context = {"way": way, "base": way.base, "zone": clock.zone().key, **more,
               "again": again(more.get("offer"))}  # fmt: skip
    response = render(request, f"waiting/{name}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response
