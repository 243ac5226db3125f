"""Who cares for whom: assigning, ending, handing over, and breaking the glass."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import events
from rapport.core.action import action

from ..clients.models import Client
from ..clients.rules import fold
from ..events import BreakGlassOpened, CareTeamChanged
from ..staff.models import CLINICAL, Staff
from . import queries, rules
from .models import BreakGlass, CareTeamMember


class CannotAssign(Exception):
    """The care team cannot be like that. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _alone(client: Client) -> None:
    """Let one change of this care team wait for another, so that somebody always stays."""
    Client.objects.select_for_update().values_list("pk").get(pk=client.pk)


def _treats(staff: Staff, on: date) -> None:
    if CLINICAL.isdisjoint(staff.roles) or not staff.works_on(on):
        raise CannotAssign("staff", _("Choose somebody who treats clients here."))


@action("care_team.assign")
def assign(
    *, by: Any, client: Client, staff: Staff, on: date,
    part: str = CareTeamMember.Part.CO_THERAPIST, by_meeting: bool = False,
) -> CareTeamMember:  # fmt: skip
    """Add a colleague to the client's care team. Nobody adds themself.

    Args:
        by_meeting: because they meet, for as long as that stands. Somebody who is added so and
            then by a person stays whatever becomes of the meeting.

    Raises:
        CannotAssign: already on it, not a clinician, or gone.
    """
    _treats(staff, on)
    _alone(client)
    there = CareTeamMember.objects.filter(client=client, staff=staff, until_on=None).first()
    if there is not None and (by_meeting or not there.by_meeting):
        raise CannotAssign("staff", _("This colleague is on the care team already."))
    member = there or CareTeamMember(client=client, staff=staff, from_on=on)
    member.part, member.by_meeting = part, by_meeting
    member.save()
    events.announce(CareTeamChanged(client.pk))
    return member


@action("care_team.end")
def end(*, by: Any, client: Client, member: CareTeamMember, on: date) -> CareTeamMember:
    """End somebody's part; the last one stays until another is named.

    Raises:
        CannotAssign: nobody would be left, or no part in this care team.
    """
    _of(client, member)
    _alone(client)
    others = CareTeamMember.objects.filter(client=client, until_on=None).exclude(pk=member.pk)
    if not others.exists():
        raise CannotAssign("member", _("Somebody has to be responsible. Add a colleague first."))
    member.until_on = max(on, member.from_on)
    member.save(update_fields=["until_on"])
    events.announce(CareTeamChanged(client.pk))
    return member


def _of(client: Client, member: CareTeamMember) -> None:
    if member.client_id != client.pk:
        raise CannotAssign("member", _("This is no part of the client's care team."))


@action("care_team.assign")
def reopen(*, by: Any, client: Client, member: CareTeamMember, on: date) -> CareTeamMember:
    """Undo ``end`` on the same day. Nobody puts themself back.

    Raises:
        CannotAssign: it ended on another day, or the colleague was added again meanwhile.
    """
    _of(client, member)
    _treats(member.staff, on)
    _alone(client)
    again = CareTeamMember.objects.filter(client=client, staff=member.staff_id, until_on=None)
    if member.until_on != on or again.exists():
        raise CannotAssign("member", _("This cannot be undone any more. Add the colleague anew."))
    member.until_on = None
    member.save(update_fields=["until_on"])
    events.announce(CareTeamChanged(client.pk))
    return member


@action("care_team.hand_over")
def hand_over(*, by: Any, leaving: Staff, staff: Staff, on: date) -> int:
    """Add ``staff`` to every care team on which ``leaving`` stands, before or after they leave.

    Returns:
        How many clients were handed over. Nobody takes over for themself.

    Raises:
        CannotAssign: not a clinician, or gone.
    """
    _treats(staff, on)
    clients = queries.carried_by(leaving).exclude(
        pk__in=CareTeamMember.objects.filter(staff=staff, until_on=None).values("client")
    )
    parts = [
        CareTeamMember(client_id=client_id, staff=staff, from_on=on)
        for client_id in clients.values_list("pk", flat=True)
    ]
    CareTeamMember.objects.bulk_create(parts)
    for part in parts:
        events.announce(CareTeamChanged(part.client_id))
    return len(parts)


class NoSuchClient(Exception):
    """No one client fits. The message is the same whoever it would have been."""


@action("client.break_glass")
def break_glass(*, by: Any, name: str, birth_on: date, reason: str, now: datetime) -> BreakGlass:
    """Open a record for an hour, with a reason that is kept sealed.

    Raises:
        CannotAssign: the reason says too little.
        NoSuchClient: no client, or several, with exactly this name and birth date.
    """
    if not rules.reason_suffices(reason):
        raise CannotAssign("reason", _("Say in a sentence why you need this record now."))
    wanted = fold(name)
    born = Client.objects.filter(birth_on=birth_on).select_related("data_key")
    found = [c for c in born if wanted in {fold(c.legal_name), fold(c.preferred_name)} - {""}]
    if len(found) != 1:
        raise NoSuchClient(_("No client fits exactly this name and birth date. Compare both."))
    opened = BreakGlass(
        client=found[0], staff=by.staff, reason=reason.strip(), opened_at=now,
        closes_at=now + rules.OPEN_FOR,
    )  # fmt: skip
    opened.save(force_insert=True)
    events.announce(BreakGlassOpened(opened.pk))
    return opened
