"""Building the demo practice: fast, in chunks, renamed into place when it is complete."""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
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
    """Everybody in the cast, by the actions a real practice uses."""
    from rapport.core import audit  # noqa: PLC0415  Django is set up by now
    from rapport.core import time as clock  # noqa: PLC0415
    from rapport.core.policy import System  # noqa: PLC0415
    from rapport.demo import cast  # noqa: PLC0415
    from rapport.people.practice import actions as practice  # noqa: PLC0415
    from rapport.people.practice import queries  # noqa: PLC0415

    by = System("demo")
    today = clock.today()
    before = today - timedelta(days=31)
    began = before.replace(year=before.year - years, day=1)
    with audit.unit():
        practice.found(
            by=by, name="Practice by the river", place="River house", country="US",
            time_zone="America/New_York", currency="USD",
        )  # fmt: skip
        practice.open_place(by=by, name="Hill house")
        places = list(queries.places(by=by))[::-1]
        people = _staff(by, places, began)
    step(f"{len(people)} colleagues")
    days = (today - began).days
    invented = cast.clients(clients, seed=seed, today=today, days=days)
    carers = [people[name] for name in ("ana", "ben", "ines", "sam")]
    admitted: dict[int, Any] = {}
    for ago, deeds in _by_day(invented):
        with clock.at(clock.now() - timedelta(days=ago)) as then, audit.unit():
            for n, stay, ends in deeds:
                if n not in admitted:
                    admitted[n] = _client(by, invented[n], carers, places, n, then)
                if stay is not None:
                    _stay(by, admitted[n], carers[invented[n].clinician], stay, ends)
    step(f"{len(invented)} clients")


def _by_day(invented: list[Any]) -> Iterator[tuple[int, list[tuple[int, Any, bool]]]]:
    """What happened on each day with anything in it, the longest ago first.

    Yields:
        Days before today, and (number of the client, stay, whether it ends) in order.
    """
    found: dict[int, list[tuple[int, Any, bool]]] = defaultdict(list)
    for n, person in enumerate(invented):
        if not person.stays:
            found[min(n, 20)].append((n, None, False))
        for stay in person.stays:
            found[stay.since].append((n, stay, False))
            if stay.until is not None:
                found[stay.until].append((n, stay, True))
    for ago in sorted(found, reverse=True):
        yield ago, found[ago]


def _stay(by: Any, client: Any, carer: Any, stay: Any, ends: bool) -> None:
    from rapport.core import time as clock  # noqa: PLC0415
    from rapport.people.episodes import actions  # noqa: PLC0415

    today = clock.today()
    if ends:
        episode = client.episodes.get(closed_on=None)
        actions.close(by=by, client=client, episode=episode, on=today, reason=stay.ended)
    else:
        actions.open_(by=by, client=client, responsible=carer, on=today, problem=stay.problem)


def _staff(by: Any, places: list[Any], began: Any) -> dict[str, Any]:
    from rapport.demo import cast  # noqa: PLC0415
    from rapport.people.staff import actions  # noqa: PLC0415

    at = {"both": places, "river": places[:1], "hill": places[1:]}
    people = {
        key: actions.engage(
            by=by, email=f"{key}@demo.invalid", legal_name=name, display_name=name, roles=roles,
            places=at[where], started_on=began,
        )
        for key, name, roles, where in cast.STAFF
    }  # fmt: skip
    actions.supervise(by=by, supervisor=people["sam"], supervisee=people["ines"], from_on=began)
    return people


def _client(
    by: Any, person: Any, carers: list[Any], places: list[Any], n: int, now: datetime
) -> Any:
    from rapport.people.accounts import actions as accounts  # noqa: PLC0415
    from rapport.people.circle import actions as circle  # noqa: PLC0415
    from rapport.people.clients import actions  # noqa: PLC0415

    client = actions.admit(
        by=by, legal_name=person.name, preferred_name=person.preferred, kind=person.kind,
        status="INQUIRY", pronouns=person.pronouns, birth_on=person.born,
        place=places[person.place], clinician=carers[person.clinician], now=now,
        remark="Prefers a call in the evening." if n % 5 == 0 else "",
    )  # fmt: skip
    circle.add_contact(
        by=by, client=client, kind="PHONE", value=person.phone, label="mobile",
        safe_to_message=n % 3 != 0, safe_to_text=n % 2 == 0,
    )  # fmt: skip
    if n % 2 == 0:
        circle.add_contact(by=by, client=client, kind="MAIL", value=person.mail, safe_to_write=True)
    if n % 4 == 0 or person.kind == "MINOR":
        circle.add_related(
            by=by, client=client, relation="PARENT" if person.kind == "MINOR" else "PARTNER",
            name=f"Alex {person.name.split()[-1]}", reach_at=person.phone, emergency=True,
            may_know="CARE" if person.kind == "MINOR" else "NOTHING",
        )  # fmt: skip
    if person.restricted:
        actions.restrict(by=by, client=client, restricted=True)
    if n == 0:
        account = accounts.open_(by=by, email="mara@demo.invalid", realm="PORTAL")
        client.account = account
    client.status = person.status
    client.save(update_fields=["account", "status"])
    return client
