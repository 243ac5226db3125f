"""A hand in another process: ``python -m tests.core.backup.hand write|read FOLDER``.

write: admit clients without end, saying each id once it is committed.
read: what a practice holds, as JSON.
"""

import json
import sys
from pathlib import Path

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
        print(client.pk, flush=True)


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
