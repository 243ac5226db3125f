"""Sending people on to colleagues outside, and the lists the practice keeps for that."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients import rules as names

from .actions import LONGEST, as_seen, enter, locked
from .models import Inquiry, InquiryEntry, Referral, Referrer, Source
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


# The practice's lists ---------------------------------------------------------------------


@action("referrer.edit")
def add_referrer(*, by: Any, now: datetime, **given: Any) -> Referrer:
    """Somebody who sends people here, or to whom people are sent.

    Raises:
        CannotTake: a name that cannot be.
    """
    return _kept(Referrer(), given, now)


@action("referrer.edit")
def change_referrer(*, by: Any, referrer: Referrer, now: datetime, **given: Any) -> Referrer:
    """Other contact data, specialities, or whether they take people now.

    Raises:
        CannotTake: a name that cannot be.
    """
    return _kept(referrer, given, now)


def _kept(referrer: Referrer, given: dict[str, Any], now: datetime) -> Referrer:
    given["name"] = _name(given["name"], 200)
    given["specialities"] = " ".join(given.get("specialities", "").split())
    if given.get("takes", referrer.takes) != referrer.takes:
        referrer.asked_on = clock.local(now).date()
    for name, value in given.items():
        setattr(referrer, name, value)
    referrer.save()
    return referrer


@action("referrer.edit")
def close_referrer(*, by: Any, referrer: Referrer, on: date | None) -> Referrer:
    """Offer a referrer no more from that day on; None offers them again."""
    referrer.closed_on = on
    referrer.save(update_fields=["closed_on"])
    return referrer


@action("source.edit")
def add_source(*, by: Any, name: str) -> Source:
    """Another answer to "How did you hear of us?", at the end of the list.

    Raises:
        CannotTake: a name that cannot be, or that is there already.
    """
    name = _name(name, 80)
    if Source.objects.filter(name=name).exists():
        raise CannotTake("name", _("This is on the list already."))
    return Source.objects.create(name=name, position=Source.objects.count())


@action("source.edit")
def add_usual(*, by: Any) -> list[Source]:
    """A list to begin with, where there is none yet."""
    if Source.objects.exists():
        return []
    usual = (
        _("Recommended by somebody I know"), _("Family doctor"), _("Another clinician"),
        _("Search on the web"), _("Directory of clinicians"), _("Insurance"), _("Was here before"),
    )  # fmt: skip
    rows = [Source(name=name, position=n) for n, name in enumerate(dict.fromkeys(usual))]
    return Source.objects.bulk_create(rows)


@action("source.edit")
def close_source(*, by: Any, source: Source, on: date | None) -> Source:
    """Offer a source no more from that day on; None offers it again. Old inquiries keep it."""
    source.closed_on = on
    source.save(update_fields=["closed_on"])
    return source


def _name(text: str, longest: int) -> str:
    try:
        name = names.tidy_name(text)
    except names.Unfit as problem:
        raise CannotTake("name", _("Write a name with letters.")) from problem
    if len(name) > longest:
        raise CannotTake("name", _("Use at most %(n)s characters.") % {"n": longest})
    return name
