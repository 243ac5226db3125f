"""Agreeing what a client is asked each day, changing it, ending it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..own import rules as own
from ..own.queries import own_forms, own_versions
from ..own.saying import CannotKeep, refuse
from . import pausing, rules
from .models import DailyEntry, DailyPlan, DailyQuestion
from .queries import ended, last_day

AHEAD = timedelta(days=90)
"""How far ahead a plan may begin."""


@action("daily.set")
def begin(
    *, by: Any, client: Client, from_on: date, until_on: date | None, times: Sequence[str],
    now: datetime,
) -> DailyPlan:  # fmt: skip
    """Ask ``client`` each day from ``from_on`` on. What is asked is added one by one.

    Args:
        until_on: the last day; None: until it is ended.
        times: what the times of a day are called, up to three; fewer than two: once a day.

    Raises:
        CannotKeep: by field; also where something is asked each day already.
    """
    today = clock.local(now).date()
    if client.is_together:
        raise CannotKeep({"from_on": _("Ask each person on their own page.")})
    if not today <= from_on <= today + AHEAD:
        raise CannotKeep({"from_on": _("Begin today, or within the next three months.")})
    _until_fits(until_on, from_on)
    names = [" ".join(one.split()) for one in times if one.strip()][: rules.MOST_TIMES]
    for n, one in enumerate(names):
        wrong = own.text_wrong(one, most=rules.SHORT)
        refuse({f"time_{n + 1}": (wrong, rules.SHORT)} if wrong else {})
    if len(set(names)) < len(names):
        raise CannotKeep({"time_2": _("Two times of a day need two names.")})
    _end_what_is_over(client, today, now)
    try:
        with transaction.atomic():
            return DailyPlan.objects.create(
                client=client, from_on=from_on, until_on=until_on, a_day=max(len(names), 1),
                times=names if len(names) > 1 else [], made_by=policy.person(by), made_at=now,
            )  # fmt: skip
    except IntegrityError as there:
        raise CannotKeep(
            {"from_on": _("Something is asked each day already. End that first.")}
        ) from there


def _until_fits(until_on: date | None, from_on: date) -> None:
    if until_on is not None and not from_on <= until_on <= from_on + timedelta(days=400):
        raise CannotKeep(
            {"until_on": _("The last day comes after the first, by at most 400 days.")}
        )


def _end_what_is_over(client: Client, today: date, now: datetime) -> None:
    plans = DailyPlan.objects.filter(client=client, ended_at=None, until_on__lt=today)
    plans.update(ended_at=now)


@action("daily.set")
def extend(
    *, by: Any, client: Client, plan: DailyPlan, until_on: date | None, now: datetime
) -> DailyPlan:  # fmt: skip
    """Ask until another day, or without an end.

    Raises:
        CannotKeep: a day that has passed or cannot be, or it was ended meanwhile.
    """
    row = _running(client, plan)
    _until_fits(until_on, row.from_on)
    if until_on is not None and until_on < clock.local(now).date():
        raise CannotKeep({"until_on": _("This day has passed. To ask no more, end it.")})
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    return row


@action("daily.set")
def add(
    *, by: Any, client: Client, plan: DailyPlan, kind: str, title: str, better: str, now: datetime,
    low: str = "", high: str = "",
) -> DailyQuestion:  # fmt: skip
    """Ask one thing more, from today or from the first day on.

    Args:
        low, high: what both ends of a rating mean.

    Raises:
        CannotKeep: by field; also where eight things are asked already.
    """
    row = _running(client, plan)
    words = {"title": " ".join(title.split()), "low": low.strip(), "high": high.strip()}
    found: dict[str, Any] = {
        name: (wrong, most)
        for name, most, needed in (("title", rules.LONGEST, True),
                                   ("low", rules.SHORT, False), ("high", rules.SHORT, False))
        if (wrong := own.text_wrong(words[name], most=most, needed=needed))
    }  # fmt: skip
    for name, value, known in (("kind", kind, DailyQuestion.Kind.values),
                               ("better", better, DailyQuestion.Better.values)):  # fmt: skip
        if value not in known:
            found[name] = "choose"
    refuse(found)
    return _added(by, row, kind, better, words, now)


def _added(
    by: Any, plan: DailyPlan, kind: str, better: str, words: dict[str, str], now: datetime
) -> DailyQuestion:  # fmt: skip
    standing = list(plan.questions.order_by("number"))
    if sum(one.ended_on is None for one in standing) >= rules.MOST_QUESTIONS:
        raise CannotKeep({"title": _("Eight things a day are enough. Take one out first.")})
    return DailyQuestion.objects.create(
        client=plan.client, plan=plan, kind=kind, better=better, words=words,
        number=standing[-1].number + 1 if standing else 1,
        from_on=max(plan.from_on, clock.local(now).date()), made_by=policy.person(by), made_at=now,
    )  # fmt: skip


@action("daily.set")
def take_over(*, by: Any, client: Client, plan: DailyPlan, now: datetime) -> list[DailyQuestion]:
    """Ask each day what the client rates now and then already, as many as there is room for.

    Raises:
        CannotKeep: it was ended meanwhile.
    """
    row = _running(client, plan)
    standing = list(row.questions.filter(ended_on=None))
    for one in standing:
        one.client = client  # its data key is loaded already
    named = {one.words["title"] for one in standing}
    room = rules.MOST_QUESTIONS - len(standing)
    fresh = [one for one in ratings(by=by, client=client) if one["title"] not in named][:room]
    return [
        _added(by, row, "RATING", one["better"],
               {name: one[name] for name in ("title", "low", "high")}, now)
        for one in fresh
    ]  # fmt: skip


def ratings(*, by: Any, client: Client) -> list[dict[str, str]]:
    """The client's own ratings from 0 to 10 as daily questions would say them."""
    for form in own_forms(by=by, client=client):
        if form.kind == form.Kind.RATINGS and form.ended_at is None:
            form.client = client  # its data key is loaded already
            content = own_versions(form=form)[-1].content
            if (content["low"], content["high"]) == (0, 10):
                return [
                    {"title": one["text"][: rules.LONGEST], "better": content["better"],
                     "low": content["low_words"][: rules.SHORT],
                     "high": content["high_words"][: rules.SHORT]}
                    for one in content["items"]
                ]  # fmt: skip
    return []


