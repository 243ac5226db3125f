"""A small CalDAV client (RFC 4791): as much of it as busy times and our own meetings need.

Every request goes through ``core.outbound``; see docs/decisions/0010.
"""

import re
import xml.etree.ElementTree as ET  # noqa: S405  what has a DOCTYPE is refused first
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urljoin
from xml.sax.saxutils import escape

from rapport.core import outbound
from rapport.core.outbound import Answer, Limits, NotReached

from .failures import CannotSync

DAV, CAL, SERVER = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
NAMES = f'xmlns:d="{DAV}" xmlns:c="{CAL}" xmlns:s="{SERVER}"'
WELL_KNOWN = "/.well-known/caldav"
MOST_CALENDARS = 50
ONCE = Limits(size=10_000_000, seconds=30.0)

Allowed = Callable[[str, int], bool]
"""Whether an owner allowed this host and port inside the practice's network."""


@dataclass(frozen=True)
class Item:
    """One resource of a calendar: where it lies, its state, what stands in it."""

    address: str
    tag: str
    text: bytes = b""


@dataclass(frozen=True)
class Server:
    """An account on a server. Its repr holds no password."""

    address: str
    username: str
    password: str = field(repr=False)
    allowed: Allowed = field(repr=False)
    resolve: outbound.Resolver = field(default=outbound.by_name, repr=False)

    def ask(self, method: str, address: str, body: str = "", **headers: str) -> Answer:
        """One request with the account's password, to where its password may go.

        Raises:
            CannotSync: it cannot be reached, or says that it will not.
        """
        try:
            to = outbound.target(address, house=True)
            if not _same_house(outbound.target(self.address, house=True), to):
                raise CannotSync("away")
            said = outbound.ask(
                method, address, body=body.encode(), house=self.allowed(to.host, to.port),
                limits=ONCE, resolve=self.resolve,
                headers={
                    **outbound.basic(self.username, self.password),
                    **{name.replace("_", "-"): value for name, value in headers.items()},
                },
            )  # fmt: skip
        except NotReached as problem:
            raise CannotSync(problem.code) from problem
        return _passed(said)

    # Reading ------------------------------------------------------------------------------

    def propfind(self, address: str, *props: str, depth: int = 0) -> list[tuple[str, ET.Element]]:
        """Properties of a resource, or of what lies in it: address and the element prop."""
        asked = "".join(f"<{prop}/>" for prop in props)
        body = f"<d:propfind {NAMES}><d:prop>{asked}</d:prop></d:propfind>"
        said = self.ask("PROPFIND", address, body, Depth=str(depth), Content_Type=XML)
        return [(found, prop) for found, prop, _gone in self._multistatus(address, said)]

    def state(self, calendar: str) -> str:
        """The server's mark of a calendar's state: the same as long as nothing changed.

        "" where the server has none: then there is no way but to look.
        """
        props = self.propfind(calendar, "s:getctag", "d:sync-token")
        tag = next((_text(prop, SERVER, "getctag") or _text(prop, DAV, "sync-token")
                    for _where, prop in props), "")  # fmt: skip
        return tag[:300]

    def within(self, calendar: str, start: datetime, end: datetime) -> list[Item]:
        """Every resource with an event that touches ``[start, end)``, recurring ones too."""
        body = (
            f"<c:calendar-query {NAMES}><d:prop><d:getetag/><c:calendar-data/></d:prop>"
            '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
            f'<c:time-range start="{_stamp(start)}" end="{_stamp(end)}"/>'
            "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
        )
        said = self.ask("REPORT", calendar, body, Depth="1", Content_Type=XML)
        return [
            Item(found, _text(prop, DAV, "getetag"), _text(prop, CAL, "calendar-data").encode())
            for found, prop, gone in self._multistatus(calendar, said)
            if not gone and _text(prop, CAL, "calendar-data")
        ]

    def get(self, address: str) -> Item | None:
        """One resource; None where there is none."""
        try:
            said = self.ask("GET", address)
        except CannotSync as problem:
            if problem.code == "nothing":
                return None
            raise
        return Item(address, said.headers.get("etag", ""), said.body)

    # Writing ------------------------------------------------------------------------------

    def put(self, address: str, text: bytes, *, tag: str = "") -> str | None:
        """Write a resource as long as it is as we know it: not there, or with ``tag``.

        Returns:
            Its new tag; None where it is not as we know it, and nothing was written.
        """
        how = {"If_Match": tag} if tag else {"If_None_Match": "*"}
        try:
            said = self.ask("PUT", address, text.decode(), Content_Type=ICS, **how)
        except CannotSync as problem:
            if problem.code in ("unlike", "nothing") and (tag or problem.code == "unlike"):
                return None
            raise
        known = said.headers.get("etag", "")
        if known:
            return known
        there = self.get(address)  # a server may keep silent about what it made of it
        return there.tag if there else None

    def delete(self, address: str, *, tag: str) -> bool:
        """Remove a resource that has ``tag``; False where it has another. Gone is gone."""
        try:
            self.ask("DELETE", address, **({"If_Match": tag} if tag else {}))
        except CannotSync as problem:
            if problem.code == "nothing":
                return True
            if problem.code == "unlike":
                return self.get(address) is None
            raise
        return True

    # Finding ------------------------------------------------------------------------------

    def calendars(self) -> list[tuple[str, str]]:
        """The account's calendars with address and name, by name.

        Raises:
            CannotSync: there is no account here, or it has none.
        """
        here, home = self._home()
        found: list[tuple[str, str]] = []
        wanted = ("d:resourcetype", "d:displayname", "c:supported-calendar-component-set")
        for where, prop in self.propfind(home or here, *wanted, depth=1):
            if prop.find(f"{{{DAV}}}resourcetype/{{{CAL}}}calendar") is None:
                continue
            kinds = [one.get("name") for one in prop.iter(f"{{{CAL}}}comp")]
            if not kinds or "VEVENT" in kinds:
                last = unquote(where.rstrip("/").rpartition("/")[2])
                found.append((where, (_text(prop, DAV, "displayname") or last)[:100]))
        if not found:
            raise CannotSync("no_calendars")
        return sorted(found[:MOST_CALENDARS], key=lambda one: one[1].casefold())

    def _home(self) -> tuple[str, str]:
        """Where the account is, and where its calendars lie ("" for there)."""
        problem = CannotSync("no_calendars")
        for start in self._starts():
            try:
                where = self._led(start)
                home, principal = self._pointers(where)
                if principal and not home:
                    home, _ = self._pointers(principal)
                if home or principal:
                    return where, home
                return where, "" if self._is_here(where) else self._none()
            except CannotSync as failed:
                if failed.code not in ("nothing", "answer", "no_calendars", "forbidden"):
                    raise
                problem = failed
        raise CannotSync("no_calendars") from problem

    def _none(self) -> str:
        raise CannotSync("no_calendars")

    def _is_here(self, where: str) -> bool:
        kinds = (prop.find(f"{{{DAV}}}resourcetype/{{{CAL}}}calendar")
                 for _where, prop in self.propfind(where, "d:resourcetype", depth=1))  # fmt: skip
        return any(one is not None for one in kinds)

    def _starts(self) -> Iterator[str]:
        """The address that was given, then where RFC 6764 says to ask."""
        yield self.address
        yield urljoin(self.address, WELL_KNOWN)
        yield urljoin(self.address, "/")

    def _led(self, address: str) -> str:
        """Where an address leads at most twice, within what the password is for."""
        for _step in range(3):
            try:
                self.propfind(address, "d:resourcetype")
            except _Led as led:
                address = self._whole(address, led.to)
            else:
                return address
        raise CannotSync("answer")

    def _pointers(self, where: str) -> tuple[str, str]:
        """The addresses of an account's calendars and of the account itself, "" for none."""
        home = principal = ""
        for _found, prop in self.propfind(
            where, "c:calendar-home-set", "d:current-user-principal"
        ):  # fmt: skip
            home = home or _href(prop, f"{{{CAL}}}calendar-home-set")
            principal = principal or _href(prop, f"{{{DAV}}}current-user-principal")
        whole = [self._whole(where, one) if one else "" for one in (home, principal)]
        return whole[0], whole[1]

    def _whole(self, base: str, link: str) -> str:
        """A link as an address; one that leads out of the house is not followed.

        Raises:
            CannotSync: it leads out, or is none.
        """
        address = urljoin(base, link)
        try:
            to = outbound.target(address, house=True)
            if not _same_house(outbound.target(self.address, house=True), to):
                raise CannotSync("away")
        except NotReached as problem:
            raise CannotSync("answer") from problem
        return address

    def _multistatus(self, base: str, said: Answer) -> Iterator[tuple[str, ET.Element, bool]]:
        """Address, properties and whether it is gone, of each resource an answer speaks of."""
        for one in parsed(said.body).iter(f"{{{DAV}}}response"):
            link = _text(one, DAV, "href")
            if not link:
                continue
            prop = ET.Element("prop")
            for part in one.findall(f"{{{DAV}}}propstat"):
                if " 200" in _text(part, DAV, "status"):
                    for given in part.findall(f"{{{DAV}}}prop"):
                        prop.extend(list(given))
            gone = " 404" in (one.findtext(f"{{{DAV}}}status") or "")
            yield self._whole(base, link), prop, gone


