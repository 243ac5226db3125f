"""Reading alerts: the ones to look at now, one with what was done, a client's."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window

from rapport.core import time as clock
from rapport.core.prepared import prepared
from rapport.meeting.availability import queries as availability
from rapport.meeting.models import Appointment, TimeOff
from rapport.people.clients import scopes
from rapport.people.clients.models import Client
from rapport.people.models import CareTeamMember, Staff
from rapport.people.staff.models import CLINICAL, Role

from ..informants import queries as informants
from .models import Alert, AlertClock, AlertStep

MOST = 20
_ORDER = {what: n for n, what in enumerate(AlertStep.What.values)}
NEAR = ("client__data_key", "owner", "deputy", "acknowledged_by")
HOLDERS = ("owner__account", "deputy__account")


@dataclass(frozen=True)
class Waiting:
    """The alerts somebody is to look at, the most pressing first, and how many more there are."""

    shown: list[Alert]
    rest: int


def waiting_for(*, by: Any, most: int = MOST) -> Waiting:
    """Alerts ``by`` is to look at now: theirs, passed on to them, or with their care team.

    Each with what ``_meets`` says. One statement.
    """
    if by.staff is None:
        return Waiting([], 0)
    shown: list[Any] = _first_waiting(most, staff=by.staff.pk, today=clock.today(), now=clock.now())
    return Waiting(shown, (shown[0].of - len(shown)) if shown else 0)


@prepared
def _first_waiting(most: int, *, staff: Any, today: Any, now: Any) -> QuerySet[Alert]:
    waiting = Alert.objects.waiting().standing_for(staff, today).select_related(*NEAR)
    found = _meets(waiting, now)
    return found.annotate(of=Window(Count("pk"))).order_by("answer_by", "raised_at", "pk")[:most]


def first_waiting(*, by: Any) -> tuple[uuid.UUID | None, int]:
    """Which of them is the most pressing, and how many there are. One statement."""
    if by.staff is None:
        return None, 0
    found: list[Any] = _pressing(staff=by.staff.pk, today=clock.today())
    return found[0] if found else (None, 0)


@prepared
def _pressing(*, staff: Any, today: Any) -> QuerySet[Any]:
    waiting = Alert.objects.waiting().standing_for(staff, today)
    rows = waiting.annotate(of=Window(Count("pk"))).order_by("answer_by", "raised_at", "pk")
    return rows.values_list("pk", "of")[:1]


def _meets(alerts: QuerySet[Alert], now: Any) -> QuerySet[Alert]:
    """With each alert when its client meets next: ``meets_at``; and ``called_off_at``, when they
    would have met that was called off."""
    ahead = Appointment.objects.filter(client=OuterRef("client"), starts_at__gt=now)
    first = ahead.order_by("starts_at").values("starts_at")
    return alerts.annotate(
        meets_at=Subquery(first.filter(status=Appointment.Status.BOOKED)[:1]),
        called_off_at=Subquery(first.filter(status=Appointment.Status.CANCELLED)[:1]),
    )


def to_call(*, by: Any, clients: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Which of these clients one calls rather than writes to, as far as ``by`` may know of them.

    An answer of theirs waits for a look. Who may read it has the alert's id with it, everybody
    else None: that somebody calls is all they are told. One statement.
    """
    treated = Client.objects.clinical_to(by).filter(pk=OuterRef("client"))
    known = Client.objects.visible_to(by).filter(pk__in=set(clients))
    found = Alert.objects.waiting().filter(client__in=known.values("pk"))
    rows = found.annotate(readable=Exists(treated)).order_by("-answer_by", "pk")
    return {
        client: pk if readable else None
        for client, pk, readable in rows.values_list("client", "pk", "readable")
    }


def without_anybody(*, by: Any, most: int = MOST) -> Waiting:
    """Alerts that wait and that nobody looks at: nobody is responsible, or all who are have time
    off. That they are there, for owners; not those that are their own.

    Each with its client's id, and ``seen``: whether ``by`` may know of the client.
    """
    if by.staff is None or not by.staff.has(Role.OWNER):
        return Waiting([], 0)
    what, values = scopes.asker(by)
    shown: list[Any] = _first_alone(most, what, **values)
    return Waiting(shown, (shown[0].of - len(shown)) if shown else 0)


