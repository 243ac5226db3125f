"""Serve a practice.

On this machine alone by default. Beyond it only with a certificate, or behind a proxy
that you declare and that speaks TLS to the world.
"""

import argparse
import os
from pathlib import Path

from rapport.cli.setup import PORT, add_practice, migrate, open_practice

help = "serve a practice"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_practice(parser)
    parser.add_argument("--host", default="localhost", help="address to listen on")
    parser.add_argument("--port", type=PORT, default=8000, help="0 picks a free one")
    parser.add_argument("--threads", type=int, default=4, help="pages answered at once")
    parser.add_argument(
        "--origin",
        default="",
        metavar="URL",
        help="the https address people type, e.g. https://practice.example",
    )
    parser.add_argument("--certificate", type=Path, help="TLS certificate chain (PEM)")
    parser.add_argument("--key", type=Path, help="the certificate's key (PEM)")
    parser.add_argument(
        "--behind-proxy",
        default="",
        metavar="ADDRESS",
        help="address of the proxy whose forwarded headers are believed",
    )


def run(options: argparse.Namespace) -> int:
    from rapport.cli.serving import origins, permitted, serve
    from rapport.core import library

    permitted(options.host, options.certificate, options.key, options.behind_proxy)
    os.environ["RAPPORT_THREADS"] = str(max(1, options.threads))
    os.environ["RAPPORT_ORIGINS"] = origins(options.origin or os.environ.get("RAPPORT_ORIGINS", ""))
    open_practice(options.practice)
    migrate()
    library.ready()
    return serve(
        host=options.host, port=options.port, certificate=options.certificate,
        key=options.key, proxy=options.behind_proxy,
    )  # fmt: skip
