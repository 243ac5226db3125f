"""The practice that is measured: its clients, and one clinician who is signed in."""

import argparse
import cProfile
import json
import os
import pstats
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from bench import bulk
from rapport.cli import setup
from rapport.demo import build


def opened(folder: Path, clients: int) -> None:
    """Open the practice; make it first where there is none yet."""
    if (folder / build.COMPLETE).exists():
        setup.open_practice(folder)
        setup.migrate()  # it may have been made by an earlier version
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = build.start(folder)
    setup.open_practice(beside, new=True)
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
    began = monotonic()
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
            for one in cast.clients(number, seed=1, today=today, days=365)
        ]  # fmt: skip
        Client.objects.bulk_create(clients, batch_size=500)
        team = [CareTeamMember(client=c, staff=ana, from_on=today) for c in clients]
        CareTeamMember.objects.bulk_create(team, batch_size=500)
        episodes = [Episode(client=c, responsible=ana, opened_on=today) for c in clients]
        Episode.objects.bulk_create(episodes, batch_size=500)
        grams = [NameGram(client=c, gram=g) for c in clients for g in rules.grams(c.legal_name)]
        NameGram.objects.bulk_create(grams, batch_size=500)
        colleagues = [ana, *(Colleague(at=[house]) for _ in range(19))]
        booked = bulk.appointments(clients, colleagues, 4 * number)
        answers = bulk.sheets(clients, -(-40 * number // 9))
        bulk.drafts(booked, ana, 12)
    print(f"made in {monotonic() - began:.0f} s: {number} clients, {len(booked)} appointments, "
          f"{answers} answers", file=sys.stderr)  # fmt: skip
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


PARTS = {
    "visit: cookie to account": ("web/doors.py", "who"),
    "loading and scope": ("web/page.py", "<dictcomp>"),
    "finding: all of it": ("clients/queries.py", "search"),
    "timeline": ("clients/timeline.py", "of"),
    "contacts": ("circle/queries.py", "contacts"),
    "people around": ("circle/queries.py", "related"),
    "templates": ("backends/django.py", "render"),
    "audit entry": ("audit/__init__.py", "_append"),
    "commit (flushed to the disk)": ("backends/base/base.py", "commit"),
}
AMONG = {
    "of all: statements in the database": ("backends/utils.py", "_execute"),
    "of all: composing statements": ("sql/compiler.py", "as_sql"),
    "of all: addresses": ("urls/base.py", "reverse"),
    "of all: translations": ("trans_real.py", "gettext"),
    "of all: opening what is sealed": ("vault/text.py", "opened"),
    "of finding: ranking": ("clients/rules.py", "<lambda>"),
}


def profiled(browser: Any, name: str, address: str, headers: dict[str, str], times: int) -> None:
    """Say where the time of a page goes: in parts that do not overlap, and across them."""
    for _ in range(5):
        browser.get(address, headers=headers)
    with cProfile.Profile() as profile:
        for _ in range(times):
            browser.get(address, headers=headers)
    found: Any = pstats.Stats(profile)
    calls = found.total_calls // times
    print(f"\n{name}: {1000 * found.total_tt / times:.1f} ms and {calls} calls under the profile")
    rest = 100.0
    for words, share in _shares(found, PARTS):
        rest -= share
        print(f"{words:36} {share:5.1f} %")
    print(f"{'request, middleware, the rest':36} {rest:5.1f} %")
    for words, share in _shares(found, AMONG):
        print(f"{words:36} {share:5.1f} %")


def _shares(found: Any, wanted: dict[str, tuple[str, str]]) -> Iterator[tuple[str, float]]:
    """The share of each wanted function, in percent; none of those that were not called."""
    for words, (file, name) in wanted.items():
        took = sum(
            cumulative
            for (where, _line, called), (_cc, _nc, _tt, cumulative, _callers) in found.stats.items()
            if where.replace(os.sep, "/").endswith(file) and called == name
        )
        if took:
            yield words, 100 * took / found.total_tt


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
            profiled(browser, name, *found[name], times=100)
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
