"""What a day sheet shows: the next meetings its owner may know of, and how to reach people.

A sheet outlives the moment it is made in, and lies where nobody asks the policy any more. So it
holds less than the desk shows: nothing that is open for an hour alone (broken glass), nothing
clinical, and emergency contacts for one's own clients only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from rapport.core import audit
from rapport.core import time as clock
from rapport.people.clients import scopes
from rapport.people.clients.models import Client, Contact, GroupMember, RelatedPerson
from rapport.people.clients.rules import initials
from rapport.people.staff.models import Staff

from ..appointments.models import Appointment
from ..diaries.queries import video_address
from ..equipment import queries as equipment
from . import rules
from .models import DaySheet


def of(*, by: Any) -> DaySheet | None:
    """The sheet of whoever asks, if they have set one up."""
    return DaySheet.objects.filter(staff__account=by.pk).first()


def everybodys() -> list[DaySheet]:
    """Every sheet that was set up, each with whose it is."""
    return list(DaySheet.objects.select_related("staff__account").order_by("pk"))


@dataclass
class Way:
    """One number or address."""

    contact: Contact

    @property
    def dial(self) -> str:
        """A number as a link dials it (RFC 3966)."""
        return self.contact.plain.replace(";", ";ext=")


@dataclass
class Person:
    """Somebody who comes to a meeting, and how to reach them."""

    client: Client
    called: str
    members: list[Any] = field(default_factory=list)
    """Ids of those who belong to a couple or family, as far as its owner may know of them."""
    ways: list[Way] = field(default_factory=list)
    emergency: list[RelatedPerson] = field(default_factory=list)


@dataclass
class Line:
    """One meeting as the sheet shows it."""

    meeting: Appointment
    people: list[Person]
    video: str = ""
    equipment: Sequence[str] = ()

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.meeting.ends_at - self.meeting.starts_at).total_seconds() // 60)


@dataclass
class Day:
    """A day, and on it each clinician's meetings."""

    on: date
    parts: list[tuple[Staff, list[Line]]]


def gathered(*, by: Any, sheet: DaySheet, now: datetime) -> list[Day]:
    """The days of ``sheet`` from today on, as ``by`` may see them; the trail learns whose names.

    The front desk sees everybody's meetings at its places, who treats clients their own.
    """
    days = rules.days(clock.local(now).date(), sheet.days)
    start, end = clock.day_bounds(days[0])[0], clock.day_bounds(days[-1])[1]
    asker = _lasting(by, end)
    meetings = _meetings(by, asker, start, end)
    people = _people(asker, sheet, [one.client for one in meetings])
    if sheet.reach:
        _reach(by, asker, people, meetings)
    audit.shown("people.client", people)
    pieces = equipment.of_meetings(meetings=[one.pk for one in meetings])
    lines = [_line(by, one, people, pieces.get(one.pk, ())) for one in meetings]
    return [Day(day, _by_clinician(one for one in lines if _on(one.meeting) == day))
            for day in days]  # fmt: skip


def _lasting(by: Any, end: datetime) -> scopes.Asker:
    """``by``, without what is open to them for an hour alone: it is over when the sheet ends."""
    what, values = scopes.asker(by)
    return scopes.Asker(what, values["mine"], values["today"], end + timedelta(days=1))


def _meetings(by: Any, asker: Any, start: datetime, end: datetime) -> list[Appointment]:
    found = Appointment.objects.visible_to(asker).filter(starts_at__gte=start, starts_at__lt=end)
    held = found.exclude(status=Appointment.Status.CANCELLED)
    if not by.staff.has("FRONT_DESK"):
        held = held.filter(clinician=by.staff)
    near = held.select_related("client__data_key", "clinician__diary", "place", "room", "type")
    return list(near.order_by("starts_at", "clinician__display_name", "pk"))


def _people(asker: Any, sheet: DaySheet, clients: list[Client]) -> dict[Any, Person]:
    """Everybody by id who comes, each once: the clients, and members of couples and families."""
    found = {client.pk: Person(client, called(sheet, client)) for client in clients}
    together = [one.client.pk for one in found.values() if one.client.is_together]
    members = Client.objects.visible_to(asker).filter(member_of__client__in=together)
    for member in members.select_related("data_key"):
        found.setdefault(member.pk, Person(member, called(sheet, member)))
    for row in GroupMember.objects.filter(client__in=together, member__in=found).order_by("pk"):
        found[row.client_id].members.append(row.member_id)
    return found


def _reach(by: Any, asker: Any, people: dict[Any, Person], meetings: list[Appointment]) -> None:
    """Numbers, and mail addresses that are safe to write to; whom to call in an emergency."""
    for contact in Contact.objects.filter(client__in=people).order_by("-kind", "pk"):
        if contact.kind == Contact.Kind.PHONE or contact.safe_to_write:
            contact.client = people[contact.client_id].client  # its data key is loaded already
            people[contact.client_id].ways.append(Way(contact))
    own = {one.client_id for one in meetings if one.clinician_id == by.staff.pk}
    own |= {pk for one in own for pk in people[one].members}
    treated = Client.objects.clinical_to(asker).filter(pk__in=own)
    near = RelatedPerson.objects.filter(client__in=treated.values("pk"), emergency=True)
    for related in near.order_by("pk"):
        related.client = people[related.client_id].client
        people[related.client_id].emergency.append(related)


def _line(by: Any, meeting: Appointment, people: dict[Any, Person], pieces: Sequence[str]) -> Line:
    whose = people[meeting.client_id]
    coming = [whose, *(people[pk] for pk in whose.members)]
    own = meeting.clinician_id == by.staff.pk
    meeting.client = whose.client  # its data key is loaded and open already
    return Line(meeting, coming, video_address(meeting) if own else "", pieces)


def called(sheet: DaySheet, client: Client) -> str:
    """What the sheet calls a client, as its owner chose."""
    full = sheet.names == DaySheet.Names.FULL
    return client.name if full else initials(client.name) or "–"


def _on(meeting: Appointment) -> date:
    return clock.local(meeting.starts_at).date()


def _by_clinician(lines: Iterable[Line]) -> list[tuple[Staff, list[Line]]]:
    def whose(line: Line) -> tuple[str, Any]:
        return line.meeting.clinician.display_name, line.meeting.clinician_id

    parts = [list(part) for _who, part in groupby(sorted(lines, key=whose), key=whose)]
    return [(part[0].meeting.clinician, part) for part in parts]
