"""Reading what was chosen and what went out, within what ``by`` may see."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from rapport.core import time as clock
from rapport.core.prepared import named, prepared
from rapport.meeting.appointments.models import Appointment, Occupancy
from rapport.meeting.types.models import AppointmentType
from rapport.people.clients import scopes
from rapport.people.clients.models import TOGETHER, Client, Contact, GroupMember
from rapport.people.practice import queries as practices

from .. import channels
from .models import Delivery, Does, Failing, Kind, Preference, Reminding, Reply, TypeReminders
from .rules import Quiet

BACK = timedelta(days=30)
FAILED = (Delivery.State.FAILED, Delivery.State.BOUNCED)
TROUBLED = timedelta(minutes=30)
REFUSED = timedelta(days=1)


def reminding() -> Reminding | None:
    """How the practice reminds, or None where it does not."""
    return next(iter(_reminding()), None)


@prepared
def _reminding() -> QuerySet[Reminding]:
    return Reminding.objects.filter(pk=1)


def tells(kind: str) -> bool:
    """Whether clients are told by a message, where they can be, of what ``kind`` says."""
    row = reminding()
    return row is not None and kind in row.notices


def type_(*, by: Any, type_id: uuid.UUID) -> AppointmentType:
    """One type of appointment.

    Raises:
        AppointmentType.DoesNotExist: there is none with this id.
    """
    return AppointmentType.objects.get(pk=type_id)


def types(*, by: Any) -> list[tuple[AppointmentType, list[int] | None]]:
    """Every type that is offered, with its own offsets; None where it has none of its own."""
    own = dict(TypeReminders.objects.values_list("type", "offsets"))
    open_ = AppointmentType.objects.filter(closed_on=None).order_by("position", "name")
    return [(one, own.get(one.pk)) for one in open_]


def preference(client: Client) -> Preference:
    """What the client has chosen; as everybody's begins, when they have not."""
    found = Preference.objects.filter(client=client).first()
    return found or Preference(client=client)


def reminding_daily(now: datetime) -> Reminding:
    """By which ways, and when not, somebody is reminded who asked for it themselves: as of
    meetings, or as every practice begins."""
    return reminding() or Reminding(changed_at=now)


def zone_of(own: Preference | None) -> Any:
    """The zone in which a client reads times."""
    return clock.zone_named(own.zone) if own and own.zone else clock.zone()


def quiet(row: Reminding, own: Preference | None) -> Quiet | None:
    """The practice's quiet hours on the client's wall."""
    if row.quiet_from is None or row.quiet_until is None:
        return None
    return Quiet(row.quiet_from, row.quiet_until, zone_of(own), row.quiet_before)


def language(client: Client, known: Iterable[str]) -> str:
    """The client's language, as far as it is spoken here; else the practice's."""
    first = next((code.split("-")[0] for code in client.languages[:1]), "")
    if first in known:
        return first
    row = practices.current()
    return row.locale if row else "en"


# Ways to a client -------------------------------------------------------------------------


