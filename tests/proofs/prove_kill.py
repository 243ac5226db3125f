"""1,000 kill -9 of the writing process: what was acknowledged is there, and whole.

Run: rapport prove kill
RAPPORT_KILLS    how many, 1,000 unless said otherwise
RAPPORT_SEED     when they strike and what is written; printed, so that a run can be repeated

A process is killed here, not the machine: what a power cut leaves is the disk's word, which
SQLite's synchronous=FULL and PostgreSQL's fsync ask for. The proof runs with both.
"""

import os
import random
from collections import defaultdict
from functools import partial
from time import monotonic

import pytest
from django.db import connection

from rapport.core.audit.models import AuditEntry
from rapport.core.sqlcipher.creation import QUICK
from rapport.people.models import CareTeamMember, Client, Contact, NameGram
from tests.factories import APlace, APractice, Colleague

from . import killing

KILLS = int(os.environ.get("RAPPORT_KILLS", "1000"))
SEED = int(os.environ.get("RAPPORT_SEED", "20301107"))
MOST = 8  # acknowledgements before a kill
LONGEST = 0.06  # seconds from the last of them to the kill: two actions or three
BATCH = 100  # kills between two looks
SERVER_TOO = 20  # every so often PostgreSQL's own process is killed with its writer
WRONG = ("lost", "half", "twice", "missing", "for nobody")


@pytest.fixture
def durable(transactional_db):
    """Writes that reach the disk before they are acknowledged."""
    options = connection.settings_dict["OPTIONS"]
    before = options.get("init_command", "")
    connection.close()
    if connection.vendor == "sqlite":
        options["init_command"] = before.removesuffix(QUICK)
        assert said("PRAGMA synchronous") == 2, "FULL"
    else:
        assert said("SHOW fsync") == said("SHOW synchronous_commit") == "on"
    yield
    connection.close()
    if connection.vendor == "sqlite":
        options["init_command"] = before


@pytest.fixture
def practice(durable):
    """A house, its clinician, and a first client who is whole."""
    with killing.reacting():
        APractice()
        house = APlace()
        ana = Colleague(at=[house])
        yield house, ana, killing.warm(house, ana)


def said(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def bloodshed(practice, kills, *, early=False):
    """Kill ``kills`` writers; everything that was told of what they left, by its first word."""
    house, ana, _ = practice
    chance = random.Random(SEED)
    found, acknowledged, looked, began = defaultdict(set), [], 0, monotonic()

    def note(lines):
        for word, *rest in lines:
            found[word].add(" ".join(rest))
            if word in WRONG:
                print("  ", word, *rest)

    for cycle in range(1, kills + 1):
        luck = random.Random(chance.random())
        writer = partial(killing.write, chance=luck, at=house, by=ana, cycle=cycle, early=early)
        when = chance.randint(0, MOST), chance.uniform(0, LONGEST)
        lines = killing.killed_after(writer, *when, server=cycle % SERVER_TOO == 0)
        acknowledged += lines
        found["idle"] |= set() if lines else {cycle}
        if cycle % BATCH == 0:
            fresh, looked = acknowledged[looked:], len(acknowledged)
            look = partial(killing.look, acknowledged=fresh, already=found["seen"])
            note(killing.told_by(look))
            print(f"{cycle} kills, {monotonic() - began:.0f} s", flush=True)
    note(killing.told_by(killing.drain))
    note(killing.told_by(partial(killing.look, acknowledged=acknowledged)))
    found["acknowledged"] = {" ".join(line) for line in acknowledged}
    number = {word: len(found[word]) for word in (*WRONG, "acknowledged", "seen", "idle", "again")}
    print(
        f"\nseed {SEED}, {connection.vendor}: {kills} kills in {monotonic() - began:.0f} s, "
        f"{number['idle']} before their writer acknowledged anything\n"
        f"acknowledged {number['acknowledged']}, lost {number['lost']}, "
        f"half-written {number['half']}; {number['seen']} clients\n"
        f"reactions twice {number['twice']}, missing {number['missing']}, "
        f"for nobody {number['for nobody']}; {number['again']} were cut off and ran again"
    )
    return number


def test_nothing_acknowledged_is_lost_and_nothing_is_half_written(practice):
    number = bloodshed(practice, KILLS)
    assert {word: number[word] for word in WRONG} == dict.fromkeys(WRONG, 0)
    assert number["idle"] < KILLS / 5, "the kills met writers at work"
    assert number["again"] > KILLS / 50, "and workers in the middle of a reaction"


# Each look would notice --------------------------------------------------------------------


def test_a_program_that_acknowledges_before_the_commit_is_found_out(practice):
    number = bloodshed(practice, 40, early=True)
    assert number["lost"] > 0
    assert number["half"] == number["missing"] == number["twice"] == 0


def told(look, *given):
    """What a look tells of the database as it is, but for what is fine."""
    lines = []
    look(lambda *words: lines.append(words), *given)
    return {line[0] for line in lines} - {"seen"}


def test_an_action_that_never_came_is_lost(practice):
    _, _, client = practice
    assert told(killing.look, [("admit", 1, client), ("change", 2, client)]) == set()
    assert told(killing.look, [("change", 4, client)]) == {"lost"}
    assert told(killing.look, [("admit", 1, "0" * 32)]) == {"lost"}
    assert told(killing.look, [("contact", 5, client, "0" * 32)]) == {"lost"}


HALVES = {
    "no care team": lambda: CareTeamMember.objects.all().delete(),
    "a piece of a name": lambda: NameGram.objects.first().delete(),
    "a contact without its entry": lambda: Contact.objects.all().delete(),
    "a field": lambda: Client.objects.update(preferred_name="Called 9"),
    "an entry": lambda: AuditEntry.objects.filter(verb="client.edit").first().delete(),
}


@pytest.mark.parametrize("name", HALVES)
def test_half_of_what_belongs_together_is_half_written(practice, name):
    assert told(killing.look, []) == set()
    HALVES[name]()
    assert told(killing.look, []) == {"half"}


@pytest.mark.parametrize(
    ("done", "word"),
    [
        ("DELETE FROM {table}", "missing"),
        ("INSERT INTO {table} SELECT client FROM {table}", "twice"),
        ("INSERT INTO {table} VALUES ('nobody')", "for nobody"),
    ],
)
def test_a_reaction_once_for_each_client_is_one_row(practice, done, word):
    assert told(killing.effects) == set()
    with connection.cursor() as cursor:
        cursor.execute(done.format(table=killing.EFFECT))
    assert told(killing.effects) == {word}
