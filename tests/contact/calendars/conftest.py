"""A real CalDAV server (Radicale) on this machine, and a server of plain calendars."""

import base64
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from rapport.contact.calendars import actions
from rapport.contact.models import HouseServer
from rapport.core import time as clock
from rapport.core.policy import System
from tests.core.outbound.conftest import serving
from tests.factories import APlace, APractice, ClientOf, Colleague

MKCALENDAR = """<?xml version="1.0" encoding="utf-8"?><c:mkcalendar xmlns:d="DAV:"
 xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop><d:displayname>{}</d:displayname>
 <c:supported-calendar-component-set><c:comp name="{}"/></c:supported-calendar-component-set>
 </d:prop></d:set></c:mkcalendar>"""


class Radicale:
    """The server, and what somebody does in it with another program."""

    user, password = "ana", "right"

    def __init__(self, folder):
        self.folder, self.running = folder, None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        (folder / "users").write_text(f"{self.user}:{self.password}\n")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def start(self):
        said = {
            "server-hosts": f"127.0.0.1:{self.port}", "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self.folder / "users"), "auth-delay": "0",
            "auth-htpasswd-encryption": "plain", "logging-level": "error",
            "storage-filesystem-folder": str(self.folder / "store"), "web-type": "none",
        }  # fmt: skip
        args = [part for name, value in said.items() for part in (f"--{name}", value)]
        self.running = subprocess.Popen(
            [sys.executable, "-m", "radicale", "--config", "", *args],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=0.2).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("Radicale did not start")

    def stop(self):
        if self.running is not None:
            self.running.terminate()
            self.running.wait(10)
            self.running = None

    def ask(self, method, path, body="", **headers):
        given = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        asked = urllib.request.Request(
            f"{self.url}{path}", method=method, data=body.encode() or None,
            headers={"Authorization": f"Basic {given}", "Content-Type": "text/calendar",
                     **{name.replace("_", "-"): value for name, value in headers.items()}},
        )  # fmt: skip
        with urllib.request.urlopen(asked) as answer:
            return answer.read().decode(), answer.headers

    def make(self, name, shown, kind="VEVENT"):
        self.ask("MKCALENDAR", f"ana/{name}/", MKCALENDAR.format(shown, kind))
        return f"{self.url}ana/{name}/"

    def entries(self, name="private"):
        """Every entry's text by its file name."""
        listed, _ = self.ask(
            "PROPFIND", f"ana/{name}/", '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>',
            Depth="1",
        )  # fmt: skip
        files = [part.split("<")[0] for part in listed.split("<href>")[1:]]
        return {
            file.rpartition("/")[2]: self.ask("GET", file.lstrip("/"))[0]
            for file in files
            if file.endswith(".ics")
        }

    def write(self, file, text, name="private"):
        self.ask("PUT", f"ana/{name}/{file}", text)

    def delete(self, file, name="private"):
        self.ask("DELETE", f"ana/{name}/{file}")


@pytest.fixture(scope="module")
def _radicale(tmp_path_factory):
    one = Radicale(tmp_path_factory.mktemp("radicale"))
    one.start()
    yield one
    one.stop()


@pytest.fixture
def radicale(_radicale):
    """The server with one empty calendar of Ana's."""
    if _radicale.running is None:
        _radicale.start()
    for name in ("private", "work", "tasks"):
        try:
            _radicale.ask("DELETE", f"ana/{name}/")
        except urllib.error.HTTPError:
            pass
    _radicale.make("private", "Private")
    return _radicale


@pytest.fixture
def ana(db):
    APractice()
    return Colleague(at=[APlace()])


@pytest.fixture
def mara(ana):
    return ClientOf(care_team=[ana], legal_name="Mara Kühn", place=ana.places.get())


@pytest.fixture
def allowed(db):
    """Let a port of this machine be asked: ``allowed(port)``."""

    def allow(port, host="127.0.0.1"):
        return HouseServer.objects.create(host=host, port=port, allowed_at=clock.now())

    return allow


@pytest.fixture
def connected(ana, radicale, allowed):
    """Ana's calendar on the server, read and written."""
    allowed(radicale.port)

    def connect(**more):
        by, now = ana.account, clock.now()
        row = actions.connect_account(
            by=by, name="Mine", address=radicale.url, username="ana", password="right", now=now
        )
        given = {"number": 0, "reads": True, "writes": True, "title": "BUSY"} | more
        return actions.choose(by=by, outside=row, now=now, **given)

    return connect


@pytest.fixture
def row(connected):
    return connected()


@pytest.fixture
def plain():
    """A server that gives ``body`` with ``status`` and ``headers``, and knows what was asked."""
    one = serving()
    one.body, one.status, one.headers = b"", 200, {}

    class Says(one.RequestHandlerClass):
        def as_plain(self):
            tag = one.headers.get("ETag")
            if tag and self.headers.get("If-None-Match") == tag:
                self.give(b"", 304)
            else:
                self.give(one.body, one.status, **one.headers)

    one.RequestHandlerClass = Says
    yield one
    one.shutdown()
    one.server_close()


SYSTEM = System("test")
