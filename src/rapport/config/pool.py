"""Pages in a bounded pool of threads, fed and emptied by the asyncio side.

A thread is held only while Django works: the body is read before, and a whole answer is
sent after, so that a few slow browsers cannot occupy every thread.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from typing import Any

from rapport.config.threads import Threads
from rapport.core.jobs.manners import PAGES

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
Handler = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LARGEST = 20 * 1024 * 1024  # bytes of one body; it is held in memory, never in a temporary file
PATIENCE = 60.0  # seconds without a byte from, or taken by, the browser
OWN = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}
BODILESS = {204, 304}


class Refused(Exception):
    """A body that is not read to its end; the status that says why."""


class Gone(Exception):
    """The browser went away before it had asked everything."""


class Pool:
    """An ASGI application around a WSGI one."""

    def __init__(
        self, handler: Handler, *, threads: int, largest: int = LARGEST, patience: float = PATIENCE
    ) -> None:
        self._handler = handler
        self._threads = Threads(threads)
        self._largest = largest
        self._patience = patience

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await self._body(scope, receive)
        except Gone:
            return
        except Refused as refusal:
            await send(_start(refusal.args[0], [(b"content-length", b"0")]))
            await send({"type": "http.response.body", "body": b""})
            return
        loop = asyncio.get_running_loop()

        def push(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(send(message), loop).result(self._patience)

        here = contextvars.copy_context()
        for message in await loop.run_in_executor(
            self._threads, here.run, self._answer, _environ(scope, body), push
        ):
            await send(message)

    async def _body(self, scope: Message, receive: Receive) -> bytes:
        """The whole body.

        Raises:
            Refused: too large, or the browser stopped sending.
            Gone: the browser closed the connection.
        """
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if int(announced) > self._largest:
            raise Refused(413)
        body, more = bytearray(), True
        while more:
            try:
                message = await asyncio.wait_for(receive(), self._patience)
            except TimeoutError as silence:
                raise Refused(408) from silence
            if message["type"] == "http.disconnect":
                raise Gone
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._largest:
                raise Refused(413)
        return bytes(body)

    def _answer(self, environ: dict[str, Any], push: Callable[[Message], None]) -> list[Message]:
        """Ask Django, in a thread. A stream is pushed piece by piece; anything else returned."""
        with PAGES.answering():
            return self._asked(environ, push)

    def _asked(self, environ: dict[str, Any], push: Callable[[Message], None]) -> list[Message]:
        begun: list[Message] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            # Django writes a cookie with a space before it, which HTTP does not allow.
            plain = [(k.lower().encode("latin1"), v.strip().encode("latin1")) for k, v in headers]
            begun[:] = [_start(int(status[:3]), plain)]

        answer = self._handler(environ, start_response)
        try:
            if getattr(answer, "streaming", False):
                push(begun[0])
                for piece in answer:
                    push({"type": "http.response.body", "body": piece, "more_body": True})
                return [{"type": "http.response.body", "body": b""}]
            content = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        if begun[0]["status"] not in BODILESS:
            headers = [h for h in begun[0]["headers"] if h[0] != b"content-length"]
            begun[0]["headers"] = [*headers, (b"content-length", str(len(content)).encode())]
        return [begun[0], {"type": "http.response.body", "body": content}]


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def _environ(scope: Message, body: bytes) -> dict[str, Any]:
    """What WSGI calls a request.

    A header with an underscore is dropped: WSGI writes ``X_Real_Ip`` and ``X-Real-Ip`` alike,
    so the first would pass for one that a proxy had set.
    """
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    for name, value in scope["headers"]:
        if b"_" not in name:
            known = OWN.get(name) or "HTTP_" + name.decode("latin1").upper().replace("-", "_")
            said = value.decode("latin1")
            environ[known] = f"{environ[known]},{said}" if known in environ else said
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
