"""Servers that really listen on this machine, in several moods, and what they were asked."""

import gzip
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.contact.conftest import certificate, trusted

__all__ = ["certificate", "trusted"]


class Asked(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        said = (self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.server.asked.append(said)
        getattr(self, "as_" + self.path.strip("/").split("?")[0].split("/")[0], self.as_plain)()

    do_POST = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_GET

    def give(self, body=b"well", status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def as_plain(self):
        self.give(Set_Cookie="a=b", ETag='"one"')

    def as_elsewhere(self):
        self.give(b"", 302, Location="/plain")

    def as_gzip(self):
        self.give(gzip.compress(b"well " * 100), Content_Encoding="gzip")

    def as_bomb(self):
        self.give(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")

    def as_twice(self):
        self.give(gzip.compress(b"a") + gzip.compress(b"b"), Content_Encoding="gzip")

    def as_loose(self):
        self.give(b"never packed", Content_Encoding="gzip")

    def as_brotli(self):
        self.give(b"x", Content_Encoding="br")

    def as_huge(self):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        try:
            for _ in range(1000):
                self.wfile.write(b"x" * 100_000)
        except OSError:
            self.server.broken.append("huge")

    def as_slow(self):
        self.send_response(200)
        self.end_headers()
        self._drip()

    def as_slowhead(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self._drip()

    def _drip(self):
        self.close_connection = True
        try:
            for _ in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.server.broken.append("slow")

    def as_nonsense(self):
        self.close_connection = True
        self.wfile.write(b"SSH-2.0-hello\r\n\r\n")

    def log_message(self, *_said):
        """Tests are quiet."""


def serving(context=None):
    """A server on a free port of this machine; ``asked`` has what it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.daemon_threads, server.asked, server.broken = True, [], []
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    return server


@pytest.fixture
def server():
    one = serving()
    yield one
    one.shutdown()
    one.server_close()


@pytest.fixture
def secure(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    one = serving(context)
    yield one
    one.shutdown()
    one.server_close()


@pytest.fixture
def rude():
    """Takes a connection and breaks it off as one hangs up in the middle of a word."""
    one = socket.create_server(("127.0.0.1", 0))

    def break_off():
        line, _whence = one.accept()
        line.recv(1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    threading.Thread(target=break_off, daemon=True).start()
    yield one.getsockname()[1]
    one.close()


@pytest.fixture
def mute():
    """Takes connections and says nothing."""
    one = socket.create_server(("127.0.0.1", 0))
    yield one.getsockname()[1]
    one.close()
