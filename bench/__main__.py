"""Serve one practice in several ways, ask for its pages, print what each took."""

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psutil
from tests.servers import postgres

from bench import fresh
from bench import load as loading

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
LIMITS = {"client search": 7, "client page": 8, "week view": 8, "today": 10,
          "save a draft": 10, "book": 12, "hand in": 12}  # fmt: skip
STATEMENTS = {"week view": 8, "today": 12, "save a draft": 10, "book": 12, "hand in": 12}
WAYS, BROWSERS = ("rapport serve", "gunicorn"), (1, fresh.AT_ONCE)
MOST_MEMORY = 250  # MB
# As a day at the desk: shares of what is opened.
OPENED = {"client page": 0.35, "client search": 0.35, "client list": 0.1, "week view": 0.1,
          "today": 0.1}  # fmt: skip
PATIENCE = 60  # seconds for a server to come up, and for it to go
LAST = 15  # lines of a server's log that are worth reading


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


def table(pages: Any, ports: dict[str, int], options: Any, given: Any) -> None:
    """Interleaved rounds; the median of the rounds counts."""
    rates: dict[Any, list[float]] = {}
    took: dict[Any, list[float]] = {}
    worked: dict[Any, list[float]] = {}
    for turn in range(options.rounds + 1):  # the first warms up
        for browsers in BROWSERS:
            for name, page in pages.items():
                for way, port in ports.items():
                    found = asked(port, name, page, options.times, browsers, given)
                    if turn:
                        key = (browsers, name, way)
                        rates.setdefault(key, []).append(found["rate"])
                        took.setdefault(key, []).extend(found["took"])
                        worked.setdefault(key, []).append(found["worked"])
    print(f"{'page':14} {'server':14} {'at once':>7} {'per s':>7} {'p50 ms':>7} {'p95 ms':>7}"
          f" {'CPU ms':>7} {'SQL':>4} {'bare/page':>9} {'by CPU':>7}")  # fmt: skip
    middle = {key: statistics.median(values) for key, values in rates.items()}
    cpu = {key: statistics.median(values) for key, values in worked.items()}
    for key, rate in middle.items():
        browsers, name, way = key
        bare = (browsers, "bare view", "rapport serve")
        ratio = middle[bare] / rate
        by_cpu = cpu[key] / max(cpu[bare], 0.0001)  # too few pages to see what a bare one takes
        many = pages[name]["statements"]
        over = "  over" if way == "rapport serve" and ratio > LIMITS.get(name, ratio) else ""
        over += "  too many statements" if many > STATEMENTS.get(name, many) else ""
        half, most = at(took[key], 0.5), at(took[key], 0.95)
        print(f"{name:14} {way:14} {browsers:7} {rate:7.0f} {half:7.1f} {most:7.1f}"
              f" {1000 * cpu[key]:7.2f} {many:4} {ratio:9.1f} {by_cpu:7.1f}"
              f"{over}")  # fmt: skip


def memory(port: int, pages: Any, given: Any, most: int) -> None:
    """Memory of the serving process while it answers."""
    server = psutil.Process(about(port)["pid"])
    sizes = []
    for upto in (most // 5, most - most // 5):
        for name, share in OPENED.items():
            asked(port, name, pages[name], int(upto * share), 4, given)
        sizes.append(server.memory_info().rss / 1e6)
    over = "  over" if sizes[1] > MOST_MEMORY else ""
    print(f"memory after {most} pages: {sizes[1]:.0f} MB (limit {MOST_MEMORY}){over}, "
          f"{sizes[1] - sizes[0]:+.1f} MB since page {most // 5}")  # fmt: skip
    heavy = about(port)["heavy"]
    print(f"heavy libraries in the serving process: {', '.join(heavy) or 'none'}")


def load() -> str:
    """How busy the machine is, where it says so."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def measure(name: str, address: str, options: Any) -> None:
    print(f"\n== {name}, {options.clients} clients; load {load()} ==", flush=True)
    folder = CACHE / f"{'postgres' if address else 'sqlite'}-{options.clients}"
    if address:
        shutil.rmtree(folder, ignore_errors=True)  # its cluster is new
    given = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    given["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    given |= {"RAPPORT_MODE": "serve", "RAPPORT_PRACTICE": str(folder)}
    given |= {"DATABASE_URL": address} if address else {}
    only = [f"--only={name}" for name in options.only]
    practice = ("bench.practice", str(folder), f"--clients={options.clients}", *only)
    if options.profile:
        print(run(*practice, "--profile", given=given))
        return
    turns = len(BROWSERS) * len(WAYS) * (options.rounds + 1)
    work = f"--work={turns * options.times}"
    pages = json.loads(run(*practice, work, given=given | {"RAPPORT_FAST": "1"}))
    with serving(WAYS[0], given) as ours, serving(WAYS[1], given) as theirs:
        table(pages, dict(zip(WAYS, (ours, theirs), strict=True)), options, given)
    if options.pages and not options.only:
        with serving("rapport serve", given) as port:
            memory(port, pages, given, options.pages)
    print(f"load at the end {load()}", flush=True)


def stopped(_signal: int, _frame: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows tidies up
    raise SystemExit("Stopped.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="rapport bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--scoring", action="store_true", help="a million sheets, and no pages")
    parser.add_argument("--slots", action="store_true", help="a month of free times, and no pages")
    parser.add_argument(
        "--peer", type=Path, metavar="FOLDER",
        help="with --slots: where node_modules with @calcom/platform-libraries lies",
    )  # fmt: skip
    parser.add_argument("--standing", action="store_true", help="standing slots, and no pages")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument(
        "--only", action="append", default=[], choices=loading.PAGES, metavar="NAME",
        help="this page beside the bare view; again for another: " + ", ".join(loading.PAGES[2:]),
    )  # fmt: skip
    parser.add_argument("--clients", type=int, default=5_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--times", type=int, default=200, metavar="N", help="pages of a round")
    parser.add_argument(
        "--pages", type=int, default=10_000, metavar="N", help="pages before memory is read; 0: not"
    )
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options = parser.parse_args()
    if options.scoring:
        from bench import scoring

        raise SystemExit(scoring.main())
    if options.slots:
        from bench import slots

        raise SystemExit(slots.main(options.peer))
    if options.standing:
        from bench import standing

        raise SystemExit(standing.main())
    if options.quick:
        options.rounds, options.times, options.pages = 1, 60, 500
    signal.signal(signal.SIGTERM, stopped)
    cores = psutil.cpu_count()
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores} cores")
    try:
        if options.database != "postgres":
            measure("encrypted SQLite", "", options)
        if options.database != "sqlite":
            with postgres.cluster(durable=True) as address:
                measure("PostgreSQL", address, options)
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None


if __name__ == "__main__":
    main()
