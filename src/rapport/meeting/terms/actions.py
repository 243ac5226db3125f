"""Putting new terms in force, and noting who accepted them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..appointments.actions import CannotBook
from ..appointments.models import Appointment
from . import rules
from .models import Accepted, Terms

LONGEST_TEXT = 4000


@action("terms.set")
def set_terms(*, by: Any, hours: int, texts: dict[str, str], from_on: date, now: datetime) -> Terms:
    """A new version. What was accepted before stays as it was accepted.

    Args:
        hours: before a meeting, 0 to 336. texts: by language; at least one.

    Raises:
        CannotBook: hours or a day that cannot be, no text, or one that is too long.
    """
    if not 0 <= hours <= rules.LONGEST:
        raise CannotBook("hours", _("Use 0 to %(n)s hours.") % {"n": rules.LONGEST})
    try:
        clock.within_limits(from_on)
    except clock.BadDate as problem:
        raise CannotBook("from_on", str(problem)) from problem
    if from_on < clock.local(now).date():
        raise CannotBook("from_on", _("Terms cannot have been in force before anybody read them."))
    known = dict(settings.LANGUAGES)
    kept = {code: text.strip() for code, text in texts.items() if text.strip() and code in known}
    if not kept:
        raise CannotBook("", _("Write the terms in at least one language."))
    for code, text in kept.items():
        if len(text) > LONGEST_TEXT:
            raise CannotBook(code, _("Use at most %(n)s characters.") % {"n": LONGEST_TEXT})
    last = Terms.objects.aggregate(last=Max("version"))["last"] or 0
    return Terms.objects.create(
        version=last + 1, hours=hours, texts=kept, from_on=from_on, made_at=now,
        made_by=None if by.is_system else by,
    )  # fmt: skip


def accept_with(made: Appointment, terms: Terms | None, language: str, now: datetime) -> None:
    """Note what the client read and accepted when they took this meeting; for actions."""
    if terms is not None:
        Accepted.objects.create(
            client=made.client, appointment=made, terms=terms, at=now, language=language[:10]
        )


@action("terms.accept")
def note_accepted(
    *, by: Any, client: Client, terms: Terms, how: str, on: date, now: datetime
) -> Accepted:
    """Note that the client accepted a version on paper or by word. ``take_back`` undoes it.

    What they called off before stays as it was counted.

    Raises:
        CannotBook: a day that is ahead or cannot be, or another way than these two.
    """
    if how not in (Accepted.How.PAPER, Accepted.How.WORD):
        raise CannotBook("how", _("Choose one of the list."))
    try:
        clock.within_limits(on)
    except clock.BadDate as problem:
        raise CannotBook("on", str(problem)) from problem
    if on > clock.local(now).date():
        raise CannotBook("on", _("Choose today or a day before."))
    at = min(clock.day_bounds(on)[1] - timedelta(seconds=1), now)
    known = Accepted.objects.filter(client=client, terms=terms, how=how)
    same = known.filter(at__range=clock.day_bounds(on)).first()
    if same is not None:
        return same  # sent twice
    return Accepted.objects.create(
        client=client, terms=terms, how=how, at=at, noted_at=now,
        noted_by=None if by.is_system else by,
    )  # fmt: skip


@action("terms.accept")
def take_back(*, by: Any, client: Client, accepted: Accepted) -> None:
    """It was noted by mistake. What the client accepted themselves stays."""
    Accepted.objects.filter(pk=accepted.pk, client=client, appointment=None).delete()
