"""A desk in a client's hands: what of it opens, and when it covers itself.

That the desk is closed stands in the visit's row, so that no page that was on its way can
open it again; what the client is to answer lies in the visit's sealed data.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from rapport.core import audit, policy
from rapport.people.accounts import rules

WHEN_HANDED = frozenset(
    {
        "desk_kiosk",
        "desk_kiosk_question",
        "desk_kiosk_check",
        "desk_kiosk_rest",
        "desk_kiosk_awake",
        "desk_kiosk_back",
        "account_logout",
    }
)
ASKS, RESTS, SHUT = "kiosk.asks", "kiosk.rests", "kiosk.shut"
AFTER = "kiosk.after"
"""Seconds without a touch after which it covers itself, as the practice had set it then."""


def hand_over(request: Any, asked: list[Any], *, minutes: int) -> None:
    """Close the desk but for these questionnaires; untouched for ``minutes`` it covers itself."""
    _forget(request)
    request.session[ASKS] = [str(one.pk) for one in asked]
    request.session[AFTER] = minutes * 60
    request.session.hand_over()


def take_back(request: Any) -> None:
    """Open the desk again; the caller has seen who it is."""
    _forget(request)
    request.session.take_back()
    _record(request, "kiosk.take_back")


def _forget(request: Any) -> None:
    for name in (ASKS, AFTER, RESTS, SHUT):
        request.session.pop(name, None)


def _record(request: Any, verb: str) -> None:
    audit.record(verb=verb, by=request.user, subject={"account": request.user})


def refused(request: Any, *, often: bool) -> None:
    """Wrong digits; after too many of them only a full sign-in opens the desk again."""
    whose = {"account": request.user}
    audit.record(verb="kiosk.pin", by=policy.Nobody(), subject=whose, allowed=False)
    if often:
        request.session[SHUT] = True


def is_shut(request: Any) -> bool:
    """Whether digits are asked for no more."""
    return bool(request.session.get(SHUT))


def uncover(request: Any) -> None:
    """Let the client go on."""
    request.session.pop(RESTS, None)


def rests(request: Any) -> bool:
    """Whether the tablet covers itself until digits or a sign-in uncover it."""
    return bool(request.session.get(RESTS))


def cover(request: Any) -> None:
    """Show no question and no answer until somebody of the house uncovers them."""
    if not rests(request):
        request.session[RESTS] = True
        _record(request, "kiosk.rest")


def answer(request: Any, name: str, *, fetch: bool) -> HttpResponse | None:
    """None for the client's own pages; everything else of the desk leads to them."""
    request.rests_after = request.session.get(AFTER, 60)
    if rules.rests(
        seen=request.session.row.last_seen_at, now=request.session.now,
        after=timedelta(seconds=request.rests_after),
    ):  # fmt: skip
        cover(request)
    if name in WHEN_HANDED:
        return None
    if fetch:
        return HttpResponse(status=423, headers={"X-Rapport-Locked": "1"})
    return HttpResponseRedirect(reverse("desk_kiosk"))
