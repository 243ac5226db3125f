"""What the demo knows of how scores usually move: former clients' sheets, and a night's work."""

import math
import random
from datetime import date, timedelta
from typing import Any

from rapport.core import audit, events
from rapport.core import time as clock
from rapport.demo import cast, stories
from rapport.demo.cases import Case
from rapport.demo.founding import House
from rapport.people.clients import actions as clients
from rapport.people.episodes import actions as episodes
from rapport.progress.expected import actions, jobs
from rapport.progress.measures import actions as measures
from rapport.progress.measures import instruments
from rapport.progress.models import Sheet

FORMER = 340  # it takes 300 ended episodes
SMALL = 40  # clients; a demo of fewer has no past
SESSIONS = 7
INSTRUMENT = "phq-9"
HIGHEST = 24  # without an answer to the last question
WORSE = 0.07


def former(house: House, seed: int) -> None:
    """Whose care ended within the last year: entered from paper, and put away."""
    dice = random.Random(f"{seed} former")  # noqa: S311  invention
    with events.untold():
        for n in range(FORMER):
            with audit.unit():
                _enter(house, n, dice)


def _enter(house: House, n: int, dice: random.Random) -> None:
    by, now, today = house.by, clock.now(), clock.local(clock.now()).date()
    who = house.staff[cast.TURNS[n % len(cast.TURNS)]]
    began = today - timedelta(weeks=dice.randint(SESSIONS + 2, 50))
    client = clients.admit(
        by=by, legal_name=f"{dice.choice(cast.GIVEN)} {dice.choice(cast.FAMILY)}",
        place=house.place(cast.TURNS[n % len(cast.TURNS)]), clinician=who, status="DISCHARGED",
        now=now,
    )  # fmt: skip
    episode = episodes.open_(
        by=by, client=client, responsible=who, on=began, problem=dice.choice(cast.PROBLEMS)
    )
    last = began
    for week, total in _course(dice):
        last = began + timedelta(weeks=week)
        _sheet(by, client, total, last, seed=n)
    reason = dice.choice(cast.ENDINGS)
    episodes.close(by=by, client=client, episode=episode, on=last, reason=reason)
    clients.archive(by=by, client=client, now=now)


def _course(dice: random.Random) -> list[tuple[int, int]]:
    """Weeks since the first score and totals; most fall, some rise."""
    start, slope = dice.gauss(15, 4), dice.gauss(-3.2, 1.4)
    if dice.random() < WORSE:
        slope = 3.0
    seen = range(SESSIONS if dice.random() < 0.7 else 4)
    totals = [start + slope * math.log1p(week) + dice.gauss(0, 2.6) for week in seen]
    return [(week, min(max(round(y), 0), HIGHEST)) for week, y in zip(seen, totals, strict=True)]


def _sheet(by: Any, client: Any, total: int, on: date, *, seed: int) -> None:
    measures.enter(
        by=by, client=client, instrument=INSTRUMENT, source="PAPER", answered_on=on,
        version=instruments.get(INSTRUMENT).content.version, now=clock.now(),
        answers=stories.answers(INSTRUMENT, total, seed),
    )  # fmt: skip


def compare(cases: list[Case], *, learns: bool) -> None:
    """What the night before learned, and whose latest score is not as expected."""
    if learns:
        jobs.learn_one(INSTRUMENT, now=clock.now())
    for case in cases:
        if case.client is None or case.person.status != "ACTIVE":
            continue
        latest: dict[str, Any] = {}
        rows = Sheet.objects.filter(client=case.client, informant=None).order_by("answered_at")
        latest.update(rows.values_list("instrument", "pk"))
        for sheet_id in latest.values():
            actions.look(by=case.house.by, sheet_id=sheet_id, now=clock.now())
