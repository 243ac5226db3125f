"""A cheap browser: keeps its connection, asks or sends again and again, notes how long it took."""

import http.client
import json
import re
import sys
import threading
from collections.abc import Generator, Iterator
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import psutil

Turn = tuple[str, str, str | None]
PAGES = ("bare view", "27-row view", "client search", "client page", "client list", "week view",
         "today", "save a draft", "book", "hand in", "free month", "week of ten")  # fmt: skip
GROWN = ("bare view", "today", "what else", "week view", "week of ten", "front desk",
         "its calendar", "client page", "free month", "book", "waiting list",
         "inquiries")  # fmt: skip
"""What must not grow with the practice."""
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
REVISION = re.compile(rb'data-revision="(\d+)"')
WORDS = "Slept better. " * 40
TYPES = {"form": "application/x-www-form-urlencoded", "draft": "application/json"}


def turns(page: dict[str, Any], mine: list[Any]) -> Generator[Turn, bytes, None]:
    """What one browser asks for, one after another: method, path, body. Takes each answer's body.

    Args:
        mine: this browser's own fresh work, where the page writes.
    """
    if page["how"] == "read":
        while True:
            yield "GET", page["path"], None
    elif page["how"] == "form":
        for one in mine:
            yield "POST", one["path"], urlencode(one["fields"])
    else:
        yield from _drafting(mine[0])


def _drafting(note: dict[str, Any]) -> Generator[Turn, bytes, None]:
    """Save one note again and again, each time from the revision that was answered last."""
    revision = note["revision"]
    while True:
        words = {"data": f"{WORDS}{revision}"}
        body = {"revision": revision, "window": note["window"], "sections": words}
        answer = yield "POST", note["path"], json.dumps(body)
        revision = json.loads(answer)["revision"]


def following(turns: Generator[Turn, bytes, None], answer: bytes) -> Turn | None:
    """The next turn, told what the last one was answered; None when there is no more work."""
    try:
        return turns.send(answer) if answer else next(turns)
    except StopIteration:
        return None


class Browser:
    """One connection, with what a form needs before it may be sent."""

    def __init__(self, port: int, page: dict[str, Any], mine: list[Any]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = dict(page["headers"])
        if mine:
            self._open(mine[0])
            self.headers["Content-Type"] = TYPES[page["how"]]
        self.turns = turns(page, mine)
        self.expected = page["expected"]

    def _open(self, one: dict[str, Any]) -> None:
        """Open the page on which the form stands, and keep its token and cookie."""
        self.connection.request("GET", one["form"], headers=self.headers)
        answer = self.connection.getresponse()
        said = answer.read()
        token = TOKEN.search(said)
        if answer.status != 200 or token is None:
            raise SystemExit(f"Its form answered {answer.status}, and shows nothing to send.")
        cookies = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or ()]
        given = self.headers.get("Cookie")
        self.headers["Cookie"] = "; ".join([*([given] if given else []), *cookies])
        self.headers["X-CSRFToken"] = token[1].decode()
        if revision := REVISION.search(said):
            one["revision"] = int(revision[1])

    def _said(self, method: str, path: str, body: str | None) -> tuple[bytes, int]:
        """The answer; on a new connection where the server has closed an idle one meanwhile.

        Every page that writes takes a thing that is sent twice as one.
        """
        for last in (False, True):
            try:
                self.connection.request(method, path, body, self.headers)
                response = self.connection.getresponse()
                return response.read(), response.status
            except (ConnectionError, http.client.RemoteDisconnected):
                self.connection.close()
                if last:
                    raise
        raise AssertionError

    def go(self, times: int, took: list[float], wrong: set[int]) -> None:
        """Take that many turns; stop at an answer that is not the expected one."""
        answer, status = b"", self.expected
        for _ in range(times):
            turn = following(self.turns, answer)
            if turn is None:
                break  # too little work; whoever counts will say so
            method, path, body = turn
            began = perf_counter()
            answer, status = self._said(method, path, body)
            took.append(perf_counter() - began)
            if status != self.expected:
                wrong.add(status)
                break
        self.connection.close()


def shares(work: list[Any], browsers: int) -> Iterator[list[Any]]:
    """Each browser's own part of the work."""
    yield from (work[n::browsers] for n in range(browsers))


def measure(
    port: int, pid: int, name: str, page: dict[str, Any], times: int, browsers: int
) -> dict[str, Any]:
    """Answers a second, the seconds of each, and what the server worked for one.

    Raises:
        SystemExit: a page was not answered, or otherwise than expected.
    """
    took: list[float] = []
    wrong: set[int] = set()
    opened = [Browser(port, page, mine) for mine in shares(page["work"], browsers)]
    each = times // browsers
    threads = [threading.Thread(target=one.go, args=(each, took, wrong)) for one in opened]
    server = psutil.Process(pid)
    before, began = server.cpu_times(), perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed, after = perf_counter() - began, server.cpu_times()
    wanted = each * browsers
    if wrong or len(took) != wanted:
        codes = ", ".join(map(str, sorted(wrong))) or "nothing"
        raise SystemExit(
            f"{name} answered {codes} after {len(took)} of {wanted} times, "
            f"not {page['expected']} each time."
        )
    worked = after.user + after.system - before.user - before.system
    return {"rate": wanted / passed, "took": took, "worked": worked / wanted}


if __name__ == "__main__":
    print(json.dumps(measure(**json.load(sys.stdin))))
