"""The practice that is measured: its clients, and one clinician who is signed in."""

import argparse
import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from bench import bulk, fresh, load, shares
from rapport.cli import setup
from rapport.demo import build

ANA = "ana@bench.invalid"
COUNTED, WARM, PROFILED = 2, 5, 100  # times a page is asked to count, to warm up, to profile
WAITING = 30  # questionnaires that were asked and not answered


def colleagues_own(number: int) -> int:
    """How many of ``number`` clients are a colleague's: theirs are the measures handed in here."""
    return max(1, number // 50)


def opened(folder: Path, clients: int) -> None:
    """Open the practice; make it first where there is none yet, or none of today."""
    made = folder / build.COMPLETE
    if made.exists() and _day_of(made) == datetime.now(UTC).date():
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


def _day_of(file: Path) -> date:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def fill(number: int) -> None:
    """Rows in bulk: what pages read, without the history of how it came."""
    from django.db import transaction
    from tests.factories import AnAlert, APlace, APractice, Colleague

    from rapport.core import time, vault
    from rapport.core.policy import System
    from rapport.demo import cast
    from rapport.people.circle import actions as circle
    from rapport.people.clients import rules
    from rapport.people.models import CareTeamMember, Client, Episode, NameGram
    from rapport.progress.models import Sheet

    now, today = time.now(), time.today()
    began = monotonic()
    APractice()
    house = APlace()
    ana = Colleague(at=[house], account__email=ANA)
    with transaction.atomic():
        clients = [
            Client(
                data_key=vault.new_key(vault.DataKey.Purpose.CLIENT, now=now),
                legal_name=one.name, sort_name=rules.fold(one.name), birth_on=one.born,
                place=house, status=Client.Status.ACTIVE, created_at=now,
            )
            for one in cast.clients(number, seed=1, today=today, days=365)
        ]  # fmt: skip
        bulk.pour(clients)
        colleagues = [ana, *(Colleague(at=[house]) for _ in range(19))]
        clients.sort(key=lambda c: c.sort_name)
        mine, theirs = clients[: -colleagues_own(number)], clients[-colleagues_own(number) :]
        for staff, whose in ((ana, mine), (colleagues[1], theirs)):
            bulk.pour(CareTeamMember(client=c, staff=staff, from_on=today) for c in whose)
        episodes = [Episode(client=c, responsible=ana, opened_on=today) for c in clients]
        bulk.pour(episodes)
        grams = [NameGram(client=c, gram=g) for c in clients for g in rules.grams(c.legal_name)]
        bulk.pour(grams)
        booked = bulk.appointments(clients, colleagues, 4 * number)
        answers = bulk.sheets(clients, -(-40 * number // 9))
        bulk.drafts(booked, ana, 12)
        fresh.questionnaires(mine[:WAITING], WAITING)
        for sheet in Sheet.objects.filter(client__in=mine[:2]).order_by("client", "pk")[:2]:
            AnAlert(sheet=sheet, owner=ana, raised_at=now, answer_by=now + timedelta(hours=1))
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

    browser = inside(Account.objects.get(email=ANA))
    browser.defaults["SERVER_NAME"] = "localhost"
    return browser


def pages(work: int) -> dict[str, dict[str, Any]]:
    """Each measured page: how it is asked (``bench.load``), and what one answers.

    Args:
        work: pieces of fresh work for each kind of page that writes.
    """
    from django.urls import reverse

    from rapport.people.models import Client, Staff

    ana = Staff.objects.get(account__email=ANA)
    mine = Client.objects.filter(care_team__staff=ana).order_by("sort_name")
    others = Client.objects.exclude(care_team__staff=ana).select_related("data_key")
    first = mine[0]
    found = {
        "bare view": reading("/bare/"),
        "27-row view": reading("/bare/rows/"),
        "client search": reading(
            f"/desk/clients/?q={first.legal_name[:4].strip()}", {"HX-Request": "true"}
        ),
        "client page": reading(f"/desk/clients/{first.pk}/"),
        "client list": reading("/desk/clients/"),
        "week view": reading(reverse("desk_calendar", fresh.DESK)),
        "today": reading("/desk/"),
        "save a draft": writing("draft", 200, fresh.drafts(ana)),
        "book": writing("form", 302, fresh.bookings(mine, work)),
        "hand in": writing("form", 200, fresh.questionnaires(list(others), work)),
    }
    assert found.keys() == set(load.PAGES)
    return found


def reading(path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A page that is looked at."""
    return {"how": "read", "path": path, "headers": headers or {}, "expected": 200, "work": []}


def writing(how: str, expected: int, work: list[Any]) -> dict[str, Any]:
    """A page that something is sent to; ``work`` is used up, but for drafts."""
    return {"how": how, "headers": {}, "expected": expected, "work": work}


class Asker:
    """The browser within this process, taking a page's turns."""

    def __init__(self, browser: Any, name: str, page: dict[str, Any]) -> None:
        self.browser, self.name, self.page = browser, name, page
        self.turns, self.answer = load.turns(page, page["work"]), b""

    def go(self) -> None:
        """One turn.

        Raises:
            SystemExit: it was answered otherwise than expected.
        """
        turn = load.following(self.turns, self.answer)
        if turn is None:
            raise SystemExit(f"There is too little work for {self.name}.")
        method, path, body = turn
        kind = {"content_type": load.TYPES[self.page["how"]]} if body else {}
        headers = self.page["headers"]
        said = self.browser.generic(method, path, body or "", headers=headers, **kind)
        if said.status_code != self.page["expected"]:
            raise SystemExit(
                f"{self.name} answered {said.status_code}, not {self.page['expected']}."
            )
        self.answer = said.content


def statements(browser: Any, name: str, page: dict[str, Any]) -> int:
    """How many statements the page takes, BEGIN and COMMIT not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if name in ("bare view", "27-row view"):
        return int(name != "bare view")
    asker = Asker(browser, name, page)
    asker.go()
    with CaptureQueriesContext(connection) as said:
        asker.go()
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not q["sql"].startswith(marks) for q in said)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--work", type=int, default=0)
    options = parser.parse_args()
    opened(options.folder, options.clients)
    wanted = [name for name in load.PAGES if name in options.only or not options.only]
    if options.profile:
        browser, found = signed_in(), pages(WARM + PROFILED)
        for name in wanted:
            if name not in ("bare view", "27-row view"):
                asker = Asker(browser, name, found[name])
                for _ in range(WARM):
                    asker.go()
                shares.printed(name, asker.go, PROFILED)
        return
    browser, found, said = signed_in(), pages(COUNTED + options.work), {}
    cookie = "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())
    for name in dict.fromkeys(["bare view", *wanted]):
        page = found[name]
        page["statements"] = statements(browser, name, page)
        if page["how"] == "form":
            del page["work"][:COUNTED]
        if name != "hand in":  # who comes with a link is not signed in
            page["headers"]["Cookie"] = cookie
        said[name] = page
    print(json.dumps(said))


if __name__ == "__main__":
    main()
