"""Reading the waiting list, the hours that fell free, and whom they could suit."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rapport.core import time as clock
from rapport.core import tokens
from rapport.core.prepared import prepared
from rapport.people.care_team.models import CareTeamMember
from rapport.people.clients.models import Client, GroupMember
from rapport.people.staff.models import Staff

from ..appointments.models import Occupancy
from ..appointments.rules import REACH
from ..types.models import AppointmentType
from . import keeping, rules
from .models import STANDING, FreedHour, Offer, Told, WaitingEntry, WaitingSettings

WISHES = ("clinicians", "types", "places")
State = WaitingEntry.State


def settings() -> WaitingSettings:
    """How the practice offers hours; as every practice begins when it has said nothing."""
    return WaitingSettings.objects.filter(pk=1).first() or WaitingSettings()


# Who waits --------------------------------------------------------------------------------


def listed(
    *, by: Any, state: str = "", clinician: str = "", type: str = "", urgency: str = ""
) -> QuerySet[WaitingEntry]:
    """Who is on the list, as far as ``by`` may know of them: the most urgent
    first, then whoever waits longest, as an hour is offered in turn.

    Args:
        state: of State; "" is everybody who waits, was offered an hour or did not answer.
        clinician, type: ids; whoever takes any counts as well. urgency: a number of Urgency.
    """
    found = WaitingEntry.objects.few_visible_to(by).filter(
        **{"state": state} if state in State.values else {"state__in": STANDING}
    )
    if _is_id(clinician):
        found = found.filter(Q(clinicians=clinician) | Q(clinicians=None))
    if _is_id(type):
        found = found.filter(Q(types=type) | Q(types=None))
    if urgency.isascii() and urgency.isdigit():
        found = found.filter(urgency=int(urgency[:2]))
    rows = found.select_related("client").defer("remark").prefetch_related(*WISHES)
    return rows.order_by("urgency", "since", "pk")


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def get(*, by: Any, entry_id: uuid.UUID) -> WaitingEntry:
    """One entry of a client whom ``by`` may know of, with its wishes.

    Raises:
        WaitingEntry.DoesNotExist: none, or not for ``by``.
    """
    rows = WaitingEntry.objects.visible_to(by).select_related("client__data_key", "made_by___staff")
    found: WaitingEntry = rows.prefetch_related(*WISHES, "client__care_team").get(pk=entry_id)
    found.client.seen_by = by.pk  # asked just now; the policy need not ask again
    return found


def standing(*, by: Any, client: Client) -> WaitingEntry | None:
    """The entry with which a client whom ``by`` has opened is on the list."""
    found: list[WaitingEntry] = _standing(client=client.pk)
    return found[0] if found else None


@prepared
def _standing(*, client: Any) -> QuerySet[WaitingEntry]:
    return WaitingEntry.objects.filter(client=client, state__in=STANDING).defer("remark")


def own(*, by: Any, now: datetime) -> tuple[WaitingEntry | None, Offer | None]:
    """The entry of the client who asks, and the hour that is offered to them at ``now``."""
    mine = by.client
    found = WaitingEntry.objects.filter(client=mine, state__in=STANDING)
    entry: WaitingEntry | None = found.select_related("client__data_key").first()
    offered = _open_offers(now).filter(client=mine)
    return entry, offered.select_related("hour__clinician", "hour__place").first()


def by_token(*, token: str) -> WaitingEntry | None:
    """Whom the link with ``token`` asks whether they still look."""
    rows = WaitingEntry.objects.select_related("client__data_key")
    return rows.filter(token=tokens.digest(token)).first()


def to_ask(*, now: datetime) -> QuerySet[WaitingEntry]:
    """Who is to be asked by now whether they still look."""
    due = WaitingEntry.objects.filter(state=State.WAITING, asked_at=None)
    return due.filter(confirm_on__lte=clock.local(now).date(), client__archived_at=None)


def unanswered(*, now: datetime) -> QuerySet[WaitingEntry]:
    """Who was asked so long ago that somebody has to look after it; not whom nothing reached."""
    before = now - timedelta(rules.DAYS_TO_CONFIRM)
    asked = WaitingEntry.objects.filter(state=State.WAITING, asked_at__lte=before)
    return asked.exclude(asked_how=Told.PAGE)


def not_asked(*, by: Any, most: int) -> list[WaitingEntry]:
    """Whom the question whether they still look could not reach, the longest ago first."""
    asked = WaitingEntry.objects.few_visible_to(by).filter(state=State.WAITING)
    rows = asked.filter(asked_how=Told.PAGE).exclude(asked_at=None).select_related("client")
    return list(rows.defer("remark").order_by("asked_at", "pk")[:most])


def types() -> list[AppointmentType]:
    """What may be waited for, in the practice's order."""
    return list(AppointmentType.objects.filter(closed_on=None).order_by("position", "name"))


# Hours ------------------------------------------------------------------------------------


def hour(*, by: Any, hour_id: uuid.UUID) -> FreedHour:
    """One hour that fell free.

    Raises:
        FreedHour.DoesNotExist: there is none with this id.
    """
    return FreedHour.objects.select_related("clinician", "place", "room").get(pk=hour_id)


