"""Whom to call in a land, as pages show it."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.core.regions import REGIONS, Fact, Region

SERVICES = {"police": _("police"), "ambulance": _("ambulance"), "fire": _("fire brigade")}
FOR = {"young people": _("for young people"), "veterans": _("for veterans")}


def of_country(code: str) -> dict[str, Any]:
    """Emergency numbers and crisis lines of a land (ISO 3166-1); empty where none are known."""
    item = REGIONS.find().get(code.lower())
    return numbers(item.content) if item is not None else {}


def numbers(land: Region) -> dict[str, Any]:
    """Emergency numbers, crisis lines and their sources."""
    facts: list[Fact] = [*land.emergency, *land.crisis]
    return {
        "land": name(land),
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


def name(land: Region) -> str:
    """What the land is called in the reader's language."""
    language = (get_language() or "en").split("-")[0]
    return land.names.get(language) or land.names["en"]
