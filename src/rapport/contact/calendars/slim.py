"""Cutting a foreign calendar down to its times before anything else looks at it.

What people wrote (titles, places, guests) is dropped line by line and never parsed. What is
left is counted, and refused where reading it would take too long.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from zoneinfo import ZoneInfo

MOST_EVENTS = 4_000
MOST_EXCEPTIONS = 2_000  # of one event: days left out and days added
MOST_ZONES = 100
MOST_CHANGES = 400  # of one zone's clocks
LONGEST_LINE = 100_000
SELDOM = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")

TIMES = frozenset({
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE",
    "STATUS", "TRANSP",
})  # fmt: skip
OF_ZONES = frozenset({"TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "TZNAME"})
CHANGES = ("STANDARD", "DAYLIGHT")

_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")
_TZID = re.compile(r'(;TZID=)("[^"]*"|[^;:,"]*)', re.IGNORECASE)


class Unreadable(Exception):
    """A calendar that is not read. ``code`` says why, in ``failures``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Slim:
    """What is left of one or more calendars: events and zones as lines of iCalendar."""

    events: list[list[str]] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)
    floats: str = ""  # the zone that X-WR-TIMEZONE names, for times that name none

    def take(self, text: str) -> None:
        """Add the events of a calendar.

        Raises:
            Unreadable: it is none, or too much.
        """
        if "BEGIN:VCALENDAR" not in text[:2000].upper():
            raise Unreadable("no_calendar")
        names: dict[str, str] = {}
        events: list[list[str]] = []
        for kind, lines in _blocks(self._global(unfolded(text))):
            if kind == "VTIMEZONE":
                self._zone(lines, names)
            else:
                events.append(_event(lines))
            if len(self.events) + len(events) > MOST_EVENTS:
                raise Unreadable("many_events")
        self.events += [[_renamed(line, names) for line in lines] for lines in events]

    def _global(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            if line.upper().startswith("X-WR-TIMEZONE:"):
                self.floats = known_zone(line.split(":", 1)[1].strip()) or self.floats
            yield line

    def _zone(self, lines: list[str], names: dict[str, str]) -> None:
        """Keep a zone's rules only where its name is not one that everybody knows.

        Under a name made of its content: two calendars may mean different things by one.
        """
        called = next((line.split(":", 1)[1] for line in lines if _is(line, "TZID")), "")
        if known_zone(called):
            return
        for line in lines:
            if _is(line, "RRULE"):
                if parts_of(line).get("FREQ") != "YEARLY":
                    raise Unreadable("often")
                check_rule(line)
        if sum(line.upper() in ("BEGIN:STANDARD", "BEGIN:DAYLIGHT") for line in lines) > (
            MOST_CHANGES
        ) or _many(lines):
            raise Unreadable("many_exceptions")
        body = [line for line in lines if not _is(line, "TZID")]
        name = "zone-" + hashlib.sha256("\n".join(body).encode()).hexdigest()[:16]
        names[called] = name
        self.zones[name] = [body[0], f"TZID:{name}", *body[1:]]
        if len(self.zones) > MOST_ZONES:
            raise Unreadable("many_exceptions")

    def calendar(self) -> str:
        """All of it as one calendar."""
        parts = [*self.zones.values(), *self.events]
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//1//EN"]
        for part in parts:
            lines += part
        return "\r\n".join([*lines, "END:VCALENDAR", ""])


def unfolded(text: str) -> Iterator[str]:
    """The lines of a calendar, each whole (RFC 5545 3.1).

    Raises:
        Unreadable: a line without end.
    """
    whole: list[str] = []
    length = 0
    for line in re.split(r"\r\n|\n|\r", text):
        if line[:1] in (" ", "\t"):
            whole.append(line[1:])
            length += len(line)
            if length > LONGEST_LINE:
                raise Unreadable("garbled")
            continue
        if whole:
            yield "".join(whole)
        whole, length = [line], len(line)
    if whole:
        yield "".join(whole)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Events and zones, with the lines that say when."""
    kind, block, inside = "", list[str](), list[str]()
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise Unreadable("many_exceptions")
        mark, _, what = line.strip().upper().partition(":")
        if mark == "BEGIN":
            if not kind and what in ("VEVENT", "VTIMEZONE"):
                kind, block, inside = what, [f"BEGIN:{what}"], []
            elif kind:
                inside.append(what)
                if what in CHANGES:
                    block.append(f"BEGIN:{what}")
        elif mark == "END" and kind:
            if not inside:
                yield kind, [*block, f"END:{kind}"]
                kind = ""
            elif inside.pop() in CHANGES:
                block.append(f"END:{what}")
        elif kind and (found := _NAME.match(line)):
            keeps = TIMES if kind == "VEVENT" else OF_ZONES
            deep = bool(inside) and not (kind == "VTIMEZONE" and inside[-1] in CHANGES)
            if not deep and found[1].upper() in keeps:
                block.append(line.rstrip())


def _event(lines: list[str]) -> list[str]:
    """An event that can be read in reasonable time.

    Raises:
        Unreadable: it cannot.
    """
    rules = [line for line in lines if _is(line, "RRULE")]
    for line in rules:
        check_rule(line)
    if len(rules) > 1:
        raise Unreadable("often")
    if _many(lines):
        raise Unreadable("many_exceptions")
    return lines


def _many(lines: list[str]) -> bool:
    days = (line.count(",") + 1 for line in lines if _is(line, "EXDATE") or _is(line, "RDATE"))
    return sum(days) > MOST_EXCEPTIONS


def _is(line: str, name: str) -> bool:
    found = _NAME.match(line)
    return found is not None and found[1].upper() == name


def parts_of(line: str) -> dict[str, str]:
    """A rule's parts by name, in capitals."""
    parts = (part.partition("=") for part in line.partition(":")[2].strip().upper().split(";"))
    return {name.strip(): value.strip() for name, _, value in parts if name}


def check_rule(line: str) -> None:
    """Let a rule pass that names at most one time a day.

    Raises:
        Unreadable: it recurs every few seconds, or does not go on from one day to the next.
    """
    parts = parts_of(line)
    if parts.get("FREQ") not in SELDOM:
        raise Unreadable("often")
    if {"BYSECOND", "BYMINUTE", "BYEASTER"} & parts.keys() or "," in parts.get("BYHOUR", ""):
        raise Unreadable("often")
    every = parts.get("INTERVAL", "1")
    if not (every.isascii() and every.isdigit() and 0 < int(every[:9]) <= 10_000):
        raise Unreadable("often")


def _renamed(line: str, names: dict[str, str]) -> str:
    """The line with the name of its zone as everybody knows it."""

    def as_known(found: re.Match[str]) -> str:
        called = found[2].strip('"')
        return found[1] + (known_zone(called) or names.get(called) or "none")

    head, colon, value = _head(line)
    return _TZID.sub(as_known, head) + colon + value if ";" in head else line


def _head(line: str) -> tuple[str, str, str]:
    """Name and parameters, a colon, and the value; a colon in quotes is none."""
    quoted = False
    for at, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ":" and not quoted:
            return line[:at], ":", line[at + 1 :]
    return line, "", ""


@lru_cache(maxsize=500)
def known_zone(name: str) -> str:
    """The IANA name that is meant: as it is, or after a prefix such as Mozilla's; "" for none."""
    name = name.strip().strip('"')
    for cut in (name, "/".join(name.split("/")[-2:]), "/".join(name.split("/")[-3:])):
        if cut and re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", cut) and not cut.startswith("/"):
            try:
                ZoneInfo(cut)
            except (OSError, ValueError, KeyError):
                continue
            return cut
    return ""
