"""A worker in a process of its own, on the test's database, that the test kills.

``python mortal.py <database name> <file>``: prints ``ready`` once it works.
"""

import os
import sys
import time as wall
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

from rapport.core.jobs import Worker, enqueue, job, registry  # noqa: E402

connection.settings_dict["NAME"] = sys.argv[1]
registry.CLOCKS.clear()
LEASE = timedelta(seconds=1)


@job("mortal.effect")
def effect(*, of):
    """What remains: one row for each time the reaction's effect happened."""


@job("mortal.whole", outside=False, attempts=1000, lease=LEASE)
def whole(*, once):
    enqueue("mortal.effect", of=once, unique=None)
    wall.sleep(0.01)


@job("mortal.outside", attempts=1000, lease=LEASE)
def outside(*, once):
    with open(sys.argv[2], "a") as written:
        written.write(f"{once}\n")
    wall.sleep(0.01)


Worker(threads=2, poll=0.1).start()
print("ready", flush=True)
sys.stdin.read()
