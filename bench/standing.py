"""A thousand standing slots made for a year: each by its own action, checked, held, recorded.

Beside it the same rows poured into the same tables, without asking whether they may be there.
"""

import os
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

A_WEEK = 40  # slots of a clinician: eight a day
MOST_STATEMENTS = 30
MOST_RATIO = 4


def opened(folder: Path) -> None:
    """A new practice with nothing in it."""
    from rapport.cli import setup
    from rapport.demo import build

    beside = build.start(folder)
    setup.open_practice(beside, new=True)
    setup.migrate()


def people(slots: int) -> list[tuple[Any, Any]]:
    """For each slot its client and its clinician."""
    from tests.factories import APlace, APractice, ClientOf, Colleague

    APractice()
    house = APlace()
    found = []
    for _ in range(-(-slots // A_WEEK)):
        who = Colleague(at=[house])
        found += [(ClientOf(care_team=[who], place=house), who) for _ in range(A_WEEK)]
    return found[:slots]


def begun(pairs: list[tuple[Any, Any]], first: date) -> tuple[float, int]:
    """Seconds to begin all of them, and the most statements that one took."""
    from datetime import time

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.meeting.series import actions
    from rapport.meeting.series.rules import Rule

    def begin(number: int) -> None:
        client, who = pairs[number]
        day, hour = divmod(number % A_WEEK, 8)
        on = first + timedelta(day)
        wanted = actions.Wanted(clinician=who, rule=Rule("WEEKLY"), starts_on=on, at=time(9 + hour))
        actions.begin(by=System("bench"), client=client, wanted=wanted, now=clock.now())

    before = perf_counter()
    for number in range(len(pairs) - 1):
        begin(number)
    took = perf_counter() - before
    with CaptureQueriesContext(connection) as said:
        begin(len(pairs) - 1)
    return took, len(said)


def poured() -> tuple[float, int]:
    """Seconds to pour the same rows, and how many appointments those are."""
    from django.db import transaction

    from bench.bulk import pour
    from rapport.meeting.models import Appointment, Occupancy

    rows = list(Appointment.objects.select_related("client__data_key"))
    held = list(Occupancy.objects.all())
    with transaction.atomic():
        Appointment.objects.all().delete()
        before = perf_counter()
        pour(rows)
        pour(held)
        took = perf_counter() - before
        transaction.set_rollback(True)
    return took, len(rows)


def nightly() -> float:
    """Seconds of the night's look at all clocks, when nothing has changed."""
    from rapport.core import time as clock
    from rapport.core.policy import System
    from rapport.meeting.series import zones

    before = perf_counter()
    zones.follow_clocks(by=System("bench"), now=clock.now())
    return perf_counter() - before


def main(slots: int = 1000) -> int:
    """Print the figures; 1 when one is over its limit."""
    os.environ.setdefault("RAPPORT_FAST", "1")
    home = Path(tempfile.mkdtemp(prefix="rapport-bench-"))
    try:
        opened(home / "practice")
        from rapport.core import time as clock

        pairs = people(slots)
        first = clock.today() + timedelta(14 - clock.today().weekday())
        took, statements = begun(pairs, first)
        bare, rows = poured()
        night = nightly()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    ratio = took / bare
    print(
        f"{slots} standing slots, {rows} appointments: {took:.1f} s, {1000 * took / slots:.1f} ms"
        f" and at most {statements} statements each; {ratio:.1f} times the rows alone;"
        f" the night's look at their clocks {night:.1f} s"
    )
    return int(statements > MOST_STATEMENTS or ratio > MOST_RATIO)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
