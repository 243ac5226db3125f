"""A process that writes until it is killed, and the looks at what it left behind.

Every client says of itself what must stand beside it: its remark is ``stamp:revision``, its
address and preferred name carry the same stamp, each contact is one more edit in the trail.
"""

import os
import signal
import traceback
from collections import Counter
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import monotonic, sleep

from django.db import OperationalError, connection, connections

from rapport.core import audit, events, time, verify
from rapport.core.audit.models import AuditEntry
from rapport.core.jobs import Job, Worker, registry, run_due
from rapport.people.circle import actions as circle
from rapport.people.clients import actions, rules
from rapport.people.clients.models import Client, Contact
from rapport.people.events import ClientAdmitted
from rapport.people.models import CareTeamMember, Episode

EFFECT, REACTION = "proof_effect", "proof.kill"
DRAIN = 120  # seconds, and a tenth for each job the dead left, until the last one is done


# A process of its own ---------------------------------------------------------------------


def fork(work):
    """Run ``work(tell)`` in a fresh process; its id, and where what it tells is read."""
    connections.close_all()
    ours, its = os.pipe()
    child = os.fork()
    if child:
        os.close(its)
        return child, os.fdopen(ours)
    try:
        os.close(ours)
        work(lambda *words: os.write(its, (" ".join(map(str, words)) + "\n").encode()))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def told_by(work):
    """Run ``work(tell)`` in a fresh process to its end; every line it told, in words."""
    child, said = fork(work)
    with said:
        lines = [line.split() for line in said]
    assert os.waitpid(child, 0)[1] == 0, "the look itself failed"
    return lines


def killed_after(work, acknowledged, pause, *, server=False):
    """Kill ``work`` so many seconds after it told so many lines; all the lines it told.

    Args:
        server: kill the database's process that serves it too, where there is one.
    """
    child, said = fork(work)
    with said:
        ready, *backend = said.readline().split()
        first = [said.readline() for _ in range(acknowledged)]
        sleep(pause)
        os.kill(child, signal.SIGKILL)
        if server and backend:
            crash(int(backend[0]))
        died = os.waitpid(child, 0)[1]
        assert os.WTERMSIG(died) == signal.SIGKILL, "the writer fell over by itself"
        return [line.split() for line in [*first, *said]]


def crash(backend):
    """Kill this process of PostgreSQL and wait until the server has recovered."""
    title = Path(f"/proc/{backend}/cmdline").read_bytes()
    assert connection.settings_dict["NAME"].encode() in title, "a server on this machine, ours"
    os.kill(backend, signal.SIGKILL)
    while Path(f"/proc/{backend}").exists():  # until the server has noticed
        sleep(0.01)
    while True:
        sleep(0.1)
        try:
            connection.ensure_connection()
        except OperationalError:
            continue
        return


# Writing ----------------------------------------------------------------------------------


@contextmanager
def reacting(**options):
    """Leave a row for each admission, with time to die on both sides of it; no clock strikes."""
    kept, clocks = dict(events._listeners), dict(registry.CLOCKS)
    events._listeners[ClientAdmitted] = list(kept.get(ClientAdmitted, []))
    events.on(ClientAdmitted, attempts=10_000, name=REACTION, **options)(leave_a_row)
    registry.CLOCKS.clear()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {EFFECT} (client varchar(36) NOT NULL)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {EFFECT}")
    events._listeners.clear()
    events._listeners.update(kept)
    registry.CLOCKS.update(clocks)
    del registry.SPECS[REACTION]


def leave_a_row(fact: ClientAdmitted) -> None:
    sleep(0.005)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {EFFECT} VALUES (%s)", [str(fact.client_id)])
    sleep(0.005)


def backends():
    """The id of PostgreSQL's process for this connection; nothing with SQLite."""
    if connection.vendor == "postgresql":
        yield connection.connection.info.backend_pid


def write(tell, *, chance, at, by, cycle, early=False):
    """Work as fast as it goes, acknowledging each action; ``early`` says so before the commit."""
    connection.ensure_connection()
    Worker(poll=0.02).start()
    tell("ready", *backends())
    mine, step = [], 0
    while True:
        step += 1
        stamp = cycle * 100_000 + step
        kind = chance.choice(list(ONE)) if mine else "admit"
        about = chance.choice(mine) if mine else None
        with audit.unit() if early else nullcontext():
            told = ONE[kind](at, by, stamp, about)
            if early:
                tell(kind, stamp, *told)
                sleep(0.002)
        if not early:
            tell(kind, stamp, *told)
        if kind == "admit":
            mine += told


def admit(house, ana, stamp, _about):
    client = actions.admit(
        by=ana.account, legal_name=f"Person {stamp}", preferred_name=f"Called {stamp}",
        place=house, clinician=ana, now=time.now(), address=str(stamp), remark=f"{stamp}:0",
    )  # fmt: skip
    return (client.pk,)


