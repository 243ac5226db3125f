"""A process that asks others by the calendar and mails them, until it is killed.

``python mortal_questions.py <database name>``: prints "ready", then works, again and again.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "rapport.config.settings"

import django

django.setup()

from django.db import connection  # noqa: E402

connection.settings_dict["NAME"] = sys.argv[1]

from rapport.contact.questions.jobs import remind  # noqa: E402
from rapport.core import time  # noqa: E402
from rapport.core.jobs import Worker, registry  # noqa: E402
from rapport.progress.measures.jobs import ask_by_calendar  # noqa: E402

registry.CLOCKS.clear()
Worker(threads=2, poll=0.05).start()
print("ready", flush=True)
while True:
    ask_by_calendar(now=time.now())
    remind(now=time.now())
