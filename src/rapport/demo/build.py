"""Building the demo practice: fast, in chunks, renamed into place when it is complete."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from rapport.core import keys

COMPLETE = "demo.complete"
UNFINISHED = "demo.unfinished"


class NotOurs(Exception):
    """Something lies there that is no demo. One sentence with the way out; it was not touched."""


def start(folder: Path) -> Path:
    """A fresh folder with keys, beside ``folder``; ``finish`` puts it in its place.

    Raises:
        NotOurs: something else lies at ``folder``, or beside it.
        OSError: it cannot be written there.
    """
    beside = folder.with_name(folder.name + ".new")
    _checked(folder, COMPLETE)
    _checked(beside, UNFINISHED)
    _emptied(beside, UNFINISHED)
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    (beside / UNFINISHED).touch()
    for part in ("files", "backups"):
        (beside / part).mkdir(mode=0o700)
    keys.create(beside, keys.FileProvider(beside / "master.key"))
    return beside


def finish(beside: Path, folder: Path) -> None:
    """Put the complete practice in its place.

    Raises:
        NotOurs: something else was put there meanwhile.
    """
    (beside / COMPLETE).touch()
    _checked(folder, COMPLETE)
    _emptied(folder, COMPLETE)
    os.replace(beside, folder)
    (folder / UNFINISHED).unlink()


def _checked(folder: Path, mark: str) -> None:
    """Refuse a place that holds anything but nothing, or a demo with this mark."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotOurs(f"{folder} is no folder. Name another with --folder.")
    if folder.exists() and not (folder / mark).exists() and any(folder.iterdir()):
        raise NotOurs(
            f"{folder} is not empty and holds no demo; nothing in it was touched. Move it away, "
            "or name another folder with --folder."
        )


def _emptied(folder: Path, mark: str) -> None:
    """Remove what a demo left in its folder; the mark goes last, so that it can be resumed."""
    if not (folder / mark).exists():
        return
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        elif one.name != mark:
            one.unlink()
    (folder / mark).unlink()


def fill(*, clients: int, years: int, seed: int, step: Callable[[str], Any]) -> None:
    """Everybody in the cast and what they did, by the actions a real practice uses."""
    from rapport.core import audit  # noqa: PLC0415
    from rapport.core import time as clock  # noqa: PLC0415  Django is set up by now
    from rapport.core.policy import System  # noqa: PLC0415
    from rapport.demo import askings, bookings, cast, founding, today, writings  # noqa: PLC0415
    from rapport.demo.cases import Case  # noqa: PLC0415
    from rapport.demo.days import Days  # noqa: PLC0415
    from rapport.demo.week import Shape  # noqa: PLC0415

    now = clock.now()
    shape = Shape(now, clock.zone_named("America/New_York"))
    before = shape.today - timedelta(days=31)
    began = before.replace(year=before.year - years, day=1)
    with clock.at(datetime.combine(began, time(9), tzinfo=shape.zone)), audit.unit():
        house = founding.found(System("demo"), began, shape)
    step(f"{len(house.staff)} colleagues")
    people = cast.clients(clients, seed=seed, today=shape.today, days=(shape.today - began).days)
    cases = [Case(house, n, person, seed) for n, person in enumerate(people)]
    days, booked = Days(now), {}
    for case in sorted(cases, key=lambda one: one.n not in (cast.RISK, 0)):
        case.lay()  # whose hour has to be on a certain day chooses first
    different = today.fates(cases, now)
    for case in cases:
        case.plan(days)
        booked[case.n] = bookings.plan(case, days) if case.courses else {}
        askings.plan(case, booked[case.n], days)
        theirs = {n: fate for (of, n), fate in different.items() if of == case.n}
        writings.plan(case, booked[case.n], days, theirs)
    today.rules(cases, days)
    today.thoughts(cases, days)
    belong(cases, days)
    days.pass_by(step)
    today.risk(cases, booked, now)
    step("and one who is in danger today")


def belong(cases: list[Any], days: Any) -> None:
    """Couples and families know who belongs to them."""
    from rapport.demo import cast  # noqa: PLC0415
    from rapport.people.circle import actions as circle  # noqa: PLC0415

    for main, members in cast.TOGETHER.items():
        there = [cases[n] for n in (main, *members) if n < len(cases)]
        for member in there[1:]:
            days.at(there[0].admitted + timedelta(minutes=15), lambda now, of=there[0], one=member: (
                circle.add_member(by=of.house.by, client=of.client, member=one.client)
            ))  # fmt: skip
