"""Serving on uvicorn: loopback by default, beyond it only under TLS."""

import errno
import ipaddress
import socket
from pathlib import Path
from typing import Any

import uvicorn

from rapport.cli import Trouble


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(host: str, port: int) -> socket.socket:
    """A bound socket.

    Raises:
        Trouble: the port is taken, with one that is free; or it may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        if problem.errno == errno.EADDRINUSE:
            raise Trouble(
                f"Port {port} is taken by another program. Try --port {_free(host)}."
            ) from problem
        if problem.errno == errno.EACCES:
            raise Trouble(f"Port {port} needs rights you lack. Try --port 8000.") from problem
        raise Trouble(f"{host} is not an address of this machine.") from problem
    return listener


def _free(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def serve(
    *, host: str, port: int, certificate: Path | None = None, key: Path | None = None,
    proxy: str = "", announce: Any = print,
) -> int:  # fmt: skip
    """Serve until told to stop; requests in hand are finished first.

    Raises:
        Trouble: an address beyond this machine without a certificate or a declared proxy.
    """
    if not is_loopback(host) and not certificate and not proxy:
        raise Trouble(
            "Beyond this machine Rapport is served under TLS only. Give --certificate and --key, "
            "or declare the proxy in front of it with --behind-proxy."
        )
    listener = listening("127.0.0.1" if host == "localhost" else host, port)
    config = uvicorn.Config(
        "rapport.config.asgi:application", log_level="warning", access_log=False,
        server_header=False, date_header=True, timeout_graceful_shutdown=5, lifespan="on",
        proxy_headers=bool(proxy), forwarded_allow_ips=proxy or "127.0.0.1",
        ssl_certfile=certificate, ssl_keyfile=key,
    )  # fmt: skip
    scheme = "https" if certificate else "http"
    shown = "localhost" if is_loopback(host) else host
    announce(f"Rapport is at {scheme}://{shown}:{listener.getsockname()[1]}/  (stop: Ctrl C)")
    uvicorn.Server(config).run(sockets=[listener])
    return 0
