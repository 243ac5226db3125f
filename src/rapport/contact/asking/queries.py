"""What the public page offers, and who has asked and was not answered by anybody yet."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from rapport.core import time as clock
from rapport.people.clients.models import Client
from rapport.people.staff.models import Staff

from ..inquiries.models import Inquiry
from ..inquiries.promised import Promise, marked
from .models import AskUs


def page() -> AskUs:
    """Whether strangers may ask for help on the public page."""
    return AskUs.objects.filter(pk=1).first() or AskUs()


def taken(*, once: uuid.UUID) -> Inquiry | None:
    """What the same form took when it was sent first by a stranger."""
    mine = Inquiry.objects.select_related("client").filter(once=once, entered_by=None)
    return mine.first()


@dataclass(frozen=True)
class Unanswered:
    """Somebody waits whom nobody has answered, and for whom nobody is responsible.

    Attributes:
        opens: whether the reader may open it; else they learn the place alone, to tell others.
    """

    inquiry: Inquiry
    opens: bool


def unanswered(*, by: Any, promise: Promise, most: int) -> list[Unanswered]:
    """Who waits for anybody's answer, the longest first. Two statements; one for a clinician.

    The front desk of the place is told, and whom they would like to see. Where a place has no
    front desk, every front desk and every owner is, so that nobody is lost.
    """
    staff = by.staff
    wanted = Q(clinician=staff)
    if staff.has("FRONT_DESK", "OWNER"):
        attended, mine = manned(staff, clock.today())
        wanted |= ~Q(client__place__in=attended)
        if staff.has("FRONT_DESK"):
            wanted |= Q(client__place__in=mine)
    rows = Inquiry.objects.filter(
        wanted, stage=Inquiry.Stage.NEW, answered_at=None, responsible=None,
        client__status=Client.Status.INQUIRY, client__restricted=False,
    )  # fmt: skip
    seen = Inquiry.objects.visible_to(by).filter(pk=OuterRef("pk"))
    rows = marked(rows, promise)
    near = rows.annotate(opens=Exists(seen)).select_related("client__place", "clinician")
    near = near.defer("seeks", "held_for", "client__address", "client__remark")
    found = near.order_by("received_at", "pk")[:most]
    return [Unanswered(one, one.opens) for one in found]


def manned(staff: Staff | None, today: Any) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Places with a front desk today, and those of ``staff``. One statement."""
    links = Staff.places.through.objects.select_related("staff")
    attended: set[uuid.UUID] = set()
    mine: set[uuid.UUID] = set()
    for link in links.filter(place__closed_on=None):
        if staff is not None and link.staff_id == staff.pk:
            mine.add(link.place_id)
        if link.staff.has("FRONT_DESK") and link.staff.works_on(today):
            attended.add(link.place_id)
    return attended, mine
