"""Telling clients, and others who are asked about them, that questions wait: once, and again as
often as the practice says."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import jobs
from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.circle import queries as around
from rapport.people.models import Client
from rapport.progress.informants import queries as informants
from rapport.progress.measures import asking
from rapport.progress.models import Asked
from rapport.progress.schedules import care

from .. import notices
from ..reminders import queries as reminders
from ..reminders.models import Preference, Reminding
from . import queries, rules
from .models import AskingAgain, QuestionsTold

BY = System("contact")
PORTAL = "/portal/measures/"
NEAR = ("client__data_key", "client__account", "informant__person")


class CannotSet(Exception):
    """It cannot be set so. ``field`` names what to change; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("reminder.set")
def set_asking_again(*, by: Any, days: int, most: int, now: datetime) -> AskingAgain | None:
    """Say how often, and how many days apart, clients are told again of what waits.

    Args:
        most: 0 is never.

    Raises:
        CannotSet: days or times there are not.
    """
    if days not in rules.DAYS:
        raise CannotSet("days", _("Choose one from the list."))
    if most not in rules.MOST:
        raise CannotSet("most", _("Choose one from the list."))
    if not most:
        AskingAgain.objects.filter(pk=1).delete()
        return None
    row, _new = AskingAgain.objects.update_or_create(
        pk=1, defaults={"days": days, "most": most, "changed_at": now}
    )
    return row


@action("reminder.plan")
def tell(*, by: Any, asked_id: uuid.UUID, now: datetime) -> bool:
    """The first mail about what was just asked; without a safe address nothing is sent.

    Then the desk makes the link and hands it over. Somebody else who is asked by itself is not
    written to in quiet hours, but after them.
    """
    asked = _waiting(asked_id, now)
    if asked is None:
        return False
    if asked.informant_id is not None and asked.asked_by_id is None:
        if quiet := _quiet(None, now):
            one = f"{queries.TELL}@{asked.pk}"
            jobs.enqueue(queries.TELL, run_at=quiet[1], asked_id=asked.pk, unique=one)
            return False
    return _mail(asked, 0, "questions", now)


@action("reminder.plan")
def tell_again(*, by: Any, asked: Asked, now: datetime) -> bool:
    """Remind whoever was told of what still waits, where it is due and wanted, and never twice.

    It is looked at again now: answered, withdrawn or late meanwhile, nothing goes out.
    """
    row, setting = _waiting(asked.pk, now), queries.setting()
    if row is None or setting is None or not _wanted(row, now):
        return False
    told = queries.latest([queries.key(row)]).get(queries.key(row))
    if told is None or not rules.is_due(
        number=told.number, last=told.at, days=setting.days, most=setting.most, now=now
    ):
        return False
    theirs = QuestionsTold.objects.filter(client=row.client_id, informant=row.informant_id)
    if theirs.filter(at__gt=now - rules.BETWEEN).exists():
        return False
    return _mail(row, told.number + 1, "questions_again", now)


@action("measure.ask")
def ask_again(*, by: Any, client: Client, asked: Asked, now: datetime) -> None:
    """Mail a new link now to somebody else who was asked; what is late can be answered for a
    week more.

    Raises:
        CannotAsk: it was answered or withdrawn meanwhile, the client does not agree any more,
            no address is safe, or a mail went out a moment ago.
    """
    open_ = Asked.objects.filter(client=client, state=Asked.State.OPEN, informant__isnull=False)
    row = open_.select_related(*NEAR).filter(pk=asked.pk).first()
    if row is None:
        raise asking.CannotAsk("instruments", _("It was answered or withdrawn meanwhile."))
    asking.still_agreed(row)
    told = queries.latest([queries.key(row)]).get(queries.key(row))
    if told is not None and told.at > now - rules.MOMENT:
        raise asking.CannotAsk("way", _("A mail about it went out a few minutes ago."))
    number, kind = (told.number + 1, "questions_again") if told else (0, "questions")
    if not _mail(row, number, kind, now):
        words = _("There is no address that is safe to write to. Make a new link and hand it on.")
        raise asking.CannotAsk("way", words)


def _wanted(asked: Asked, now: datetime) -> bool:
    """Whether somebody may be reminded now: not in their quiet hours, no client who wants no
    reminders or messages, and nobody once the client has died."""
    other = asked.informant_id is not None
    own = None if other else reminders.preference(asked.client)
    if (own is not None and own.offsets == []) or _quiet(own, now):
        return False
    standing = care.standing(asked.client, now=now)
    return not (standing.died or (standing.forbidden and not other))


def _quiet(own: Preference | None, now: datetime) -> tuple[datetime, datetime] | None:
    """The quiet stretch that ``now`` lies in, on the client's wall or else the practice's."""
    quiet = reminders.quiet(reminders.reminding() or Reminding(changed_at=now), own)
    return quiet.around(now) if quiet is not None else None


def _waiting(asked_id: uuid.UUID, now: datetime) -> Asked | None:
    rows = Asked.objects.filter(state=Asked.State.OPEN, expires_at__gt=now).select_related(*NEAR)
    alive = rows.filter(client__archived_at=None, client__data_key__destroyed_at=None)
    return alive.filter(pk=asked_id).exclude(way=Asked.Way.DESK).first()


def _mail(asked: Asked, number: int, kind: str, now: datetime) -> bool:
    """Promise one mail and write it down, both or neither; one of this number goes once."""
    reader = _reader(asked)
    if not reader or not notices.can_send():
        return False
    client = asked.client
    with transaction.atomic():
        try:
            with transaction.atomic():
                QuestionsTold.objects.create(
                    client=client, informant=asked.informant, of=queries.key(asked),
                    number=number, at=now,
                )  # fmt: skip
        except IntegrityError:
            return False  # told already
        path = PORTAL
        if asked.way == Asked.Way.LINK:
            path = asking.new_link(by=BY, client=client, asked=asked, now=now).path
        notices.send(kind=kind, link_path=path, now=now, **reader)
    return True


def _reader(asked: Asked) -> dict[str, Any]:
    """Who is written to, as far as that is safe: the client, or somebody else whom they agreed
    to have asked; nobody is empty."""
    if asked.informant is None:
        contacts = around.safe_mails(by=BY, client=asked.client)
        contact = next((one for one in contacts if not reminders.fails(one)), None)
        return {"contact": contact} if contact is not None else {}
    person = informants.named(asked.informant, asked.client).person
    if person is None or not person.may_be_written_to or not informants.agreed(asked.client_id):
        return {}
    return {"person": person}
