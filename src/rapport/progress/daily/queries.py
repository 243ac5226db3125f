"""Reading what is asked each day and what was answered. Every function answers within ``by``."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from rapport.core import time as clock
from rapport.people.clients.models import Client

from . import rules
from .models import DailyEntry, DailyPause, DailyPlan, DailyQuestion, Phase

MOST_DAYS = 400
"""The latest, of which a page shows answers."""
MOST_PLANS = 10


@dataclass(frozen=True)
class Series:
    """One question with its answers.

    Attributes:
        pauses: in which it was not asked, the earliest first.
    """

    question: DailyQuestion
    points: list[rules.Point]
    asked: int
    first: date
    a_day: int
    pauses: list[rules.Pause]


@dataclass(frozen=True)
class Diary:
    """A client's plan: the one that runs, else the latest.

    Attributes:
        open_days: that can still be filled in, the latest first; none once it is over.
        entries: what stands, by day and time.
        pauses: of the whole plan, the earliest first.
    """

    plan: DailyPlan
    questions: list[DailyQuestion]
    series: list[Series]
    entries: dict[tuple[date, int], DailyEntry]
    open_days: list[date]
    pauses: list[DailyPause]

    @property
    def times(self) -> list[str]:
        """What the times of a day are called; one without a name where it is once."""
        return self.plan.times or [""]

    @property
    def last(self) -> date | None:
        """The last day that is asked, if there is one."""
        return last_day(self.plan)


def last_day(plan: DailyPlan) -> date | None:
    """The last day of a plan: that on which it was ended, or that was agreed."""
    ends = [day for day in (plan.until_on, plan.ended_on) if day is not None]
    return min(ends, default=None)


def ended(plan: DailyPlan) -> date | None:
    """The day on which a plan was ended before its last; None: it was not."""
    return None if plan.ended_on == plan.until_on else plan.ended_on


def of(
    *, by: Any, client: Client, now: datetime, plan_id: uuid.UUID | None = None
) -> Diary | None:  # fmt: skip
    """What a client whom ``by`` has opened is asked each day. Four statements.

    Args:
        plan_id: an earlier plan; left out: the one that runs, else the latest.
    """
    found = DailyPlan.objects.filter(client=client)
    if plan_id is not None:
        found = found.filter(pk=plan_id)
    plan = found.order_by("-made_at", "pk").first()
    if plan is None:
        return None
    today = clock.local(now).date()
    start = max(plan.from_on, today - timedelta(days=MOST_DAYS))
    rows = DailyEntry.objects.filter(plan=plan, replaced_by=None, on__gte=start)
    entries = {(one.on, one.slot): one for one in rows.order_by("on", "slot")}
    questions = list(DailyQuestion.objects.filter(plan=plan).order_by("number"))
    for row in (plan, *questions, *entries.values()):
        row.client = client  # its data key is loaded already
    pauses = pauses_of(plan)
    of_all = [one for one in pauses if one.question_id is None]
    days = rules.open_days(clock.local(now), plan.from_on, last_day(plan),
                           [one.days for one in of_all])  # fmt: skip
    series = [
        _series(plan, one, entries, start, today, days,
                [p.days for p in pauses if p.question_id in (None, one.pk)])
        for one in questions
    ]  # fmt: skip
    return Diary(plan, questions, series, entries, [] if plan.ended_at else days, of_all)


def pauses_of(plan: DailyPlan) -> list[DailyPause]:
    """The pauses of a plan and of its questions, the earliest first. One statement."""
    return list(DailyPause.objects.filter(plan=plan, removed_at=None).order_by("from_on", "pk"))


def _series(
    plan: DailyPlan, question: DailyQuestion, entries: dict[tuple[date, int], DailyEntry],
    start: date, today: date, still: Sequence[date], pauses: list[rules.Pause],
) -> Series:  # fmt: skip
    first = max(question.from_on, start)
    key = str(question.pk)
    given = [(on, slot, value) for (on, slot), entry in entries.items()
             if (value := entry.answers.get(key)) is not None and on >= first]  # fmt: skip
    points = rules.points(given, first, plan.a_day)
    ends = [day for day in (last_day(plan), question.ended_on, today) if day is not None]
    closed = question.ended_on or plan.ended_on
    waiting = list(still) if closed is None else [closed]  # a day that ended it is no day missed
    paused = rules.paused_days(pauses, first, min(ends))
    asked = rules.asked(points, first=first, last=min(ends), a_day=plan.a_day,
                        still={*waiting, *paused})  # fmt: skip
    return Series(question, points, asked, first, plan.a_day, pauses)


def earlier(*, by: Any, client: Client, plan: DailyPlan) -> list[DailyPlan]:
    """Other plans of a client whom ``by`` has opened, the latest first."""
    rows = DailyPlan.objects.filter(client=client).exclude(pk=plan.pk)
    return list(rows.order_by("-made_at", "pk")[:MOST_PLANS])


def running(*, client: Client) -> DailyPlan | None:
    """The plan that runs, of a client whom somebody has opened."""
    return DailyPlan.objects.filter(client=client, ended_at=None).first()


def waits(*, client: Client, now: datetime) -> bool | None:
    """Whether today is still to be answered; None: nothing is asked today. Two statements."""
    today = clock.local(now).date()
    paused = DailyPause.objects.filter(
        Q(back_on=None) | Q(back_on__gt=today), plan=OuterRef("pk"), question=None,
        from_on__lte=today, removed_at=None,
    )  # fmt: skip
    asks = DailyPlan.objects.filter(
        ~Exists(paused), client=client, ended_at=None, questions__number__gte=1,
        questions__ended_on=None,
    )  # fmt: skip
    plan = asks.distinct().first()
    if plan is None or today not in rules.open_days(clock.local(now), plan.from_on, last_day(plan)):
        return None
    given = DailyEntry.objects.filter(plan=plan, on=today, replaced_by=None).count()
    return given < plan.a_day


def question(*, by: Any, question_id: uuid.UUID) -> DailyQuestion:
    """One question of a client whose clinical record ``by`` may read.

    Raises:
        DailyQuestion.DoesNotExist: none, or not for ``by``.
    """
    rows: Any = DailyQuestion.objects.clinical_to(by)
    found: DailyQuestion = rows.select_related("plan", "client__data_key").get(pk=question_id)
    return found


def daily_pause(*, by: Any, daily_pause_id: uuid.UUID) -> DailyPause:
    """One pause of a client whose clinical record ``by`` may read, one taken away too.

    Raises:
        DailyPause.DoesNotExist: none, or not for ``by``.
    """
    rows: Any = DailyPause.objects.clinical_to(by)
    found: DailyPause = rows.select_related("client__data_key").get(pk=daily_pause_id)
    return found


def phases(*, by: Any, client: Client) -> list[Phase]:
    """The phases of the work with a client whom ``by`` has opened, the earliest first."""
    rows = Phase.objects.filter(client=client, removed_at=None)
    found = list(rows.order_by("on", "pk")[: rules.MOST_PHASES])
    for one in found:
        one.client = client  # its data key is loaded already
    return found


def phase(*, by: Any, phase_id: uuid.UUID) -> Phase:
    """One phase of a client whose clinical record ``by`` may read, one taken away too.

    Raises:
        Phase.DoesNotExist: none, or not for ``by``.
    """
    rows: Any = Phase.objects.clinical_to(by)
    found: Phase = rows.select_related("client__data_key").get(pk=phase_id)
    return found


def stretches(found: Sequence[Phase]) -> list[rules.Stretch]:
    """Phases as they are compared."""
    return rules.stretches([(one.on, one.letter) for one in found])
