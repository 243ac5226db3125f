"""Serve one practice in several ways, ask for its pages, print what each took."""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
from pathlib import Path
from typing import Any

import psutil
from tests.servers import postgres

from bench import fresh, grown
from bench import load as loading
from bench.serving import CACHE, about, asked, at, environment, load, run, serving, settled

LIMITS = {"client search": 7, "client page": 8, "week view": 8, "today": 10,
          "save a draft": 10, "book": 12, "hand in": 12, "free month": 8,
          "week of ten": 10}  # fmt: skip
STATEMENTS = {"week view": 8, "today": 12, "save a draft": 10, "book": 12, "hand in": 12,
              "free month": 8, "week of ten": 10}  # fmt: skip
EVERY = tuple(dict.fromkeys([*loading.PAGES, *loading.GROWN]))
WAYS, BROWSERS = ("rapport serve", "gunicorn"), (1, fresh.AT_ONCE)
MOST_MEMORY = 250  # MB
# As a day at the desk: shares of what is opened.
OPENED = {"client page": 0.35, "client search": 0.35, "client list": 0.1, "week view": 0.1,
          "today": 0.1}  # fmt: skip


def table(pages: Any, ports: dict[str, int], options: Any, given: Any) -> None:
    """Interleaved rounds; the median of the rounds counts."""
    rates: dict[Any, list[float]] = {}
    took: dict[Any, list[float]] = {}
    worked: dict[Any, list[float]] = {}
    for turn in range(options.rounds + 1):  # the first warms up
        for browsers in BROWSERS:
            for name, page in pages.items():
                for way, port in ports.items():
                    settled(ports[WAYS[0]])
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


def measure(name: str, address: str, options: Any) -> None:
    print(f"\n== {name}, {options.clients} clients; load {load()} ==", flush=True)
    folder = CACHE / f"{'postgres' if address else 'sqlite'}-{options.clients}"
    if address:
        shutil.rmtree(folder, ignore_errors=True)  # its cluster is new
    given = environment(folder, address)
    only = [f"--only={name}" for name in options.only]
    practice = ("bench.practice", str(folder), f"--clients={options.clients}", *only)
    if options.profile:
        print(run(*practice, "--profile", given=given))
        return
    run(*practice, "--looks", given=given)  # what a practice that was just made has to do
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
    parser.add_argument(
        "--science", action="store_true", help="all of the science in one table, and no pages"
    )
    parser.add_argument(
        "--share", type=float, default=1, metavar="X",
        help="with --science and its parts: of the usual sizes, to try it out",
    )  # fmt: skip
    parser.add_argument("--scoring", action="store_true", help="a million sheets, and no pages")
    parser.add_argument("--single", action="store_true", help="single cases, and no pages")
    parser.add_argument("--daily", action="store_true", help="daily ratings, and no pages")
    parser.add_argument("--judged", action="store_true", help="a million changes, and no pages")
    parser.add_argument("--columns", action="store_true", help="five million scores, no pages")
    parser.add_argument("--growth", action="store_true", help="growth models, and no pages")
    parser.add_argument("--slots", action="store_true", help="a month of free times, and no pages")
    parser.add_argument(
        "--peer", type=Path, metavar="FOLDER",
        help="with --slots: where node_modules with @calcom/platform-libraries lies",
    )  # fmt: skip
    parser.add_argument("--standing", action="store_true", help="standing slots, and no pages")
    parser.add_argument(
        "--adaptive", action="store_true", help="thetas and adaptive tests, and no pages"
    )
    parser.add_argument(
        "--peers", type=Path, metavar="FOLDER",
        help="with --adaptive, --science: a virtual environment with girth and catsim",
    )  # fmt: skip
    parser.add_argument(
        "--grown",
        action="store_true",
        help="the same pages when the practice is fifty times as old",
    )
    parser.add_argument(
        "--appointments", type=int, default=1_000_000, metavar="N", help="with --grown"
    )
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument(
        "--only", action="append", default=[], choices=EVERY, metavar="NAME",
        help="this page beside the bare view; again for another: " + ", ".join(EVERY[2:]),
    )  # fmt: skip
    parser.add_argument("--clients", type=int, default=5_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--times", type=int, default=200, metavar="N", help="pages of a round")
    parser.add_argument(
        "--pages", type=int, default=10_000, metavar="N", help="pages before memory is read; 0: not"
    )
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options = parser.parse_args()
    if options.science:
        from bench import science

        raise SystemExit(science.main(options.peers, options.share))
    if options.scoring:
        from bench import scoring

        raise SystemExit(scoring.main(options.share))
    if options.single or options.daily:
        from bench import single

        raise SystemExit(
            single.main(single=options.single, daily=options.daily, share=options.share)
        )
    if options.columns:
        from bench import columns

        raise SystemExit(columns.main(options.share))
    if options.judged:
        from bench import judged

        raise SystemExit(judged.main(options.share))
    if options.growth:
        for library in ("OMP", "OPENBLAS", "MKL"):  # before NumPy is there: one thread each
            os.environ[f"{library}_NUM_THREADS"] = "1"
        from bench import growth

        raise SystemExit(growth.main(options.share))
    if options.slots:
        from bench import slots

        raise SystemExit(slots.main(options.peer))
    if options.adaptive:
        from bench import adaptive

        raise SystemExit(adaptive.main(options.peers, options.share))
    if options.standing:
        from bench import standing

        raise SystemExit(standing.main())
    if options.quick:
        options.rounds, options.times, options.pages = 1, 60, 500
    signal.signal(signal.SIGTERM, stopped)
    cores = psutil.cpu_count()
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores} cores")
    try:
        look = grown.measure if options.grown else measure
        if options.database != "postgres":
            look("encrypted SQLite", "", options)
        if options.database != "sqlite":
            with postgres.cluster(durable=True) as address:
                look("PostgreSQL", address, options)
    except KeyboardInterrupt:
        raise SystemExit("Stopped.") from None


if __name__ == "__main__":
    main()
