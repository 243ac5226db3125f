"""kill -9 while others are asked by itself: each is asked once and has one mail."""

import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection

from rapport.contact.models import Notice, QuestionsTold, Reminding
from rapport.contact.questions import actions
from rapport.core import time
from rapport.core.jobs import Job
from rapport.core.policy import System
from rapport.people.circle import actions as circle
from rapport.progress.informants import actions as informants
from rapport.progress.models import Asked
from tests.factories import AConsent, APractice, ClientOf, Colleague

from .test_sending import parsed

MORTAL = Path(__file__).with_name("mortal_questions.py")
KILLS, MANY, THREADS = 4, 40, 2
BY = System("test")


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


def parents(now):
    """So many clients, each with a parent who is asked by itself from now on."""
    ana = Colleague(started_on=time.today())
    for n in range(MANY):
        client = ClientOf(care_team=[ana])
        AConsent(client=client, kind="OTHERS")
        person = circle.add_related(
            by=BY, client=client, relation="PARENT", name="Edda", may_know="CARE",
            mail=f"parent-{n}@home.example", safe_to_write=True,
        )  # fmt: skip
        informants.stand(by=BY, client=client, forms=["phq-9"], occasion="MONTH", person=person,
                         now=now)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_each_is_asked_once_and_has_one_mail(mortal, box, listen, setup_mail):
    APractice()
    setup_mail(listen(box, "NONE", auth=False), "NONE", username="")
    now = time.now()
    Reminding.objects.create(changed_at=now, quiet_from=None, quiet_until=None)
    actions.set_asking_again(by=BY, days=1, most=3, now=now)
    parents(now - timedelta(minutes=1))
    seed = random.randrange(10**6)
    print("seed", seed)
    chance, after = random.Random(seed), []

    for _ in range(KILLS):
        process = mortal()
        sleep(chance.uniform(1, 3))
        process.kill()
        process.wait()
        after.append((Asked.objects.count(), len(box.mails)))
    # A lease that the dead hold runs out by itself, a minute later.
    Job.objects.filter(state="RUNNING").update(lease_until=time.now())
    mortal()
    end = monotonic() + 180
    while Notice.objects.filter(state="SENT").count() < MANY:
        assert monotonic() < end, Counter(Job.objects.values_list("name", "state", "error"))
        sleep(0.1)

    print("asked and mailed at each kill", after)
    assert Asked.objects.count() == QuestionsTold.objects.count() == MANY
    letters = {(mail.rcpt_tos[0], parsed(mail)["Message-ID"]) for mail in box.mails}
    assert len(letters) == Notice.objects.count() == MANY
    assert len({address for address, _id in letters}) == MANY
    assert len(box.mails) - MANY <= KILLS * THREADS  # the same letter again, by its Message-ID
