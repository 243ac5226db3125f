"""kill -9 while reminders go out: none is lost, and what may have come twice is counted."""

import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from rapport.contact.models import Delivery
from rapport.core import time
from rapport.core.jobs import Job
from tests.contact.test_sending import parsed
from tests.factories import AnAppointment, ClientOf

MORTAL = Path(__file__).with_name("mortal.py")
KILLS, MANY, THREADS = 4, 60, 2
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nine_o_clock():
    """The killed process has the machine's clock, and so has this test."""


@pytest.fixture
def mortal():
    connection.ensure_connection()
    name = str(connection.settings_dict["NAME"])
    alive = []

    def start():
        process = subprocess.Popen(
            [sys.executable, str(MORTAL), name], stdout=subprocess.PIPE, text=True
        )
        alive.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in alive:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_none_is_lost_and_twice_is_counted(mortal, box, listen, setup_mail, house):
    setup_mail(listen(box, "NONE", auth=False), "NONE", username="")
    house.reminds()
    begin = time.now() + 2 * timedelta(hours=1)
    for n in range(MANY):
        client = ClientOf(place=house.place)
        house.reached(client, f"client-{n}@home.example")
        starts = begin + 5 * n * MINUTE
        AnAppointment(client=client, clinician=house.ana, starts_at=starts,
                      ends_at=starts + 5 * MINUTE)  # fmt: skip
    seed = random.randrange(10**6)
    print("seed", seed)
    chance, after = random.Random(seed), []

    for _ in range(KILLS):
        process = mortal()
        sleep(chance.uniform(0.1, 0.8))
        process.kill()
        process.wait()
        after.append(len(box.mails))
    # A lease that the dead hold runs out by itself, a minute later.
    Job.objects.filter(state="RUNNING").update(lease_until=time.now())
    mortal()
    end = monotonic() + 180
    while Delivery.objects.filter(state="SENT").count() < MANY:
        assert monotonic() < end, Counter(Delivery.objects.values_list("state", "error"))
        sleep(0.1)

    arrived = Counter(parsed(mail)["Message-ID"] for mail in box.mails)
    rows = {f"<{row.pk}@practice.example>": row for row in Delivery.objects.all()}
    twice = {id: times - 1 for id, times in arrived.items() if times > 1}
    print("mails at each kill", after, "sent twice", len(twice))
    assert set(arrived) == set(rows) and len(rows) == MANY
    assert {id: times for id, times in twice.items() if times > rows[id].again} == {}
    assert sum(twice.values()) <= KILLS * THREADS
