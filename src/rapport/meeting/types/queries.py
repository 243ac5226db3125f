"""Reading what the practice offers."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.people.staff.models import Staff

from .models import AppointmentType


def offered(*, to: str, by: Any = None) -> list[AppointmentType]:
    """The open types that ``to`` (of AppointmentType.Booker) may book, in the practice's order.

    ``offerers`` of each has the ids of who offers it. One statement.
    """
    found: dict[uuid.UUID, AppointmentType] = {}
    for row in _open(today=clock.today()):
        one = found.setdefault(row.pk, row)
        one.offerers = (one.offerers or frozenset()) | {row.offerer} - {None}
    return [one for one in found.values() if to in one.bookers]


@prepared
def _open(*, today: Any) -> QuerySet[AppointmentType]:
    """Each type once for everybody who offers it, and once where nobody is named."""
    stands = Q(closed_on=None) | Q(closed_on__gt=today)
    rows = AppointmentType.objects.filter(stands).annotate(offerer=F("clinicians__pk"))
    return rows.order_by("position", "name")


def get(*, type_id: uuid.UUID, by: Any = None) -> AppointmentType:
    """One type.

    Raises:
        AppointmentType.DoesNotExist: there is none with this id.
    """
    return AppointmentType.objects.get(pk=type_id)


def listed(*, by: Any) -> list[AppointmentType]:
    """Every type in the practice's order, closed ones last."""
    rows = AppointmentType.objects.prefetch_related("clinicians")
    return list(rows.order_by(F("closed_on").asc(nulls_first=True), "position", "name"))


def offers(clinician: Staff, one: AppointmentType) -> bool:
    """Whether a clinician offers a type: nobody named means everybody does."""
    named = offerers(one)
    return not named or clinician.pk in named


def not_offered(clinician: Staff, types: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these types that others are named for and ``clinician`` is not. One statement."""
    named = AppointmentType.clinicians.through.objects.filter(appointmenttype__in=set(types))
    rows = set(named.values_list("appointmenttype", "staff"))
    theirs = {one for one, staff in rows if staff == clinician.pk}
    return {one for one, _staff in rows} - theirs


def offerers(one: AppointmentType) -> frozenset[uuid.UUID]:
    """Ids of who is named as offering a type. One statement, unless it is known."""
    if one.offerers is not None:
        return one.offerers
    return frozenset(one.clinicians.values_list("pk", flat=True))
