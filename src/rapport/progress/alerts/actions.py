"""Raising an alert, passing it on, and saying what was done. Nothing closes by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.models import Client, Staff

from ..events import AlertAcknowledged, AlertPassedOn, AlertRaised
from ..measures.models import Asked, Sheet
from . import queries, rules
from .models import Alert, AlertClock, AlertStep, Done, Tried


class CannotAnswer(Exception):
    """The alert cannot be answered like that. ``field`` names what; the message is safe."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SomebodyWasFirst(CannotAnswer):
    """Somebody acknowledged it meanwhile. The message says who, and when."""


@action("alert.raise")
def raise_(
    *, by: Any, client: Client, rule: str, now: datetime, sheet: Sheet | None = None,
    asked: Asked | None = None, answers: Mapping[str, Any] | None = None,
) -> Alert:  # fmt: skip
    """Call somebody to look at an answer; belongs into the transaction of the answer.

    Args:
        sheet: it stands on this. asked: or in this, which was left without being handed in.
        answers: those that call for a look, by item.
        rule: code of the rule in the instrument's file.

    Returns:
        The alert. What was asked and a rule are one alert, also when raised twice and when
        handed in later; only an answer that changed after somebody acknowledged it is a new
        one. Announces AlertRaised the first time.
    """
    form: Sheet | Asked | None = sheet or asked
    if form is None:
        raise ValueError("an alert is about an answer")
    risky = dict(answers or {})
    asked_id = form.asked_id if isinstance(form, Sheet) else form.pk
    of = {"asked": asked_id} if asked_id else {"sheet": form.pk}
    standing = _standing(of, rule)
    if standing is not None and _covers(standing, client, sheet, risky):
        return standing
    held, waits = _holders(client, now)
    alert = Alert(
        client=client, sheet=sheet, asked_id=asked_id, instrument=form.instrument, rule=rule,
        stage=held.stage, owner_id=held.owner, deputy_id=held.deputy, raised_at=now,
        answer_by=now + timedelta(minutes=waits.minutes) if held.owner else now,
    )  # fmt: skip
    if isinstance(form, Asked):
        alert.draft, alert.kept_at = risky, form.kept_at
    try:
        with transaction.atomic():
            alert.save(force_insert=True)
    except IntegrityError:
        standing = _standing(of, rule)
        if standing is None:
            raise
        return standing
    _step(alert, "RAISED", now, how=alert.stage)
    events.announce(AlertRaised(alert.pk))
    return alert


def _standing(of: Mapping[str, Any], rule: str) -> Alert | None:
    return Alert.objects.filter(**of, rule=rule).order_by("-raised_at", "pk").first()


def _covers(standing: Alert, client: Client, sheet: Sheet | None, risky: dict[str, Any]) -> bool:
    """Whether an alert already stands for these answers; one that was acknowledged stands for
    those it was raised on alone."""
    if standing.acknowledged_at is None or (sheet is not None and standing.sheet_id == sheet.pk):
        return True
    standing.client = client  # its key is at hand
    return bool(standing.draft == risky)


@action("alert.raise")
def handed_in(*, by: Any, client: Client, sheet: Sheet, now: datetime) -> list[Alert]:
    """Give the alerts that were raised before a questionnaire was handed in its sheet.

    Whatever stands on it: they wait on, and a person looks.
    """
    seen: set[str] = set()
    given = []
    for alert in Alert.objects.filter(asked=sheet.asked_id).order_by("-raised_at", "pk"):
        if alert.sheet_id is None and alert.rule not in seen:
            alert.client, alert.sheet = client, sheet
            alert.save(update_fields=["sheet"])
            _step(alert, "HANDED_IN", now)
            given.append(alert)
        seen.add(alert.rule)
    return given


def _holders(client: Client, now: datetime) -> tuple[rules.Holders, AlertClock]:
    today, waits = clock.today(), queries.clock_of()
    team = [rules.Part(one.staff_id, one.part, one.from_on)
            for one in queries.team_of(client, today)]  # fmt: skip
    there = waits.deputy is not None and waits.deputy.works_on(today)
    stand_in = waits.deputy_id if there else None
    away = queries.away(*(one.staff for one in team), stand_in, now=now)
    return rules.holders(team, stand_in=stand_in, away=away), waits


def _step(
    alert: Alert, what: str, now: datetime, *, staff: Staff | None = None, how: str = "",
    done: str = "",
) -> AlertStep:  # fmt: skip
    return AlertStep.objects.create(
        client=alert.client, alert=alert, what=what, staff=staff, how=how, done=done, at=now
    )


