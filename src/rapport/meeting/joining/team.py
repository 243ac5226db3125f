"""Whoever meets a client sees the client: they join the care team, and leave it when the meeting
is taken back. Restricted clients stay with their care team.

Joining is news that is heard after the booking: whoever waits for a client's row holds nothing
else.
"""

import uuid
from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from rapport.core import time as clock
from rapport.core.policy import System
from rapport.people.care_team import actions as care_team
from rapport.people.care_team.models import CareTeamMember
from rapport.people.clients.models import Client
from rapport.people.staff.models import Staff

from ..appointments.models import Appointment
from ..series.models import Series

BY = System("meeting")
TAKEN_BACK = Q(status="CANCELLED") & ~Q(cancelled_by="CLIENT")


def after_booking(*, appointment_id: uuid.UUID, now: datetime) -> None:
    """Let the clinician of a meeting see whom they meet; who met them before, no longer."""
    rows = Appointment.objects.filter(pk=appointment_id)
    one = rows.select_related("client", "clinician").first()
    if one is None:
        return
    if one.status == Appointment.Status.BOOKED:
        _join(one.client, one.clinician, now)
    leave(client=one.client, now=now)


def after_beginning(*, series_id: uuid.UUID, now: datetime) -> None:
    """The same of a standing slot."""
    one = Series.objects.select_related("client", "clinician").filter(pk=series_id).first()
    if one is None:
        return
    if one.ended_on is None:
        _join(one.client, one.clinician, now)
    leave(client=one.client, now=now)


def _join(client: Client, staff: Staff, now: datetime) -> None:
    there = CareTeamMember.objects.filter(client=client, staff=staff, until_on=None)
    if client.restricted or there.exists():
        return
    on = max(clock.local(now).date(), staff.started_on)
    with suppress(care_team.CannotAssign):  # they left meanwhile, or were added
        care_team.assign(by=BY, client=client, staff=staff, on=on, by_meeting=True)


def leave(*, client: Client, now: datetime) -> None:
    """End the part of whoever joined to meet them and does so no more.

    What was kept or missed, or called off by the client, was made use of: they stay.
    """
    joined = CareTeamMember.objects.filter(client=client, by_meeting=True, until_on=None)
    for member in joined.select_related("staff"):
        theirs = {"client": client, "clinician": member.staff}
        stands = Appointment.objects.filter(~TAKEN_BACK, **theirs)
        if stands.exists() or Series.objects.filter(**theirs, ended_on=None).exists():
            continue
        with suppress(care_team.CannotAssign):  # somebody has to be there
            care_team.end(by=BY, client=client, member=member, on=clock.local(now).date())
