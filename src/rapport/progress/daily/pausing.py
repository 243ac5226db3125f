"""Pausing what a client is asked each day, going on, and taking a pause away again."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..own.saying import CannotKeep
from . import rules
from .models import DailyPause, DailyPlan, DailyQuestion
from .queries import last_day

AHEAD, LONGEST = timedelta(days=90), timedelta(days=400)
"""How far ahead a pause may begin, and how long it may be."""


@action("daily.set")
def pause(
    *, by: Any, client: Client, plan: DailyPlan, from_on: date, back_on: date | None, now: datetime
) -> DailyPause:  # fmt: skip
    """Ask nothing from ``from_on`` on. Days that have passed can be paused, too: answers stay.

    Args:
        back_on: the first day that is asked again; None: until somebody goes on.

    Raises:
        CannotKeep: by field; also where a day of it is paused already.
    """
    row = _locked(client, plan)
    if not row.from_on <= from_on <= clock.local(now).date() + AHEAD:
        raise CannotKeep({"from_on": _("Choose a day since the first that was asked, at most three "
                                       "months ahead.")})  # fmt: skip
    if back_on is not None and not from_on < back_on <= from_on + LONGEST:
        raise CannotKeep({"back_on": _("The day on which it goes on comes after the first, by at "
                                       "most 400 days.")})  # fmt: skip
    last = last_day(row)
    if last is not None and from_on > last:
        raise CannotKeep({"from_on": _("Nothing is asked then any more.")})
    _room(row, rules.Pause(from_on, back_on))
    return DailyPause.objects.create(
        client=client, plan=row, from_on=from_on, back_on=back_on, set_by=policy.person(by),
        set_at=now,
    )  # fmt: skip


@action("daily.set")
def go_on(*, by: Any, client: Client, pause: DailyPause, now: datetime) -> DailyPause:
    """Ask again from today on: a pause that lasts ends, one that has not begun goes."""
    row = _pause(client, pause)
    today = clock.local(now).date()
    if row.removed_at is not None or not (row.back_on is None or row.back_on > today):
        return row
    if row.from_on < today:
        row.back_on = today
    else:
        row.removed_at, row.removed_by = now, policy.person(by)
    row.save(update_fields=["back_on", "removed_at", "removed_by"])
    return row


@action("daily.set")
def remove(*, by: Any, client: Client, pause: DailyPause, now: datetime) -> DailyPause:
    """Take a pause away: its days count as asked. ``bring_back`` undoes it."""
    row = _pause(client, pause)
    if row.removed_at is None:
        row.removed_at, row.removed_by = now, policy.person(by)
        row.save(update_fields=["removed_at", "removed_by"])
    return row


@action("daily.set")
def bring_back(*, by: Any, client: Client, pause: DailyPause) -> DailyPause:
    """Undo ``remove``.

    Raises:
        CannotKeep: a day of it is paused by another, or there are too many.
    """
    row = _pause(client, pause)
    if row.removed_at is None:
        return row
    _room(row.plan, row.days)
    row.removed_at = row.removed_by = None
    row.save(update_fields=["removed_at", "removed_by"])
    return row


def between(
    plan: DailyPlan, *, by: Any, from_on: date | None, now: datetime,
    question: DailyQuestion | None = None,
) -> None:  # fmt: skip
    """Of what was ended and goes on: nobody was asked on the days between, so they are a pause."""
    today = clock.local(now).date()
    if from_on is not None and from_on < today:
        DailyPause.objects.create(
            client_id=plan.client_id, plan=plan, question=question, from_on=from_on, back_on=today,
            set_by=policy.person(by), set_at=now,
        )  # fmt: skip


def _room(plan: DailyPlan, days: rules.Pause) -> None:
    standing = DailyPause.objects.filter(plan=plan, question=None, removed_at=None)
    if standing.count() >= rules.MOST_PAUSES:
        raise CannotKeep({"from_on": _("Fifty pauses are enough. Take one away first.")})
    if any(one.days.meets(days) for one in standing):
        raise CannotKeep({"from_on": _("A day of these is paused already.")})


def _locked(client: Client, plan: DailyPlan) -> DailyPlan:
    row = DailyPlan.objects.select_for_update().get(pk=plan.pk)
    if row.client_id != client.pk or row.ended_at is not None:
        raise CannotKeep({"from_on": _("This was ended in the meantime. Look at the page again.")})
    return row


def _pause(client: Client, pause: DailyPause) -> DailyPause:
    """The pause, with its plan locked, so that two at once follow each other."""
    DailyPlan.objects.select_for_update().get(pk=pause.plan_id)
    row = DailyPause.objects.select_related("plan").get(pk=pause.pk)
    if row.client_id != client.pk:
        raise CannotKeep({"from_on": _("This is not of this client.")})
    return row
