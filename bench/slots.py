"""A month of free times: beside a loop without zones, with more busy, with more clinicians, beside
Cal.com's published functions."""

import json
import random
import shutil
import statistics
import subprocess
import time as clock
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rapport.meeting.availability import clocks
from rapport.meeting.availability.rules import (
    Clinician,
    Limits,
    Meeting,
    Opening,
    Stretch,
    Wanted,
    openings,
)

FIRST = date(2030, 3, 18)  # a Monday; Berlin's clocks go forward on the 31st
DAYS, OPENS, CLOSES, MINUTES, STEP = 30, 8, 18, 50, 15
BEFORE, AFTER = 5, 10  # minutes kept free
BUSY, MORE, MANY = 100, (0, 10, 100, 1000), 20
ZONE = ZoneInfo("Europe/Berlin")
LOOPS, GROWTH, SHARE, PEER = 10, 3, 15, 14  # the limits
ROUNDS, LASTING = 15, 0.01  # seconds of one measurement
HERE = Path(__file__).parent
PACKAGE = "node_modules/@calcom/platform-libraries"
WEEK = {weekday: [Stretch(time(OPENS), time(CLOSES))] for weekday in range(1, 6)}

Walls = list[tuple[int, int]]  # minutes since the midnight before the first day, as shown


@dataclass(frozen=True)
class Work:
    """One clinician's month, as the engine is told it and as the wall shows it."""

    clinician: Clinician
    busy: Walls


def made(count: int, seed: int = 2030) -> Work:
    """``count`` invented sessions in working hours; with many, most of them overlap."""
    chance = random.Random(seed)  # noqa: S311 - invented sessions are no secret
    days = [n for n in range(DAYS) if n % 7 < 5]
    busy = []
    for _ in range(count):
        start = chance.choice(days) * clocks.DAY + chance.randrange(OPENS * 60, CLOSES * 60, 5)
        busy.append((start, start + chance.choice([25, 50, 80])))
    meetings = [Meeting(_instant(start), _instant(end)) for start, end in busy]
    limits = Limits(buffer_before=BEFORE, buffer_after=AFTER, step=STEP)
    return Work(Clinician(f"clinician-{seed}", ZONE, WEEK, meetings=meetings, limits=limits), busy)


def _instant(wall: int) -> int:
    shown = datetime.combine(FIRST, time(0)) + timedelta(minutes=wall)
    return clocks.minute(shown.replace(tzinfo=ZONE))


def ours(*works: Work) -> list[Opening]:
    """The engine, zones and all."""
    return openings(
        Wanted(MINUTES, "HERE"), [work.clinician for work in works],
        first=FIRST, last=FIRST + timedelta(days=DAYS - 1), now=_instant(0),
    )  # fmt: skip


def plain(busy: Walls) -> Walls:
    """One pass over whole minutes, as somebody would write it who has no zones, limits or rooms."""
    gap = max(BEFORE, AFTER)
    taken = sorted((start - gap, end + gap) for start, end in busy)
    found, nth = [], 0
    for day in range(DAYS):
        if day % 7 > 4:
            continue
        midnight = day * clocks.DAY
        for start in range(midnight + OPENS * 60, midnight + CLOSES * 60 - MINUTES + 1, STEP):
            while nth < len(taken) and taken[nth][1] <= start:
                nth += 1
            if nth == len(taken) or start + MINUTES <= taken[nth][0]:
                found.append((start, start + MINUTES))
    return found


def agreed(work: Work) -> None:
    """
    Raises:
        AssertionError: the two offer different times, and no speed is worth that.
    """
    assert [one.start for one in ours(work)] == [_instant(start) for start, _ in plain(work.busy)]


def medians(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of processor time that each takes: the median of rounds in which they take turns.

    Each is measured over about the same time, so that what else runs here disturbs all alike.
    """
    times = {name: max(1, round(LASTING / _took(work, 3))) for name, work in works.items()}
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            took[name].append(_took(work, times[name]))
    return {name: statistics.median(each) for name, each in took.items()}


def _took(work: Callable[[], object], times: int) -> float:
    start = clock.process_time()
    for _ in range(times):
        work()
    return (clock.process_time() - start) / times


def said(what: str, ratio: float, limit: float, *, least: bool = False) -> bool:
    """Print one figure with its limit, and say whether it holds."""
    held = ratio >= limit if least else ratio <= limit
    word = "at least" if least else "at most"
    print(f"  {what:42} {ratio:6.1f}   ({word} {limit}){'' if held else '  missed'}")
    return held


def theirs(work: Work, folder: Path) -> float:
    """Seconds of processor time that Cal.com's functions take for the same month, in Node.

    Raises:
        AssertionError: they offer other times.
    """
    node = shutil.which("node") or "node"
    gap = max(BEFORE, AFTER)
    order = {
        "zone": ZONE.key, "first": _instant(0), "last": _instant(DAYS * clocks.DAY),
        "opens": OPENS, "closes": CLOSES, "minutes": MINUTES, "step": STEP, "rounds": 4 * ROUNDS,
        "busy": [(one.start - gap, one.end + gap) for one in work.clinician.meetings],
    }  # fmt: skip
    done = subprocess.run(
        [node, str(HERE / "slots_peer.mjs"), str(folder)],
        input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["starts"] == [one.start for one in ours(work)]
    return statistics.median(answer["took"])


def beside_the_peer(work: Work, one: float, folder: Path | None) -> bool:
    """Print how many times as long Cal.com takes, or that it is not there to be asked."""
    if folder is None or not (folder / PACKAGE).is_dir():
        where = f"in {folder}" if folder else "given with --peer"
        print(f"  Cal.com was not measured: no {PACKAGE} {where}.")
        return True
    took = theirs(work, folder)
    print(f"  Cal.com's functions {1000 * took:.1f} ms, the same openings")
    return said("Cal.com / engine", took / one, PEER, least=True)


def main(peer: Path | None = None) -> int:
    """The exit code: 1 where a limit is missed."""
    work, crowd = made(BUSY), [made(BUSY, seed) for seed in range(MANY)]
    growing = {count: made(count) for count in MORE}
    for each in (*growing.values(), *crowd):
        agreed(each)
    print(f"{DAYS} days from {FIRST}, {ZONE.key}, {MINUTES} minutes every {STEP}, weekdays {OPENS} "
          f"to {CLOSES},\n{BUSY} busy with {BEFORE} minutes before and {AFTER} after: "
          f"{len(ours(work))} openings; processor time, median of {ROUNDS} rounds")  # fmt: skip
    took = medians(
        {"one": lambda: ours(work), "loop": lambda: plain(work.busy), "many": lambda: ours(*crowd)}
        | {f"{n} busy": lambda each=each: ours(each) for n, each in growing.items()}
    )
    one, more = took["one"], [took[f"{n} busy"] for n in MORE]
    print(f"  engine {1000 * one:.2f} ms, loop without zones {1000 * took['loop']:.2f} ms")
    held = [said("engine / loop without zones", one / took["loop"], LOOPS)]
    print("  with " + ", ".join(f"{n}: {1000 * took[f'{n} busy']:.2f} ms" for n in MORE))
    held.append(said("slowest / quickest of these", max(more) / min(more), GROWTH))
    print(f"  {MANY} clinicians at once {1000 * took['many']:.2f} ms")
    held.append(said(f"{MANY} clinicians / one", took["many"] / one, SHARE))
    held.append(beside_the_peer(work, one, peer))
    return 0 if all(held) else 1
