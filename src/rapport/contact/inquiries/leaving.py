"""Forgetting people who never became clients, after the practice's limit.

Who may go is decided by what lies around them: the tables named here go too; a row of any
other table that leads to a client (a note, a signed paper, an answer, an episode) keeps them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.core import vault
from rapport.core.action import action
from rapport.meeting.appointments.models import Appointment
from rapport.people.clients.models import Client
from rapport.people.consents.models import Consent

from . import counting, rules
from .actions import LONGEST, locked
from .models import Inquiry, Keeping, PastInquiry
from .problems import CannotTake
from .promised import Promise

SEALED_ROWS = ("contact.InquiryTask", "contact.InquiryEntry", "contact.ConflictCheck",
               "contact.Referral", "contact.Inquiry", "meeting.Introduction", "meeting.Change",
               "meeting.Appointment",
               "people.Consent", "people.Contact", "people.RelatedPerson")  # fmt: skip
"""Removed one by one, in this order, because the trail names them."""

GO_TOO = {*SEALED_ROWS, "contact.ConflictLook", "contact.Delivery",
          "contact.Preference", "contact.Reply", "meeting.Accepted", "meeting.Hold",
          "people.NameGram", "people.CareTeamMember", "people.Imported"}  # fmt: skip
"""Tables whose rows may lie around somebody who is forgotten."""

KEEPS = Q(status__in=(Appointment.Status.KEPT, Appointment.Status.BOOKED))
ONLY_A_TICK = {"kind": Consent.Kind.PRIVACY, "how": Consent.How.SCREEN}
"""A consent that keeps nobody: the privacy notice on the public page."""


@dataclass(frozen=True)
class Leaving:
    """Somebody who will be removed, and on which day."""

    inquiry: Inquiry
    on: date


def months() -> int:
    """How long the practice remembers somebody who never became a client."""
    row = Keeping.objects.filter(pk=1).first()
    return row.months if row else rules.MONTHS


@action("inquiry.set_limit")
def set_limit(*, by: Any, months: int) -> Keeping:
    """Remember people longer, or less long, after their last contact.

    Raises:
        CannotTake: less than a month, or more than ten years.
    """
    if not rules.FEWEST <= months <= rules.MOST:
        raise CannotTake("months", _("From one month to ten years (120)."))
    row, _made = Keeping.objects.update_or_create(pk=1, defaults={"months": months})
    return row


@action("inquiry.hold")
def hold(*, by: Any, inquiry: Inquiry, why: str, now: datetime) -> Inquiry:
    """Keep somebody beyond the limit, for a reason (a legal hold).

    Raises:
        CannotTake: no reason, or too long.
    """
    if not why.strip():
        raise CannotTake("why", _("Write why this has to be kept."))
    if len(why) > LONGEST:
        raise CannotTake("why", _("Use at most %(n)s characters.") % {"n": LONGEST})
    return _held(inquiry, now, why.strip())


@action("inquiry.hold")
def let_go(*, by: Any, inquiry: Inquiry) -> Inquiry:
    """Undo ``hold``."""
    return _held(inquiry, None, "")


def _held(inquiry: Inquiry, at: datetime | None, why: str) -> Inquiry:
    fresh = locked(inquiry)
    fresh.held_at, fresh.held_for = at, why
    fresh.save(update_fields=["held_at", "held_for"])
    return fresh


def listed(*, by: Any) -> list[Leaving]:
    """Everybody who will be removed, as far as ``by`` may see them, the next first."""
    found = _passing(Inquiry.objects.visible_to(by)).select_related("client", "responsible")
    limit = months()
    rows = [Leaving(one, _leaves(one, limit)) for one in found.defer("seeks", "held_for")]
    return sorted(rows, key=lambda one: (one.on, str(one.inquiry.pk)))


def leaves_on(inquiry: Inquiry) -> date | None:
    """When somebody is removed; None where something keeps them."""
    found = _passing(Inquiry.objects.filter(pk=inquiry.pk)).first()
    return _leaves(found, months()) if found else None


def overdue(*, now: datetime) -> list[Any]:
    """Ids of inquiries whose day has come."""
    today, limit = clock.local(now).date(), months()
    found = _passing(Inquiry.objects.all()).defer("seeks", "held_for")
    return [one.pk for one in found.order_by("received_at") if _leaves(one, limit) <= today]


def _leaves(inquiry: Any, limit: int) -> date:
    """So many months after the last contact: received, written down, or an hour asked for."""
    known = (inquiry.received_at, inquiry.last_entry, inquiry.last_hour)
    last = max(instant for instant in known if instant is not None)
    return rules.add_months(clock.local(last).date(), limit)


def _passing(rows: QuerySet[Inquiry]) -> Any:
    """Those whom nothing keeps, with the instants of their last contact."""
    asked = rows.filter(client__status=Client.Status.INQUIRY, held_at=None, client__account=None)
    hours = Max("client__appointments__starts_at",
                filter=~Q(client__appointments__status=Appointment.Status.CANCELLED))  # fmt: skip
    asked = asked.annotate(last_entry=Max("entries__at"), last_hour=hours)
    for kept in _keeping():
        asked = asked.filter(~Exists(kept))
    return asked


def _around() -> list[tuple[Any, str]]:
    """Every table that leads to a client, with the name of the field that does."""
    found: list[Any] = list(Client._meta.get_fields(include_hidden=True))
    leading = (one for one in found if one.auto_created and (one.one_to_many or one.one_to_one))
    return [(one.related_model, one.field.name) for one in leading]


def _keeping() -> Iterator[QuerySet[Any]]:
    """For each table that leads to a client, the rows of this one that keep them."""
    for model, name in _around():
        rows = model._base_manager.filter(**{name: OuterRef("client")})
        if model is Appointment:
            yield rows.filter(KEEPS)
        elif model is Consent:
            yield rows.exclude(**ONLY_A_TICK)
        elif model._meta.label not in GO_TOO:
            yield rows


@action("inquiry.purge")
def forget(*, by: Any, inquiry: Inquiry, now: datetime) -> bool:
    """Remove somebody whose day has come, with everything about them; their key is destroyed.

    Returns:
        Whether it was done; not if something keeps them by now.
    """
    client = Client.objects.select_for_update(of=("self",)).filter(pk=inquiry.client_id).first()
    if client is None or inquiry.pk not in _due(inquiry, now):
        return False
    PastInquiry.objects.create(
        month=clock.local(inquiry.received_at).date().replace(day=1), source=inquiry.source,
        referrer=inquiry.referrer, came_by=inquiry.came_by,
        minutes=rules.minutes_between(inquiry.received_at, inquiry.answered_at),
        in_time=counting.judged(inquiry, Promise()),
    )  # fmt: skip
    for label in SEALED_ROWS:
        for row in apps.get_model(label)._base_manager.filter(client=client).order_by("pk"):
            vault.remove(row, by=by)
    key = client.data_key
    vault.remove(client, by=by)
    vault.destroy(key, by=by, now=now)
    return True


def _due(inquiry: Inquiry, now: datetime) -> set[Any]:
    found = _passing(Inquiry.objects.filter(pk=inquiry.pk))
    today, limit = clock.local(now).date(), months()
    return {one.pk for one in found if _leaves(one, limit) <= today}
