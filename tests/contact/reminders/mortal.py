"""A process that promises and sends reminders until it is killed.

``python mortal.py <database name>``: prints "ready", then works, again and again.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

connection.settings_dict["NAME"] = sys.argv[1]

from rapport.contact.reminders.jobs import look  # noqa: E402
from rapport.core import time  # noqa: E402
from rapport.core.jobs import Worker, registry  # noqa: E402

registry.CLOCKS.clear()
Worker(threads=2, poll=0.05).start()
print("ready", flush=True)
while True:
    look(now=time.now())
