"""A process that raises alerts and tells people, on the test's database, until it is killed.

``python mortal.py <database name> <client> <sheets>``: prints the sheet of each alert once it
is committed; with no sheets it only works off what waits.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

connection.settings_dict["NAME"] = sys.argv[1]

from rapport.core import time  # noqa: E402
from rapport.core.audit import unit  # noqa: E402
from rapport.core.jobs import Worker, registry  # noqa: E402
from rapport.core.policy import System  # noqa: E402
from rapport.people.models import Client  # noqa: E402
from rapport.progress.alerts import actions  # noqa: E402
from rapport.progress.models import Sheet  # noqa: E402

registry.CLOCKS.clear()
by = System("test")
client = Client.objects.select_related("data_key").get(pk=sys.argv[2])
Worker(threads=2, poll=0.05).start()
print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    with unit():
        sheet = Sheet.objects.create(
            client=client, instrument="phq-9", version=1, language="en", source="CLIENT",
            answers={"9": 1}, answered_at=time.now(),
        )  # fmt: skip
        actions.raise_(by=by, client=client, sheet=sheet, rule="item-9", now=time.now())
    print(sheet.pk, flush=True)
sys.stdin.read()
