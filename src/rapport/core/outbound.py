"""The one way out of the house, mail apart: to the address that was looked at, and no other.

A name is resolved once, every address it has is judged, and the connection goes to exactly
one of those; the certificate is still verified for the name. Nothing is followed, no proxy of
the environment is asked, nothing is remembered. Whoever calls hands over what was typed by
people, so all of it is suspect.

Ports: https goes to 443 and to 1024 and above; below that, services listen that are not the
web's. Plain http goes nowhere but to a server inside the practice's own network, where the
owner allowed exactly that one (``house``), to port 80 and to 1024 and above.
"""

import base64
import http.client
import io
import queue
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType
from typing import Any

from rapport.core import whereto
from rapport.core.whereto import NotReached, Target

__all__ = ["Answer", "Limits", "NotReached", "Target", "ask", "basic", "by_name", "target"]

CHUNK = 65536
USUAL: Mapping[str, str] = MappingProxyType(
    {"User-Agent": "calendar/1", "Accept-Encoding": "gzip", "Connection": "close"}
)
"""The name of this program would say what house asks."""

Resolver = Callable[[str, int], list[str]]
target = whereto.target


@dataclass(frozen=True)
class Limits:
    """How much and how long at most: bytes, packed and unpacked; seconds, for everything."""

    size: int = 5_000_000
    seconds: float = 20.0


@dataclass(frozen=True)
class Answer:
    """What a server said. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def moved(self) -> bool:
        """Whether it points elsewhere, which is never followed here."""
        return 300 <= self.status < 400 and self.status != 304


def by_name(host: str, port: int) -> list[str]:
    """Every address of ``host``, as the machine's resolver knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[0]) for *_rest, address in found]


def basic(username: str, password: str) -> dict[str, str]:
    """The header that carries user name and password (RFC 7617)."""
    both = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {both}"}


def ask(
    method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"",
    house: bool = False, limits: Limits = Limits(), resolve: Resolver = by_name,
) -> Answer:  # fmt: skip
    """Send one request and read its answer, whatever its status is.

    Args:
        address: https; http only inside the house.
        house: the owner allowed exactly this host and port, in the practice's own network.
        resolve: names every address of a host; asked once.

    Raises:
        NotReached: it may not or could not be reached, or said too much or too slowly.
    """
    until = monotonic() + limits.seconds
    to = whereto.target(address, house=house)
    where = whereto.judged(_resolved(to, resolve, until), to, house=house)
    line = _Line(to, where, until)
    try:
        return _conversation(line, method, to, headers or {}, body, limits)
    except NotReached:
        raise
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise NotReached(_code(problem)) from problem
    finally:
        line.hang_up()


def _resolved(to: Target, resolve: Resolver, until: float) -> list[str]:
    """The host's addresses; in a thread, since a resolver knows no time limit."""
    if to.literal:
        return [to.host]
    said: queue.Queue[list[str] | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            said.put(resolve(to.host, to.port))
        except (OSError, UnicodeError) as problem:
            said.put(problem if isinstance(problem, OSError) else OSError())

    threading.Thread(target=look_up, daemon=True).start()
    try:
        found = said.get(timeout=max(0.0, until - monotonic()))
    except queue.Empty:
        raise NotReached("slow") from None
    if isinstance(found, OSError) or not found:
        raise NotReached("name")
    return found


def _conversation(
    line: "_Line", method: str, to: Target, headers: Mapping[str, str], body: bytes, limits: Limits
) -> Answer:
    line.putrequest(method, to.path, skip_accept_encoding=True)
    for name, value in {**USUAL, **headers}.items():
        line.putheader(name, value)
    if body or method in ("POST", "PUT", "REPORT", "PROPFIND"):
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body or None)
    said = line.getresponse()
    told = {name.lower(): value for name, value in said.getheaders()}
    return Answer(said.status, MappingProxyType(told), _read(said, told, limits.size))


def _read(said: http.client.HTTPResponse, told: Mapping[str, str], most: int) -> bytes:
    """The body, unpacked, and never more of it than ``most`` in memory."""
    coding = told.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise NotReached("garbled")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in coding else None
    whole, packed = io.BytesIO(), 0
    while chunk := said.read(CHUNK):
        packed += len(chunk)
        whole.write(_unpacked(unpack, chunk, most + 1 - whole.tell()) if unpack else chunk)
        if packed > most or whole.tell() > most:
            raise NotReached("big")
    if unpack is not None and packed and (not unpack.eof or unpack.unused_data):
        raise NotReached("garbled")
    return whole.getvalue()


def _unpacked(unpack: Any, chunk: bytes, most: int) -> bytes:
    try:
        found: bytes = unpack.decompress(chunk, max(1, most))
    except zlib.error:
        raise NotReached("garbled") from None
    if unpack.unconsumed_tail:
        raise NotReached("big")
    return found


def _code(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(problem, TimeoutError):
        return "slow"
    if isinstance(problem, ConnectionRefusedError):
        return "closed"
    if isinstance(problem, ssl.SSLError):
        return "tls"
    if isinstance(problem, http.client.HTTPException | ValueError):
        return "garbled"
    return "unreached"


class _Line(http.client.HTTPConnection):
    """A connection to one address that was judged, under the name that was asked for."""

    def __init__(self, to: Target, where: list[str], until: float) -> None:
        super().__init__(to.host, to.port)
        self.default_port = 443 if to.secure else 80  # so that the Host header says no more
        self.to, self.where, self.until = to, where, until
        self._open: socket.socket | None = None

    def hang_up(self) -> None:
        """End it, whatever state it is in."""
        self.close()
        if self._open is not None:
            self._open.close()

    def connect(self) -> None:
        """Connect to the first address that answers."""
        problem: OSError = TimeoutError()
        for address in self.where:
            try:
                self._open = self._connected(address)
            except OSError as failed:
                problem = failed
            else:
                self.sock: Any = _Timed(self._open, self.until)
                return
        raise problem

    def _connected(self, address: str) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(_left(self.until))
            plain.connect((address, self.to.port))
            if not self.to.secure:
                return plain
            plain.settimeout(_left(self.until))
            context = ssl.create_default_context()
            return context.wrap_socket(plain, server_hostname=self.to.host)
        except BaseException:
            plain.close()
            raise


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed:
    """A socket whose every step ends by one instant: dripping bytes do not prolong it."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def sendall(self, said: bytes) -> None:
        self._line.settimeout(_left(self._until))
        self._line.sendall(said)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Ear(self._line, self._until))

    def close(self) -> None:
        """Nothing: the library lets go of a line before its answer was read."""


class _Ear(io.RawIOBase):
    """What arrives on a socket until its time is over."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._line.settimeout(_left(self._until))
        return self._line.recv_into(into)
