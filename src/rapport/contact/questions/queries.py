"""Reading how often clients are told again, and when one was."""

import uuid
from collections.abc import Iterable
from typing import Any

from rapport.core.jobs import Job
from rapport.people.clients.models import Client
from rapport.progress.models import Asked

from ..notices.models import Notice
from .models import AskingAgain, QuestionsTold

MOST = 200
TELL = "question.tell"


def setting() -> AskingAgain | None:
    """How the practice tells again of what waits, or None where it does not."""
    return AskingAgain.objects.filter(pk=1).first()


def key(asked: Asked) -> uuid.UUID:
    """What a mail is about: the sitting, or what was asked by itself."""
    return asked.sitting or asked.pk


def latest(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, QuestionsTold]:
    """The last mail about each of ``keys``, where there was one."""
    rows = QuestionsTold.objects.filter(of__in=list(keys)).order_by("number")
    return {row.of: row for row in rows}


def of_client(*, by: Any, client: Client) -> dict[uuid.UUID, QuestionsTold]:
    """The last mail about each thing a client whom ``by`` has opened was asked."""
    rows = QuestionsTold.objects.filter(client=client).order_by("-at")[:MOST]
    return {row.of: row for row in reversed(rows)}


def held_back(*, by: Any, asked: Iterable[Asked]) -> set[uuid.UUID]:
    """Whose first mail, of what ``by`` has opened, waits for the end of quiet hours; by what was
    asked first in a sitting."""
    ids = {f"{TELL}@{one.pk}": key(one) for one in asked}
    waits = Job.objects.filter(name=TELL, state=Job.State.QUEUED, unique_key__in=list(ids))
    return {ids[one] for one in waits.values_list("unique_key", flat=True) if one}


def not_arrived(*, by: Any, client: Client) -> set[uuid.UUID]:
    """Who around a client whom ``by`` has opened was written to last, and it did not go out."""
    around = client.related_people.values("pk")
    rows = Notice.objects.filter(person_id__in=around).order_by("-created_at", "pk")
    last = dict(reversed(rows.values_list("person_id", "state")[:MOST]))
    return {one for one, state in last.items() if one and state == Notice.State.FAILED}
