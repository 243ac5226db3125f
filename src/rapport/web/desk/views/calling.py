"""Whom one had better call than write to, and by which numbers."""

import uuid
from typing import Any

from rapport.contact.waitlist import queries as waitlist
from rapport.core import audit, policy
from rapport.meeting.models import Appointment
from rapport.people.circle import queries as around
from rapport.progress.alerts import queries as alerts


def heeded(by: Any, meetings: list[Appointment]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Clients who are better called, as far as this person may know that, and why."""
    clients = [one.client_id for one in meetings
               if policy.allows("alert.heed", by, client=one.client)]  # fmt: skip
    found = alerts.to_call(by=by, clients=clients)
    audit.shown("progress.alert", [one for one in found.values() if one is not None])
    return found


def about(by: Any, meeting: Appointment, *, tells: bool) -> dict[str, Any]:
    """What a page says of it before one meeting is called off.

    Args:
        tells: clients are told by a message, where there is a way to them that is safe.
    """
    client, found = meeting.client, heeded(by, [meeting])
    unreached = tells and not waitlist.reachable(by=by, clients=[client])
    call = client.pk in found
    phones = around.phones(by=by, clients=[client.pk]) if call or unreached else {}
    return {
        "call": call, "alert": found.get(client.pk), "unreached": unreached,
        "phones": phones.get(client.pk, []),
    }  # fmt: skip
