"""Asking in an interview: somebody here asks, question by question, and taps the answers.

Answers are kept and handed in as everywhere (``actions``); who may is in the room's policy.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core.action import action
from rapport.people.clients.models import Client

from . import actions, rules, tongues
from .models import Asked


@action("measure.enter")
def begin(
    *, by: Any, client: Client, instrument: str, version: int, now: datetime, language: str = ""
) -> Asked:
    """Begin to ask ``client``, or take up the interview with it that was begun and left.

    There is one of each questionnaire at a time, however often it is begun.

    Args:
        language: of the words that are read out; empty is the client's. What was begun keeps its.

    Raises:
        CannotAnswer: as for ``enter``, or there are no words in the language.
    """
    form = actions.enterable(client, instrument, version)
    if language and language not in form.words:
        words = _("There are no words of %(form)s in this language.")
        raise actions.CannotAnswer({"language": words % {"form": form.content.short}})
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
        language=rules.asked_in(language, tongues.of(client), form.words), in_interview=True,
        asked_by=policy.person(by), asked_at=now, opened_at=now, expires_at=until,
    )  # fmt: skip


@action("measure.keep")
def note(*, by: Any, asked: Asked, item: str, text: str, now: datetime) -> Asked:
    """Keep what the interviewer notes to one answer, sealed beside it; nothing takes it away.

    Raises:
        Asked.DoesNotExist: it is no interview. Closed: it can no longer be answered.
        CannotAnswer: no such question, or too long a note.
    """
    rows = Asked.objects.select_for_update(of=("self",)).select_related("client__data_key")
    row = rows.get(pk=asked.pk, in_interview=True)
    actions.still_open(row, now)
    form = actions.form_of(row.instrument, row.version)
    text = text.strip()
    if item not in {one.key for one in form.content.items}:
        raise actions.CannotAnswer(actions.wrong({item: "unknown"}))
    if "\0" in text:
        raise actions.CannotAnswer(actions.wrong({item: "no_text"}))
    if len(text) > rules.NOTE:
        words = _("The note is too long. Use at most %(most)s characters.") % {"most": rules.NOTE}
        raise actions.CannotAnswer({item: words})
    notes = {**row.draft.get("notes", {}), item: text}
    row.draft = {**row.draft, "notes": {key: one for key, one in notes.items() if one}}
    row.save(update_fields=["draft"])
    return row


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
