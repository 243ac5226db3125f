"""A real PostgreSQL server for one run: its own cluster in a temporary folder."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def tools() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version first; None without a server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def _as_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it.

    Who became root by ``su`` alone has no ``sbin`` on their path, where ``runuser`` stands.
    """
    if os.geteuid() == 0:
        places = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
        return [shutil.which("runuser", path=places) or "runuser", "-u", "postgres", "--", *command]
    return command


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A running server, quick unless ``durable``; yields the address of an empty database."""
    binaries = tools()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="rapport-postgres-"))
    folder.chmod(0o777)
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    if not durable:
        settings += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"

    def call(*words: str) -> None:
        done = subprocess.run(
            _as_user(list(words)), cwd=folder, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{Path(words[0]).name} failed: {done.stderr}")

    try:
        call(str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "rapport",
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        log = str(folder / "log")
        call(str(binaries / "pg_ctl"), "-D", str(data), "-o", settings, "-l", log, "-w", "start")
        try:
            yield f"postgresql://rapport@127.0.0.1:{port}/postgres"
        finally:
            call(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
