"""Telling clients that questions wait: once, and again as often as the practice says."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.core.policy import System
from rapport.people.circle import queries as around
from rapport.people.models import Contact
from rapport.progress.measures import asking
from rapport.progress.models import Asked
from rapport.progress.schedules import care

from .. import notices
from ..reminders import queries as reminders
from ..reminders.models import Reminding
from . import queries, rules
from .models import AskingAgain, QuestionsTold

BY = System("contact")
PORTAL = "/portal/measures/"


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

    Then the desk makes the link and hands it over.
    """
    asked = _waiting(asked_id, now)
    return asked is not None and _mail(asked, 0, "questions", now)


@action("reminder.plan")
def tell_again(*, by: Any, asked: Asked, now: datetime) -> bool:
    """Remind a client of what still waits, where it is due and wanted, and never twice.

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
    lately = QuestionsTold.objects.filter(client=row.client_id, at__gt=now - rules.BETWEEN)
    if lately.exists():
        return False
    return _mail(row, told.number + 1, "questions_again", now)


def _wanted(asked: Asked, now: datetime) -> bool:
    """Whether a client may be reminded now: not in their quiet hours, not one who wants no
    reminders or messages, and nobody who has died."""
    own = reminders.preference(asked.client)
    if own.offsets == []:
        return False
    row = reminders.reminding() or Reminding(changed_at=now)
    quiet = reminders.quiet(row, own)
    if quiet is not None and quiet.around(now) is not None:
        return False
    standing = care.standing(asked.client, now=now)
    return not (standing.died or standing.forbidden)


def _waiting(asked_id: uuid.UUID, now: datetime) -> Asked | None:
    near = ("client__data_key", "client__account")
    open_ = Asked.objects.filter(state=Asked.State.OPEN, expires_at__gt=now, informant=None)
    rows = open_.select_related(*near)
    alive = rows.filter(client__archived_at=None, client__data_key__destroyed_at=None)
    return alive.filter(pk=asked_id).exclude(way=Asked.Way.DESK).first()


def _mail(asked: Asked, number: int, kind: str, now: datetime) -> bool:
    """Promise one mail and write it down, both or neither; one of this number goes once."""
    contact = _safe(asked)
    if contact is None or not notices.can_send():
        return False
    client = asked.client
    with transaction.atomic():
        try:
            with transaction.atomic():
                QuestionsTold.objects.create(
                    client=client, of=queries.key(asked), number=number, at=now
                )
        except IntegrityError:
            return False  # told already
        path = PORTAL
        if asked.way == Asked.Way.LINK:
            path = asking.new_link(by=BY, client=client, asked=asked, now=now).path
        notices.send(kind=kind, contact=contact, link_path=path, now=now)
    return True


def _safe(asked: Asked) -> Contact | None:
    contacts = around.safe_mails(by=BY, client=asked.client)
    return next((one for one in contacts if not reminders.fails(one)), None)
