"""Sending people on to colleagues outside: what is passed on, and that they agreed."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action

from ..referrers.models import Referrer
from .actions import LONGEST, as_seen, enter, locked
from .models import Inquiry, InquiryEntry, Referral
from .moving import as_it_was, became
from .problems import CannotTake


@action("inquiry.refer")
def refer(
    *, by: Any, inquiry: Inquiry, referrer: Referrer, shared: list[str], told: str,
    agreed_on: date | None, agreed_how: str, revision: int, now: datetime,
) -> Referral:  # fmt: skip
    """Send somebody on to a colleague outside. What they did not agree to is not passed on.

    Args:
        shared: what is passed on, of Referral.Shared. told: words beside it.
            Neither: they were given the colleague's number and call themselves.
        agreed_on, agreed_how: when and how they agreed; needed as soon as anything is told.

    Raises:
        CannotTake: something is passed on without consent, no such thing to share, care has
            begun, or somebody changed it meanwhile.
    """
    fresh = locked(inquiry)
    as_seen(fresh, revision)
    if fresh.stage == Inquiry.Stage.STARTED:
        raise CannotTake("", _("Care has begun. Undo that first."))
    told = told.strip()
    if not set(shared) <= set(Referral.Shared.values):
        raise CannotTake("shared", _("Choose from the list."))
    if len(told) > LONGEST:
        raise CannotTake("told", _("Use at most %(n)s characters.") % {"n": LONGEST})
    _agreed(shared, told, agreed_on, agreed_how, clock.local(now).date())
    referral = Referral(
        client=fresh.client, inquiry=fresh, referrer=referrer, told=told, at=now,
        shared=[one for one in Referral.Shared.values if one in shared],
        agreed_on=agreed_on, agreed_how=agreed_how if agreed_on else "",
        by=None if by.is_system else by,
    )  # fmt: skip
    referral.save(force_insert=True)
    before = as_it_was(fresh) | {"referral": str(referral.pk)}
    became(fresh, Inquiry.Stage.REFERRED, now)
    fresh.answered_at = fresh.answered_at or now
    enter(fresh, by=by, what=InquiryEntry.What.MOVED, now=now, before=before)
    return referral


def _agreed(shared: list[str], told: str, on: date | None, how: str, today: date) -> None:
    """Refuse to pass anything on that nobody agreed to."""
    if (shared or told) and on is None:
        raise CannotTake("agreed_on", _("Write when they agreed that this is passed on."))
    if on is None:
        return
    if not (shared or told):
        raise CannotTake("shared", _("Say what is passed on, or leave the day empty."))
    if on > today:
        raise CannotTake("agreed_on", _("This day is still to come."))
    try:
        clock.within_limits(on)
    except clock.BadDate as problem:
        raise CannotTake("agreed_on", str(problem)) from problem
    if how not in Referral.How.values:
        raise CannotTake("agreed_how", _("Choose how they agreed."))
