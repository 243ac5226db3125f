"""Each channel with something real at its other end: a mail server, a web server, a folder."""

import email
import json
import shutil
import ssl
import threading
from email import policy as email_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rapport.contact import channels
from rapport.contact.channels import folder
from rapport.contact.gateways import actions as gateways
from rapport.contact.models import Gateway, MailServer, Outbox
from rapport.core import time
from rapport.core.policy import System
from tests.contact.conftest import NOW

AGREED = {"agreed_with": "Texts Ltd, Bonn", "agreed_on": NOW.date()}
USUAL = {
    "form": "JSON", "fields": {"to": "{to}", "text": "{text}"}, "header": "Authorization",
    "secret": "Bearer s3same", "knows_again": True, "inside": True, "reaches": "TEXT",
}  # fmt: skip


class Post(BaseHTTPRequestHandler):
    """A gateway: takes what is posted, in the mood its server is in."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        if self.server.mood == "hangs up":
            self.connection.close()
            return
        self.send_response(self.server.mood)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_said):
        """Tests are quiet."""


@pytest.fixture
def gateway(certificate, trusted):
    """A gateway over TLS on this machine; ``asked`` has what it was sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads, server.asked, server.mood = True, [], 200
    server.url = f"https://localhost:{server.server_address[1]}/send?from=us"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield server
    server.shutdown()
    server.server_close()


def set_gateway(url, **given):
    return gateways.set_gateway(by=System("test"), now=NOW, url=url, **USUAL | AGREED | given)


class ByMail:
    kind, safe, to = "MAIL", "safe_to_write", "mara@home.example"

    def __init__(self, get):
        self.box, self.setup = get("box"), get("setup_mail")
        self.port = get("listen")(self.box)
        get("trusted")

    def set_up(self):
        self.setup(self.port)

    def without_agreement(self):
        MailServer.objects.all().delete()

    def breaks(self):
        self.box.mood = "busy"

    def arrived(self):
        found = []
        for envelope in self.box.mails:
            mail = email.message_from_bytes(envelope.content, policy=email_policy.default)
            text = mail.get_body(("plain",)).get_content()
            found.append((*envelope.rcpt_tos, text, mail["Message-ID"].partition("@")[0][1:]))
        return found


class ByText:
    kind, safe, to, reaches = "PHONE", "safe_to_text", "+4930901820", "TEXT"

    def __init__(self, get):
        self.gateway = get("gateway")

    def set_up(self):
        set_gateway(self.gateway.url, reaches=self.reaches)

    def without_agreement(self):
        Gateway.objects.update(agreed_with="", agreed_on=None)

    def breaks(self):
        self.gateway.mood = 503

    def arrived(self):
        done = self.gateway.asked if self.gateway.mood == 200 else []
        said = [(json.loads(body), heads["Idempotency-Key"]) for _path, heads, body in done]
        return [(body["to"], body["text"], key) for body, key in said]


class ByCall(ByText):
    safe, reaches = "safe_to_message", "CALL"


class ByFolder:
    kind, safe, to = "PHONE", "safe_to_text", "+4930901820"

    def __init__(self, get):
        get("db")
        shutil.rmtree(folder.where(), ignore_errors=True)
        get("request").addfinalizer(lambda: _gone(folder.where()))

    def set_up(self):
        gateways.use_outbox(by=System("test"), reaches="TEXT", now=NOW, **AGREED)

    def without_agreement(self):
        Outbox.objects.update(agreed_with="", agreed_on=None)

    def breaks(self):
        folder.where().write_text("a file where the folder should be")

    def arrived(self):
        said = [json.loads(one.read_text()) for one in sorted(folder.where().glob("*.json"))]
        return [(one["to"], one["text"], one["id"]) for one in said]


def _gone(path):
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


ENDS = {"mail": ByMail, "text": ByText, "call": ByCall, "folder": ByFolder}


@pytest.fixture(params=sorted(channels.found()))
def end(request, db):
    """The other end of one channel; a channel without one here fails the suite."""
    with time.at(NOW):
        one = ENDS[request.param](request.getfixturevalue)
        one.channel = channels.found()[request.param]
        yield one
