"""Whom to call when it cannot wait, in the land one is in."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from rapport.core.regions import REGIONS, Fact, Region
from rapport.people.clients.rules import fold
from rapport.people.practice import queries as practice
from rapport.web.page import PUBLIC, page

SERVICES = {"police": _("police"), "ambulance": _("ambulance"), "fire": _("fire brigade")}
FOR = {"young people": _("for young people"), "veterans": _("for veterans")}


@page(PUBLIC)
@require_safe
def help_now(request: Any) -> HttpResponse:
    """Numbers of the practice's land, or of the one that is asked for."""
    lands = {id: item.content for id, item in REGIONS.find().items()}
    row, asked = practice.current(), request.GET.get("in", "")
    here = row.country.lower() if row else ""
    land = lands.get(request.GET.get("land", "")) or lands.get(here)
    others = [(one.id, _name(one)) for one in lands.values() if one is not land]
    context = {
        "practice_name": row.name if row else "",
        "others": sorted(others, key=lambda pair: fold(pair[1])),
        "languages": settings.LANGUAGES,
        "asked": asked if asked in dict(settings.LANGUAGES) else "",
    }
    if land is not None:
        context |= _numbers(land)
    return render(request, "public/help_now.html", context)


def _numbers(land: Region) -> dict[str, Any]:
    facts: list[Fact] = [*land.emergency, *land.crisis]
    return {
        "land": _name(land),
        "land_id": land.id,
        "tongue": land.languages[0],
        "emergency": [
            {"number": one.number, "sends": [SERVICES[name] for name in one.services]}
            for one in land.emergency
        ],
        "crisis": [{"line": one, "for": FOR.get(one.open_to, "")} for one in land.crisis],
        "sources": [
            {"what": getattr(fact, "name", "") or getattr(fact, "number", ""), "fact": fact}
            for fact in facts
        ],
    }


def _name(land: Region) -> str:
    language = (get_language() or "en").split("-")[0]
    return land.names.get(language) or land.names["en"]
