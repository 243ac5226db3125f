"""Whom to call, by land, for every page that says so."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.core.regions import REGIONS, Fact, Region

SERVICES = {"police": _("police"), "ambulance": _("ambulance"), "fire": _("fire brigade")}
FOR = {"young people": _("for young people"), "veterans": _("for veterans")}


def lands() -> dict[str, Region]:
    """Every land with numbers, by id."""
    return {id: item.content for id, item in REGIONS.find().items()}


def numbers(land: Region) -> dict[str, Any]:
    """What the help pages show of a land."""
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


def numbers_of(country: str) -> dict[str, Any]:
    """The same for a country (ISO 3166-1 alpha-2); nothing where none are known."""
    land = lands().get(country.lower())
    return numbers(land) if land is not None else {}


def name(land: Region) -> str:
    """What the land is called in the reader's language."""
    language = (get_language() or "en").split("-")[0]
    return land.names.get(language) or land.names["en"]
