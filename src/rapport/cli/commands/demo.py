"""Start an invented practice to look around in. Nothing in it is real.

The first start makes it; later starts open the same one. With --fresh it is made anew.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from rapport.cli import Trouble
from rapport.cli.setup import PORT, migrate, open_practice, whole

help = "start an invented practice and look around"
FOLDER = Path.home() / ".local" / "share" / "rapport" / "demo"
CLIENTS, YEARS = whole(1, 1_000_000, "number of clients"), whole(0, 50, "number of years")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="make the practice anew")
    parser.add_argument("--clients", type=CLIENTS, default=60, metavar="N")
    parser.add_argument("--years", type=YEARS, default=2, metavar="Y", help="of history")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same people")
    parser.add_argument("--port", type=PORT, default=8000)
    parser.add_argument("--folder", type=Path, default=FOLDER, help=argparse.SUPPRESS)
    parser.add_argument("--build-only", action="store_true", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    from rapport.cli.serving import listening, serve
    from rapport.demo import build

    folder = options.folder.resolve()
    listening("127.0.0.1", options.port).close()  # a taken port is told before the long work
    if options.fresh or not (folder / build.COMPLETE).exists():
        began = time.monotonic()

        def step(done: str) -> None:
            print(f"  Invented: {done} ({time.monotonic() - began:.0f} s)", flush=True)

        try:
            beside = build.start(folder)
        except build.NotOurs as problem:
            raise Trouble(str(problem)) from problem
        except OSError as problem:
            raise Trouble(
                f"{folder} cannot be made: {problem.strerror}. Name another with --folder."
            ) from problem
        os.environ["RAPPORT_FAST"] = "1"  # no flush to disk while nothing can be lost
        open_practice(beside, "demo", new=True)
        migrate()
        build.fill(clients=options.clients, years=options.years, seed=options.seed, step=step)
        from django.db import connection

        connection.close()
        try:
            build.finish(beside, folder)
        except build.NotOurs as problem:
            raise Trouble(str(problem)) from problem
        del os.environ["RAPPORT_FAST"]
        if options.build_only:
            return 0
        # Serve from a process that never saw the temporary folder or its settings.
        here = ["-m", "rapport", "demo", "--folder", str(folder), "--port", str(options.port)]
        os.execv(sys.executable, [sys.executable, *here])  # noqa: S606  this very program
    if options.build_only:
        return 0
    open_practice(folder, "demo")
    migrate()
    return serve(host="localhost", port=options.port)
