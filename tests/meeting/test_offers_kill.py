"""kill -9 while hours are offered: no offer is lost, none is made twice, each is told once."""

import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from rapport.contact.models import MailServer, WaitingMessage
from rapport.core import time
from rapport.core.jobs import Job
from rapport.meeting.models import FreedHour, Hold, Offer, WaitingEntry
from tests.factories import (
    NOW,
    AContact,
    AFreedHour,
    APractice,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

MORTAL = Path(__file__).with_name("mortal_offers.py")
KILLS, MANY = 5, 120


@pytest.fixture
def mortal():
    connection.ensure_connection()
    name = str(connection.settings_dict["NAME"])
    alive = []

    def start(hours):
        process = subprocess.Popen(
            [sys.executable, str(MORTAL), name, str(hours)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        alive.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in alive:
        process.kill()
        process.communicate()


def furnish():
    APractice()
    MailServer.objects.create(host="127.0.0.1", port=9, from_address="post@example.org",
                              security="NONE", changed_at=NOW)  # fmt: skip
    ana = Colleague()
    start = time.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    for number in range(MANY):
        client = ClientOf(care_team=[ana])
        AContact(client=client, kind="MAIL", value=f"p{number}@example.org",
                 plain=f"p{number}@example.org", safe_to_write=True)  # fmt: skip
        AWaitingEntry(client=client)
        AFreedHour(clinician=ana, starts_at=start + timedelta(hours=number))


@pytest.mark.django_db(transaction=True)
def test_no_offer_is_lost_and_nobody_is_asked_twice(mortal):
    furnish()
    seed = random.randrange(10**6)
    print("seed", seed)
    chance, acknowledged = random.Random(seed), set()

    for _ in range(KILLS):
        process = mortal(MANY)
        acknowledged.add(process.stdout.readline().strip())
        sleep(chance.uniform(0.02, 0.5))
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.wait()
    # A lease that the dead hold runs out by itself, a minute later.
    Job.objects.filter(state="RUNNING").update(lease_until=time.now())
    mortal(0)
    end = monotonic() + 180
    telling = Job.objects.filter(name__startswith="contact.reactions").exclude(state="DONE")
    while telling.exists():
        assert monotonic() < end, Counter(Job.objects.values_list("name", "state", "error"))
        sleep(0.1)

    asked = Offer.objects.exclude(offered_at=None)
    assert acknowledged <= {str(pk) for pk in asked.values_list("hour", flat=True)}
    promised = Counter(WaitingMessage.objects.filter(kind="OFFER").values_list("offer", flat=True))
    assert set(promised.values()) == {1}, "nobody is told twice"
    waits = set(asked.filter(state="OFFERED").values_list("pk", flat=True))
    assert waits and waits <= set(promised), "whoever is asked is told"
    running = FreedHour.objects.filter(state="RUNNING")
    held = set(Hold.objects.values_list("pk", flat=True))
    for hour in running:
        (one,) = hour.offers.filter(state="OFFERED") or [None]
        assert one is None or hour.hold in held, "whoever is asked has the hour kept"
    assert len(held) == Offer.objects.filter(state="OFFERED").count()
    offered = WaitingEntry.objects.filter(state="OFFERED").values_list("pk", flat=True)
    assert set(offered) == set(asked.filter(state="OFFERED").values_list("entry", flat=True))
