"""A month of free times: beside a loop without zones, with more busy, with more clinicians, beside
Cal.com's published functions."""

import random
import statistics
import time as clock
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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

FIRST = date(2027, 3, 15)  # a Monday; Berlin's clocks go forward on the 28th
DAYS, OPENS, CLOSES, MINUTES, STEP = 30, 8, 18, 50, 15
BEFORE, AFTER = 5, 10  # minutes kept free
BUSY, MORE, MANY = 100, (0, 10, 100, 1000), 20
ZONE = ZoneInfo("Europe/Berlin")
LOOPS, GROWTH, SHARE, PEER = 10, 3, 15, 14  # the limits
ROUNDS, TIMES = 9, 20
WEEK = {weekday: [Stretch(time(OPENS), time(CLOSES))] for weekday in range(1, 6)}

Walls = list[tuple[int, int]]  # minutes since the midnight before the first day, as shown


@dataclass(frozen=True)
class Work:
    """One clinician's month, as the engine is told it and as the wall shows it."""

    clinician: Clinician
    busy: Walls


def made(count: int, seed: int = 2027) -> Work:
    """``count`` invented sessions in working hours; with many, most of them overlap."""
    chance = random.Random(seed)
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


def medians(*works: Callable[[], object]) -> list[float]:
    """What each takes, in seconds: the median of rounds in which they take turns."""
    took: list[list[float]] = [[] for _ in works]
    for turn in range(ROUNDS + 1):  # the first warms up
        for one, work in zip(took, works, strict=True):
            start = clock.perf_counter()
            for _ in range(TIMES):
                work()
            one += [(clock.perf_counter() - start) / TIMES] if turn else []
    return [statistics.median(one) for one in took]


def said(what: str, ratio: float, limit: float, word: str = "at most") -> bool:
    """Print one figure with its limit, and say whether it holds."""
    held = ratio <= limit if word == "at most" else ratio >= limit
    print(f"  {what:44} {ratio:7.1f}   (limit: {word} {limit}){'' if held else '  over'}")
    return held


def main(peer: Path | None = None) -> int:
    """The exit code: 1 where a limit is missed."""
    work, crowd = made(BUSY), [made(BUSY, seed) for seed in range(MANY)]
    growing = [made(count) for count in MORE]
    for one in (*growing, *crowd):
        agreed(one)
    print(f"{DAYS} days from {FIRST}, {ZONE.key}, {MINUTES} minutes every {STEP}, weekdays {OPENS} to "
          f"{CLOSES},\n{BUSY} busy with {BEFORE} minutes before and {AFTER} after: "
          f"{len(ours(work))} openings; median of {ROUNDS} rounds in turns")  # fmt: skip
    one, loop, many, *more = medians(
        lambda: ours(work), lambda: plain(work.busy), lambda: ours(*crowd),
        *(lambda each=each: ours(each) for each in growing),
    )  # fmt: skip
    print(f"  engine {1000 * one:.3f} ms, loop without zones {1000 * loop:.3f} ms")
    held = [said("engine / loop without zones", one / loop, LOOPS)]
    figures = ", ".join(f"{n}: {1000 * took:.3f} ms" for n, took in zip(MORE, more, strict=True))
    print(f"  with so many busy: {figures}")
    held.append(said("slowest / quickest of these", max(more) / min(more), GROWTH))
    print(f"  {MANY} clinicians at once {1000 * many:.3f} ms")
    held.append(said(f"{MANY} clinicians / one", many / one, SHARE))
    return 0 if all(held) else 1