def readers(clients: Iterable[Client]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who is told of what is a client's: they; of a couple or family without an address of its
    own that is safe, whoever belongs to it."""
    kinds = {one.pk: one.kind for one in clients}
    together = {pk for pk, kind in kinds.items() if kind in TOGETHER}
    found = {pk: [pk] for pk in kinds}
    if not together:
        return found
    safe = Q(safe_to_write=True) | Q(safe_to_text=True) | Q(safe_to_message=True)
    reached = set(
        Contact.objects.filter(safe, client__in=together).values_list("client", flat=True)
    )
    members = defaultdict(list)
    for client, member in GroupMember.objects.filter(client__in=together - reached).values_list(
        "client", "member"
    ):
        members[client].append(member)
    return found | dict(members)


def ways(clients: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Contact]]:
    """For each client, the contact that each channel which is ready may use now."""
    usable, fitting = channels.ready(), {}
    found: dict[uuid.UUID, dict[str, Contact]] = {}
    ids = list(dict.fromkeys(clients))
    for contact in _contacts(**named(ids)) if ids else ():
        if fails(contact):
            continue
        theirs = found.setdefault(contact.client_id, {})
        for id, channel in usable.items():
            safe = contact.safe_to_write, contact.safe_to_text, contact.safe_to_message
            alike = id, contact.kind, *safe  # what a channel asks its settings about, once each
            if alike not in fitting:
                fitting[alike] = channel.fits(contact)
            if fitting[alike]:
                theirs.setdefault(id, contact)
    return found


@prepared
def _contacts(**ids: Any) -> QuerySet[Contact]:
    rows = Contact.objects.filter(client__pk__in=list(ids.values())).defer("value", "plain")
    return rows.select_related("failing").order_by("kind", "pk")


def fails(contact: Contact) -> bool:
    """Whether the contact, as it is now, was refused for good."""
    try:
        failing: Failing = contact.failing  # type: ignore[attr-defined]
    except Failing.DoesNotExist:
        return False
    return bytes(failing.lookup) == bytes(contact.lookup)


def failing_of(*, by: Any, client: Client) -> list[Failing]:
    """Numbers and addresses of a client whom ``by`` has opened that do not work."""
    rows = Failing.objects.filter(contact__client=client).select_related("contact")
    found = [row for row in rows if row.stands]
    for row in found:
        row.contact.client = client  # its data key is loaded already
    return found


# What went out ----------------------------------------------------------------------------


def is_told(*, appointment_id: uuid.UUID, kind: str) -> bool:
    """Whether somebody is told this of a meeting, or was."""
    rows = Delivery.objects.filter(appointment=appointment_id, kind=kind)
    return rows.filter(state__in=Delivery.LIVES).exists()


def of_appointment(*, by: Any, appointment: Appointment) -> list[Delivery]:
    """What was told about a meeting that ``by`` has opened, the latest first."""
    return list(Delivery.objects.filter(appointment=appointment).order_by("-planned_at", "pk"))


def of_client(*, by: Any, client: Client, most: int = 50) -> list[Delivery]:
    """What a client whom ``by`` has opened was told, the latest first."""
    return list(Delivery.objects.filter(client=client).order_by("-planned_at", "pk")[:most])


def latest(*, by: Any) -> QuerySet[Delivery]:
    """Every message, the latest first: what kind, which channel, what became of it. No names."""
    return Delivery.objects.order_by("-planned_at", "pk")


def numbers(*, by: Any, now: datetime) -> list[dict[str, Any]]:
    """How many messages of the last thirty days are in which state, by channel."""
    lately = Delivery.objects.filter(planned_at__gt=now - BACK)
    states = Delivery.State
    counted: Any = lately.values("channel").annotate(
        sent=Count("pk", filter=Q(state=states.SENT)),
        waiting=Count("pk", filter=Q(state__in=[states.PLANNED, states.SENDING])),
        failed=Count("pk", filter=Q(state__in=FAILED)),
        unsure=Count("pk", filter=Q(state=states.UNSURE)),
        again=Count("pk", filter=Q(again__gt=0)),
    )
    return list(counted.order_by("channel"))


def troubled(*, by: Any, now: datetime) -> list[str]:
    """Channels that do not work: something waits with an error, or a gateway has refused what
    it was sent within a day, and nothing went out by it since.
    """
    states = Delivery.State
    waits = Q(state__in=[states.PLANNED, states.SENDING], planned_at__lt=now - TROUBLED)
    refused = Q(state=states.FAILED, planned_at__gt=now - REFUSED)
    later = Delivery.objects.filter(
        channel=OuterRef("channel"), state=states.SENT, sent_at__gt=OuterRef("planned_at")
    )
    by_gateway = Q(error__startswith="Http") | Q(error__startswith="Web.")
    bad = Delivery.objects.filter(waits & ~Q(error="") | refused & by_gateway & ~Exists(later))
    return sorted(set(bad.values_list("channel", flat=True)))


# What needs somebody ----------------------------------------------------------------------


def needing(*, by: Any, now: datetime, most: int) -> list[Appointment]:
    """Meetings to come whose client was not reached, or asks for another time; the next first.

    ``asks`` on each says which of the two it is. One statement.
    """
    what, values = scopes.asker(by)
    return _needing(what, most, **values, at=now)


@prepared
def _needing(
    what: str, most: int, *, mine: Any, today: Any, now: Any, at: Any
) -> QuerySet[Appointment]:
    failed = Delivery.objects.filter(state__in=FAILED, starts_at__gt=at)
    asked = Reply.objects.filter(does=Does.MOVE, seen_at=None, starts_at__gt=at)
    lives = Delivery.objects.filter(state__in=Delivery.LIVES)
    same = Q(appointment=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    seen = Appointment.objects.few_visible_to(scopes.Asker(what, mine, today, now)).filter(
        Q(pk__in=failed.values("appointment")) | Q(pk__in=asked.values("appointment")),
        status=Appointment.Status.BOOKED, starts_at__gt=at,
    )  # fmt: skip
    near = seen.annotate(asks=Exists(asked.filter(same))).filter(
        Q(asks=True) | Exists(failed.filter(same)) & ~Exists(lives.filter(same))
    )
    names = ("client__legal_name", "client__preferred_name")
    rows = near.select_related("client").only("starts_at", "client", *names)
    return rows.order_by("starts_at", "pk")[:most]


def unaware(*, by: Any, now: datetime, most: int) -> list[Delivery]:
    """Messages that a meeting ahead is called off which nobody got, the next meeting first.

    Not where the client called it off, or it stands again.
    """
    what, values = scopes.asker(by)
    return _unaware(what, most, **values, at=now)


@prepared
def _unaware(
    what: str, most: int, *, mine: Any, today: Any, now: Any, at: Any
) -> QuerySet[Delivery]:
    same = Q(appointment=OuterRef("appointment"), client=OuterRef("client"), kind=Kind.CANCELLED)
    known = Appointment.objects.filter(pk=OuterRef("appointment")).filter(
        ~Q(status=Appointment.Status.CANCELLED) | Q(cancelled_by=Appointment.Side.CLIENT)
    )
    failed = Delivery.objects.few_visible_to(scopes.Asker(what, mine, today, now)).filter(
        ~Exists(Delivery.objects.filter(same, state__in=Delivery.LIVES)), ~Exists(known),
        kind=Kind.CANCELLED, state__in=FAILED, starts_at__gt=at,
    )  # fmt: skip
    names = ("client__legal_name", "client__preferred_name")
    rows = failed.select_related("client").only("starts_at", "client", *names)
    return rows.order_by("starts_at", "pk")[:most]


def wishes(*, by: Any, appointment: Appointment) -> list[Reply]:
    """Wishes for another time that nobody has taken care of."""
    open_ = Reply.objects.filter(appointment=appointment, does=Does.MOVE, seen_at=None)
    return list(open_.filter(starts_at=appointment.starts_at))


def told_cancelled(now: datetime) -> QuerySet[Delivery]:
    """What said that a meeting is called off, which stands all the same."""
    later = Delivery.objects.filter(
        appointment=OuterRef("appointment"), client=OuterRef("client"), state__in=Delivery.LIVES,
        revision__gt=OuterRef("revision"),
    ).exclude(kind=Kind.REMINDER)  # fmt: skip
    wrong = Delivery.objects.filter(
        kind=Kind.CANCELLED, state__in=Delivery.LIVES, planned_at__gt=now - BACK,
        appointment__status=Appointment.Status.BOOKED, appointment__starts_at__gt=now,
    )  # fmt: skip
    return wrong.filter(~Exists(later)).select_related("appointment", "client")


# Meetings that went with their standing slot ----------------------------------------------


def told_of_gone(now: datetime) -> QuerySet[Delivery]:
    """What told a client of a time ahead at which there is no meeting any more, the latest last.

    Not of a time at which they meet all the same, by another rule or somebody else's hand.
    """
    held = Occupancy.objects.filter(
        kind=Occupancy.Kind.CLIENT, thing=OuterRef("client"), starts_at=OuterRef("starts_at")
    ).exclude(appointment=None)
    there = Q(client__archived_at=None, client__data_key__destroyed_at=None)
    return _of_gone(now).filter(there, ~Exists(held))


def last_words(now: datetime) -> dict[tuple[uuid.UUID, datetime], Delivery]:
    """What each client was told last of a time ahead whose meeting is gone."""
    return {(one.client_id, one.starts_at): one for one in _of_gone(now)}


def _of_gone(now: datetime) -> QuerySet[Delivery]:
    there = Appointment.objects.filter(pk=OuterRef("appointment"))
    told = Delivery.objects.filter(state__in=Delivery.TOLD, starts_at__gt=now)
    return told.filter(~Exists(there), ~Q(appointment=None)).order_by("planned_at", "pk")
