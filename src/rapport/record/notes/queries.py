"""Finding notes. Every function answers within what ``by`` may read."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window

from rapport.core import time as clock
from rapport.core.prepared import named, prepared
from rapport.meeting.models import Appointment
from rapport.people.clients import scopes
from rapport.people.clients.models import Client
from rapport.people.clients.queries import hold_team
from rapport.people.models import CareTeamMember, Staff, Supervision
from rapport.progress.models import Score

from . import templates
from .models import Addendum, Note, OtherDraft

OPEN = ("DRAFT", "RETURNED")
OFFERED = 8
WORDS = ("sections", "drawn_in", "remarks", "seal_key")  # no list opens them
NEAR = ("client__data_key", "author", "supervisor", "appointment")


def get(*, by: Any, note_id: uuid.UUID) -> Note:
    """One note, with client, key, author and the client's care team at hand.

    Raises:
        Note.DoesNotExist: none, or not for ``by``: the two look the same.
    """
    what, values = scopes.asker(by)
    found = _one(what, **values, note_id=note_id)
    if not found:
        raise Note.DoesNotExist
    note: Note = found[0]
    hold_team(note.client, _team(client=note.client_id))
    note.read_by = by.pk  # type: ignore[attr-defined]  # the policy need not ask again
    return note


@prepared
def _one(what: str, *, mine: Any, today: Any, now: Any, note_id: Any) -> QuerySet[Note]:
    by = scopes.Asker(what, mine, today, now)
    return Note.objects.clinical_to(by).select_related(*NEAR).filter(pk=note_id)


@prepared
def _team(*, client: Any) -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.filter(client=client).select_related("staff").order_by(
        "from_on", "pk"
    )  # fmt: skip


def other(*, by: Any, other_id: uuid.UUID) -> OtherDraft:
    """A second draft of one of ``by``'s own notes.

    Raises:
        OtherDraft.DoesNotExist: none, or another's.
    """
    mine = getattr(by.staff, "pk", None)
    found: QuerySet[OtherDraft] = OtherDraft.objects.clinical_to(by).select_related("note")
    return found.get(pk=other_id, note__author=mine)


def others(note: Note) -> list[OtherDraft]:
    """Second drafts of ``note`` that nobody has decided about, the latest first."""
    found = list(note.other_drafts.order_by("-kept_at", "pk"))
    for one in found:
        one.client = note.client
    return found


def addenda(note: Note) -> list[Addendum]:
    """What was added to a signed note, in order."""
    found = list(note.addenda.select_related("author").order_by("signed_at", "pk"))
    for one in found:
        one.client, one.note = note.client, note
    return found


def last_signed(*, client: Client, author: Staff, besides: Note | None = None) -> Note | None:
    """The author's last note about the client that was signed (or waits for co-signature)."""
    found = Note.objects.filter(client=client, author=author, state__in=("SIGNED", "WAITING"))
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    note = found.order_by("-happened_on", "-signed_at").first()
    if note is not None:
        note.client = client
    return note


def usual_form(author: Staff) -> str:
    """The form the author wrote in last."""
    used = Note.objects.filter(author=author).order_by("-created_at")
    last = used.values_list("template", flat=True).first() or templates.FIRST
    return last if last in templates.FORMS.find() else templates.FIRST


def scores(*, by: Any, client: Client) -> list[Score]:
    """The client's last scores that can be drawn in, the latest first.

    Of a form without a total its parts, each by itself.
    """
    found = Score.objects.clinical_to(by).filter(client=client, sheet__replaced_by=None)
    counted = found.exclude(status="NOT_SCORABLE").select_related("sheet")
    single = counted.filter(Q(total__isnull=False) | Q(subscales={}))
    return list(single.order_by("-at", "instrument", "pk")[:OFFERED])


def score(*, by: Any, client: Client, score_id: uuid.UUID) -> Score:
    """One score of the client.

    Raises:
        Score.DoesNotExist: none, or not for ``by``.
    """
    found: QuerySet[Score] = Score.objects.clinical_to(by).select_related("sheet")
    return found.exclude(status="NOT_SCORABLE").get(pk=score_id, client=client)


def appointment(*, by: Any, client: Client, appointment_id: uuid.UUID) -> Appointment:
    """One meeting with the client that is a promise no more, or today's.

    Raises:
        Appointment.DoesNotExist: none, or not for ``by``.
    """
    found: QuerySet[Appointment] = Appointment.objects.visible_to(by).filter(client=client)
    return found.get(pk=appointment_id)


