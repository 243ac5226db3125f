"""Kill the process that writes, again and again, and look at what is there afterwards.

Run by prove_kill in a process of its own, on a practice of its own: Django is loaded once,
and each cycle forks a server that writes through the real actions, runs the real jobs and
says through a pipe what is committed, until kill -9 ends it at a random instant.
"""

import argparse
import dataclasses
import json
import os
import random
import signal
import sys
import tempfile
import time as machine
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

SOONEST, LATEST = 0.002, 0.250  # seconds from the open connection to the kill
LOOK_EVERY = 100  # kills
TABLE = "proof_effect"


def forked(work: Callable[[], Any]) -> Any:
    """What ``work`` returns in a fresh process.

    Raises:
        RuntimeError: it failed there; its traceback is on the console.
    """
    mine, its = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(mine)
            with os.fdopen(its, "w") as out:
                json.dump(work(), out)
            code = 0
        finally:
            if code:
                sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
            os._exit(code)
    os.close(its)
    with os.fdopen(mine) as answer:
        said = answer.read()
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("the look at the database failed")
    return json.loads(said)


def killed_after(seconds: float, work: Callable[[Callable[..., None]], None]) -> list[list[Any]]:
    """Let ``work`` write in a fresh process; what it acknowledged before it was killed.

    Args:
        seconds: from its first word, that it is ready, to the kill.
    """
    mine, its = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(mine)
            work(lambda *said: os.write(its, json.dumps(said).encode() + b"\n"))
        finally:
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
            os._exit(1)
    os.close(its)
    with os.fdopen(mine) as answer:
        ready = answer.readline()
        machine.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        said = [json.loads(line) for line in answer.read().splitlines()]
    if not ready or not os.WIFSIGNALED(status):
        raise RuntimeError("the writing process ended by itself")
    return said


def open_practice(folder: Path) -> None:
    """A practice with two clinicians, and a reaction whose effect can be counted."""
    from rapport.cli import setup
    from rapport.core import keys

    for part in ("files", "backups"):
        (folder / part).mkdir()
    keys.create(folder, keys.FileProvider(folder / "master.key"))
    setup.open_practice(folder)
    setup.migrate()


def furnish() -> None:
    from django.db import connection

    from tests.factories import APlace, APractice, Colleague

    APractice()
    house = APlace()
    for name in ("Ana", "Ben"):
        Colleague(legal_name=name, at=[house])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (client varchar(36) NOT NULL)")
    connection.close()


def listen(*, outside: bool) -> None:
    """React to each admission by one row; a killed run's lease is over at once."""
    from django.db import connection

    from rapport.core import events
    from rapport.core.jobs import registry
    from rapport.people.events import ClientAdmitted

    @events.on(ClientAdmitted, outside=outside, attempts=30_000, name="proof.effect")
    def effect(fact: ClientAdmitted) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} VALUES (%s)", [str(fact.client_id)])  # noqa: S608

    short = dataclasses.replace(registry.SPECS["proof.effect"], lease=timedelta(seconds=0.3))
    registry.SPECS["proof.effect"] = short


def serve(say: Callable[..., None], *, early: bool, cycle: int, work: bool = True) -> None:
    """Write until killed. ``early`` acknowledges before the commit: what must be noticed."""
    from contextlib import nullcontext

    from rapport.core import audit, jobs, time
    from rapport.core.policy import System
    from rapport.people.care_team import actions as care_team
    from rapport.people.circle import actions as circle
    from rapport.people.clients import actions as clients
    from rapport.people.models import Place, Staff

    if work:
        jobs.Worker(poll=0.01).start()
    by, place = System("proof"), Place.objects.get()
    ana, ben = Staff.objects.order_by("legal_name")
    say("ready")

    def done(verb: str, client: Any, write: Callable[[], Any], about: Any = "") -> Any:
        with audit.unit() if early else nullcontext():
            row = write()
            if early:
                say(verb, str((client or row).pk), about or str(row.pk))
        if not early:
            say(verb, str((client or row).pk), about or str(row.pk))
        return row

    number = 0
    while True:
        number += 1
        typed = {"legal_name": f"Client {cycle} {number} first", "remark": "first"}
        admitted = done("admit", None, lambda typed=typed: clients.admit(
            by=by, place=place, clinician=ana, now=time.now(), **typed))  # fmt: skip
        done("contact", admitted, lambda client=admitted: circle.add_contact(
            by=by, client=client, kind="PHONE", value="+1 212 555 0147"))  # fmt: skip
        done("assign", admitted, lambda client=admitted: care_team.assign(
            by=by, client=client, staff=ben, on=time.today()))  # fmt: skip
        done("change", admitted, lambda client=admitted, number=number: clients.change(
            by=by, client=client, legal_name=f"Client {cycle} {number} second",
            preferred_name="", pronouns="", birth_on=None, languages=[], place=place,
            status="ACTIVE", address="Hill road 5", remark="second", now=time.now()),
            "second")  # fmt: skip


def warm() -> None:
    """Load what the first page of a server loads, so that the kills meet work, not imports."""
    from django.db import connections

    from rapport.core import jobs

    class Enough(Exception):
        pass

    def until_changed(*said: Any) -> None:
        if said[0] == "change":
            raise Enough

    try:
        serve(until_changed, early=False, cycle=0, work=False)
    except Enough:
        jobs.run_due()
    connections.close_all()


