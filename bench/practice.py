"""The practice that is measured: its clients, and one clinician who is signed in."""

import argparse
import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import beside, filling, fresh, load, shares
from rapport.cli import setup
from rapport.demo import build

COUNTED, WARM, PROFILED = 2, 5, 100  # times a page is asked to count, to warm up, to profile
LOOKS = 5  # times a clock's job is run
WHOLE = ("backup.make",)  # jobs that are about everything there is


def opened(folder: Path, options: Any) -> None:
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
    many = options.appointments or 4 * options.clients
    filling.fill(options.clients, many, shared=options.shared)
    from django.db import connections

    connections.close_all()
    build.finish(beside, folder)
    os.execv(sys.executable, [sys.executable, "-m", "bench.practice", *sys.argv[1:]])


def _day_of(file: Path) -> date:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def signed_in() -> dict[str, Any]:
    """Browsers in which somebody stands in a door, by their mail address; "" is nobody's."""
    from django.test import Client as Browser
    from tests.web.stepping import inside

    from rapport.people.models import Account

    doors = {filling.ANA: "desk", beside.FRONT: "desk", beside.MARA: "portal"}
    found = {who: inside(Account.objects.get(email=who), door) for who, door in doors.items()}
    found[""] = Browser()
    for browser in found.values():
        browser.defaults["SERVER_NAME"] = "localhost"
    return found


def pages(work: int) -> dict[str, dict[str, Any]]:
    """Each measured page: how it is asked (``bench.load``), and what one answers.

    Args:
        work: pieces of fresh work for each kind of page that writes.
    """
    from django.urls import reverse

    from rapport.core import time as clock
    from rapport.meeting.models import AppointmentType
    from rapport.people.models import Client, Staff

    ana = Staff.objects.get(account__email=filling.ANA)
    mine = Client.objects.filter(care_team__staff=ana).order_by("sort_name")
    theirs = Client.objects.exclude(care_team__staff=ana).exclude(care_team=None)
    others = theirs.select_related("data_key")[: max(fresh.AT_ONCE, filling.colleagues_own(5000))]
    first, front = mine[0], {"who": beside.FRONT}
    month = clock.today().replace(day=1) + timedelta(32)
    type = AppointmentType.objects.get()
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
        "hand in": writing("form", 200, fresh.questionnaires(list(others), work), who=""),
        "free month": reading(
            reverse("portal_book_type", fresh.PORTAL, [type.pk]) + f"?month={month:%Y-%m}",
            who=beside.MARA,
        ),
        "what else": reading(reverse("desk_today_also", fresh.DESK)),
        "front desk": reading("/desk/", **front),
        "its calendar": reading(reverse("desk_calendar", fresh.DESK), **front),
        "waiting list": reading(reverse("desk_waiting", fresh.DESK)),
        "inquiries": reading(reverse("desk_inquiries", fresh.DESK)),
    }
    found |= _of_ten(front)
    return found


def _of_ten(front: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The week of ten clinicians side by side, where the desk has that page."""
    from django.urls import NoReverseMatch, reverse

    try:
        path = reverse("desk_board", fresh.DESK)
    except NoReverseMatch:
        print("The desk has no board: the week of ten was not measured.", file=sys.stderr)
        return {}
    return {"week of ten": reading(f"{path}?view=week", **front)}


def reading(
    path: str, headers: dict[str, str] | None = None, *, who: str = filling.ANA
) -> dict[str, Any]:
    """A page that ``who`` looks at."""
    return {"how": "read", "path": path, "headers": headers or {}, "expected": 200, "work": [],
            "who": who}  # fmt: skip


def writing(how: str, expected: int, work: list[Any], *, who: str = filling.ANA) -> dict[str, Any]:
    """A page that something is sent to; ``work`` is used up, but for drafts."""
    return {"how": how, "headers": {}, "expected": expected, "work": work, "who": who}


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


def looks() -> dict[str, float]:
    """Milliseconds of what the clocks do, by job: the quickest of several, when all is done."""
    from rapport.core import time as clock
    from rapport.core.jobs import registry

    took = {}
    for job in sorted({one.job for one in registry.CLOCKS.values()} - set(WHOLE)):
        spec = registry.spec(job)
        offers = {"now": clock.now(), "progress": lambda _done, _total: None}
        given = {name: one for name, one in offers.items() if name in spec.wants}
        passed = []
        for _ in range(LOOKS):
            began = perf_counter()
            spec.run(**given)
            passed.append(perf_counter() - began)
        took[job] = 1000 * min(passed)
    return took


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--appointments", type=int, default=0, help="else four for each client")
    parser.add_argument("--shared", action="store_true", help="clients on several care teams")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--looks", action="store_true", help="only what the clocks do")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--work", type=int, default=0)
    options = parser.parse_args()
    opened(options.folder, options)
    if options.looks:
        print(json.dumps(looks()))
        return
    browsers = signed_in()
    found = pages(WARM + PROFILED if options.profile else COUNTED + options.work)
    wanted = [name for name in options.only or load.PAGES if name in found]
    if options.profile:
        for name in wanted:
            if name not in ("bare view", "27-row view"):
                asker = Asker(browsers[found[name]["who"]], name, found[name])
                for _ in range(WARM):
                    asker.go()
                shares.printed(name, asker.go, PROFILED)
        return
    said = {}
    for name in dict.fromkeys(["bare view", *wanted]):
        page = found[name]
        browser = browsers[page["who"]]
        page["statements"] = statements(browser, name, page)
        if page["how"] == "form":
            del page["work"][:COUNTED]
        if page["who"]:  # who comes with a link is not signed in
            cookies = browser.cookies.items()
            page["headers"]["Cookie"] = "; ".join(f"{key}={one.value}" for key, one in cookies)
        said[name] = page
    print(json.dumps(said))


if __name__ == "__main__":
    main()
