"""Static files from memory, outside the thread pool: compressed once, checked by etag.

Addresses carry a fingerprint of all assets (``?v=…``), so a browser may keep them for a
year; one without it must ask again.
"""

import gzip
import hashlib
import mimetypes
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

SMALL = 1024  # bytes below which compressing gains nothing
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


class _File:
    def __init__(self, path: Path) -> None:
        self.body = path.read_bytes()
        self.etag = f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'.encode()
        self.kind = (mimetypes.guess_type(path.name)[0] or "application/octet-stream").encode()
        squeezable = len(self.body) > SMALL and not path.name.endswith((".woff2", ".png"))
        self.gzip = gzip.compress(self.body, 9, mtime=0) if squeezable else b""


class StaticFiles:
    """An ASGI application. Only files that Django's finders name are served."""

    def __init__(self) -> None:
        self._held: dict[str, _File | None] = {}

    def _file(self, name: str) -> _File | None:
        if name not in self._held:
            found = finders.find(name)
            if found is None or not Path(found).is_file():
                return None  # not remembered: asking for nonsense fills no memory
            self._held[name] = _File(Path(found))
        return self._held[name]

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        name = scope["path"].removeprefix(settings.STATIC_URL)
        wanted = self._file(name) if ".." not in name else None
        if wanted is None or scope["method"] not in ("GET", "HEAD"):
            await self._say(send, 404, [], b"")
            return
        asked = dict(scope["headers"])
        age = b"max-age=31536000, immutable" if b"v=" in scope["query_string"] else b"no-cache"
        headers = [
            (b"content-type", wanted.kind), (b"etag", wanted.etag), (b"cache-control", age),
            (b"vary", b"accept-encoding"), (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]  # fmt: skip
        if asked.get(b"if-none-match") == wanted.etag:
            await self._say(send, 304, headers, b"")
            return
        body = wanted.body
        if wanted.gzip and b"gzip" in asked.get(b"accept-encoding", b""):
            body = wanted.gzip
            headers.append((b"content-encoding", b"gzip"))
        await self._say(send, 200, headers, body if scope["method"] == "GET" else b"")

    @staticmethod
    async def _say(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})