def lost(acknowledged: list[list[Any]]) -> int:
    """How many acknowledged changes are not there as they were written."""
    from rapport.people.models import CareTeamMember, Client, Contact

    clients = {str(c.pk): c for c in Client.objects.select_related("data_key")}
    contacts = {str(pk) for pk in Contact.objects.values_list("pk", flat=True)}
    members = {str(pk) for pk in CareTeamMember.objects.values_list("pk", flat=True)}
    missing = 0
    for verb, client, about in acknowledged:
        there = client in clients
        if verb == "contact":
            there = there and about in contacts
        elif verb == "assign":
            there = there and about in members
        elif verb == "change":
            there = there and clients[client].remark == about
        missing += not there
    return missing


def halves() -> dict[str, int]:
    """What is there in part only, by kind."""
    from django.db.models import Count, Q

    from rapport.core.audit.models import AuditEntry
    from rapport.core.jobs import Job
    from rapport.people.clients import rules
    from rapport.people.models import CareTeamMember, Client, Contact

    found: Counter[str] = Counter()
    trail = Counter(
        (verb, name, pk)
        for verb, subject in AuditEntry.objects.values_list("verb", "subject").iterator()
        for name, pk in subject
    )
    promised = Counter(Job.objects.filter(name="proof.effect").values_list("args", flat=True)
                       .values_list("args__client_id", flat=True))  # fmt: skip
    held = Client.objects.select_related("data_key").prefetch_related("grams").annotate(
        teams=Count("care_team", distinct=True), all_episodes=Count("episodes", distinct=True),
    )  # fmt: skip
    known = set()
    for client in held:
        pk = str(client.pk)
        known.add(pk)
        found["a client without care team"] += client.teams == 0
        found["a client without episode"] += client.all_episodes != 1
        found["a client without audit entry"] += not trail["client.admit", "people.client", pk]
        found["a client without its job"] += promised[pk] != 1
        wanted = rules.grams(client.legal_name)
        found["a name that search misses"] += {g.gram for g in client.grams.all()} != wanted
        found["half a change"] += not client.legal_name.endswith(client.remark)
        changed = client.remark == "second"
        found["half a change"] += changed != (client.address == "Hill road 5")
    found["a job without its client"] += len(set(promised) - known)
    said = {pk for verb, name, pk in trail if (verb, name) == ("client.admit", "people.client")}
    found["an audit entry without its client"] += len(said - known)
    for model, verb, label in (
        (Contact, "client.edit", "people.contact"),
        (CareTeamMember, "care_team.assign", "people.careteammember"),
    ):
        wanted_rows = model.objects.all()
        if model is CareTeamMember:
            wanted_rows = wanted_rows.filter(~Q(staff__legal_name="Ana"))
        rows = {str(pk) for pk in wanted_rows.values_list("pk", flat=True)}
        said = {pk for v, name, pk in trail if (v, name) == (verb, label)}
        found["a change without audit entry"] += len(rows - said)
        found["an audit entry without its change"] += len(said - rows)
    return {kind: number for kind, number in found.items() if number}


def effects() -> dict[str, int]:
    """Run what is still due; then how many reactions happened twice, and how many never."""
    from django.db import connection

    from rapport.core import jobs, time
    from rapport.people.models import Client

    jobs.run_due(time.now() + timedelta(minutes=10))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT client FROM {TABLE}")  # noqa: S608
        happened = Counter(row[0] for row in cursor.fetchall())
    known = {str(pk) for pk in Client.objects.values_list("pk", flat=True)}
    retried = jobs.Job.objects.filter(attempts__gt=1).count()
    return {
        "reactions": len(happened),
        "retried": retried,
        "twice": sum(number > 1 for number in happened.values()),
        "none": len(known - set(happened)),
    }


def verified() -> list[str]:
    """Every problem that ``rapport verify`` would tell."""
    from rapport.core import verify

    return [f"{name}: {problem}" for name, problem in verify.everything() if problem]


def prove(*, kills: int, seed: int, early: bool) -> dict[str, Any]:
    """Kill ``kills`` times and say what was found."""
    chance = random.Random(seed)
    acknowledged: list[list[Any]] = []
    half: Counter[str] = Counter()
    missing = unlooked = 0
    warm()
    for cycle in range(1, kills + 1):
        wait = chance.uniform(SOONEST, LATEST)
        said = killed_after(wait, lambda say, n=cycle: serve(say, early=early, cycle=n))
        acknowledged += said
        if cycle % LOOK_EVERY == 0 or cycle == kills:
            fresh = acknowledged[unlooked:]
            missing += forked(lambda fresh=fresh: lost(fresh))
            half.update(forked(halves))
            unlooked = len(acknowledged)
    found = forked(effects)
    gone = forked(lambda: lost(acknowledged))
    return {
        "seed": seed, "kills": kills, "acknowledged": len(acknowledged),
        "lost": max(missing, gone), "half": dict(half), **found, "verify": forked(verified),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--early", action="store_true", help="acknowledge before the commit")
    parser.add_argument("--outside", action="store_true", help="an effect apart from its job")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-kill-") as folder:
        open_practice(Path(folder))
        furnish()
        listen(outside=options.outside)
        found = prove(kills=options.kills, seed=options.seed, early=options.early)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
