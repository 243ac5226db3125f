"""Setting what is asked when: for everybody from now on, and for one client."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..informants.models import Informant
from ..measures import asking
from ..measures import rules as measures
from ..measures.models import Ask, Occasion
from . import conditions, rules
from .models import PlanLine, Recheck

CannotAsk = asking.CannotAsk
BY_HAND = (Occasion.INTAKE, Occasion.MONTH, Occasion.REVIEW, Occasion.DATE, Occasion.DISCHARGE,
           Occasion.FOLLOW_UP)  # fmt: skip
PLANNED = (Occasion.INTAKE, Occasion.SESSION, Occasion.DAYS, Occasion.MONTH, Occasion.REVIEW,
           Occasion.DISCHARGE, Occasion.FOLLOW_UP)  # fmt: skip


def _known(instruments: Sequence[str]) -> list[str]:
    if not instruments:
        raise CannotAsk("instruments", _("Choose at least one."))
    return [asking.known(name).id for name in dict.fromkeys(instruments)]


def _counts(occasion: str, sessions: int | None, weeks: Sequence[int]) -> list[int]:
    """What tells two of one occasion apart: sessions, or weeks after care."""
    if occasion == Occasion.REVIEW:
        if sessions not in rules.SESSIONS:
            raise CannotAsk("sessions", _("Choose after how many sessions."))
        return [sessions]
    if occasion == Occasion.FOLLOW_UP:
        if not weeks or set(weeks) - set(rules.WEEKS_AFTER):
            raise CannotAsk("weeks", _("Choose how long after care has ended."))
        return sorted(set(weeks))
    return [0]


def for_others(name: str) -> None:
    """Refuse what nobody but the client can answer.

    Raises:
        CannotAsk: it is an adaptive test, or cannot be asked at all.
    """
    if asking.known(name).content.is_adaptive:
        words = _("An adaptive test is answered by the client alone: its numbers were published "
                  "for people who answer about themselves.")  # fmt: skip
        raise CannotAsk("instruments", words)


# One client -------------------------------------------------------------------------------


@action("measure.ask")
def stand(
    *, by: Any, client: Client, instruments: Sequence[str], occasion: str, now: datetime,
    sessions: int | None = None, weeks: Sequence[int] = (), on: date | None = None,
    informant: Informant | None = None, calls: str = "", language: str = "",
) -> list[Ask]:  # fmt: skip
    """From now on, ask these when care begins, every month, after so many sessions, on a day,
    when care ends or after it. What stands already on the same occasion is set anew.

    Args:
        sessions: for a review. weeks: after care has ended. on: for a day.
        informant, calls: who is asked about the client instead, and what they call them.
        language: as for ``ask`` of asking.

    Raises:
        CannotAsk: no such questionnaire or occasion, or what the occasion needs is missing.
    """
    if client.is_together:
        raise CannotAsk("instruments", _("Ask each person on their own page."))
    if occasion not in BY_HAND:
        raise CannotAsk("when", _("Choose one from the list."))
    asking.in_words(instruments, client, language)
    names, counts = _known(instruments), _counts(occasion, sessions, weeks)
    next_at = _first(client, occasion, on, now)
    since = now if occasion == Occasion.REVIEW else None
    made = []
    for name in names:
        for count in counts:
            rule, _new = Ask.objects.update_or_create(
                client=client, instrument=name, occasion=occasion, count=count, ended_at=None,
                informant=informant,
                defaults={"set_at": now, "set_by": policy.person(by), "next_at": next_at,
                          "since": since, "calls": calls or None, "language": language},
            )  # fmt: skip
            made.append(rule)
    return made


def _first(client: Client, occasion: str, on: date | None, now: datetime) -> datetime | None:
    if occasion == Occasion.MONTH:
        return now
    if occasion == Occasion.INTAKE:
        return _beginning(client, now)
    if occasion != Occasion.DATE:
        return None
    if on is None or on < clock.local(now).date():
        raise CannotAsk("on", _("Choose today or a day to come."))
    try:
        return max(now, rules.morning(clock.within_limits(on), clock.zone()))
    except clock.BadDate as problem:
        raise CannotAsk("on", str(problem)) from None


def _beginning(client: Client, now: datetime) -> datetime | None:
    """When care that is agreed begins; None is whenever it does."""
    days = client.episodes.filter(closed_on=None).order_by("-opened_on")
    day: date | None = days.values_list("opened_on", flat=True).first()
    if day is None:
        return None
    if day <= clock.local(now).date():
        raise CannotAsk("when", _("Care has begun already: choose “once, now”."))
    return rules.morning(day, clock.zone())


@action("measure.ask")
def take_up(*, by: Any, client: Client, rule: Ask, now: datetime) -> Ask:
    """Undo the end of a schedule. What would have been asked meanwhile is asked once, now.

    Raises:
        CannotAsk: the same stands already, it was asked and comes once, or the client does not
            agree to asking others any more.
    """
    row = Ask.objects.select_for_update(of=("self",)).get(pk=rule.pk, client=client)
    if row.ended_at is None:
        return row
    if row.ended_why == Ask.Ended.DONE:
        raise CannotAsk("instruments", _("It was asked already. Ask it anew."))
    asking.still_agreed(row)
    row.ended_at, row.ended_why = None, ""
    if row.occasion == Occasion.REVIEW:
        row.since = now
    try:
        with transaction.atomic():
            row.save(update_fields=["ended_at", "ended_why", "since"])
    except IntegrityError:
        raise CannotAsk("instruments", _("The same is asked by itself already.")) from None
    return row


# Everybody --------------------------------------------------------------------------------


@action("measure.plan")
def plan(
    *, by: Any, instruments: Sequence[str], occasion: str, now: datetime,
    sessions: int | None = None, weeks: Sequence[int] = (), every_days: int | None = None,
    hours_before: int | None = None, whom: str = "", language: str = "",
) -> list[PlanLine]:  # fmt: skip
    """Ask these on this occasion of every client whose care begins from now on.

    What is planned already stays as it is set now.

    Args:
        whom: of ``PlanLine.Whom``: who is asked about each client instead, where the client has
            somebody like that and agreed to it.
        language: for everybody; empty is each client's own, where there are words in it, else
            the practice's.

    Raises:
        CannotAsk: no such questionnaire or occasion, what the occasion needs is missing, or
            there are no words in the language.
    """
    if occasion not in PLANNED:
        raise CannotAsk("occasion", _("Choose one from the list."))
    if whom and whom not in PlanLine.Whom.values:
        raise CannotAsk("whom", _("Choose one from the list."))
    for name in instruments if whom else ():
        for_others(name)
    asking.in_words(instruments, None, language)
    names, counts = _known(instruments), _counts(occasion, sessions, weeks)
    days = every_days if occasion == Occasion.DAYS else None
    if occasion == Occasion.DAYS and days not in measures.EVERY_DAYS:
        raise CannotAsk("every_days", _("Choose how often."))
    hours = hours_before or measures.HOURS_BEFORE[0]
    if hours not in measures.HOURS_BEFORE:
        raise CannotAsk("hours_before", _("Choose one from the list."))
    made = []
    for name in names:
        for count in counts:
            line, _new = PlanLine.objects.update_or_create(
                instrument=name, occasion=occasion, count=count, whom=whom, ended_at=None,
                defaults={"every_days": days, "hours_before": hours, "set_at": now,
                          "set_by": policy.person(by), "language": language},
            )  # fmt: skip
            made.append(line)
    return made


@action("measure.plan")
def end_line(*, by: Any, line: PlanLine, now: datetime) -> PlanLine:
    """Plan it for nobody new. Whoever is asked already goes on being asked."""
    PlanLine.objects.filter(pk=line.pk, ended_at=None).update(ended_at=now)
    return line


@action("measure.plan")
def take_up_line(*, by: Any, line: PlanLine) -> PlanLine:
    """Undo ``end_line``; where the same was planned anew meanwhile, that stands."""
    same = PlanLine.objects.filter(
        occasion=line.occasion, instrument=line.instrument, count=line.count, whom=line.whom,
        ended_at=None,
    )  # fmt: skip
    if not same.exists():
        PlanLine.objects.filter(pk=line.pk).update(ended_at=None)
    return line


@action("measure.plan")
def recheck(
    *, by: Any, instrument: str, condition: str, then: str, after_days: int, now: datetime
) -> Recheck:
    """When a result of ``instrument`` is like that, ask ``then`` by itself.

    Raises:
        CannotAsk: no such questionnaire, a condition its file does not offer, or a circle.
    """
    item = asking.known(instrument)
    if condition not in conditions.offered(item.content):
        raise CannotAsk("condition", _("Choose one from the list."))
    try:
        other = asking.known(then)
    except CannotAsk as problem:
        raise CannotAsk("then", str(problem)) from None
    if after_days not in rules.AFTER_DAYS:
        raise CannotAsk("after_days", _("Choose one from the list."))
    if other.id == item.id and after_days < rules.APART.days:
        raise CannotAsk("after_days", _("The same one is asked again after a week at the soonest."))
    list(Recheck.objects.select_for_update().filter(ended_at=None).values_list("pk"))
    edges = Recheck.objects.filter(ended_at=None).values_list("instrument", "then")
    if way := rules.goes_round(edges, (item.id, other.id)):
        shorts = " → ".join(asking.known(name).content.short for name in way)
        raise CannotAsk(
            "then", _("This would go round in a circle: %(way)s. Choose another.") % {"way": shorts}
        )
    row, _new = Recheck.objects.update_or_create(
        instrument=item.id, condition=condition, then=other.id, ended_at=None,
        defaults={"after_days": after_days, "set_at": now, "set_by": policy.person(by)},
    )  # fmt: skip
    return row


@action("measure.plan")
def end_recheck(*, by: Any, recheck: Recheck, now: datetime) -> Recheck:
    """Let results like that call for nothing any more. What is to be asked already still is."""
    Recheck.objects.filter(pk=recheck.pk, ended_at=None).update(ended_at=now)
    return recheck


@action("measure.plan")
def take_up_recheck(*, by: Any, recheck: Recheck) -> Recheck:
    """Undo ``end_recheck``, unless the same stands or others would make it a circle now.

    Raises:
        CannotAsk: they would.
    """
    standing = Recheck.objects.filter(ended_at=None)
    edges = list(standing.values_list("instrument", "then"))
    if rules.goes_round(edges, (recheck.instrument, recheck.then)):
        raise CannotAsk("then", _("Other rules would make this one a circle now."))
    given = {"instrument": recheck.instrument, "then": recheck.then}
    if not standing.filter(condition=recheck.condition, **given).exists():
        Recheck.objects.filter(pk=recheck.pk).update(ended_at=None)
    return recheck
