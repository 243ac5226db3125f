"""The shipped application with the yardstick's addresses beside it.

``application`` is for uvicorn, ``wsgi`` for gunicorn; both answer by the same handlers.
"""

import sys
from typing import Any

import uvicorn

from rapport.cli.serving import listening
from rapport.config import asgi
from rapport.config.pool import Pool

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest  # isort: skip  Django is set up
from django.test.utils import override_settings  # isort: skip


class BareRequest(WSGIRequest):
    urlconf = "bench.bare"


class Bare(WSGIHandler):
    request_class = BareRequest


with override_settings(MIDDLEWARE=[]):
    _bare = Bare()
_pages = WSGIHandler()


def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer one request."""
    handler = _bare if environ["PATH_INFO"].startswith("/bare/") else _pages
    return handler(environ, start_response)


asgi._pages = Pool(wsgi, threads=asgi.THREADS)
application = asgi.application

if __name__ == "__main__":
    config = uvicorn.Config(
        application, log_level="warning", access_log=False, server_header=False, lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[listening("127.0.0.1", int(sys.argv[1]))])
