"""The same pages and clocks in a practice that is young, and in one that has been there for long.

20,000 appointments of 5,000 clients beside 1,000,000 of 20,000, all with twenty clinicians who
have eight sessions a day: what is ahead is the same, what lies behind is fifty times as much.
"""

import contextlib
import json
import shutil
import statistics
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from bench import load as loading
from bench.serving import CACHE, asked, at, environment, load, run, serving

CLIENTS, YOUNG = 5_000, 20_000  # of the young one: clients, appointments
MOST_RATIO = 1.5
LEAST = 2.0  # milliseconds more that count; what a clock does often takes less than one
OLD_CLIENTS = 4  # times as many


def measure(name: str, address: str, options: Any) -> None:
    """Print what each page and each clock takes in both, and how many times as long in the old."""
    print(f"\n== {name}; load {load()} ==", flush=True)
    scale = min(1.0, options.appointments / 1_000_000)  # a small try makes both smaller
    young = max(40, int(CLIENTS * scale)), max(160, int(YOUNG * scale))
    old = young[0] * OLD_CLIENTS, options.appointments
    only = [one for one in loading.GROWN if one in options.only or not options.only]
    work = (options.rounds + 1) * options.times
    places = [_place(size, address) for size in (young, old)]
    asked_of = [
        ("bench.practice", folder, f"--clients={size[0]}", f"--appointments={size[1]}", "--shared",
         *(f"--only={one}" for one in only))
        for size, (folder, _given) in zip((young, old), places, strict=True)
    ]  # fmt: skip
    clocks = [json.loads(run(*words, "--looks", given=given))
              for words, (_folder, given) in zip(asked_of, places, strict=True)]  # fmt: skip
    # Signed in last: making the old one takes longer than a desk stays open by itself.
    pages = [json.loads(run(*words, f"--work={work}", given=given | {"RAPPORT_FAST": "1"}))
             for words, (_folder, given) in zip(asked_of, places, strict=True)]  # fmt: skip
    with contextlib.ExitStack() as both:
        ports = [both.enter_context(serving("rapport serve", given)) for _f, given in places]
        took = _rounds(pages, ports, options, places)
    print(f"{'':24} {young[1]:>10,} {old[1]:>10,}  times  SQL")
    for page in pages[0]:
        few, many = (statistics.median(at(some, 0.5) for some in took[page, n]) for n in (0, 1))
        _line(page, few, many, pages[1][page]["statements"])
    for job in clocks[0]:
        _line(job, clocks[0][job], clocks[1][job], None)
    print(f"load at the end {load()}", flush=True)


def _rounds(pages: Any, ports: Any, options: Any, places: Any) -> dict[Any, list[list[float]]]:
    """What each page took in each practice, round by round, in turns; the first warms up."""
    took: dict[Any, list[list[float]]] = {}
    for turn in range(options.rounds + 1):
        for page in pages[0]:
            for n, port in enumerate(ports):
                found = asked(port, page, pages[n][page], options.times, 1, places[n][1])
                if turn:
                    took.setdefault((page, n), []).append(found["took"])
    return took


def _line(name: str, few: float, many: float, statements: int | None) -> None:
    over = "  over" if many > few * MOST_RATIO and many - few > LEAST else ""
    print(f"{name:24} {few:7.1f} ms {many:7.1f} ms {many / few:6.2f} "
          f"{statements if statements is not None else '':>4}{over}")  # fmt: skip


def _place(size: tuple[int, int], address: str) -> tuple[str, dict[str, str]]:
    """Where a practice lies, and what its processes are told; on a server it has a database."""
    folder = CACHE / f"{'postgres' if address else 'sqlite'}-grown-{size[1]}"
    if address:
        shutil.rmtree(folder, ignore_errors=True)  # its cluster is new
        address = _database(address, f"of_{size[1]}")
    return str(folder), environment(folder, address)


def _database(address: str, name: str) -> str:
    """The address of a new database beside the one at ``address``."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
