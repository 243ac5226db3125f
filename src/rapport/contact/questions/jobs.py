"""What the clock does about questions that wait: tell again, each in a commit of its own."""

import uuid
from datetime import datetime, timedelta

from rapport.core import jobs
from rapport.core.policy import System
from rapport.progress.informants import queries as informants
from rapport.progress.models import Asked

from . import actions, queries, rules

AT_ONCE = 2000
BY = System("reminders")


@jobs.cron("question.remind", "*/15")
@jobs.job("question.remind")
def remind(*, now: datetime) -> None:
    """Every quarter of an hour: remind whoever it is time for. One that cannot be reminded
    keeps nobody else waiting; the job fails after all."""
    failed: Exception | None = None
    for asked in due(now=now):
        try:
            actions.tell_again(by=BY, asked=asked, now=now)
        except Exception as problem:
            failed = failed or problem
    if failed is not None:
        raise failed


@jobs.job(queries.TELL)
def tell(*, asked_id: str, now: datetime) -> None:
    """The first mail of what was asked in quiet hours, once they are over."""
    actions.tell(by=BY, asked_id=uuid.UUID(asked_id), now=now)


def due(*, now: datetime) -> list[Asked]:
    """One open part of each sitting whose next reminder is due, whoever waits longest first."""
    setting = queries.setting()
    if setting is None:
        return []
    waits = Asked.objects.filter(
        informants.may_be_asked(), state=Asked.State.OPEN, expires_at__gt=now
    )
    old = waits.filter(asked_at__lte=now - timedelta(days=setting.days))
    rows = old.select_related("client").defer("draft", "calls")
    found: dict[object, Asked] = {}
    for row in rows.exclude(way=Asked.Way.DESK).order_by("asked_at", "part")[:AT_ONCE]:
        found.setdefault(queries.key(row), row)
    told = queries.latest(queries.key(row) for row in found.values())
    return [
        row for key, row in found.items()
        if (last := told.get(queries.key(row))) is not None
        and rules.is_due(
            number=last.number, last=last.at, days=setting.days, most=setting.most, now=now
        )
    ]  # fmt: skip
