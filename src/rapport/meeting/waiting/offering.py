"""Offering an hour that fell free: in turn or at once, stopping that, and going on with it."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action

from . import places, queries, rounds, rules
from .models import FreedHour, Offer, WaitingSettings

State, Hour, How = rounds.State, rounds.Hour, WaitingSettings.How


class CannotOffer(Exception):
    """It cannot be offered. The message is safe to show."""


@action("hour.offer")
def offer(
    *, by: Any, hour: FreedHour, now: datetime, how: str,
    only: Collection[uuid.UUID] | None = None, standing: bool = False,
) -> FreedHour:  # fmt: skip
    """Offer an hour to everybody whom it suits, in order: one after the other, or at once.

    Args:
        how: of WaitingSettings.How. only: ids of entries; None is everybody.
        standing: the place that begins with it, not the hour alone; also to whom the hour alone
            did not suit.

    Announces SlotOffered for each who is asked. Raises:
        CannotOffer: nobody it suits, or it is not free.
    """
    fresh = rounds.locked(hour)
    if fresh.state == Hour.RUNNING:
        return fresh  # pressed twice
    if fresh.state not in (Hour.OPEN, Hour.KEPT, Hour.OVER) or fresh.starts_at <= now:
        raise CannotOffer(_("This hour is not free any more."))
    if standing and not (fresh.rule and places.is_free(fresh, now=now)):
        raise CannotOffer(_("This place is not free any more: others have most of its hours."))
    if standing != fresh.standing:
        fresh.standing, fresh.round = standing, fresh.round + 1
    found = [one for one in queries.fitting(hour=fresh, now=now)
             if only is None or one.entry.pk in only]  # fmt: skip
    at_once = how == How.AT_ONCE
    if at_once:
        found = found[: queries.settings().most_at_once]
    if not found:
        raise CannotOffer(_("Nobody on the waiting list could take this hour now."))
    before = fresh.offers.count()
    Offer.objects.bulk_create(
        Offer(
            hour=fresh, round=fresh.round, position=before + number, entry=one.entry,
            client=one.entry.client, type_id=one.fit.kind and uuid.UUID(one.fit.kind),
            way=one.fit.way, minutes=one.fit.minutes, because=list(one.fit.because),
        )
        for number, one in enumerate(found, start=1)
    )  # fmt: skip
    fresh.state, fresh.how, fresh.settled_at = Hour.RUNNING, How.AT_ONCE if at_once else how, None
    fresh.save(update_fields=["state", "how", "settled_at", "standing", "round"])
    rounds.go_on(fresh, now)
    if fresh.state == Hour.GONE:
        raise CannotOffer(_("This hour is not free any more."))
    return fresh


@action("hour.pass_on")
def pass_on(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """What comes next for an hour whose offers ran out, or whose time has come. Once each."""
    fresh = rounds.locked(hour)
    if fresh.state not in (Hour.OPEN, Hour.RUNNING):
        return fresh
    if fresh.starts_at <= now:
        rounds.end(fresh, Hour.OVER, State.LAPSED, now)
        return fresh
    late = fresh.offers.filter(state=State.OFFERED, answer_by__lte=now)
    for one in late.order_by("position"):
        rounds.close(one, State.LAPSED, now)
    if fresh.state == Hour.RUNNING and not rules.is_quiet(clock.local(now)):
        rounds.go_on(fresh, now)
    return fresh


@action("hour.offer")
def stop(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """Take the hour back from whoever is asked; who was asked is told. It is free again."""
    fresh = rounds.locked(hour)
    if fresh.state == Hour.RUNNING:
        rounds.end(fresh, Hour.OPEN, State.WITHDRAWN, now)
    return fresh


@action("hour.offer")
def give_up(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """The hour is none after all: its clinician is away. Who was asked is told."""
    fresh = rounds.locked(hour)
    if fresh.state in (Hour.OPEN, Hour.RUNNING):
        rounds.end(fresh, Hour.AWAY, State.WITHDRAWN, now)
    return fresh


@action("hour.offer")
def keep(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """Offer it to nobody. ``open_again`` undoes it."""
    fresh = rounds.locked(hour)
    if fresh.state in (Hour.OPEN, Hour.RUNNING):
        rounds.end(fresh, Hour.KEPT, State.WITHDRAWN, now)
    return fresh


@action("hour.offer")
def open_again(*, by: Any, hour: FreedHour, now: datetime) -> FreedHour:
    """Undo ``keep``: it can be offered."""
    fresh = rounds.locked(hour)
    if fresh.state == Hour.KEPT and fresh.starts_at > now:
        fresh.state, fresh.settled_at = Hour.OPEN, None
        fresh.save(update_fields=["state", "settled_at"])
    return fresh
