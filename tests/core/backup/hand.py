"""A hand in another process: ``python -m tests.core.backup.hand write|read FOLDER``.

write: admit clients without end and work with them, saying each id once it is committed.
read: what a practice holds, as JSON.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from rapport.cli.setup import open_practice

PASSWORD = "a long enough password"


def write():
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.people.clients import actions
    from rapport.people.models import Place, Staff

    staff, place = Staff.objects.get(), Place.objects.get()
    staff.account.set_password(PASSWORD)
    staff.account.save()
    number = 0
    while True:
        number += 1
        client = actions.admit(
            by=System("test"), legal_name=f"Zyxorchid {number}", place=place, clinician=staff,
            now=clock.now(), remark=f"qwelephant {number}",
        )  # fmt: skip
        worked_with(client, staff, number)
        print(client.pk, flush=True)


def worked_with(client, staff, number):
    """A meeting to come, answers that raise an alert, a signed note, thoughts about it."""
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.meeting.appointments import actions as meetings
    from rapport.meeting.appointments.rules import lasting
    from rapport.progress.measures import actions as measures
    from rapport.record.notes import actions as notes
    from rapport.record.notes import signing
    from rapport.record.process_notes import actions as process_notes

    now = clock.now()
    given = {"by": System("test"), "client": client, "now": now}
    begins = now + timedelta(hours=number)
    meetings.book(**given, clinician=staff, slot=lasting(begins, 50))
    measures.enter(
        **given, instrument="phq-9", version=1, answers={str(n): 1 for n in range(1, 10)},
        source="PAPER", answered_on=clock.today(),
    )  # fmt: skip
    note = notes.open_(**given, author=staff, kind="PHONE", template="free")
    words = {"note": f"zyxorchid {number}"}
    given = {"by": System("test"), "note": note, "now": now}
    notes.save(**given, sections=words, revision=1, window=uuid4())
    signing.sign(**given, revision=2)
    process_notes.write(
        by=System("test"), client=client, author=staff, text=f"qwelephant {number}", now=now
    )  # fmt: skip


def read():
    from django.apps import apps

    from rapport.people.models import Account, Client

    print(json.dumps({
        "rows": {m._meta.label: m._base_manager.count() for m in apps.get_models()},
        "clients": {str(c.pk): c.remark for c in Client.objects.select_related("data_key")},
        "signs in": Account.objects.get().check_password(PASSWORD),
    }))  # fmt: skip


if __name__ == "__main__":
    open_practice(Path(sys.argv[2]))
    {"write": write, "read": read}[sys.argv[1]]()
