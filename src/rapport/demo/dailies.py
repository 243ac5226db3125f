"""What Mara of the demo rates and counts each evening: sixty days with gaps, in two phases."""

import random
import uuid
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.progress.daily import actions, answering, pausing, phasing, queries
from rapport.progress.models import DailyQuestion

LONG, BEFORE = 60, 24  # days in all, and of the baseline
EVENING = time(20, 40)
PAUSED, BACK = 30, 34  # a visit to her sister
AWAY = {9, 10, 17, *range(PAUSED, BACK), 47, 52}  # days without an answer
THINGS = (
    ("How heavy was the day?", "RATING", "lower", "light", "hardly to be borne"),
    ("Minutes outside", "COUNT", "higher", "", ""),
    ("Did I speak to somebody?", "YES_NO", "higher", "", ""),
)


def plan(case: Case, days: Days) -> None:
    """Agreed sixty days ago, answered most evenings; walks begin after the baseline."""
    shape = case.house.shape
    first = shape.today - timedelta(days=LONG)
    begins = datetime.combine(first, time(11), tzinfo=shape.zone)
    if case.person.status != "ACTIVE" or case.admitted > begins - timedelta(days=1):
        return
    days.at(begins, partial(_agree, case))
    days.at(begins + timedelta(days=BEFORE), partial(_phase, case, "B", "A walk each morning"))
    days.at(begins + timedelta(days=PAUSED), partial(_pause, case))
    dice = random.Random(f"{case.seed} daily")  # noqa: S311  invention
    for n in range(LONG + 1):
        if n not in AWAY:
            given = _given(n, dice)
            at = datetime.combine(first + timedelta(days=n), EVENING, tzinfo=shape.zone)
            days.at(at, partial(_answer, case, given))


def _agree(case: Case, now: datetime) -> None:
    given: dict[str, Any] = {"by": case.carer, "client": case.client, "now": now}
    on = now.date()
    made = actions.begin(from_on=on, until_on=None, times=[], **given)
    for title, kind, better, low, high in THINGS:
        actions.add(plan=made, title=title, kind=kind, better=better, low=low, high=high, **given)
    _phase(case, "A", "As it is", now)


def _phase(case: Case, letter: str, words: str, now: datetime) -> None:
    phasing.mark(by=case.carer, client=case.client, letter=letter, words=words, on=now.date(),
                 now=now)  # fmt: skip


def _pause(case: Case, now: datetime) -> None:
    given: dict[str, Any] = {"by": case.carer, "client": case.client, "now": now}
    running = queries.running(client=case.client)
    if running is not None:
        back_on = now.date() + timedelta(days=BACK - PAUSED)
        pausing.pause(plan=running, from_on=now.date(), back_on=back_on, **given)


def _given(n: int, dice: random.Random) -> tuple[int, int, int]:
    """How heavy, how long outside, and whether somebody was spoken to."""
    late = max(0, n - BEFORE)
    heavy = min(10, max(0, round(7 - 0.09 * late + dice.gauss(0, 1.1))))
    outside = max(0, round((12 if n < BEFORE else 34) + dice.gauss(0, 9)))
    return heavy, outside, int(dice.random() < (0.4 if n < BEFORE else 0.7))


def _answer(case: Case, given: tuple[int, int, int], now: datetime) -> None:
    rows = DailyQuestion.objects.filter(client=case.client).order_by("number")
    asked = rows.values_list("pk", flat=True)
    answers = {str(pk): value for pk, value in zip(asked, given, strict=True)}
    answering.keep(by=case.client.account, on=now.date(), slot=0, answers=answers,
                   sent=uuid.uuid4(), now=now)  # fmt: skip
