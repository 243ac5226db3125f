"""How an appointment is changed: its row is held, what it was is kept, what became of it noted.

For actions alone, each inside its transaction.
"""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.policy import System

from .models import Appointment, Change
from .problems import CannotBook

LINK = System("link")  # whoever holds a link that was sent to a client: nobody's account


def locked(appointment: Appointment) -> Appointment:
    """The row as it is now, held until this is done."""
    rows = Appointment.objects.select_related("client__data_key", "type")
    fresh: Appointment = rows.select_for_update(of=("self",), no_key=True).get(pk=appointment.pk)
    return fresh


def as_seen(fresh: Appointment, revision: int) -> None:
    """Go on only with what the person looked at.

    Raises:
        CannotBook: somebody changed it meanwhile.
    """
    if fresh.revision != revision:
        raise CannotBook(
            "", _("Somebody changed this appointment meanwhile. Look at it as it is now.")
        )


def as_it_was(appointment: Appointment) -> dict[str, Any]:
    """What is needed to undo a change: ids, codes, instants."""
    names = ("status", "starts_at", "ends_at", "clinician_id", "place_id", "room_id", "way",
             "type_id", "kind", "cancelled_by", "settled_at", "late")  # fmt: skip
    values = {name: getattr(appointment, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime)
        else value if isinstance(value, bool) else value and str(value)
        for name, value in values.items()
    }  # fmt: skip


def as_values(before: dict[str, Any]) -> dict[str, Any]:
    """``as_it_was`` as values again."""
    return {
        name: value and datetime.fromisoformat(value) if name.endswith("_at")
        else value and uuid.UUID(value) if name.endswith("_id") else value
        for name, value in before.items()
    }  # fmt: skip


def note(
    fresh: Appointment, what: str, before: dict[str, Any], by: Any, now: datetime,
    reason: str = "", video_url: str | None = None,
) -> None:  # fmt: skip
    """Save the appointment, and what became of it.

    Args:
        video_url: what it was before; None where it stays.
    """
    fresh.revision += 1
    fresh.save(update_fields=[
        "status", "starts_at", "ends_at", "clinician", "place", "room", "way", "type", "kind",
        "cancelled_by", "settled_at", "late", "confirmed_at", "arrived_at", "expected_at",
        "video_url", "revision",
    ])  # fmt: skip
    Change.objects.create(
        client=fresh.client, appointment=fresh, what=what, at=now, reason=reason, before=before,
        by=None if by.is_system else by, by_link=by == LINK, revision=fresh.revision,
        video_url=video_url,
    )  # fmt: skip
