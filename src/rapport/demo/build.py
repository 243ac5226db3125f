"""Building the demo practice: fast, in chunks, renamed into place when it is complete."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rapport.core import keys

COMPLETE = "demo.complete"


def start(folder: Path) -> Path:
    """A fresh folder with keys, beside ``folder``; ``finish`` puts it in its place."""
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    for part in ("", "files", "backups"):
        (beside / part).mkdir(parents=True, mode=0o700)
    keys.create(beside, keys.FileProvider(beside / "master.key"))
    return beside


def finish(beside: Path, folder: Path) -> None:
    """Put the complete practice in its place."""
    (beside / COMPLETE).touch()
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(beside, folder)


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
    began = today.replace(year=today.year - years, day=1)
    with audit.unit():
        practice.found(
            by=by, name="Practice by the river", place="River house", country="US",
            time_zone="America/New_York", currency="USD",
        )  # fmt: skip
        practice.open_place(by=by, name="Hill house")
        places = list(queries.places(by=by))[::-1]
        people = _staff(by, places, began)
    step(f"{len(people)} colleagues")
    invented = cast.clients(clients, seed=seed, today=today)
    carers = [people[name] for name in ("ana", "ben", "ines", "sam")]
    for first in range(0, len(invented), 25):
        with audit.unit():
            for n, person in enumerate(invented[first : first + 25], start=first):
                _client(by, person, carers, places, n)
    step(f"{len(invented)} clients")


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


def _client(by: Any, person: Any, carers: list[Any], places: list[Any], n: int) -> None:
    from rapport.core import time as clock  # noqa: PLC0415
    from rapport.people.accounts import actions as accounts  # noqa: PLC0415
    from rapport.people.circle import actions as circle  # noqa: PLC0415
    from rapport.people.clients import actions  # noqa: PLC0415

    client = actions.admit(
        by=by, legal_name=person.name, preferred_name=person.preferred, kind=person.kind,
        status=person.status, pronouns=person.pronouns, birth_on=person.born,
        place=places[person.place], clinician=carers[person.clinician], now=clock.now(),
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
        client.save(update_fields=["account"])