@prepared
def _first_alone(most: int, what: str, *, mine: Any, today: Any, now: Any) -> QuerySet[Alert]:
    seen = scopes.administrative_to(what, mine=mine, today=today, now=now)
    known = Client.objects.filter(seen, pk=OuterRef("client"))
    found = Alert.objects.waiting().filter(_nobody_looks(today, now)).exclude(owner=mine)
    rows = found.only("client", "raised_at").annotate(seen=Exists(known), of=Window(Count("pk")))
    return rows.order_by("raised_at", "pk")[:most]


def get(*, by: Any, alert_id: uuid.UUID) -> Alert:
    """One alert that ``by`` holds, or whose client ``by`` treats, with key and names at hand.

    With it what ``_meets`` says, and until when owner and deputy have time off now:
    ``owner_back_at``, ``deputy_back_at``. One statement.

    Raises:
        Alert.DoesNotExist: none, or not for ``by``.
    """
    theirs = Q(client__in=Client.objects.clinical_to(by).values("pk"))
    if by.staff is not None:
        theirs |= Q(owner=by.staff) | Q(deputy=by.staff, stage__in=("DEPUTY", "TEAM"))
    found = Alert.objects.filter(theirs, pk=alert_id)
    near = [f"{one}__{name}" for one in ("sheet", "asked") for name in informants.NEAR]
    found = found.select_related(*NEAR, "client__place", "asked__sheet", *near)
    now = clock.now()
    back = {f"{who}_back_at": _back(who, now) for who in ("owner", "deputy")}
    return _meets(found, now).annotate(**back).get()


def steps(*, by: Any, alert: Alert) -> list[AlertStep]:
    """What happened to an alert that ``by`` has opened, in order."""
    rows = sorted(alert.steps.select_related("staff"), key=lambda one: (one.at, _ORDER[one.what]))
    for row in rows:
        row.client = alert.client  # its key is loaded already
    return rows


def of_client(*, by: Any, client: Client, most: int = 50) -> list[Alert]:
    """A client's alerts, the latest first, as far as ``by`` may read them."""
    what, values = scopes.asker(by)
    return _of_client(what, most, **values, client=client.pk)


@prepared
def _of_client(
    what: str, most: int, *, mine: Any, today: Any, now: Any, client: Any
) -> QuerySet[Alert]:
    found = Alert.objects.clinical_to(scopes.Asker(what, mine, today, now)).filter(client=client)
    near = found.select_related("owner", "deputy", "acknowledged_by")
    return near.order_by("-raised_at", "pk")[:most]


def steps_of(*, by: Any, alerts: list[Alert]) -> list[AlertStep]:
    """Who was told, passed on to and answered, of alerts ``by`` has read; without the words."""
    found = AlertStep.objects.filter(alert__in=[one.pk for one in alerts]).select_related("staff")
    return list(found.defer("done").order_by("-at", "pk")[:200])


def clock_of() -> AlertClock:
    """How long alerts wait here; as shipped until somebody sets it."""
    found = AlertClock.objects.select_related("deputy").filter(pk=1).first()
    return found or AlertClock(pk=1)


# What the clock and raising need; called only from actions and jobs --------------------------


def team_of(client: Client, today: date) -> list[CareTeamMember]:
    """Everybody on the care team today who works here today."""
    members = CareTeamMember.objects.filter(_works(today, "staff__"), _stands(today))
    return list(members.filter(client=client).select_related("staff__account"))


def _works(today: date, staff: str = "") -> Q:
    ended = Q(**{f"{staff}ended_on": None}) | Q(**{f"{staff}ended_on__gt": today})
    return ended & Q(**{f"{staff}started_on__lte": today})


def _stands(today: date) -> Q:
    return Q(from_on__lte=today) & (Q(until_on=None) | Q(until_on__gt=today))


