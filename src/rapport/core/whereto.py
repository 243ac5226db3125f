"""Where a request may go at all: what an address says, and which machines it may mean."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST = 2000
LOWEST_FREE_PORT = 1024
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

WORDS: dict[str, str | Promise] = {
    "address": _("That is no address of the web. Copy the whole of it, from https:// on."),
    "scheme": _("Use an address that begins with https://"),
    "http": _("Without encryption only a server in the practice's own network can be asked, "
              "and an owner has to allow it first."),
    "userinfo": _("Take the name and password out of the address; they have fields of their own."),
    "port": _("That port belongs to another service. Use 443, or one from 1024 up."),
    "inside": _("That address lies inside a network, where Rapport does not look unless an "
                "owner allows that server."),
    "name": _("No server has this name. Check its spelling."),
    "slow": _("The server did not answer in time. Rapport tries again by itself."),
    "closed": _("Nothing answers at this address. Check it, or try again later."),
    "certificate": _("The server's certificate could not be verified, so nothing was sent."),
    "tls": _("The server does not speak https at this port. Check the address."),
    "big": _("The server sent more than Rapport takes."),
    "garbled": _("The server's answer could not be read. Check the address."),
    "unreached": _("The server could not be reached. Rapport tries again by itself."),
}  # fmt: skip

NEVER = [
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
]  # fmt: skip
"""Nobody's, everybody's, the neighbours' (RFC 6890), or an IPv4 address in disguise."""

HOUSE = [
    ipaddress.ip_network(one)
    for one in (
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
        "::1/128", "fc00::/7",
    )
]  # fmt: skip
"""A practice's own network, and this machine."""

GLOBAL_V6 = ipaddress.ip_network("2000::/3")


class NotReached(Exception):
    """A request that may not or could not be made. ``code`` is one of WORDS; safe to show."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        """What happened and what to do, in a sentence."""
        return str(WORDS[self.code])


@dataclass(frozen=True)
class Target:
    """An address taken apart. ``path`` has what follows a question mark, too."""

    secure: bool
    host: str
    port: int
    path: str
    literal: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port, as an address begins with them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.secure else 80)
        scheme = "https" if self.secure else "http"
        return f"{scheme}://{host}" + ("" if usual else f":{self.port}")


def target(address: str, *, house: bool = False) -> Target:
    """Take an address apart.

    Raises:
        NotReached: it is none, or one of those that nobody needs to ask.
    """
    # What a parser passes over in silence (tabs, line ends) another may not.
    if len(address) > LONGEST or not address.isprintable() or re.search(r"[\s\\]", address):
        raise NotReached("address")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotReached("address") from None
    if parts.scheme not in ("https", "http") or not host:
        raise NotReached("scheme" if parts.scheme and host else "address")
    secure = parts.scheme == "https"
    if not secure and not house:
        raise NotReached("http")
    if "@" in parts.netloc:
        raise NotReached("userinfo")
    usual = 443 if secure else 80
    number = usual if port is None else port
    if number != usual and number < LOWEST_FREE_PORT:
        raise NotReached("port")
    name, literal = _host(host, bracketed="[" in parts.netloc)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    asked = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(secure, name, number, f"{path}?{asked}" if asked else path, literal)


def _host(host: str, *, bracketed: bool) -> tuple[str, bool]:
    """The host's name, and whether it is a number already.

    Of IPv4 only four plain decimals pass: 0177.0.0.1, 2130706433 and 0x7f.1 are read
    differently by different programs.
    """
    if bracketed:
        try:
            return str(ipaddress.IPv6Address(host)), True
        except ValueError:
            raise NotReached("address") from None
    try:
        name = host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        raise NotReached("address") from None
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(name)), True
        except ValueError:
            raise NotReached("address") from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotReached("address")
    return name, False


def judged(addresses: Iterable[str], to: Target, *, house: bool) -> list[str]:
    """The addresses, each once, if every one of them may be asked.

    One that may not refuses all: whoever answers with a public and a private address is
    up to something, or is set up wrongly.

    Raises:
        NotReached: one of them may not; or plain http would leave the house.
    """
    found = list(dict.fromkeys(addresses))
    for text in found:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:  # a zone that is none, as of link-local addresses alone
            raise NotReached("inside") from None
        inside = any(address in one for one in HOUSE if one.version == address.version)
        if inside:
            if not house:
                raise NotReached("inside")
        elif not _public(address):
            raise NotReached("inside")
        elif not to.secure:
            raise NotReached("http")
    return found


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if any(address in one for one in NEVER if one.version == address.version):
        return False
    # Of IPv6 only what is handed out to the world: so neither ::ffff:0:0/96 nor 64:ff9b::/96.
    return address.version == 4 or address in GLOBAL_V6