XML = "application/xml; charset=utf-8"
ICS = "text/calendar; charset=utf-8"


class _Led(CannotSync):
    """The server points elsewhere."""

    def __init__(self, to: str) -> None:
        super().__init__("moved")
        self.to = to


def parsed(body: bytes) -> ET.Element:
    """An answer as XML, without anything that lets it grow or reach out.

    Raises:
        CannotSync: it is none, or declares a document type.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotSync("answer") from None
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise CannotSync("answer")
    try:
        return ET.fromstring(text)  # noqa: S314  no DOCTYPE, so no entities
    except (ET.ParseError, ValueError, RecursionError):
        raise CannotSync("answer") from None


def same(one: str, other: str) -> bool:
    """Whether two addresses mean one resource: servers write signs in more than one way."""
    return unquote(one) == unquote(other)


def _same_house(known: outbound.Target, to: outbound.Target) -> bool:
    """Whether the password may go there: its own server, or one beside it, as encrypted.

    A large house has its accounts at one name and its calendars at another beside it.
    """
    if (known.secure, known.host, known.port) == (to.secure, to.host, to.port):
        return True
    beside = known.host.partition(".")[2]
    near = "." in beside and not known.literal and to.host.endswith(f".{beside}")
    return known.secure and to.secure and near


def _passed(said: Answer) -> Answer:
    if said.status in (200, 201, 204, 207):
        return said
    if said.moved:
        raise _Led(said.headers.get("location", ""))
    codes = {401: "refused", 403: "forbidden", 404: "nothing", 410: "nothing", 405: "answer",
             409: "nothing", 412: "unlike", 423: "busy", 429: "busy", 503: "busy"}  # fmt: skip
    raise CannotSync(codes.get(said.status, "server" if said.status >= 500 else "answer"))


def _text(element: ET.Element, space: str, name: str) -> str:
    found = element.find(f"{{{space}}}{name}")
    return (found.text or "").strip() if found is not None else ""


def _href(prop: ET.Element, name: str) -> str:
    found = prop.find(f"{name}/{{{DAV}}}href")
    return (found.text or "").strip() if found is not None else ""


def _stamp(when: datetime) -> str:
    return escape(when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"))
