"""Asking in an interview: somebody here asks, question by question, and taps the answers.

Answers are kept and handed in as everywhere (``actions``); who may is in the room's policy.
"""

from datetime import datetime
from typing import Any

from rapport.core import policy
from rapport.core.action import action
from rapport.people.clients.models import Client

from . import actions, rules
from .models import Asked


@action("measure.enter")
def begin(*, by: Any, client: Client, instrument: str, version: int, now: datetime) -> Asked:
    """Begin to ask ``client``, or take up the interview with it that was begun and left.

    There is one of each questionnaire at a time, however often it is begun.

    Raises:
        CannotAnswer: as for ``enter``.
    """
    form = actions.enterable(client, instrument, version)
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)  # two who begin: one does
    until = now + rules.INTERVIEW_FOR
    rows = begun_of(client).filter(instrument=instrument)
    begun = next((one for one in rows if _stands(one)), None)
    if begun is not None:
        begun.client, begun.expires_at = client, until
        begun.save(update_fields=["expires_at"])
        return begun
    return Asked.objects.create(
        client=client, instrument=instrument, version=version, way=Asked.Way.DESK,
        language=rules.spoken(client.languages, form.words), in_interview=True,
        asked_by=policy.person(by), asked_at=now, opened_at=now, expires_at=until,
    )  # fmt: skip


def _stands(row: Asked) -> bool:
    """Whether the form it was begun with is still there."""
    try:
        return actions.form_of(row.instrument, row.version) is not None
    except actions.CannotAnswer:
        return False


def begun_of(client: Client) -> Any:
    """Interviews with ``client`` that were not handed in, the latest first; without answers."""
    rows = client.asked.filter(in_interview=True, state=Asked.State.OPEN)
    return rows.defer("draft", "calls").order_by("-asked_at", "pk")