@action("daily.set")
def drop(*, by: Any, client: Client, question: DailyQuestion, now: datetime) -> DailyQuestion:
    """Ask this no more. What was answered stays; what nobody could answer yet goes altogether.

    Raises:
        CannotKeep: another client's.
    """
    row = _question(client, question)
    if not DailyEntry.objects.filter(plan=row.plan_id, kept_at__gte=row.made_at).exists():
        row.delete()
        return question
    if row.ended_on is None:
        row.ended_on = clock.local(now).date()
        row.save(update_fields=["ended_on"])
    return row


@action("daily.set")
def ask_again(
    *, by: Any, client: Client, question: DailyQuestion, now: datetime
) -> DailyQuestion:  # fmt: skip
    """Undo ``drop``; the days between were a pause.

    Raises:
        CannotKeep: another client's, eight are asked without it, or the plan was ended.
    """
    row = _question(client, question)
    plan = _running(client, row.plan)
    asked = plan.questions.filter(ended_on=None).exclude(pk=row.pk).count()
    if asked >= rules.MOST_QUESTIONS:
        raise CannotKeep({"title": _("Eight things a day are enough. Take one out first.")})
    pausing.between(plan, by=by, from_on=row.ended_on, now=now, question=row)
    row.ended_on = None
    row.save(update_fields=["ended_on"])
    return row


@action("daily.set")
def end(*, by: Any, client: Client, plan: DailyPlan, now: datetime) -> DailyPlan:
    """Ask no more from now on. What was answered stays.

    Raises:
        CannotKeep: it was ended meanwhile.
    """
    row = _running(client, plan)
    ends = [day for day in (last_day(row), clock.local(now).date()) if day is not None]
    row.ended_at, row.ended_on = now, max(min(ends), row.from_on)
    row.save(update_fields=["ended_at", "ended_on"])
    return row


@action("daily.set")
def reopen(*, by: Any, client: Client, plan: DailyPlan, now: datetime) -> DailyPlan:
    """Undo ``end``; not what the client ended. The days between were a pause.

    Raises:
        CannotKeep: another client's, the client ended it, or another one runs.
    """
    row = DailyPlan.objects.select_for_update().get(pk=plan.pk)
    if row.client_id != client.pk or row.by_client:
        raise CannotKeep({"plan": _("The client ended this. Agree on it anew, if both want to.")})
    if DailyPlan.objects.filter(client=client, ended_at=None).exists():
        raise CannotKeep({"plan": _("Something is asked each day already. End that first.")})
    pausing.between(row, by=by, from_on=ended(row), now=now)
    row.ended_at = row.ended_on = None
    row.save(update_fields=["ended_at", "ended_on"])
    return row


def _question(client: Client, question: DailyQuestion) -> DailyQuestion:
    row = DailyQuestion.objects.select_for_update().get(pk=question.pk)
    if row.client_id != client.pk:
        raise CannotKeep({"title": _("This is not of this client.")})
    row.client = client  # its data key is loaded already
    return row


def _running(client: Client, plan: DailyPlan) -> DailyPlan:
    row = DailyPlan.objects.select_for_update().get(pk=plan.pk)
    if row.client_id != client.pk or row.ended_at is not None:
        raise CannotKeep({"plan": _("This was ended in the meantime. Look at the page again.")})
    row.client = client  # its data key is loaded already
    return row