@action("alert.pass_on")
def pass_on(*, by: Any, alert: Alert, now: datetime) -> Alert:
    """Let the next person look: the deputy, then the whole care team. Once for each stage.

    Announces AlertPassedOn, unless there is nothing to pass on any more.
    """
    locked = Alert.objects.waiting().select_for_update().filter(pk=alert.pk)
    found = locked.select_related(None).first()
    if found is None:
        return alert
    found.client = alert.client  # its key is at hand
    today, waits = clock.today(), queries.clock_of()
    held = rules.Holders(found.owner_id, found.deputy_id)
    on_team = {one.staff_id for one in queries.team_of(alert.client, today)}
    here = on_team & {held.owner} | queries.working(held.deputy, today)
    here -= queries.away(held.owner, held.deputy, now=now).keys()
    goes = rules.passed_on(
        found.stage, held, answer_by=found.answer_by, here=here, now=now,
        deputy_minutes=waits.deputy_minutes,
    )  # fmt: skip
    if goes is None:
        return found
    found.stage, found.answer_by = goes.stage, goes.answer_by
    found.save(update_fields=["stage", "answer_by"])
    deputy = found.deputy if goes.stage == "DEPUTY" else None
    _step(found, "PASSED_ON", now, staff=deputy, how=goes.stage)
    events.announce(AlertPassedOn(found.pk, goes.stage))
    return found


@action("alert.tell")
def told(*, by: Any, alert: Alert, staff: Staff, how: str, now: datetime) -> None:
    """Write down that somebody was told, by mail or on the page alone."""
    _step(alert, "TOLD", now, staff=staff, how=how)


@action("alert.acknowledge")
def acknowledge(*, by: Any, alert: Alert, how: str, done: str, now: datetime) -> Alert:
    """Say what was done, so that the alert needs no further look.

    Args:
        how: a code of Done. Not having reached anybody is none: that is a note.
        done: in words; needed where the code says nothing.

    Raises:
        CannotAnswer: nothing says what was done.
        SomebodyWasFirst: it was acknowledged meanwhile.
    """
    if how not in Done.values:
        raise CannotAnswer("how", _("Say what was done. Whoever was not reached still waits."))
    if how == Done.OTHER and not done.strip():
        raise CannotAnswer("done", _("Write in a sentence what was done."))
    waiting = Alert.objects.waiting().filter(pk=alert.pk)
    if not waiting.update(acknowledged_at=now, acknowledged_by=by.staff):
        raise SomebodyWasFirst("how", _was_first(alert))
    alert.acknowledged_at, alert.acknowledged_by = now, by.staff
    _step(alert, "ACKNOWLEDGED", now, staff=by.staff, how=how, done=done.strip())
    events.announce(AlertAcknowledged(alert.pk))
    return alert


def _was_first(alert: Alert) -> str:
    found = Alert.objects.select_related("acknowledged_by").get(pk=alert.pk)
    at = date_format(timezone.localtime(found.acknowledged_at, clock.zone()), "TIME_FORMAT")
    words = _("%(name)s was first (%(time)s). Your words were not written; add them as a note.")
    return words % {"name": found.acknowledged_by.display_name, "time": at}


@action("alert.acknowledge")
def note(*, by: Any, alert: Alert, how: str, done: str, now: datetime) -> AlertStep:
    """Add what was tried or is to be known; a waiting alert goes on waiting.

    Raises:
        CannotAnswer: no code of Tried, or a note without words.
    """
    if how not in Tried.values:
        raise CannotAnswer("how", _("Choose one from the list."))
    if how == Tried.NOTE and not done.strip():
        raise CannotAnswer("done", _("Write the note."))
    return _step(alert, "NOTED", now, staff=by.staff, how=how, done=done.strip())


@action("alert.set_clock")
def set_clock(
    *, by: Any, minutes: int, deputy_minutes: int, deputy: Staff | None
) -> AlertClock:  # fmt: skip
    """Say how long alerts wait, and who stands in where a care team names no deputy.

    Alerts that wait already keep the time they were given.

    Raises:
        CannotAnswer: too short or too long, or a deputy who does not treat clients here.
    """
    for field, value in (("minutes", minutes), ("deputy_minutes", deputy_minutes)):
        if not rules.minutes_suffice(value):
            words = _("Choose from %(shortest)s minutes to %(longest)s.")
            limits = {"shortest": rules.SHORTEST, "longest": rules.LONGEST}
            raise CannotAnswer(field, words % limits)
    if deputy is not None and not queries.may_stand_in(deputy, clock.today()):
        raise CannotAnswer("deputy", _("Choose somebody who treats clients here."))
    found, _new = AlertClock.objects.update_or_create(
        pk=1,
        defaults={"minutes": minutes, "deputy_minutes": deputy_minutes, "deputy": deputy},
    )
    return found
