"""Whom to call when it cannot wait, in the land one is in."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core.regions import REGIONS
from rapport.people.clients.rules import fold
from rapport.people.practice import queries as practice
from rapport.web.numbers import name, numbers
from rapport.web.page import PUBLIC, page


@page(PUBLIC)
@require_safe
def help_now(request: Any) -> HttpResponse:
    """Numbers of the practice's land, or of the one that is asked for."""
    lands = {id: item.content for id, item in REGIONS.find().items()}
    row, asked = practice.current(), request.GET.get("in", "")
    here = row.country.lower() if row else ""
    land = lands.get(request.GET.get("land", "")) or lands.get(here)
    others = [(one.id, name(one)) for one in lands.values() if one is not land]
    context = {
        "practice_name": row.name if row else "",
        "others": sorted(others, key=lambda pair: fold(pair[1])),
        "languages": settings.LANGUAGES,
        "asked": asked if asked in dict(settings.LANGUAGES) else "",
    }
    if land is not None:
        context |= numbers(land)
    return render(request, "public/help_now.html", context)
