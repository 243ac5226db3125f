"""The practice that is measured: its clients, and one clinician who is signed in."""

import argparse
import cProfile
import json
import os
import pstats
import sys
from pathlib import Path
from typing import Any

from rapport.cli import setup
from rapport.demo import build


def opened(folder: Path, clients: int) -> None:
    """Open the practice; make it first where there is none yet."""
    if (folder / build.COMPLETE).exists():
        setup.open_practice(folder)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = build.start(folder)
    setup.open_practice(beside)
    setup.migrate()
    fill(clients)
    from django.db import connections

    connections.close_all()
    build.finish(beside, folder)
    os.execv(sys.executable, [sys.executable, "-m", "bench.practice", *sys.argv[1:]])


def fill(number: int) -> None:
    """Rows in bulk: what pages read, without the history of how it came."""
    from django.db import transaction
    from tests.factories import APlace, APractice, Colleague

    from rapport.core import time, vault
    from rapport.core.policy import System
    from rapport.demo import cast
    from rapport.people.circle import actions as circle
    from rapport.people.clients import rules
    from rapport.people.models import CareTeamMember, Client, Episode, NameGram

    now, today = time.now(), time.today()
    APractice()
    house = APlace()
    ana = Colleague(at=[house], account__email="ana@bench.invalid")
    with transaction.atomic():
        clients = [
            Client(
                data_key=vault.new_key(vault.DataKey.Purpose.CLIENT, now=now),
                legal_name=one.name, sort_name=rules.fold(one.name), birth_on=one.born,
                place=house, status=Client.Status.ACTIVE, created_at=now,
            )
            for one in cast.clients(number, seed=1, today=today)
        ]  # fmt: skip
        Client.objects.bulk_create(clients, batch_size=500)
        team = [CareTeamMember(client=c, staff=ana, from_on=today) for c in clients]
        CareTeamMember.objects.bulk_create(team, batch_size=500)
        episodes = [Episode(client=c, responsible=ana, opened_on=today) for c in clients]
        Episode.objects.bulk_create(episodes, batch_size=500)
        grams = [NameGram(client=c, gram=g) for c in clients for g in rules.grams(c.legal_name)]
        NameGram.objects.bulk_create(grams, batch_size=500)
    first = Client.objects.order_by("sort_name").select_related("data_key")[0]
    by = System("bench")
    circle.add_contact(by=by, client=first, kind="PHONE", value="+1 212 555 0147", label="mobile")
    circle.add_contact(by=by, client=first, kind="MAIL", value="first@example.org")
    circle.add_related(by=by, client=first, relation="PARTNER", name="Alex")


def signed_in() -> Any:
    """A browser in which the clinician stands in the desk."""
    from tests.web.stepping import inside

    from rapport.people.models import Account

    browser = inside(Account.objects.get(email="ana@bench.invalid"))
    browser.defaults["SERVER_NAME"] = "localhost"
    return browser


def pages() -> dict[str, tuple[str, dict[str, str]]]:
    """Each measured page's address and headers."""
    from rapport.people.models import Client

    first = Client.objects.order_by("sort_name")[0]
    part = {"HX-Request": "true"}
    return {
        "bare view": ("/bare/", {}),
        "27-row view": ("/bare/rows/", {}),
        "client search": (f"/desk/clients/?q={first.legal_name[:4].strip()}", part),
        "client page": (f"/desk/clients/{first.pk}/", {}),
        "client list": ("/desk/clients/", {}),
    }


def statements(browser: Any, address: str, headers: dict[str, str]) -> int:
    """How many statements the page takes, BEGIN and COMMIT not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if address.startswith("/bare/"):
        return int(address != "/bare/")
    browser.get(address, headers=headers)
    with CaptureQueriesContext(connection) as said:
        browser.get(address, headers=headers)
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not q["sql"].startswith(marks) for q in said)


def profiled(browser: Any, address: str, headers: dict[str, str]) -> None:
    """Say where the time of a page goes."""
    print(f"\n{address.partition('?')[0][:14]}", flush=True)
    with cProfile.Profile() as profile:
        for _ in range(100):
            browser.get(address, headers=headers)
    pstats.Stats(profile).sort_stats("tottime").print_stats(15)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    opened(options.folder, options.clients)
    browser, found = signed_in(), pages()
    if options.profile:
        for name in ("client search", "client page"):
            profiled(browser, *found[name])
        return
    cookie = "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())
    said = {
        name: {
            "path": address,
            "headers": headers | {"Cookie": cookie},
            "statements": statements(browser, address, headers),
        }
        for name, (address, headers) in found.items()
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
