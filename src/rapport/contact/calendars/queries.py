"""Reading one's own calendars elsewhere, and what is different there."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from rapport.core.prepared import prepared
from rapport.meeting.models import Appointment

from .models import HouseServer, Outside, Pushed

SECRETS = ("address", "password")
SHOWN_AFTER = 3  # failures in a row; one is no news
MOST = 50


def outsides(*, by: Any) -> list[Outside]:
    """The calendars of whoever asks, in the order in which they were connected."""
    return list(Outside.objects.filter(staff=by.staff).defer(*SECRETS).order_by("added_at", "pk"))


def outside(*, by: Any, outside_id: uuid.UUID) -> Outside:
    """A calendar of whoever asks.

    Raises:
        Outside.DoesNotExist: none, or somebody else's: the two look the same.
    """
    return Outside.objects.select_related("staff").get(pk=outside_id, staff=by.staff)


def pushed(*, by: Any, pushed_id: uuid.UUID) -> Pushed:
    """A meeting that differs in a calendar of whoever asks.

    Raises:
        Pushed.DoesNotExist: none, or somebody else's.
    """
    near = ("outside__staff", "appointment__client__data_key", "appointment__clinician",
            "appointment__place", "appointment__room")  # fmt: skip
    found = Pushed.objects.visible_to(by).select_related(*near)
    return found.get(pk=pushed_id, state=Pushed.State.CONFLICT)


def conflicts(*, by: Any, most: int = MOST) -> list[Pushed]:
    """Where a calendar outside says something else than Rapport, the nearest first."""
    near = ("appointment__client", "outside")
    found = Pushed.objects.visible_to(by).filter(state=Pushed.State.CONFLICT)
    rows = found.select_related(*near).only(
        "state", "what", "starts_at", "theirs_starts_at", "theirs_ends_at", "outside__name",
        "appointment__status", "appointment__starts_at", "appointment__client__legal_name",
        "appointment__client__preferred_name",
    )  # fmt: skip
    return list(rows.order_by("starts_at", "pk")[:most])


@dataclass(frozen=True)
class Line:
    """One line of Today: a meeting that stands otherwise outside, or a calendar that fails."""

    outside: uuid.UUID
    name: str
    error: str
    what: str = ""
    theirs: datetime | None = None
    ours: datetime | None = None


def attention(*, by: Any, most: int = 5) -> list[Line]:
    """What in one's own calendars elsewhere needs one, the nearest first. One statement."""
    rows = _attention(most, staff=by.staff.pk)
    return [
        Line(pk, name, "" if what else error, what or "", theirs, ours)
        for pk, name, error, what, theirs, ours, _written in rows
    ]


@prepared
def _attention(most: int, *, staff: Any) -> QuerySet[Any]:
    differs = FilteredRelation("pushed", condition=Q(pushed__state=Pushed.State.CONFLICT))
    mine = Outside.objects.filter(staff=staff).annotate(differs=differs)
    rows = mine.filter(Q(failures__gte=SHOWN_AFTER) | Q(differs__isnull=False))
    first = F("differs__starts_at").asc(nulls_last=True)
    return rows.order_by(first, "added_at").values_list(
        "pk", "name", "error", "differs__what", "differs__theirs_starts_at",
        "differs__appointment__starts_at", "differs__starts_at",
    )[:most]  # fmt: skip


def house_servers(*, by: Any) -> list[HouseServer]:
    """Servers inside the network that an owner allowed, by name."""
    return list(HouseServer.objects.order_by("host", "port"))


def house_server(*, by: Any, server_id: uuid.UUID) -> HouseServer:
    """One of them.

    Raises:
        HouseServer.DoesNotExist: there is none with this id.
    """
    return HouseServer.objects.get(pk=server_id)


def is_allowed(host: str, port: int) -> bool:
    """Whether an owner allowed this host and port inside the practice's network."""
    return HouseServer.objects.filter(host=host, port=port).exists()


def to_hold(outside: Outside, start: Any, end: Any) -> list[Appointment]:
    """The meetings that are to stand in this calendar, in order."""
    held = Q(status__in=["BOOKED", "REQUESTED"]) & Q(starts_at__gte=start, starts_at__lt=end)
    rows = Appointment.objects.filter(held, clinician=outside.staff_id).select_related("client")
    return list(rows.defer("video_url").order_by("starts_at", "pk"))
