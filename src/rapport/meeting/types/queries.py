"""Reading what the practice offers."""

import uuid
from typing import Any

from ..types.models import AppointmentType


def offered(*, to: str) -> list[AppointmentType]:
    """Types that are offered to these bookers (of Booker) and not closed, in their order."""
    rows = AppointmentType.objects.filter(closed_on=None).order_by("position", "name")
    return [one for one in rows if to in one.bookers]


def get(*, by: Any, type_id: uuid.UUID) -> AppointmentType:
    """One type.

    Raises:
        AppointmentType.DoesNotExist: there is none with this id.
    """
    return AppointmentType.objects.get(pk=type_id)
