"""What was begun and left: answers nobody hands in are looked through for danger, once."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from rapport.core.action import action
from rapport.core.library import NotInLibrary
from rapport.core.policy import System
from rapport.core.vault import Destroyed

from ..alerts import actions as alerts
from ..alerts.models import Alert
from . import instruments, rules
from .models import Asked

BY = System("measures")
AT_ONCE = 1000  # the rest a minute later


def oldest(*, now: datetime, most: int = AT_ONCE) -> list[uuid.UUID]:
    """What waits longest to be looked through.

    By the index of what nobody has looked through yet: however much was asked over the
    years, this reads what is new alone.
    """
    return list(_waiting(now).order_by("kept_at").values_list("pk", flat=True)[:most])


def _waiting(now: datetime) -> QuerySet[Asked]:
    """What was kept a while ago and not looked through since; handing in looks through, too."""
    return Asked.objects.filter(looked_at=None, kept_at__lte=now - rules.LEFT_FOR)


@action("measure.look_after")
def look_after(*, by: Any, asked: Asked, now: datetime) -> list[Alert]:
    """Raise an alert for what is risky among answers that were left; again does nothing."""
    rows = _waiting(now).filter(pk=asked.pk, state=Asked.State.OPEN)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        return []
    row.client = asked.client  # its key is at hand
    raised = look_through(row, now=now)
    row.save(update_fields=["looked_at"])
    return raised


def look_through(row: Asked, *, now: datetime) -> list[Alert]:
    """Raise what the draft of a locked ``row`` calls for; whoever asks saves ``looked_at``.

    Answers whose key was destroyed cannot be read, and those of a form that has changed
    cannot be judged: both are passed over.
    """
    if row.kept_at is None or row.looked_at is not None:
        return []
    row.looked_at = now
    return [
        alerts.raise_(by=BY, client=row.client, asked=row, answers=risky, rule=rule, now=now)
        for rule, risky in _dangers(row).items()
    ]


def _dangers(row: Asked) -> dict[str, Any]:
    try:
        content = instruments.find(row.instrument, row.version).content
        answers = row.draft.get("answers", {})
        if row.in_interview:
            answers = rules.for_them(content.key, answers, row.draft.get("facts", {}))
    except (NotInLibrary, Destroyed):
        return {}
    return content.dangers(answers) if content.version == row.version else {}


def may_have_been(row: Asked, now: datetime) -> bool:
    """Whether it was open so long that its answers may have been looked through meanwhile."""
    return row.opened_at is not None and now - row.opened_at > rules.LEFT_FOR / 2
