"""A server of one practice, and what it is asked from a process of its own."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bench import fresh

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
PATIENCE = 60  # seconds for a server to come up, and for it to go
LAST = 15  # lines of a server's log that are worth reading


def environment(folder: Path, address: str) -> dict[str, str]:
    """What a process of ours is told: the practice, and its database where that is a server's."""
    given = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    given["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    given |= {"RAPPORT_MODE": "serve", "RAPPORT_PRACTICE": str(folder)}
    return given | ({"DATABASE_URL": address} if address else {})


def run(*words: str, given: dict[str, str], told: str = "") -> str:
    """What a Python of ours prints, when it is ``told`` something.

    Raises:
        SystemExit: it failed; why stands on the console.
    """
    call = [sys.executable, "-m", *words]
    done = subprocess.run(
        call, cwd=ROOT, env=given, input=told, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{words[0]} failed. Why stands above.")
    return done.stdout


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(way: str, given: dict[str, str]) -> Iterator[int]:
    """A server of one process with four threads; its port. It ends with the block.

    Raises:
        SystemExit: it did not come up; with the last lines it said.
    """
    port = free()
    calls = {
        "rapport serve": ["bench.served", str(port)],
        "gunicorn": ["gunicorn", "-w1", "--threads=4", f"-b127.0.0.1:{port}", "bench.served:wsgi",
                     "--log-level=warning"],
    }  # fmt: skip
    with tempfile.TemporaryFile() as log:
        call = [sys.executable, "-m", *calls[way]]
        server = subprocess.Popen(call, cwd=ROOT, env=given, stdout=log, stderr=log)
        try:
            _await(server, way, port, log)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _await(server: subprocess.Popen[bytes], way: str, port: int, log: IO[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError):
            about(port)
            return
        time.sleep(0.1)
    log.seek(0)
    said = log.read().decode(errors="replace").splitlines()[-LAST:]
    what = "ended at once" if server.poll() is not None else f"was not up after {PATIENCE} seconds"
    raise SystemExit("\n".join([f"{way} {what}. It said last:", *(said or ["(nothing)"])]))


def about(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/bare/about/", timeout=5) as answer:
        said: dict[str, Any] = json.load(answer)
        return said


def settled(port: int) -> None:
    """Wait until the server has done what pages left to do, so that it works at nothing else.

    Raises:
        SystemExit: it still does.
    """
    until = time.monotonic() + PATIENCE
    while about(port)["due"]:
        if time.monotonic() > until:
            raise SystemExit(f"Jobs were still to be done after {PATIENCE} seconds.")
        time.sleep(0.2)


def asked(port: int, name: str, page: dict[str, Any], times: int, browsers: int, given: Any) -> Any:
    """One measurement, by a process of its own. What a page that writes was given is used up."""
    given_out = page["work"][: max(times, fresh.AT_ONCE)]
    if page["how"] == "form":
        del page["work"][: len(given_out)]
    order = {"port": port, "pid": about(port)["pid"], "name": name, "times": times,
             "page": page | {"work": given_out}, "browsers": browsers}  # fmt: skip
    return json.loads(run("bench.load", given=given, told=json.dumps(order)))


def at(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie, in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]


def load() -> str:
    """How busy the machine is, where it says so."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
