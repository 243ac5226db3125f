"""The benchmark's browser: what it sends is what a page sends, and a wrong answer ends the run."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from bench import load

FORM = '<form data-revision="7"><input name="csrfmiddlewaretoken" value="a-token"></form>'


@pytest.fixture
def server():
    """Remembers what was sent; answers drafts as the desk does, and "taken" with 422."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self._say(200, FORM, {"Set-Cookie": "csrf=a-secret; Path=/"})

        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.sent.append((self.path, dict(self.headers), sent))
            if "taken" in sent:
                return self._say(422, "Mara Lindgren has that time.")
            revision = json.loads(sent)["revision"] + 1 if sent.startswith("{") else 0
            return self._say(200, json.dumps({"revision": revision}))

        def _say(self, status, body, more=()):
            self.send_response(status)
            for name, value in dict(more).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_said):
            pass

        protocol_version = "HTTP/1.1"

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as found:
        found.sent = []
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def page(how, work, expected=200):
    return {"how": how, "headers": {"Cookie": "desk=d"}, "expected": expected, "work": work}


def measure(server, asked, times, browsers=1):
    port = server.server_address[1]
    return load.measure(port, os.getpid(), "book", asked, times, browsers)


def booking(at):
    return {"form": "/book/", "path": "/book/", "fields": {"at": at}}


def test_a_form_is_sent_with_cookie_and_token_and_each_piece_once(server):
    found = measure(server, page("form", [booking(str(n)) for n in range(6)]), 6, browsers=2)

    assert len(found["took"]) == 6
    assert sorted(parse_qs(body)["at"][0] for _path, _headers, body in server.sent) == list(
        "012345"
    )
    headers = server.sent[0][1]
    assert (headers["Cookie"], headers["X-CSRFToken"]) == ("desk=d; csrf=a-secret", "a-token")


def test_a_draft_goes_on_from_the_revision_that_was_answered_last(server):
    note = {"form": "/note/", "path": "/note/save/", "window": "w", "revision": 1}

    measure(server, page("draft", [note]), 3)

    bodies = [json.loads(body) for _path, _headers, body in server.sent]
    assert [body["revision"] for body in bodies] == [7, 8, 9]
    assert len({body["sections"]["data"] for body in bodies}) == 3


def test_an_answer_that_was_not_expected_ends_the_run_and_says_no_content(server):
    with pytest.raises(SystemExit) as stopped:
        measure(server, page("form", [booking("9"), booking("taken"), booking("10")]), 3)

    assert str(stopped.value) == "book answered 422 after 2 of 3 times, not 200 each time."


def test_too_little_work_is_no_measurement(server):
    with pytest.raises(SystemExit) as stopped:
        measure(server, page("form", [booking("9")]), 3)

    assert "1 of 3 times" in str(stopped.value)
