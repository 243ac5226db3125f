"""The bridge from the server to Django's threads, with a real server and real sockets."""

import contextlib
import socket
import threading
import time

import pytest
import uvicorn

from rapport.config.pool import Pool

SOON = 20  # seconds; never waited for in full, and a third of what a slow browser is given


class Stream:
    """An answer as Django streams it."""

    streaming = True

    def __init__(self, pieces):
        self.pieces = pieces
        self.closed = threading.Event()

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        self.closed.set()


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


@contextlib.contextmanager
def serving(handler, **given):
    pool = Pool(handler, threads=2, **given)
    server = uvicorn.Server(uvicorn.Config(pool, lifespan="off", log_level="critical"))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(SOON)


@contextlib.contextmanager
def connected(port):
    for _ in range(200):
        with contextlib.suppress(OSError):
            link = socket.create_connection(("127.0.0.1", port), timeout=SOON)
            break
        time.sleep(0.1)
    with link:
        yield link


def ask(port, request):
    """The whole answer to raw bytes."""
    with connected(port) as link:
        link.sendall(request)
        answer = b""
        while piece := link.recv(65536):
            answer += piece
    return answer


def post(body=b"", *headers):
    lines = [b"POST / HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def test_a_body_comes_back_with_its_length():
    with serving(echo) as port:
        answer = ask(port, post(b"hello"))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"content-length: 5\r\n" in answer
    assert answer.endswith(b"\r\n\r\nhello")


def test_a_body_in_chunks_is_whole_for_django():
    chunked = (b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
               b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")  # fmt: skip
    seen = []

    def look(environ, start_response):
        seen.append(environ["CONTENT_LENGTH"])
        return echo(environ, start_response)

    with serving(look) as port:
        assert ask(port, chunked).endswith(b"abcde")
    assert seen == ["5"]


def test_slow_senders_hold_no_thread():
    with serving(echo) as port, contextlib.ExitStack() as stack:
        for _ in range(6):  # three times as many as threads
            slow = stack.enter_context(connected(port))
            slow.sendall(post(b"half of it")[:-5])
        assert ask(port, post(b"quick")).endswith(b"quick")


def test_slow_readers_hold_no_thread():
    def large(environ, start_response):
        start_response("200 OK", [])
        return [b"x" * (16_000_000 if environ["PATH_INFO"] == "/" else 1)]

    with serving(large) as port, contextlib.ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(connected(port)).sendall(post())
        time.sleep(0.3)
        assert ask(port, post().replace(b"POST /", b"POST /small", 1)).endswith(b"\r\n\r\nx")


@pytest.mark.parametrize("length", [b"Content-Length: 11", b"Transfer-Encoding: chunked"])
def test_a_body_that_is_too_large_is_refused(length):
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + length + b"\r\n\r\n"
    body = b"b\r\nhello world\r\n0\r\n\r\n" if b"chunked" in length else b""
    with serving(echo, largest=10) as port:
        assert ask(port, head + body).startswith(b"HTTP/1.1 413")


def test_a_browser_that_stops_sending_is_refused_in_time():
    with serving(echo, patience=0.2) as port:
        assert ask(port, post(b"half of it")[:-5]).startswith(b"HTTP/1.1 408")


def test_a_browser_that_goes_away_asks_nothing():
    asked = []
    with serving(lambda environ, start: asked.append(1) or echo(environ, start)) as port:
        with connected(port) as link:
            link.sendall(post(b"half of it")[:-5])
        assert ask(port, post(b"other")).endswith(b"other")
    assert asked == [1]


def test_an_underscore_does_not_pass_for_a_proxys_header():
    def look(environ, start_response):
        start_response("200 OK", [])
        return [environ.get("HTTP_X_REAL_IP", "none").encode()]

    with serving(look) as port:
        assert ask(port, post(b"", b"X_Real_Ip: 6.6.6.6")).endswith(b"none")
        assert ask(port, post(b"", b"X-Real-Ip: 1.2.3.4")).endswith(b"1.2.3.4")
        twice = post(b"", b"X-Real-Ip: 1", b"X-Real-Ip: 2")
        assert ask(port, twice).endswith(b"\r\n\r\n1,2")


def test_an_answer_without_a_body_has_no_length():
    def nothing(_environ, start_response):
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []

    with serving(nothing) as port:
        assert b"content-length" not in ask(port, post())


def test_a_stream_arrives_piece_by_piece():
    told = threading.Event()

    def pieces():
        yield b"first"
        assert told.wait(SOON)
        yield b"second"

    stream = Stream(pieces())

    def handler(_environ, start_response):
        start_response("200 OK", [])
        return stream

    with serving(handler) as port, connected(port) as link:
        link.sendall(post())
        seen = b""
        while b"first" not in seen:
            seen += link.recv(4096)
        assert b"second" not in seen
        told.set()
        while b"second" not in seen:
            seen += link.recv(4096)
    assert stream.closed.is_set()


def test_a_stream_that_nobody_takes_is_given_up():
    stream = Stream(b"x" * 1_000_000 for _ in range(1000))

    def handler(_environ, start_response):
        start_response("200 OK", [])
        return stream

    with serving(handler, patience=0.3) as port, connected(port) as link:
        link.sendall(post())
        assert stream.closed.wait(SOON)


def test_a_cookie_arrives_as_http_allows_it():
    def cookie(environ, start_response):
        start_response("200 OK", [("Set-Cookie", " csrf=a; HttpOnly")])  # as Django writes it
        return [b"here"]

    with serving(cookie) as port, connected(port) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: link.recv(4096), b""))
    assert b"\r\nset-cookie: csrf=a; HttpOnly\r\n" in said
