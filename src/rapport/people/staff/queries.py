"""Finding colleagues."""

import uuid
from typing import Any

from django.db.models import Q, QuerySet

from rapport.core import time as clock

from .models import CLINICAL, Staff, Supervision


def listed(*, by: Any) -> QuerySet[Staff]:
    """Everyone who works or worked here, current people first, by name."""
    return (
        Staff.objects.select_related("account")
        .prefetch_related("places")
        .order_by("ended_on", "display_name", "pk")
    )


def get(*, by: Any, staff_id: uuid.UUID) -> Staff:
    """One colleague.

    Raises:
        Staff.DoesNotExist: there is none with this id.
    """
    return Staff.objects.select_related("account").get(pk=staff_id)


def clinicians(*, by: Any) -> list[Staff]:
    """Who may carry a client's care today, by name."""
    today = clock.today()
    working = Staff.objects.filter(started_on__lte=today).order_by("display_name")
    return [s for s in working if s.works_on(today) and not CLINICAL.isdisjoint(s.roles)]


def supervision(*, by: Any, supervision_id: uuid.UUID) -> Supervision:
    """One supervision with both people.

    Raises:
        Supervision.DoesNotExist: there is none with this id.
    """
    return Supervision.objects.select_related("supervisor", "supervisee").get(pk=supervision_id)


def supervisees(*, by: Any) -> list[Staff]:
    """Whose work ``by`` answers for today, by name."""
    today = clock.today()
    stands = Q(until_on=None) | Q(until_on__gt=today)
    mine = Supervision.objects.filter(stands, supervisor=by.staff, from_on__lte=today)
    found = Staff.objects.filter(pk__in=mine.values("supervisee")).order_by("display_name", "pk")
    return [one for one in found if one.works_on(today)]
