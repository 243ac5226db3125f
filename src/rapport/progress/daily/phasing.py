"""Marking the day on which a phase of the work begins, taking it away and bringing it back."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..own import rules as own
from ..own.saying import CannotKeep, refuse
from . import rules
from .models import Phase


@action("phase.mark")
def mark(
    *, by: Any, client: Client, letter: str, on: date, words: str, now: datetime
) -> Phase:  # fmt: skip
    """Say that a phase begins on a day.

    Raises:
        CannotKeep: by field; also where another begins on that day.
    """
    words = " ".join(words.split())
    if letter not in Phase.Letter.values:
        refuse({"letter": "choose"})
    wrong = own.text_wrong(words, most=rules.LONGEST, needed=False)
    refuse({"words": (wrong, rules.LONGEST)} if wrong else {})
    try:
        clock.within_limits(on)
    except clock.BadDate as problem:
        raise CannotKeep({"on": str(problem)}) from None
    _room(client)
    return _placed(lambda: Phase.objects.create(
        client=client, letter=letter, on=on, words=words, set_at=now,
        set_by=policy.person(by),
    ))  # fmt: skip


@action("phase.mark")
def remove(*, by: Any, client: Client, phase: Phase, now: datetime) -> Phase:
    """Take a phase away; ``bring_back`` undoes it."""
    row = _phase(client, phase)
    row.removed_at = now
    row.removed_by = policy.person(by)
    row.save(update_fields=["removed_at", "removed_by"])
    return row


@action("phase.mark")
def bring_back(*, by: Any, client: Client, phase: Phase) -> Phase:
    """Undo ``remove``.

    Raises:
        CannotKeep: another client's, another phase begins on that day now, or there are twelve.
    """
    row = _phase(client, phase)
    if row.removed_at is None:
        return row
    _room(client)
    row.removed_at = row.removed_by = None
    _placed(lambda: row.save(update_fields=["removed_at", "removed_by"]))
    return row


def _room(client: Client) -> None:
    if Phase.objects.filter(client=client, removed_at=None).count() >= rules.MOST_PHASES:
        raise CannotKeep({"on": _("Twelve phases are enough. Take one away first.")})


def _placed(write: Any) -> Any:
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as there:
        raise CannotKeep({"on": _("Another phase begins on this day.")}) from there


def _phase(client: Client, phase: Phase) -> Phase:
    row = Phase.objects.select_for_update().get(pk=phase.pk)
    if row.client_id != client.pk:
        raise CannotKeep({"on": _("This is not of this client.")})
    row.client = client  # its data key is loaded already
    return row
