"""Keeping what somebody typed while they show who they are."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

PREFIX = "kept."
NEVER = frozenset({"csrfmiddlewaretoken"})


def fields(request: HttpRequest) -> list[tuple[str, str]] | None:
    """The posted fields under prefixed names, or None when nothing was being sent.

    Files cannot be kept: a page has no way to hand them back to the browser.
    """
    if request.method != "POST":
        return None
    return [
        (f"{PREFIX}{name}", value)
        for name in request.POST
        if name not in NEVER
        for value in request.POST.getlist(name)
    ]


def carried(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What an earlier page kept, still under prefixed names; None when nothing was."""
    if "kept" not in request.POST:
        return None
    return [
        (name, value)
        for name in request.POST
        if name.startswith(PREFIX)
        for value in request.POST.getlist(name)
    ]


def plain(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Kept fields under the names they had."""
    return [(name.removeprefix(PREFIX), value) for name, value in kept]


def safe_next(request: Any, otherwise: str) -> str:
    """Where to go on: a path behind the same door, never another host or another door."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not wanted.startswith(f"/{request.door}/"):
        return otherwise
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return otherwise
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or any(ord(sign) < 32 or sign == "\\" for sign in wanted):
        return otherwise
    return wanted
