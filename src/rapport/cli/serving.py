"""Serving on uvicorn: loopback by default, beyond it only under TLS."""

import errno
import ipaddress
import os
import re
import signal
import socket
import ssl
from pathlib import Path
from typing import Any

import uvicorn

from rapport.cli import Trouble

ORIGIN = re.compile(r"https?://([\w*-]+(\.[\w-]+)*|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")


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
    # The protocol is named because asyncio sends small packets at once (TCP_NODELAY) only then;
    # otherwise every page waits 40 ms for the browser's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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


def permitted(host: str, certificate: Path | None, key: Path | None, proxy: str) -> None:
    """Whether it may be served like that.

    Raises:
        Trouble: an address beyond this machine without a certificate or a declared proxy;
            a certificate or key that cannot be read or used, or a key alone.
    """
    if not is_loopback(host) and not certificate and not proxy:
        raise Trouble(
            "Beyond this machine Rapport is served under TLS only. Give --certificate and --key, "
            "or declare the proxy in front of it with --behind-proxy."
        )
    for file in (certificate, key):
        if file and not os.access(file, os.R_OK):
            raise Trouble(f"{file} cannot be read. Give a PEM file that this user may read.")
    if key and not certificate:
        raise Trouble("--key is the certificate's key. Give --certificate as well.")
    if certificate:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except OSError as problem:
            raise Trouble(
                f"{certificate} and its key do not serve TLS. Give a certificate as PEM with "
                "--certificate, and the key that belongs to it with --key."
            ) from problem


def origins(given: str) -> str:
    """The addresses people type, comma-separated, as browsers send them: without a path.

    Raises:
        Trouble: one of them is no such address.
    """
    found = [one.strip().rstrip("/") for one in given.split(",") if one.strip()]
    for one in found:
        if not ORIGIN.fullmatch(one):
            raise Trouble(
                f"{one} is no address to type into a browser. Give --origin one such as "
                "https://practice.example."
            )
    return ",".join(found)


def serve(
    *, host: str, port: int, certificate: Path | None = None, key: Path | None = None,
    proxy: str = "", announce: Any = print,
) -> int:  # fmt: skip
    """Serve until told to stop; requests in hand are finished first.

    Raises:
        Trouble: see ``permitted`` and ``listening``.
    """
    permitted(host, certificate, key, proxy)
    listener = listening("127.0.0.1" if host == "localhost" else host, port)
    config = uvicorn.Config(
        "rapport.config.asgi:application", log_level="warning", access_log=False,
        server_header=False, date_header=True, timeout_graceful_shutdown=5, lifespan="on",
        proxy_headers=bool(proxy), forwarded_allow_ips=proxy or "127.0.0.1",
        ssl_certfile=certificate, ssl_keyfile=key,
    )  # fmt: skip
    scheme = "https" if certificate else "http"
    shown = "localhost" if is_loopback(host) else host
    here = f"{scheme}://{shown}:{listener.getsockname()[1]}"
    os.environ.setdefault("RAPPORT_HERE", here)  # links in letters lead there
    announce(f"Rapport is at {here}/  (stop: Ctrl C)")
    signal.signal(signal.SIGTERM, _stopped)  # uvicorn hands the signal on when it has stopped
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _stopped(_signal: int, _frame: Any) -> None:
    raise SystemExit(0)
