"""Asking what is due before sessions, and following them as they move or are cancelled."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from rapport.core.action import action
from rapport.core.prepared import named, prepared
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.types.models import AppointmentType
from rapport.people.clients.models import TOGETHER, Client

from ..informants import queries as informants
from . import rules
from .asking import is_known, sitting, way_to, withdrawn
from .models import Ask, Asked, Occasion


@action("measure.ask_due")
def ask_due(
    *, by: Any, now: datetime, appointment_id: Any = None, client: Client | None = None
) -> list[Asked]:
    """Ask what is due before the sessions of the coming hours, once for each of them: what a
    client, or somebody about them, is asked before each session, and what its type sends.

    Args:
        appointment_id: only for this session. client: only for this client.
    """
    until = now + timedelta(hours=max(rules.HOURS_BEFORE))
    sends = {one.pk: one.forms for one in _sending()}
    only = {"pk": appointment_id, "client": client.pk if client is not None else None}
    found = _sessions(
        now=now, until=until, **{n: one for n, one in only.items() if one is not None},
        **named(sends) if sends else {},
    )  # fmt: skip
    if not found:
        return []
    standing = _standing({s.client_id for s in found})
    given = Asked.objects.filter(appointment__in=found)
    before = set(given.values_list("appointment_id", "instrument", "informant_id"))
    beside = _asked_beside({s.client_id for s in found}, now)
    asked: list[Asked] = []
    for session in found:
        for who, early in _due_before(session, standing, sends).items():
            due = [
                name for name, hours in early.items()
                if (session.pk, name, who) not in before
                and (session.client_id, name, who) not in beside
                and is_known(name, session.client)
                and rules.is_due(starts_at=session.starts_at, hours_before=hours, now=now)
            ]  # fmt: skip
            rule = standing[session.client_id][who][0] if who else None
            asked += _asked_once(by, session, due, now, rule) if due else []
    return asked


@prepared
def _sending() -> QuerySet[AppointmentType]:
    return AppointmentType.objects.exclude(forms=[])


@prepared
def _sessions(*, now: Any, until: Any, pk: Any = None, client: Any = None, **sends: Any) -> (
    QuerySet[Appointment]
):  # fmt: skip
    asks = Q(client__asks__ended_at=None, client__asks__occasion=Occasion.SESSION)
    found = Appointment.objects.filter(
        asks | Q(type__pk__in=list(sends.values())), ~Q(client__kind__in=TOGETHER),
        status=Appointment.Status.BOOKED, starts_at__gt=now, starts_at__lte=until,
        client__archived_at=None, client__data_key__destroyed_at=None,
    )  # fmt: skip
    if pk is not None:
        found = found.filter(pk=pk)
    if client is not None:
        found = found.filter(client=client)
    near = ("client__data_key", "client__account")
    return found.select_related(*near).distinct().order_by("starts_at", "pk")


_Standing = dict[Any, dict[Any, list[Ask]]]


def _standing(clients: set[Any]) -> _Standing:
    """What is asked before each session, by client and by who is asked, None being the client."""
    rows = Ask.objects.filter(
        informants.may_be_asked(), client__in=clients, ended_at=None, occasion=Occasion.SESSION
    )
    found: _Standing = {}
    for rule in rows.select_related("informant").order_by("set_at", "pk"):
        if rule.informant is None or not rule.informant.is_gone:
            theirs = found.setdefault(rule.client_id, {})
            theirs.setdefault(rule.informant_id, []).append(rule)
    return found


def _asked_beside(clients: set[Any], now: datetime) -> set[tuple[Any, str, Any]]:
    """What a schedule asked a little while ago and still waits, or was answered since: it
    serves the session that comes, and is not asked twice."""
    since = now - timedelta(hours=max(rules.HOURS_BEFORE))
    waits = Q(state=Asked.State.OPEN, expires_at__gt=now)
    fresh = Q(state=Asked.State.ANSWERED, closed_at__gte=since)
    rows = Asked.objects.filter(waits | fresh, client__in=clients, rule__isnull=False)
    return set(rows.values_list("client_id", "instrument", "informant_id"))


def _due_before(
    session: Appointment, standing: _Standing, sends: dict[Any, list[str]]
) -> dict[Any, dict[str, int]]:
    """By who is asked: library ids of what is asked before a session, and how many hours before.

    What its type sends is for the client.
    """
    early = {None: dict.fromkeys(sends.get(session.type_id, []), max(rules.HOURS_BEFORE))}
    for who, asks in standing.get(session.client_id, {}).items():
        early.setdefault(who, {}).update({one.instrument: one.hours_before for one in asks})
    return early


def _asked_once(
    by: Any, session: Appointment, names: list[str], now: datetime, rule: Ask | None
) -> list[Asked]:
    """Of two clocks that strike at the same moment one asks; the database sees to it.

    Args:
        rule: of somebody else who is asked; None is the client.
    """
    client, way = session.client, way_to(session.client)
    about: dict[str, Any] = {}
    if rule is not None:
        rule.client = client  # its data key is loaded already
        way, about = Asked.Way.LINK, {"informant": rule.informant, "calls": rule.calls or ""}
    try:
        with transaction.atomic():
            put = sitting(by, client, names, way, now, session, send=True, **about)
    except IntegrityError:
        return []
    return [one.asked for one in put]


@action("measure.ask_due")
def follow_session(*, by: Any, appointment_id: Any, now: datetime) -> None:
    """A session was moved or cancelled: what was asked for it moves along, or is withdrawn."""
    rows = Asked.objects.filter(appointment=appointment_id, state=Asked.State.OPEN)
    for row in rows.select_for_update(of=("self",)).select_related(
        "client__data_key", "appointment"
    ):
        session = row.appointment
        if session is not None and session.status != Appointment.Status.CANCELLED:
            row.expires_at = rules.expires(now=now, session_ends=session.ends_at)
            row.save(update_fields=["expires_at"])
        else:
            row.appointment = None  # should the session come back, it is asked anew
            withdrawn(row, now)


@action("measure.ask_due")
def withdraw_left_over(*, by: Any, client_id: Any, now: datetime) -> None:
    """Ask no longer what was asked by itself for a session that is gone. What a client has
    begun stays open for as long as it was."""
    rows = Asked.objects.filter(client=client_id, state=Asked.State.OPEN, asked_by=None)
    rows = rows.filter(rule=None)  # what a schedule asked is for no session
    gone = Q(appointment=None) | Q(appointment__status=Appointment.Status.CANCELLED)
    rows = rows.filter(gone, kept_at=None)
    for row in rows.select_for_update(of=("self",)).select_related("client__data_key"):
        row.appointment = None
        withdrawn(row, now)