def free_hours(*, now: datetime) -> QuerySet[FreedHour]:
    """Hours that nobody was asked about and that are still free, the nearest first."""
    start, end = OuterRef("starts_at"), OuterRef("ends_at")
    during = Occupancy.objects.between(start, end, start - REACH)
    theirs = during.filter(kind=Occupancy.Kind.CLINICIAN, thing=OuterRef("clinician"))
    rooms = during.filter(kind=Occupancy.Kind.ROOM, thing=OuterRef("room"))
    ahead = FreedHour.objects.filter(state=FreedHour.State.OPEN, starts_at__gt=now)
    free = ahead.filter(~Exists(theirs), ~Exists(rooms))
    return free.select_related("clinician", "place", "room").order_by("starts_at", "pk")


def running(*, now: datetime) -> QuerySet[FreedHour]:
    """Hours that are being offered, the nearest first."""
    rows = FreedHour.objects.filter(state=FreedHour.State.RUNNING)
    return rows.select_related("clinician", "place", "room").order_by("starts_at", "pk")


def settled(*, now: datetime, days: int = 30) -> QuerySet[FreedHour]:
    """What became of the hours of the last days, the latest first."""
    states = FreedHour.State
    rows = FreedHour.objects.exclude(state__in=[states.OPEN, states.RUNNING])
    near = rows.filter(settled_at__gte=now - timedelta(days))
    return near.select_related("clinician", "place", "room").order_by("-settled_at", "pk")


def to_look_after(*, now: datetime) -> QuerySet[FreedHour]:
    """Hours whose time has come or whose offers ran out; by day, also those where nobody is
    asked any more, so that the next one is."""
    states = FreedHour.State
    asked = Offer.objects.filter(hour=OuterRef("pk"), state="OFFERED")
    due = Q(state__in=[states.OPEN, states.RUNNING], starts_at__lte=now)
    due |= Q(Exists(asked.filter(answer_by__lte=now)), state=states.RUNNING)
    if not rules.is_quiet(clock.local(now)):
        due |= Q(~Exists(asked), state=states.RUNNING)
    return FreedHour.objects.filter(due)


# Offers -----------------------------------------------------------------------------------


def _open_offers(now: datetime) -> Any:
    """Offers that can be accepted."""
    return Offer.objects.filter(
        state="OFFERED", answer_by__gt=now, hour__state=FreedHour.State.RUNNING
    )


def offers(*, by: Any, hours: list[FreedHour]) -> dict[uuid.UUID, list[Offer]]:
    """Who was asked about these hours, in order, as far as ``by`` may know of them."""
    rows = Offer.objects.visible_to(by).filter(hour__in=hours).select_related("client", "type")
    found: dict[uuid.UUID, list[Offer]] = {one.pk: [] for one in hours}
    for row in rows.order_by("-round", "position", "pk"):
        found[row.hour_id].append(row)
    return found


def asked_besides(*, by: Any, hour: FreedHour) -> list[Offer]:
    """Who is asked about it at this moment that ``by`` may not know of: that they are, no more."""
    asked = Offer.objects.filter(hour=hour, state=Offer.State.OFFERED).only("state")
    return list(asked.exclude(pk__in=Offer.objects.visible_to(by).values("pk")))


def offers_of(*, by: Any, entry: WaitingEntry) -> list[Offer]:
    """What was offered to whoever stands behind an entry that ``by`` has opened."""
    rows = Offer.objects.filter(entry=entry).exclude(offered_at=None)
    return list(rows.select_related("hour__clinician", "type").order_by("-offered_at"))


def offer(*, by: Any, offer_id: uuid.UUID) -> Offer:
    """One offer to a client whom ``by`` may know of.

    Raises:
        Offer.DoesNotExist: none, or not for ``by``.
    """
    near = ("hour__clinician", "hour__place", "hour__room", "client__data_key", "type", "entry")
    found: Offer = Offer.objects.visible_to(by).select_related(*near).get(pk=offer_id)
    return found


def offer_by_token(*, token: str) -> Offer | None:
    """The offer behind a link, in whatever state it is."""
    near = ("hour__clinician", "hour__place", "hour__room", "client__data_key", "type", "entry")
    return Offer.objects.select_related(*near).filter(token=tokens.digest(token)).first()


def others_asked(*, offer: Offer, now: datetime) -> bool:
    """Whether somebody else can take the same hour at this moment."""
    if offer.hour.how != WaitingSettings.How.AT_ONCE:
        return False
    return bool(_open_offers(now).filter(hour=offer.hour_id).exclude(pk=offer.pk).exists())


def to_tell(*, offer_id: uuid.UUID, now: datetime) -> Offer | None:
    """An offer that can still be answered, to write to whom it is for; None when it is over."""
    rows = _open_offers(now).select_related("client__data_key", "client__account", "hour")
    found: Offer | None = rows.filter(pk=offer_id).first()
    return found


