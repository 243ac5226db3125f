"""kill -9 while risky answers that were left are looked through: each is one alert, told once."""

import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from rapport.core import time
from rapport.core.jobs import Job
from rapport.progress.measures import actions, links
from rapport.progress.models import Alert, AlertStep, Asked
from tests.factories import AnAsked, APractice, ClientOf, Colleague

MORTAL = Path(__file__).with_name("mortal_left.py")
KILLS, MANY = 4, 120


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
def test_each_is_one_alert_and_told_once(mortal):
    APractice()
    mara = ClientOf(care_team=[Colleague(started_on=time.today())])
    mara.care_team.update(from_on=time.today())
    before = time.now() - timedelta(minutes=11)
    for _ in range(MANY):
        asked = AnAsked(client=mara, expires_at=time.now() + timedelta(days=1))
        actions.keep(
            by=links.Holder(asked.pk), asked=asked, answers={"9": 3}, version=1, now=before
        )  # fmt: skip
    seed = random.randrange(10**6)
    print("seed", seed)
    chance, after = random.Random(seed), []

    for _ in range(KILLS):
        process = mortal()
        sleep(chance.uniform(0.02, 0.4))
        process.kill()
        process.wait()
        after.append(Alert.objects.count())
    # A lease that the dead hold runs out by itself, a minute later.
    Job.objects.filter(state="RUNNING").update(lease_until=time.now())
    mortal()
    end = monotonic() + 180
    telling = Job.objects.filter(name__startswith="contact.reactions").exclude(state="DONE")
    while Asked.objects.filter(looked_at=None).exists() or telling.exists():
        assert monotonic() < end, Counter(Job.objects.values_list("name", "state", "error"))
        sleep(0.1)

    print("alerts at each kill", after)
    assert Counter(Alert.objects.values_list("asked", flat=True)) == Counter(
        Asked.objects.values_list("pk", flat=True)
    )
    steps = Counter(AlertStep.objects.values_list("alert", "what"))
    ids = Alert.objects.values_list("pk", flat=True)
    assert steps == Counter({(pk, what): 1 for pk in ids for what in ("RAISED", "TOLD")})
