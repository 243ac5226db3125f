"""A process that offers hours and tells people, on the test's database, until it is killed.

``python mortal_offers.py <database name> <how many>``: prints each hour once its offer is
committed; with none it only works off what waits.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

connection.settings_dict["NAME"] = sys.argv[1]

from rapport.core import time  # noqa: E402
from rapport.core.jobs import Worker, registry  # noqa: E402
from rapport.core.policy import System  # noqa: E402
from rapport.meeting.models import FreedHour  # noqa: E402
from rapport.meeting.waiting import answering, offering  # noqa: E402

registry.CLOCKS.clear()
by = System("test")
Worker(threads=2, poll=0.05).start()
print("ready", flush=True)
ahead = FreedHour.objects.filter(state="OPEN").order_by("starts_at")[: int(sys.argv[2])]
for number, hour in enumerate(ahead):
    now = time.now()
    offering.offer(by=by, hour=hour, now=now, how="IN_TURN")
    if number % 2:
        answering.decline(by=by, offer=hour.offers.get(state="OFFERED"), now=now)
    print(hour.pk, flush=True)
sys.stdin.read()
