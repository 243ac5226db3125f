"""What every page shows around its answer: navigation, demo banner, language, theme, hour."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from rapport.contact.inquiries.models import ASKS
from rapport.core import practice
from rapport.core import time as clock
from rapport.people.staff.models import CLINICAL


class LanguageMiddleware:
    """Speak the person's language; else the browser's, among those we have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        chosen = request.user.language if request.user.is_authenticated else _asked(request)
        with translation.override(chosen or get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


class TimeZoneMiddleware:
    """Show times as the practice's clock has them.

    A public page shows none and does not ask: it also answers where there is no practice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(clock.zone()):
            return self.get_response(request)


def _asked(request: Any) -> str:
    """The language that an address asks for by ``in``; a public page cannot know who reads."""
    wanted: str = request.GET.get("in", "")
    return wanted if wanted in dict(settings.LANGUAGES) else ""


def furniture(request: Any) -> dict[str, Any]:
    """Context that the base templates use on every page."""
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    staff = user.staff if signed_in else None
    return {
        "demo": practice.current().mode == "demo",
        "theme": user.theme if signed_in else "",
        "me": staff,
        "has_day_sheet": staff is not None and staff.has(*CLINICAL, "FRONT_DESK"),
        "nav": _nav(request, staff) if staff is not None else [],
    }


def _nav(request: Any, staff: Any) -> list[dict[str, Any]]:
    asks = [("desk_inquiries", _("Inquiries"), "inbox")] if staff.has(*ASKS) else []
    day = [("desk_board", _("Board"), "columns-3")] if staff.has("FRONT_DESK") else []
    cares = [("desk_caseload", _("Caseload"), "activity")] if staff.has(*CLINICAL) else []
    items = [
        ("desk_today", _("Today"), "house"),
        *day,
        ("desk_calendar", _("Calendar"), "calendar"),
        *asks,
        ("desk_clients", _("Clients"), "users"),
        *cares,
        ("desk_staff", _("Staff"), "user"),
        ("desk_practice", _("Practice"), "settings"),
    ]
    here = request.path
    addresses = [(reverse(name), label, icon) for name, label, icon in items]
    today = addresses[0][0]  # every page of the desk lies under it
    under = [u for u, *_rest in addresses if here == u or u != today and here.startswith(u)]
    best = max(under, key=len, default="")
    return [
        {"url": url, "label": label, "icon": icon, "current": url == best}
        for url, label, icon in addresses
    ]
