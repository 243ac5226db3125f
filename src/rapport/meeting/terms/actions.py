"""Putting new terms in force."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action

from ..appointments.actions import CannotBook
from . import rules
from .models import Terms

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
