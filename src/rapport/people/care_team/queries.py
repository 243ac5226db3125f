"""Reading who cares for whom."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from rapport.core import time as clock

from ..clients.models import Client, ClientQuerySet
from ..staff.models import Staff
from .models import BreakGlass, CareTeamMember


def carried_by(staff: Staff) -> ClientQuerySet:
    """Clients on whose care team ``staff`` stands, also after their work here ended."""
    standing = CareTeamMember.objects.filter(staff=staff, until_on=None)
    return Client.objects.filter(pk__in=standing.values("client"))


def _standing(today: date) -> Q:
    """Parts in somebody's care that have not ended by today."""
    return Q(until_on=None) | Q(until_on__gt=today)


def cares(client: Client, staff: Staff, today: date) -> bool:
    """Whether ``staff`` is on the client's care team that day; asked for where not at hand."""
    return any(
        member.staff_id == staff.pk
        and member.from_on <= today
        and (member.until_on is None or member.until_on > today)
        for member in client.care_team.all()
    )


def cared_for(*, staff: Staff, clients: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these clients, those on whose care team ``staff`` stands today."""
    theirs = CareTeamMember.objects.filter(
        _standing(clock.today()), staff=staff, client__in=set(clients)
    )
    return set(theirs.values_list("client", flat=True))


def part(*, by: Any, member_id: uuid.UUID) -> CareTeamMember:
    """Somebody's part in the care of a client whom ``by`` may know of.

    Raises:
        CareTeamMember.DoesNotExist: none, or not for ``by``.
    """
    return CareTeamMember.objects.visible_to(by).select_related("staff").get(pk=member_id)


def left_alone(*, without: Staff | None = None) -> ClientQuerySet:
    """Current clients whose whole care team has left. Called only for who assigns them.

    Args:
        without: somebody who still works here but is about to leave; then only clients
            on whose care team this person stands.
    """
    today = clock.today()
    works = Q(staff__ended_on=None) | Q(staff__ended_on__gt=today)
    carers = CareTeamMember.objects.filter(works, _standing(today), client=OuterRef("pk"))
    alone = Client.objects.current()
    if without is not None:
        carers = carers.exclude(staff=without)
        alone = alone.filter(pk__in=carried_by(without).values("pk"))
    return alone.filter(~Exists(carers))


def opened_in_need(*, by: Any, since: datetime, most: int) -> list[BreakGlass]:
    """Records of the asker's own clients that somebody else opened in need, the latest first.

    One statement. Each has its client and who opened it at hand.
    """
    mine = CareTeamMember.objects.filter(_standing(clock.today()), staff=by.staff)
    found = BreakGlass.objects.filter(client__in=mine.values("client"), opened_at__gte=since)
    rows = found.exclude(staff=by.staff).select_related("client", "staff").defer("reason")
    return list(rows.order_by("-opened_at")[:most])


def told(*, break_glass_id: Any) -> list[Staff]:
    """Who is told that a glass was broken: the client's care team, without who broke it."""
    opened = BreakGlass.objects.get(pk=break_glass_id)
    today = clock.today()
    team = CareTeamMember.objects.filter(_standing(today), client=opened.client_id)
    team = team.exclude(staff=opened.staff_id)
    working = [member.staff for member in team.select_related("staff__account").order_by("pk")]
    return [staff for staff in working if staff.works_on(today)]