def was_told(*, offer_id: uuid.UUID) -> Offer | None:
    """An offer whose client was written to about it."""
    rows = Offer.objects.filter(pk=offer_id, told=Told.SENT)
    return rows.select_related("client__data_key", "hour").first()


def to_call(*, by: Any, staff: Staff, now: datetime, most: int) -> list[Offer]:
    """Hours on offer to whom nothing reached, of those that ``staff`` may give: the next first."""
    unheard = Offer.objects.few_visible_to(by).filter(
        state="OFFERED", told=Told.PAGE, hour__starts_at__gt=now
    )
    if not staff.has("FRONT_DESK"):
        unheard = unheard.filter(hour__clinician=staff)
    rows = unheard.select_related("client", "hour__clinician")
    return list(rows.order_by("hour__starts_at", "pk")[:most])


def asked(*, entry_id: uuid.UUID) -> WaitingEntry | None:
    """Somebody who is asked whether they still look, and was not written to yet."""
    rows = WaitingEntry.objects.filter(pk=entry_id, asked_how="").exclude(asked_at=None)
    return rows.select_related("client__data_key").first()


# Whom an hour could suit ------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody whom an hour suits, and how."""

    entry: WaitingEntry
    fit: rules.Fit


def waiting(*, now: datetime) -> list[WaitingEntry]:
    """Everybody who waits and has no offer, with their wishes: what hours are matched with."""
    rows = WaitingEntry.objects.filter(state=State.WAITING, client__archived_at=None)
    alive = rows.filter(client__data_key__destroyed_at=None).select_related("client")
    near = ("clinicians", "types__clinicians", "places")
    return list(alive.defer("remark").prefetch_related(*near))


def fitting(
    *, hour: FreedHour, now: datetime, among: list[WaitingEntry] | None = None
) -> list[Candidate]:
    """Whom the hour suits and who was not asked about it yet, in order. The practice's list:
    who of them may be shown to somebody is for the page to say.

    Args:
        among: of ``waiting``, where several hours are looked at.
    """
    entries = {str(one.pk): one for one in (waiting(now=now) if among is None else among)}
    before = Offer.objects.filter(hour=hour, round=hour.round)
    asked = set(before.values_list("entry", flat=True))
    taken = _busy(hour)
    wishes = [
        wish(one) for one in entries.values() if one.pk not in asked and one.client_id not in taken
    ]
    fits = rules.in_order(_freed(hour, wishes, now), wishes, now=now)
    return [Candidate(entries[one.key], one) for one in fits]


def _busy(hour: FreedHour) -> set[uuid.UUID]:
    """Clients who meet somebody else at that time, and couples and families of one who does."""
    held = Occupancy.objects.between(hour.starts_at, hour.ends_at)
    taken = set(held.filter(kind=Occupancy.Kind.CLIENT).values_list("thing", flat=True))
    groups = GroupMember.objects.filter(member__in=taken) if taken else GroupMember.objects.none()
    return taken | set(groups.values_list("client", flat=True))


def _freed(hour: FreedHour, wishes: list[rules.Wish], now: datetime) -> rules.Freed:
    """An hour as the rules see it, on the practice's clock. Rooms and equipment are looked at
    as far as somebody's wish needs them."""
    ways = keeping.suits(hour)
    kinds = {kind for wish in wishes for one in wish.kinds for way in ways
             for kind in one.needs.get(way, ())}  # fmt: skip
    return rules.Freed(
        clinician=str(hour.clinician_id), start=clock.local(hour.starts_at),
        end=clock.local(hour.ends_at), ways=frozenset(ways),
        place=str(hour.place_id) if hour.place_id else None,
        lacks=keeping.Spare(hour, kinds).look(now=now).lacks if kinds else frozenset(),
    )  # fmt: skip


def wish(entry: WaitingEntry) -> rules.Wish:
    """An entry as the rules see it."""
    return rules.Wish(
        key=str(entry.pk), urgency=entry.urgency, since=entry.since,
        clinicians=_with_whom(entry),
        kinds=tuple(_kind(one) for one in entry.types.all() if one.closed_on is None),
        ways=frozenset(entry.ways), weekdays=frozenset(entry.weekdays),
        places=frozenset(str(one.pk) for one in entry.places.all()),
        parts=frozenset(entry.parts), from_at=entry.from_at, until_at=entry.until_at,
        notice=timedelta(hours=entry.notice_hours),
    )  # fmt: skip


def _with_whom(entry: WaitingEntry) -> frozenset[str]:
    """Those they wished for; of a restricted client only who may know of them."""
    wished = frozenset(str(one.pk) for one in entry.clinicians.all())
    if not entry.client.restricted:
        return wished
    team = CareTeamMember.objects.filter(client=entry.client, until_on=None)
    ours = frozenset(map(str, team.values_list("staff", flat=True)))
    return (wished & ours if wished else ours) or frozenset({"nobody"})


def _kind(type: AppointmentType) -> rules.Kind:
    offering = frozenset(str(one.pk) for one in type.clinicians.all())
    needs = {way: frozenset(type.needs(way)) for way in type.ways}
    return rules.Kind(str(type.pk), type.minutes, frozenset(type.ways), offering, needs)
