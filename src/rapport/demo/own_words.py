"""What three clients of the demo are asked besides: one in words of their own, one who leapt, one
with a questionnaire of several parts."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rapport.core import time as clock
from rapport.demo import cast, stories
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.progress.measures import actions as measures
from rapport.progress.measures import instruments
from rapport.progress.own import items

OWN = {"scale": "0-10", "better": "higher", "low_words": "not at all", "high_words": "fully"}
WISHES = ("I fall asleep without going over the day", "I say no when it is too much")
RATED = ((2, 1), (3, 1), (5, 2), (6, 4))
LEAPS = "gad-7"
LEAPING = (16, 15, 17, 8, 7, 8)
PARTS = "phq-sads"
BOTHERED = (2, 2, 1, 1)
"""How much each question of the questionnaire in parts, from sheet to sheet."""


def plan(cases: list[Case], days: Days) -> None:
    """A few weeks of both, up to last week."""
    for case in cases[:1]:
        week = timedelta(weeks=1)
        begun = days.now - (len(RATED) + 1) * week
        if case.admitted < begun:
            days.at(begun, partial(_set, case))
            for n, rated in enumerate(RATED, 1):
                days.at(begun + n * week, partial(_rate, case, rated))
    for case in [one for one in cases if _may_leap(one, days.now)][:1]:
        for n, total in enumerate(LEAPING):
            at = days.now - timedelta(weeks=len(LEAPING) - n)
            days.at(at, partial(_enter, case, total))
    for case in [one for one in cases if _may_leap(one, days.now)][1:2]:
        for n, much in enumerate(BOTHERED):
            at = days.now - timedelta(weeks=len(BOTHERED) - n)
            days.at(at, partial(_enter_parts, case, much))


def _may_leap(case: Case, now: datetime) -> bool:
    ours = case.person.clinician == "ana" and case.person.status == "ACTIVE"
    asked = {name for one in case.courses for name in one.story.asks}
    long = bool(case.courses) and case.admitted < now - timedelta(weeks=len(LEAPING) + 1)
    return ours and long and LEAPS not in asked and case.n not in (0, cast.RISK)


def _set(case: Case, now: datetime) -> None:
    wishes = [{"text": one} for one in WISHES]
    items.set_items(by=case.carer, client=case.client, kind="RATINGS", items=wishes, said=OWN,
                    language="en", now=now)  # fmt: skip


def _rate(case: Case, rated: tuple[int, ...], now: datetime) -> None:
    form = case.client.own_forms.get(kind="RATINGS")
    answers = {str(n): one for n, one in enumerate(rated, 1)}
    _write(case, form.code, 1, answers, now)


def _enter(case: Case, total: int, now: datetime) -> None:
    version = instruments.get(LEAPS).content.version
    _write(case, LEAPS, version, stories.answers(LEAPS, total, case.seed), now)


def _enter_parts(case: Case, much: int, now: datetime) -> None:
    form = instruments.get(PARTS).content
    answers = {item.key: min(much, max(form.values_of(item))) for item in form.items}
    _write(case, PARTS, form.version, answers | {"Ca": 0, "D9": 0}, now)


def _write(case: Case, name: str, version: int, answers: dict[str, Any], now: datetime) -> None:
    measures.enter(
        by=case.carer, client=case.client, instrument=name, source="INTERVIEW", version=version,
        answered_on=clock.local(now).date(), answers=answers, now=now,
    )  # fmt: skip
