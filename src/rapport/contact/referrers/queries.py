"""Reading the lists of sources and referrers."""

import uuid
from typing import Any

from django.db.models import F, QuerySet

from rapport.people.clients.rules import fold

from .models import Referrer, Source


def sources(*, by: Any, closed: bool = False) -> QuerySet[Source]:
    """The list of "How did you hear of us?"; with ``closed`` also what is offered no more."""
    rows = Source.objects.order_by(F("closed_on").asc(nulls_first=True), "position", "name")
    return rows if closed else rows.filter(closed_on=None)


def source(*, by: Any, heard_id: uuid.UUID) -> Source:
    """One of them.

    Raises:
        Source.DoesNotExist: there is none with this id.
    """
    return Source.objects.get(pk=heard_id)


def referrers(*, by: Any, trusted: bool = False, closed: bool = False) -> QuerySet[Referrer]:
    """Referrers by name; ``trusted`` only those to whom people are sent from here."""
    rows = Referrer.objects.order_by(F("closed_on").asc(nulls_first=True), "name", "pk")
    rows = rows if closed else rows.filter(closed_on=None)
    return rows.filter(trusted=True) if trusted else rows


def referrer(*, by: Any, referrer_id: uuid.UUID) -> Referrer:
    """One of them.

    Raises:
        Referrer.DoesNotExist: there is none with this id.
    """
    return Referrer.objects.get(pk=referrer_id)


def suits(one: Referrer, text: str) -> bool:
    """Whether a referrer's name or specialities hold every word of ``text``."""
    held = fold(f"{one.name} {one.specialities}")
    return all(word in held for word in fold(text).split())
