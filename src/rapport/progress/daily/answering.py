"""Answering what one is asked each day, also without a network, and ending it."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..own.saying import CannotKeep
from . import pausing, rules
from .models import DailyEntry, DailyPlan, DailyQuestion
from .queries import ended, last_day, pauses_of


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
    before = _sent_before(plan, on, slot, answers, sent)
    if before is not None:
        return before
    pauses = [one.days for one in pauses_of(plan) if one.question_id is None]
    if any(one.holds(on) for one in pauses):
        raise CannotKeep({"on": _("This is paused. Nothing was kept.")})
    if on not in rules.open_days(clock.local(now), plan.from_on, last_day(plan)):
        raise CannotKeep({"on": _("This day is closed. Today can be answered.")})
    return _kept(plan, on, slot, answers, sent, _standing(plan, on, slot), now)


@dataclass(frozen=True)
class Arrived:
    """What became of answers that had waited on a device.

    Attributes:
        instead: what stood there, if the device did not know of it.
        left_out: answers to what was not asked on that day.
        again: they had come before, and only the device did not hear of it.
    """

    entry: DailyEntry
    instead: DailyEntry | None = None
    left_out: int = 0
    again: bool = False


@action("daily.own")
def keep_waiting(
    *, by: Any, plan_id: uuid.UUID, on: date, slot: int, answers: Mapping[str, int],
    sent: uuid.UUID, knows: Collection[uuid.UUID], now: datetime,
) -> Arrived:  # fmt: skip
    """Keep answers that waited on a device, for the day they were given for; once.

    As with a network, what arrives last stands, and what stood before is kept beside it. A plan
    that was ended meanwhile takes them for the days it lasted.

    Args:
        sent: made when they were given. knows: the same of what the device knows to have been
            kept for that day before.

    Raises:
        CannotKeep: nothing of this was asked of them, or on that day, or an answer cannot be.
    """
    client: Client = by.client
    plans = DailyPlan.objects.select_for_update().filter(client=client)
    plan = plans.filter(pk=plan_id).first()
    if plan is None:
        raise CannotKeep({"plan": _("They belong to somebody else who signs in here.")})
    plan.client = client  # its data key is loaded already
    today, last = clock.local(now).date(), last_day(plan)
    if not rules.may_arrive(on, today=today, first=plan.from_on, last=last):
        raise CannotKeep({"on": _("This day cannot be answered any more, or not yet.")})
    before = _sent_before(plan, on, slot, answers, sent)
    if before is not None:
        return Arrived(before, again=True)
    standing = _standing(plan, on, slot)
    made = _kept(plan, on, slot, answers, sent, standing, now)
    other = standing is not None and made.pk != standing.pk and standing.sent not in knows
    asked = {str(one.pk) for one in plan.questions.all() if is_asked(one, on)}
    return Arrived(made, standing if other else None, len(answers.keys() - asked))


def _sent_before(
    plan: DailyPlan, on: date, slot: int, answers: Mapping[str, int], sent: uuid.UUID
) -> DailyEntry | None:  # fmt: skip
    """The same answers, if they came before under the same number."""
    before = DailyEntry.objects.filter(plan=plan, sent=sent, on=on, slot=slot).first()
    if before is None:
        return None
    before.client = plan.client  # its data key is loaded already
    return before if _given(plan, on, answers, before.answers) == before.answers else None


def _standing(plan: DailyPlan, on: date, slot: int) -> DailyEntry | None:
    if not 0 <= slot < plan.a_day:
        raise CannotKeep({"on": _("Choose one of the times of the day.")})
    found = DailyEntry.objects.filter(plan=plan, on=on, slot=slot, replaced_by=None).first()
    if found is not None:
        found.client = plan.client  # its data key is loaded already
    return found


def _kept(
    plan: DailyPlan, on: date, slot: int, answers: Mapping[str, int], sent: uuid.UUID,
    standing: DailyEntry | None, now: datetime,
) -> DailyEntry:  # fmt: skip
    """A new entry beside what stood, or what stands if nothing changed."""
    given = _given(plan, on, answers, standing.answers if standing is not None else {})
    if standing is not None and standing.answers == given:
        return standing
    if DailyEntry.objects.filter(plan=plan, sent=sent).exists():
        sent = uuid.uuid4()  # gone back to and sent with other answers: a correction
    made = DailyEntry(client=plan.client, plan=plan, on=on, slot=slot, answers=given, sent=sent,
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
    """Be asked again after one had ended it oneself; the days between were a pause.

    Raises:
        CannotKeep: there is nothing one ended, or something else is asked meanwhile.
    """
    rows = DailyPlan.objects.select_for_update().filter(client=by.client)
    plan = rows.order_by("-made_at", "pk").first()
    if plan is None or not plan.by_client:
        raise CannotKeep({"plan": _("There is nothing to go on with.")})
    pausing.between(plan, by=by, from_on=ended(plan), now=now)
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
