"""One process: Django's WSGI handler in a bounded thread pool, static files beside it.

Django's own ASGI handler halves the requests per second of synchronous views (measured in
``bench``), so HTTP goes through WSGI threads with connections of their own, and the
asyncio side keeps what waits: static files now, websockets and events later.
"""

import gc
import os
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.config.settings")
django.setup(set_prefix=False)

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  after setup

from rapport.config.pool import Pool  # noqa: E402
from rapport.config.static import StaticFiles  # noqa: E402
from rapport.core.jobs import Worker  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]

THREADS = int(os.environ.get("RAPPORT_THREADS", "4"))

_pages = Pool(WSGIHandler(), threads=THREADS)
_static = StaticFiles()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/static/"):
        await _static(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 4404})


async def _live(receive: Receive, send: Send) -> None:
    """The jobs' worker lives as long as the server."""
    worker = Worker()
    while True:
        said = await receive()
        if said["type"] == "lifespan.startup":
            worker.start()
            gc.collect()
            gc.freeze()  # the program itself is no garbage; looking it through takes 0.1 s a time
            await send({"type": "lifespan.startup.complete"})
        else:
            worker.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
