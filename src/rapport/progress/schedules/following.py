"""What asks by itself as care goes on: it begins, a session was held, it ends, an answer came."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.library import NotInLibrary
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client
from rapport.people.consents.models import Consent
from rapport.people.episodes.models import Episode

from ..chosen import queries as chosen
from ..informants import queries as informants
from ..measures import asking, instruments
from ..measures.models import Ask, Asked, Occasion, Sheet
from . import conditions, planned, rules
from .models import Recheck

AT_THE_END = (Occasion.DISCHARGE, Occasion.FOLLOW_UP)


@action("measure.ask_due")
def care_began(*, by: Any, episode_id: uuid.UUID, now: datetime) -> list[Ask]:
    """Ask whoever's care begins what the practice has planned; what is set already stays.

    Care that began long ago, as in a table that was read in, has no questions for its beginning.
    What was to be asked after earlier care waits for the end of this one.
    """
    near = Episode.objects.select_related("client").filter(pk=episode_id, closed_on=None)
    episode = near.first()
    if episode is None or episode.client.is_together or episode.client.archived_at is not None:
        return []
    after = Ask.objects.filter(client=episode.client_id, ended_at=None)
    after.filter(occasion=Occasion.FOLLOW_UP).update(next_at=None, episode=episode)
    begins = planned.begins(episode, now)
    after.filter(occasion=Occasion.INTAKE, next_at=None).update(next_at=begins, episode=episode)
    return planned.for_client(episode, now=now) + planned.for_others(episode, now=now)


@action("measure.ask_due")
def others_known(*, by: Any, client_id: uuid.UUID, now: datetime) -> list[Ask]:
    """Somebody around a client was noted, or the client agreed that others are asked: what the
    practice had planned for such people is set, as if they had been there when care began."""
    near = Episode.objects.select_related("client").filter(client=client_id, closed_on=None)
    open_ = near.filter(client__archived_at=None).order_by("opened_on", "pk")
    return [made for episode in open_ for made in planned.for_others(episode, now=now, late=True)]


@action("measure.ask_due")
def session_held(*, by: Any, appointment_id: uuid.UUID, now: datetime) -> list[Ask]:
    """Ask for a review once enough sessions were held since the last one."""
    held = Appointment.objects.filter(pk=appointment_id, status=Appointment.Status.KEPT)
    session = held.exclude(client=None).first()
    if session is None:
        return []
    due = []
    standing = Ask.objects.filter(
        client=session.client_id, ended_at=None, occasion=Occasion.REVIEW, next_at=None
    )
    for rule in standing.select_for_update(of=("self",)):
        since = rule.since or rule.set_at
        if kept_since(session.client_id, since) >= rule.count:
            rule.next_at, rule.since = now, max(session.starts_at, since)
            rule.save(update_fields=["next_at", "since"])
            due.append(rule)
    return due


def kept_since(client_id: Any, since: datetime) -> int:
    """How many sessions of a client that began after ``since`` were held."""
    held = Appointment.objects.filter(client=client_id, status=Appointment.Status.KEPT)
    return int(held.filter(starts_at__gt=since).count())


@action("measure.ask_due")
def care_ended(*, by: Any, episode_id: uuid.UUID, now: datetime) -> None:
    """Set the days of what is asked when care ends and after it.

    Of somebody who has died nothing is asked any more, and what waits is withdrawn.
    """
    episode = Episode.objects.select_related("client").filter(pk=episode_id).first()
    if episode is None or episode.closed_on is None:
        return
    if episode.close_reason == Episode.Reason.DIED:
        _died(episode.client, now)
        return
    last = clock.local(now - rules.LATE).date()
    for rule in _of_episode(episode).select_for_update(of=("self",)):
        day = episode.closed_on + timedelta(weeks=rule.count)
        rule.episode, rule.next_at = episode, rules.morning(day, clock.zone())
        if day < last:
            rule.ended_at, rule.ended_why = now, Ask.Ended.CARE
        rule.save(update_fields=["episode", "next_at", "ended_at", "ended_why"])


def _of_episode(episode: Episode) -> Any:
    """What stands for the end of this stretch of care; where it is the last, of any."""
    others = Episode.objects.filter(client=episode.client_id, closed_on=None)
    mine = Q(episode=episode)
    if not others.exclude(pk=episode.pk).exists():
        mine |= Q(episode=None)
    return Ask.objects.filter(
        mine, client=episode.client_id, ended_at=None, occasion__in=AT_THE_END
    )


def _died(client: Client, now: datetime) -> None:
    Ask.objects.filter(client=client, ended_at=None).update(ended_at=now, ended_why=Ask.Ended.DIED)
    for asked in Asked.objects.filter(client=client, state=Asked.State.OPEN):
        asking.withdraw(by=asking.BY, client=client, asked=asked, now=now)


@action("measure.ask_due")
def care_goes_on(*, by: Any, episode_id: uuid.UUID, now: datetime) -> None:
    """The end of care was taken back: its questions wait for the next end, and what ended with
    care stands again. What was asked for the end and nobody has begun is withdrawn."""
    episode = Episode.objects.filter(pk=episode_id, closed_on=None).first()
    if episode is None:
        return
    mine = Ask.objects.filter(client=episode.client_id)
    asked = Asked.objects.filter(
        rule__in=mine.filter(episode=episode, occasion=Occasion.DISCHARGE),
        state=Asked.State.OPEN, kept_at=None,
    )  # fmt: skip
    again = set()
    for one in asked.select_related("client"):
        asking.withdraw(by=asking.BY, client=one.client, asked=one, now=now)
        again.add(one.rule_id)
    _stand_again(mine.filter(Q(ended_why__in=[Ask.Ended.CARE, Ask.Ended.DIED]) | Q(pk__in=again)))
    mine.filter(episode=episode, ended_at=None, occasion__in=AT_THE_END).update(next_at=None)


def _stand_again(ended: QuerySet[Ask]) -> None:
    for rule in ended.select_for_update(of=("self",)):
        rule.ended_at, rule.ended_why = None, ""
        try:
            with transaction.atomic():
                rule.save(update_fields=["ended_at", "ended_why"])
        except IntegrityError:
            continue  # the same was set anew meanwhile


@action("measure.ask_due")
def consent_changed(*, by: Any, consent_id: uuid.UUID, now: datetime) -> None:
    """The consent to asking other people was withdrawn, or that was taken back: what asks them by
    itself ends, or stands again. A consent given anew later lets nothing stand by itself."""
    kept = Consent.objects.filter(pk=consent_id, kind=Consent.Kind.OTHERS).first()
    if kept is None:
        return
    theirs = Ask.objects.filter(client=kept.client_id, informant__isnull=False)
    if informants.agreed(kept.client_id):
        _stand_again(theirs.filter(ended_why=Ask.Ended.UNAGREED))
    else:
        theirs.filter(ended_at=None).update(ended_at=now, ended_why=Ask.Ended.UNAGREED)


@action("measure.ask_due")
def result_came(*, by: Any, sheet_id: uuid.UUID, now: datetime) -> list[Ask]:
    """Ask for what a result calls for by the practice's rules: each at most once a week.

    An old sheet that was typed in late calls for nothing, nor does one that was corrected, nor
    what somebody else answered about the client.
    """
    near = ("score", "client__data_key")
    sheet = Sheet.objects.select_related(*near).filter(pk=sheet_id, replaced_by=None).first()
    if sheet is None or sheet.answered_at < now - rules.OLD or sheet.client.is_together:
        return []
    if sheet.informant_id is not None:
        return []
    standing = list(Recheck.objects.filter(instrument=sheet.instrument, ended_at=None))
    if not standing:
        return []
    try:
        content = chosen.item(instruments.find(sheet.instrument, sheet.version)).content
    except NotInLibrary:
        return []
    if content.version != sheet.version:
        return []
    Client.objects.select_for_update().only("pk").get(pk=sheet.client_id)  # two results, one ask
    raised = Ask.objects.filter(client=sheet.client_id, occasion=Occasion.RAISED)
    lately = set(raised.filter(set_at__gt=now - rules.APART).values_list("recheck", flat=True))
    stands = set(raised.filter(ended_at=None).values_list("instrument", flat=True))
    made = []
    for rule in sorted(standing, key=lambda one: one.after_days):
        if rule.pk in lately or rule.then in stands:
            continue
        if not conditions.holds(rule.condition, content=content, sheet=sheet):
            continue
        stands.add(rule.then)
        made.append(
            Ask.objects.create(
                client=sheet.client,
                instrument=rule.then,
                occasion=Occasion.RAISED,
                recheck=rule,
                because=sheet,
                set_at=now,
                next_at=now + timedelta(days=rule.after_days),
            )  # fmt: skip
        )
    return made
