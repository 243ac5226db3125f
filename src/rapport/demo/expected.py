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
from rapport.progress.measures import instruments, rules, scored
from rapport.progress.models import Score, Sheet

FORMER = 340  # it takes 300 ended episodes
SMALL = 40  # clients; a demo of fewer has no past
SESSIONS = 7
PAST = 100  # weeks at most: so that a whole year has ended, whatever the day
INSTRUMENT = "phq-9"
HIGHEST = 24  # without an answer to the last question
WORSE = 0.07
A_PART = 500  # rows of one statement


def former(house: House, seed: int) -> None:
    """Whose care ended within the last two years: entered from paper, and put away."""
    dice = random.Random(f"{seed} former")  # noqa: S311  invention
    with events.untold(), audit.unit():
        pairs = [pair for n in range(FORMER) for pair in _enter(house, n, dice)]
        Sheet.objects.bulk_create((sheet for sheet, _score in pairs), A_PART)
        Score.objects.bulk_create((score for _sheet, score in pairs), A_PART)


def _enter(house: House, n: int, dice: random.Random) -> list[tuple[Sheet, Score]]:
    """Somebody who was here, and what they answered, which is not written yet."""
    by, now, today = house.by, clock.now(), clock.local(clock.now()).date()
    who = house.staff[cast.TURNS[n % len(cast.TURNS)]]
    most = min(PAST, (today - who.started_on).days // 7)
    began = today - timedelta(weeks=dice.randint(SESSIONS + 2, most))
    client = clients.admit(
        by=by, legal_name=f"{dice.choice(cast.GIVEN)} {dice.choice(cast.FAMILY)}",
        place=house.place(cast.TURNS[n % len(cast.TURNS)]), clinician=who, status="DISCHARGED",
        now=now,
    )  # fmt: skip
    episode = episodes.open_(
        by=by, client=client, responsible=who, on=began, problem=dice.choice(cast.PROBLEMS),
        first_contact_on=began - timedelta(days=cast.waited(n)),
    )  # fmt: skip
    days = [(began + timedelta(weeks=week), total) for week, total in _course(dice)]
    reason, last = dice.choice(cast.ENDINGS), days[-1][0]
    episodes.close(by=by, client=client, episode=episode, on=last, reason=reason)
    clients.archive(by=by, client=client, now=now)
    return [on_paper(client, total, on, seed=n) for on, total in days]


def _course(dice: random.Random) -> list[tuple[int, int]]:
    """Weeks since the first score and totals; most fall, some rise."""
    start, slope = dice.gauss(15, 4), dice.gauss(-3.2, 1.4)
    if dice.random() < WORSE:
        slope = 3.0
    seen = range(SESSIONS if dice.random() < 0.7 else 4)
    totals = [start + slope * math.log1p(week) + dice.gauss(0, 2.6) for week in seen]
    return [(week, min(max(round(y), 0), HIGHEST)) for week, y in zip(seen, totals, strict=True)]


def on_paper(client: Any, total: int, on: date, *, seed: int) -> tuple[Sheet, Score]:
    """A sheet and its score as ``measures.enter`` writes them: two thousand by one are slow."""
    item, now = instruments.get(INSTRUMENT), clock.now()
    given = rules.tidy(item.content.key, stories.answers(INSTRUMENT, total, seed))
    sheet = Sheet(
        client=client, instrument=INSTRUMENT, version=item.content.version, source="PAPER",
        language=rules.asked_in("", client.languages, item.words), keyed_times=1, facts={},
        answered_at=measures.instant_of(on, now), answers=given,
    )  # fmt: skip
    score = Score(
        client=client, sheet=sheet, whole=sheet, instrument=INSTRUMENT, at=sheet.answered_at,
        **scored.columns(item.content, given, {}),
    )  # fmt: skip
    return sheet, score


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