def working(staff_id: uuid.UUID | None, today: date) -> set[uuid.UUID]:
    """``staff_id`` if that person works here today."""
    if staff_id is None:
        return set()
    return set(Staff.objects.filter(_works(today), pk=staff_id).values_list("pk", flat=True))


def away(*staff: uuid.UUID | None, now: datetime) -> dict[uuid.UUID, datetime]:
    """Who of them has time off now, and until when. One statement."""
    return availability.away_now(staff={one for one in staff if one is not None}, now=now)


def may_stand_in(staff: Staff, today: date) -> bool:
    """Whether ``staff`` works here today and treats clients."""
    return staff.works_on(today) and not CLINICAL.isdisjoint(staff.roles)


def to_tell(*, alert_id: uuid.UUID, passed_on: str = "") -> tuple[Alert, list[Staff]]:
    """An alert, and who is told of it now: whoever holds it at its present stage.

    Nobody, where it is acknowledged already or has gone on to another stage meanwhile. Where
    it is everybody's and nobody is there, or all have time off: the owners of the practice too.

    Args:
        passed_on: the stage it went to; empty: it was just raised.
    """
    alert = Alert.objects.select_related("client__data_key", *HOLDERS).get(pk=alert_id)
    last = alert.steps.filter(what=AlertStep.What.PASSED_ON).order_by("-at").first()
    if alert.acknowledged_at is not None or passed_on != (last.how if last else ""):
        return alert, []
    held: dict[str, list[Staff | None]] = {"OWNER": [alert.owner], "DEPUTY": [alert.deputy]}
    today = clock.today()
    team = [one.staff for one in team_of(alert.client, today)]
    people = held.get(alert.stage) or [*team, alert.deputy]
    here = [one for one in people if one is not None and one.works_on(today)]
    off = away(*(one.pk for one in here), now=clock.now())
    if alert.stage == "TEAM" and all(one.pk in off for one in here):
        here += _owners(today)
    return alert, list(dict.fromkeys(here))


def _owners(today: date) -> list[Staff]:
    """Who answers for the practice today; they can find somebody where nobody is responsible."""
    working = Staff.objects.filter(_works(today)).select_related("account").order_by("pk")
    return [one for one in working if one.has(Role.OWNER)]


def _times_off(staff: str, now: datetime) -> QuerySet[TimeOff]:
    """Time off that whoever this field of the outer row names has now."""
    off = TimeOff.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return off.filter(staff=OuterRef(staff)).order_by("-ends_at")


def _off(staff: str, now: datetime) -> Exists:
    return Exists(_times_off(staff, now))


def _back(staff: str, now: datetime) -> Subquery:
    return Subquery(_times_off(staff, now).values("ends_at")[:1])


def _nobody_looks(today: date, now: datetime) -> Q:
    """Alerts whose client has nobody on the care team and no deputy, of those who are here."""
    team = CareTeamMember.objects.filter(_works(today, "staff__"), _stands(today))
    there = team.filter(~_off("staff", now), client=OuterRef("client"))
    stands_in = Staff.objects.filter(_works(today), ~_off("pk", now), pk=OuterRef("deputy"))
    return ~Exists(there) & ~Exists(stands_in)


def to_pass_on(*, now: datetime) -> QuerySet[Alert]:
    """Waiting alerts whose clock ran out, or whose holder has left practice or care team, or has
    time off.

    Of a client whose record was destroyed there is nothing left to look at.
    """
    today = clock.today()
    part = CareTeamMember.objects.filter(client=OuterRef("client"), staff=OuterRef("owner"))
    readable = Alert.objects.waiting().filter(client__data_key__destroyed_at=None)
    waiting = readable.exclude(stage="TEAM").annotate(
        on_team=Exists(part.filter(_stands(today), _works(today, "staff__"))),
        stands_in=Exists(Staff.objects.filter(_works(today), pk=OuterRef("deputy"))),
    )  # fmt: skip
    due = Q(answer_by__lte=now)
    left = Q(stage="OWNER", on_team=False) | Q(stage="DEPUTY", stands_in=False)
    off = Q(_off("owner", now), stage="OWNER") | Q(_off("deputy", now), stage="DEPUTY")
    return waiting.filter(due | left | off)
