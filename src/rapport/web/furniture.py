"""What every page shows around its answer: navigation, demo banner, language, theme, hour."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

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
from rapport.web import alerting


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
        "has_password": signed_in and user.has_usable_password(),
        "has_day_sheet": staff is not None and staff.has(*CLINICAL, "FRONT_DESK"),
        "nav": _nav(request.path, staff) if staff is not None else (),
        "alerting": lambda: alerting.strip(user) if staff is not None else "",  # the bar asks
    }


class Item(NamedTuple):
    """A place that the bar leads to."""

    url: str
    label: str
    icon: str


def _nav(path: str, staff: Any) -> tuple[tuple[Item, bool], ...]:
    """Where the bar leads somebody, and whether they are there."""
    items = _items(staff.has(*ASKS), staff.has("FRONT_DESK"), staff.has(*CLINICAL),
                   translation.get_language())  # fmt: skip
    today = items[0].url  # every page of the desk lies under it
    under = [u for u, *_rest in items if path == u or u != today and path.startswith(u)]
    best = max(under, key=len, default="")
    return tuple((one, one.url == best) for one in items)


@cache
def _items(asks: bool, front: bool, cares: bool, _language: str | None) -> tuple[Item, ...]:
    """What the bar shows to whom: who answers inquiries, who is at the front, who treats."""
    items = [
        ("desk_today", _("Today"), "house", True),
        ("desk_board", _("Board"), "columns-3", front),
        ("desk_calendar", _("Calendar"), "calendar", True),
        ("desk_inquiries", _("Inquiries"), "inbox", asks),
        ("desk_clients", _("Clients"), "users", True),
        ("desk_caseload", _("Caseload"), "activity", cares),
        ("desk_staff", _("Staff"), "user", True),
        ("desk_practice", _("Practice"), "settings", True),
    ]
    return tuple(Item(reverse(name), label, icon) for name, label, icon, shown in items if shown)