def change(house, ana, stamp, about):
    client = Client.objects.get(pk=about)
    revision = int(client.remark.split(":")[1]) + 1
    actions.change(
        by=ana.account, client=client, legal_name=client.legal_name,
        preferred_name=f"Called {stamp}", pronouns="", birth_on=None, languages=[], place=house,
        status=client.status, address=str(stamp), remark=f"{stamp}:{revision}", now=time.now(),
    )  # fmt: skip
    return (about,)


def contact(_house, ana, stamp, about):
    client = Client.objects.get(pk=about)
    row = circle.add_contact(
        by=ana.account, client=client, kind="MAIL", value=f"person-{stamp}@example.org"
    )
    return about, row.pk


ONE = {"admit": admit, "change": change, "contact": contact}


def warm(house, ana):
    """Write one of each and react to it: what is loaded once is loaded before the forks."""
    (first,) = admit(house, ana, 1, None)
    change(house, ana, 2, first)
    contact(house, ana, 3, first)
    run_due()
    return first


# Looking ----------------------------------------------------------------------------------


def look(tell, acknowledged, already=()):
    """Compare what was acknowledged with what is there, and tell each thing that is not right.

    Args:
        already: ids of clients that were looked at before; ``seen`` tells the others.
    """
    for line in acknowledged:
        if not kept(*line):
            tell("lost", *line)
    known = Client.objects.values_list("pk", flat=True)
    fresh = [pk for pk in known if str(pk) not in already]
    for start in range(0, len(fresh), 500):
        for what, pk in halves(fresh[start : start + 500]):
            tell("half", pk, what)
    for name, problem in verify.everything():
        if problem is not None:
            tell("half", name, problem)
    for pk in fresh:
        tell("seen", pk)


def kept(kind, stamp, pk, row=None):
    """Whether this acknowledged action is there."""
    if kind == "contact":
        return Contact.objects.filter(pk=row, client=pk).exists()
    client = Client.objects.filter(pk=pk).first()
    return client is not None and int(client.remark.split(":")[0]) >= int(stamp)


def halves(pks):
    """What is wrong with these clients, each a word and an id."""
    grams = {}
    for pk, gram in Client.objects.filter(pk__in=pks).values_list("pk", "grams__gram"):
        grams.setdefault(pk, set()).add(gram)
    trail = AuditEntry.objects.filter(about__in=pks, allowed=True)
    admitted = counted(trail.filter(verb="client.admit"), "about")
    edited = counted(trail.filter(verb="client.edit"), "about")
    team = counted(CareTeamMember.objects.filter(client__in=pks), "client")
    episodes = counted(Episode.objects.filter(client__in=pks), "client")
    reached = Counter()
    for row in Contact.objects.filter(client__in=pks).select_related("client__data_key"):
        reached[row.client_id] += 1
        if row.value != row.plain or not row.value.endswith("@example.org"):
            yield "contact", row.client_id
    for client in Client.objects.filter(pk__in=pks).select_related("data_key"):
        stamp, revision = client.remark.split(":")
        wanted = rules.grams(client.legal_name) | rules.grams(client.preferred_name)
        right = {
            "what search finds": grams[client.pk] == wanted,
            "care team": team[client.pk] == 1,
            "episode": episodes[client.pk] == 1,
            "admission in the trail": admitted[client.pk] == 1,
            "edits in the trail": edited[client.pk] == int(revision) + reached[client.pk],
            "fields": client.address == stamp and client.preferred_name == f"Called {stamp}",
        }
        yield from ((what, client.pk) for what, fine in right.items() if not fine)


def counted(rows, field):
    return Counter(rows.values_list(field, flat=True))


def drain(tell):
    """Let a worker do what the dead ones left: their leases are over, nobody holds them."""
    Job.objects.filter(state="RUNNING").update(lease_until=time.now())
    worker = Worker(poll=0.02)
    worker.start()
    waiting = Job.objects.exclude(state="DONE")
    end = monotonic() + DRAIN + waiting.count() / 10
    while waiting.exists() and monotonic() < end:
        sleep(0.1)
    worker.stop()
    effects(tell)


def effects(tell):
    """Tell of each reaction that happened twice, or never, or for nobody."""
    for pk in Job.objects.filter(name=REACTION, attempts__gt=1).values_list("pk", flat=True):
        tell("again", pk)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT client FROM {EFFECT}")
        happened = Counter(str(row[0]) for row in cursor.fetchall())
    for pk in map(str, Client.objects.values_list("pk", flat=True)):
        if happened[pk] != 1:
            tell("twice" if happened[pk] else "missing", pk)
        del happened[pk]
    for pk in happened:
        tell("for nobody", pk)
