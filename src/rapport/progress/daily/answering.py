"""Answering what one is asked each day, and ending it."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..own.saying import CannotKeep
from . import rules
from .models import DailyEntry, DailyPlan, DailyQuestion
from .queries import last_day


@action("daily.own")
def keep(
    *, by: Any, on: date, slot: int, answers: Mapping[str, int], sent: uuid.UUID, now: datetime
) -> DailyEntry:  # fmt: skip
    """Keep one's answers for a day, or for one time of it; none at all says "not today".

    What stood there before is kept beside. The same form sent twice keeps one; gone back to and
    sent with other answers, it is a correction.

    Args:
        answers: by id of the question; a question that is not asked any more is passed over.
        sent: made with the form.

    Raises:
        CannotKeep: nothing is asked, the day is closed, or an answer cannot be.
    """
    client: Client = by.client
    plan = _running(client)
    before = DailyEntry.objects.filter(plan=plan, sent=sent).first()
    if before is not None:
        before.client = client  # its data key is loaded already
        again = (on, slot) == (before.on, before.slot)
        if again and _given(plan, on, answers, before.answers) == before.answers:
            return before
        sent = uuid.uuid4()
    if on not in rules.open_days(clock.local(now), plan.from_on, last_day(plan)):
        raise CannotKeep({"on": _("This day is closed. Today can be answered.")})
    if not 0 <= slot < plan.a_day:
        raise CannotKeep({"on": _("Choose one of the times of the day.")})
    standing = DailyEntry.objects.filter(plan=plan, on=on, slot=slot, replaced_by=None).first()
    if standing is not None:
        standing.client = client  # its data key is loaded already
    given = _given(plan, on, answers, standing.answers if standing is not None else {})
    if standing is not None and standing.answers == given:
        return standing
    made = DailyEntry(client=client, plan=plan, on=on, slot=slot, answers=given, sent=sent,
                      kept_at=now)  # fmt: skip
    if standing is not None:
        DailyEntry.objects.filter(pk=standing.pk).update(replaced_by=made.pk)
    made.save(force_insert=True)
    return made


def _given(
    plan: DailyPlan, on: date, answers: Mapping[str, int], before: Mapping[str, int]
) -> dict[str, int]:  # fmt: skip
    """What was answered now; what is asked no more keeps the answer it had."""
    asked = {str(one.pk): one for one in plan.questions.order_by("number") if is_asked(one, on)}
    given = {key: value for key, value in before.items() if key not in asked}
    for key, one in asked.items():
        if key in answers:
            if not rules.fits(one.kind, answers[key]):
                highest = rules.HIGHEST[one.kind]
                raise CannotKeep({key: _("Use a number from 0 to %(most)s.") % {"most": highest}})
            given[key] = answers[key]
    return given


def is_asked(question: DailyQuestion, on: date) -> bool:
    """Whether a question is asked on a day."""
    return question.from_on <= on and (question.ended_on is None or on < question.ended_on)


@action("daily.own")
def stop(*, by: Any, now: datetime) -> DailyPlan:
    """Be asked no more. ``go_on`` undoes it.

    Raises:
        CannotKeep: nothing is asked.
    """
    plan = _running(by.client)
    ends = [day for day in (last_day(plan), clock.local(now).date()) if day is not None]
    plan.ended_at, plan.ended_on, plan.by_client = now, max(min(ends), plan.from_on), True
    plan.save(update_fields=["ended_at", "ended_on", "by_client"])
    return plan


@action("daily.own")
def go_on(*, by: Any, now: datetime) -> DailyPlan:
    """Be asked again after one had ended it oneself.

    Raises:
        CannotKeep: there is nothing one ended, or something else is asked meanwhile.
    """
    rows = DailyPlan.objects.select_for_update().filter(client=by.client)
    plan = rows.order_by("-made_at", "pk").first()
    if plan is None or not plan.by_client:
        raise CannotKeep({"plan": _("There is nothing to go on with.")})
    plan.ended_at, plan.ended_on, plan.by_client = None, None, False
    plan.save(update_fields=["ended_at", "ended_on", "by_client"])
    return plan


def _running(client: Client) -> DailyPlan:
    """The plan that runs, locked, so that two tabs follow each other."""
    rows = DailyPlan.objects.select_for_update().filter(client=client, ended_at=None)
    plan = rows.first()
    if plan is None:
        raise CannotKeep({"plan": _("You are not asked any more. Nothing was kept.")})
    plan.client = client  # its data key is loaded already
    return plan