def supervisors(author: Staff, today: date) -> list[Staff]:
    """Who supervises the author today and works here, by name."""
    running = Supervision.objects.filter(
        Q(until_on=None) | Q(until_on__gt=today), supervisee=author, from_on__lte=today
    )
    found = Staff.objects.filter(pk__in=running.values("supervisor")).select_related("account")
    return [one for one in found.order_by("display_name", "pk") if one.works_on(today)]


def who_may_cosign(note: Note, today: date) -> list[Staff]:
    """Supervisors of the author who may open this client's record."""
    return [
        one
        for one in supervisors(note.author, today)
        if Client.objects.clinical_to(one.account).filter(pk=note.client_id).exists()
    ]


def waiting(*, by: Any) -> QuerySet[Note]:
    """Notes that wait for ``by``: returned, to co-sign, drafts, and one's own that wait.

    ``turn`` on each says which: 1 to 4, in that order. The oldest contact comes first.
    """
    mine = getattr(by.staff, "pk", None)
    to_write = Q(author=mine, state__in=OPEN)
    to_cosign = Q(supervisor=mine, state="WAITING")
    handed_in = Q(author=mine, state="WAITING")
    turn = Case(
        When(state="RETURNED", then=Value(1)),
        When(to_cosign, then=Value(2)),
        When(state="DRAFT", then=Value(3)),
        default=Value(4),
    )
    found: QuerySet[Note] = Note.objects.clinical_to(by).filter(to_write | to_cosign | handed_in)
    near = found.select_related("client__data_key", "author", "supervisor").annotate(turn=turn)
    return near.order_by("turn", "happened_on", F("started_at").asc(nulls_first=True), "pk")


def first_waiting(*, by: Any, most: int) -> list[Note]:
    """The first ``most`` of ``waiting`` without their words; ``of`` on each is how many in all."""
    what, values = scopes.asker(by)
    return _first_waiting(what, most, **values)


@prepared
def _first_waiting(what: str, most: int, *, mine: Any, today: Any, now: Any) -> QuerySet[Note]:
    found = waiting(by=scopes.Asker(what, mine, today, now)).defer(*WORDS)
    return found.annotate(of=Window(Count("pk")))[:most]


def of_client(*, by: Any, client: Client, most: int, skip: int = 0) -> list[Note]:
    """The client's notes that ``by`` may read, the latest contact first, without their words."""
    what, values = scopes.asker(by)
    return _of_client(what, most, skip, **values, client=client.pk)


@prepared
def _of_client(
    what: str, most: int, skip: int, *, mine: Any, today: Any, now: Any, client: Any
) -> QuerySet[Note]:
    seen = Note.objects.clinical_to(scopes.Asker(what, mine, today, now)).filter(client=client)
    bare = seen.select_related("author").defer(*WORDS)
    return bare.order_by("-happened_on", "-created_at")[skip : skip + most]


def of_appointments(*, by: Any, appointments: Iterable[Any]) -> dict[uuid.UUID, Note]:
    """``by``'s own notes about these meetings, by the meeting's id, without their words."""
    ids = named(appointments)
    if not ids or by.staff is None:
        return {}
    what, values = scopes.asker(by)
    found = _about(what, **values, **ids)
    return {note.appointment_id: note for note in found if note.appointment_id is not None}


@prepared
def _about(what: str, *, mine: Any, today: Any, now: Any, **ids: Any) -> QuerySet[Note]:
    seen = Note.objects.clinical_to(scopes.Asker(what, mine, today, now)).filter(author=mine)
    return seen.filter(appointment__pk__in=list(ids.values())).defer(*WORDS)


def without_note(*, by: Any, client: Client, most: int = 5) -> list[Appointment]:
    """The client's last meetings with ``by`` that were not cancelled and have no note."""
    mine, now = getattr(by.staff, "pk", None), clock.now()
    written = Note.objects.filter(author=mine, appointment__isnull=False).values("appointment")
    held = Appointment.objects.visible_to(by).filter(client=client, clinician=mine)
    past = held.filter(starts_at__lte=now).exclude(status="CANCELLED").exclude(pk__in=written)
    return list(past.order_by("-starts_at")[:most])
