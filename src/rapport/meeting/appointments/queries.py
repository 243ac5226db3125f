"""Reading the diary. Every function answers within what ``by`` may see."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Subquery, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.clients import scopes
from rapport.people.clients.models import Client
from rapport.people.consents.models import Consent
from rapport.people.staff.models import Staff

from .models import Appointment, Change, Occupancy
from .rules import REACH

UNLISTED = ("video_url", "once", "client__address", "client__remark")
UNTOLD = tuple(
    f"type__{name}"
    for name in ("ways", "bookers", "forms", "price_tag", "needs_approval", "heavy",
                 "buffer_before", "buffer_after", "position", "closed_on", "minutes", "kind")
)  # fmt: skip
"""Of a type, a list of meetings shows its name and colour."""
UNDRAWN = (*UNLISTED, *UNTOLD, "booked_at", "booked_by", "settled_at", "episode", "place",
           "client__account", "client__birth_on", "client__created_at", "client__languages",
           "client__place", "client__pronouns")  # fmt: skip
"""What a day or week of meetings shows of none of them."""
MOST = 50
FEW = 8  # meetings that are named of each thing that is out of use
MANY = 200  # of all such things
WENT = {
    "went_kept": Q(status="KEPT"), "went_missed": Q(status="MISSED"),
    "went_by_client": Q(status="CANCELLED", cancelled_by="CLIENT"),
    "went_late": Q(status="CANCELLED", late=True),
    "went_by_us": Q(status="CANCELLED") & ~Q(cancelled_by="CLIENT"),
}  # fmt: skip
"""What ``of_client`` counts among all meetings of a client, on each row that it brings."""


def get(*, by: Any, appointment_id: uuid.UUID) -> Appointment:
    """One appointment of a client whom ``by`` may know of, with everything around it at hand.

    Raises:
        Appointment.DoesNotExist: none, or not for ``by``: the two look the same.
    """
    near = ("client__data_key", "client__place", "clinician__diary", "room", "place", "type",
            "series", "booked_by___staff")  # fmt: skip
    found = Appointment.objects.visible_to(by).select_related(*near)
    appointment: Appointment = found.prefetch_related("client__care_team").get(pk=appointment_id)
    appointment.client.seen_by = by.pk  # asked just now; the policy need not ask again
    return appointment


def within(*, by: Any, staff: Staff, start: datetime, end: datetime) -> list[Appointment]:
    """A clinician's meetings that ``by`` may know of, cancelled ones too, with client and room.

    Those that overlap ``[start, end)``, in order. One statement.
    """
    what, values = scopes.asker(by)
    return _within(what, staff=staff.pk, start=start, end=end, since=start - REACH, **values)


@prepared
def _within(
    what: str, *, staff: Any, start: Any, end: Any, since: Any, mine: Any, today: Any, now: Any
) -> QuerySet[Appointment]:
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    found = Appointment.objects.between(start, end, since).filter(clinician=staff)
    visible = found.filter(scopes.of_rows(seen))
    rows = visible.select_related("client", "room", "type").defer(*UNDRAWN)
    return rows.order_by("starts_at", "ends_at", "pk")


def on_day(*, by: Any, staff: Staff, day: date) -> list[Appointment]:
    """A clinician's meetings of a day (practice-local) that ``by`` may know of, in order."""
    start, end = clock.day_bounds(day)
    return within(by=by, staff=staff, start=start, end=end)


def of_the_house(*, by: Any, day: date, most: int = MOST) -> list[Appointment]:
    """Everybody's meetings of a day (practice-local) that ``by`` may know of, in order."""
    start, end = clock.day_bounds(day)
    found = Appointment.objects.between(start, end).few_visible_to(by)
    near = found.select_related("client", "clinician", "room", "type")
    rows = near.defer(*UNLISTED, *UNTOLD)
    return list(rows.order_by("starts_at", "ends_at", "pk")[:most])


def around_now(
    *, by: Any, client: Client, now: datetime
) -> tuple[Appointment | None, Appointment | None]:  # fmt: skip
    """The client's next booked meeting that is not over, and the last one that was kept.

    Asked for by themselves: however far ahead somebody is booked, neither drops out of a
    list that shows the latest. One statement.
    """
    theirs = Appointment.objects.filter(client=client)
    ahead = theirs.filter(status="BOOKED", ends_at__gt=now).order_by("starts_at", "pk")
    kept = theirs.filter(status="KEPT").order_by("-ends_at", "pk")
    both = Q(pk=Subquery(ahead.values("pk")[:1])) | Q(pk=Subquery(kept.values("pk")[:1]))
    near = Appointment.objects.visible_to(by).filter(both).select_related("clinician", "series")
    found = {one.status: one for one in near.defer("video_url", "series__video_url")}
    return found.get("BOOKED"), found.get("KEPT")


