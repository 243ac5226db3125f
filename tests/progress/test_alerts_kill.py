"""kill -9 at the instant of a risky answer: the alert is there, and told once."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from rapport.contact.models import MailServer, Notice
from rapport.core import time
from rapport.core.jobs import Job
from rapport.progress.models import Alert, AlertStep, Sheet
from tests.factories import NOW, APractice, ClientOf, Colleague

MORTAL = Path(__file__).with_name("mortal.py")
KILLS, MANY = 6, 400


@pytest.fixture(autouse=True)
def nine_o_clock():
    """The killed process has the machine's clock, and so has this test."""


@pytest.fixture
def mortal():
    connection.ensure_connection()
    name = str(connection.settings_dict["NAME"])
    alive = []

    def start(client, sheets):
        process = subprocess.Popen(
            [sys.executable, str(MORTAL), name, str(client.pk), str(sheets)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        alive.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in alive:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_no_alert_is_lost_and_nobody_is_told_twice(mortal):
    APractice()
    MailServer.objects.create(host="127.0.0.1", port=9, from_address="post@example.org",
                              security="NONE", changed_at=NOW)  # fmt: skip
    mara = ClientOf(care_team=[Colleague(started_on=time.today())])
    mara.care_team.update(from_on=time.today())
    seed = random.randrange(10**6)
    print("seed", seed)
    chance, acknowledged = random.Random(seed), set()

    for _ in range(KILLS):
        process = mortal(mara, MANY)
        acknowledged.add(process.stdout.readline().strip())
        sleep(chance.uniform(0.02, 0.4))
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.wait()
    # A lease that the dead hold runs out by itself, a minute later.
    Job.objects.filter(state="RUNNING").update(lease_until=time.now())
    mortal(mara, 0)
    end = monotonic() + 180
    telling = Job.objects.filter(name__startswith="contact.reactions").exclude(state="DONE")
    while telling.exists():
        assert monotonic() < end, Counter(Job.objects.values_list("name", "state", "error"))
        sleep(0.1)

    sheets = {str(pk) for pk in Sheet.objects.values_list("pk", flat=True)}
    alerts = dict(Alert.objects.values_list("pk", "sheet"))
    assert acknowledged <= sheets
    assert {str(sheet) for sheet in alerts.values()} == sheets
    steps = Counter(AlertStep.objects.values_list("alert", "what"))
    assert steps == Counter({(pk, what): 1 for pk in alerts for what in ("RAISED", "TOLD")})
    assert Notice.objects.count() == len(alerts)
