"""Lands and what a practice there needs to know: whom to call, clocks, paper, phone prefix."""

import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rapport.core import library

Service = Literal["police", "ambulance", "fire"]
SERVICES: tuple[Service, ...] = ("police", "ambulance", "fire")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Where something was found. ``seen``: on that page on that day. ``known``: common
    knowledge, to be confirmed at the source before a practice relies on it."""

    source: str
    checked_on: date
    evidence: Literal["seen", "known"]


@dataclass(frozen=True, kw_only=True)
class EmergencyNumber(Fact):
    """A number that sends somebody."""

    number: str
    services: list[Service]


@dataclass(frozen=True, kw_only=True)
class CrisisLine(Fact):
    """Somebody to talk to or to write to, now."""

    name: str
    hours: str
    open_to: Literal["everyone", "young people", "veterans"] = "everyone"
    call: list[str] = field(default_factory=list)
    text: str = ""
    word: str = ""  # what to text first
    note: str = ""

    def __post_init__(self) -> None:
        if not self.call and not self.text:
            raise ValueError("say where to call or to text")


@dataclass(frozen=True, kw_only=True)
class Example:
    """Somebody needs something; these numbers must come out, in this order."""

    need: Literal["police", "ambulance", "fire", "talk", "talk, young"]
    numbers: list[str]


@dataclass(frozen=True, kw_only=True)
class Region(library.Entry):
    """A land."""

    country: str  # ISO 3166-1 alpha-2
    names: dict[str, str]  # by language
    locale: str  # BCP 47, what a new practice there starts with
    languages: list[str]
    currency: str  # ISO 4217
    phone_prefix: str
    time_zones: list[str]  # IANA, the most peopled first
    week_start: Literal["monday", "sunday", "saturday"]
    paper: Literal["A4", "letter"]
    emergency: list[EmergencyNumber]
    crisis: list[CrisisLine]
    examples: list[Example] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.country.lower() != self.id:
            raise ValueError("country must be the id in upper case")
        if not re.fullmatch(r"\+[1-9]\d{0,2}", self.phone_prefix):
            raise ValueError("phone_prefix must look like +49")
        if unknown := set(self.time_zones) - zoneinfo.available_timezones():
            raise ValueError(f"time_zones: {min(unknown)} is no IANA name")
        if missing := [one for one in SERVICES if not self.numbers_for(one)]:
            raise ValueError(f"emergency: nobody is named for {missing[0]}")
        if not self.lines():
            raise ValueError("crisis: name at least one line that is open to everyone")

    def numbers_for(self, service: Service) -> list[str]:
        """Whom to call for police, ambulance or fire; the first is the one to show."""
        return [one.number for one in self.emergency if service in one.services]

    def lines(self, open_to: str = "everyone") -> list[CrisisLine]:
        """Crisis lines open to ``open_to``, in the order to show them."""
        return [one for one in self.crisis if one.open_to == open_to]


def _examine(item: library.Item[Region], example: Example) -> Iterator[str]:
    region = item.content
    if example.need in SERVICES:
        found = region.numbers_for(example.need)
    else:
        who = "young people" if example.need == "talk, young" else "everyone"
        found = [number for line in region.lines(who) for number in (*line.call, *_text(line))]
    if found != example.numbers:
        yield f"{example.need} gives {found}, not {example.numbers}"


def _text(line: CrisisLine) -> list[str]:
    if not line.text:
        return []
    return [f"text {line.word} to {line.text}" if line.word else f"text {line.text}"]


REGIONS = library.register("regions", Region, checker=_examine)