def own(*, by: Any, appointment_id: uuid.UUID) -> Appointment:
    """A meeting of the client who asks, with its clinician's diary.

    Raises:
        Appointment.DoesNotExist: none, or somebody else's.
    """
    mine = by.client.pk if by.client is not None else None
    near = ("client__data_key", "client__account", "clinician__diary", "type", "place", "room")
    found: Appointment = Appointment.objects.select_related(*near).get(
        pk=appointment_id, client=mine
    )
    return found


def ahead_of(*, by: Any, client: Client, now: datetime) -> QuerySet[Appointment]:
    """The meetings of the client who asks that are not over, the nearest first: booked, or
    asked for and not answered yet.

    Those of a couple or family they belong to count among them.
    """
    among = [client.pk, *client.member_of.values_list("client", flat=True)]
    held = ("BOOKED", "REQUESTED")
    booked = Appointment.objects.filter(client__in=among, status__in=held, ends_at__gt=now)
    near = booked.select_related("clinician", "place", "room").defer("video_url")
    return near.order_by("starts_at", "pk")


def of_client(
    *, by: Any, client: Client, most: int = MOST, skip: int = 0, counted: bool = False
) -> list[Appointment]:
    """The client's meetings with what became of them, the latest first. Two statements.

    What is ahead of a standing slot stands on its page: a year of it would hide what was.

    Args:
        counted: each row says how all of them went: ``attendance.queries.among`` reads it.
    """
    what, values = scopes.asker(by)
    rows = _of_client(what, most, skip, counted, **values, client=client.pk)
    prefetch_related_objects(rows, "changes")
    return rows


@prepared
def _of_client(
    what: str, most: int, skip: int, counted: bool, *, mine: Any, today: Any, now: Any, client: Any
) -> QuerySet[Appointment]:
    visible = Appointment.objects.visible_to(scopes.Asker(what, mine, today, now))
    told = Q(series=None) | Q(starts_at__lte=now) | ~Q(status="BOOKED")
    theirs = visible.filter(told, client=client)
    rows = theirs.select_related("clinician", "room").defer("video_url")
    if counted:
        went = {name: Window(Count("pk", filter=such)) for name, such in WENT.items()}
        rows = rows.annotate(**went)
    return rows.order_by("-starts_at")[skip : skip + most]


def changes(*, by: Any, appointment: Appointment) -> list[Change]:
    """What became of an appointment that ``by`` has opened, the latest first."""
    found = Change.objects.filter(appointment=appointment).select_related("by___staff")
    rows = list(found.order_by("-revision"))
    for row in rows:
        row.client = appointment.client  # its data key is loaded already
    return rows


def agreed_to_video(*, by: Any, client: Client) -> bool:
    """Whether a consent to meeting by video or phone is on file and stands."""
    stands = Consent.objects.visible_to(by).filter(client=client, withdrawn_on=None)
    return bool(stands.filter(kind=Consent.Kind.TELEHEALTH).exists())


def ahead_of_each(*, kind: str, now: datetime) -> dict[uuid.UUID, int]:
    """How many meetings ahead have each room, or each piece of equipment, by its id. What no
    meeting has is missing. One statement.

    Args:
        kind: of Occupancy.Kind.
    """
    held = Occupancy.objects.filter(kind=kind, starts_at__gt=now).exclude(appointment=None)
    return dict(held.values_list("thing").annotate(many=Count("pk")).order_by())


def still_with(
    *, by: Any, kind: str, things: Iterable[uuid.UUID], now: datetime
) -> dict[uuid.UUID, list[Occupancy]]:  # fmt: skip
    """The next few meetings that have each of these rooms or pieces, of those that ``by`` may know
    of. One statement."""
    held = Occupancy.objects.visible_to(by).filter(kind=kind, thing__in=list(things))
    order = ("starts_at", "pk")
    nth = Window(RowNumber(), partition_by=F("thing"), order_by=order)
    rows = held.filter(starts_at__gt=now).annotate(nth=nth).filter(nth__lte=FEW)
    found: dict[uuid.UUID, list[Occupancy]] = {}
    for one in rows.order_by("nth", *order)[:MANY]:
        found.setdefault(one.thing, []).append(one)
    return found
