"""Finding clients. Every function answers within what ``by`` may see."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When

from rapport.core import time as clock
from rapport.core.prepared import prepared

from ..care_team.models import CareTeamMember
from . import reach, rules, scopes
from .models import Client, ClientQuerySet, Contact, GroupMember, NameGram

SHOWN = 20
CANDIDATES = 60
LIKE_ENOUGH = 0.3
UNLISTED = ("address", "remark", "languages", "created_at", "place__address", "place__closed_on")
ORDERS = {
    "name": ("sort_name", "pk"),
    "-name": ("-sort_name", "pk"),
    "newest": ("-created_at", "pk"),
}


def get(*, by: Any, client_id: uuid.UUID) -> Client:
    """One client within the administrative scope, with key, place, account and care team at hand.

    ``belongs`` on it says whether the client belongs to a couple or family.

    Raises:
        Client.DoesNotExist: none, or not for ``by``: the two look the same.
    """
    what, values = scopes.asker(by)
    team = _with_team(what, client_id=client_id, **values)
    rows = team or _without_team(what, client_id=client_id, **values)
    if not rows:
        raise Client.DoesNotExist
    client: Client = team[0].client if team else rows[0]
    client.belongs = rows[0].belonging
    hold_team(client, team)
    client.seen_by = by.pk  # the scope was asked just now; the policy need not ask again
    return client


@prepared
def _with_team(what: str, *, client_id: Any, **values: Any) -> QuerySet[CareTeamMember]:
    """Everybody's part in a visible client's care, each with the client at hand."""
    seen = scopes.administrative_to(what, among=Q(client=client_id), **values)
    visible = Client.objects.filter(seen, pk=client_id).values("pk")
    parts = CareTeamMember.objects.filter(client__in=visible)
    near = ("staff", "client__data_key", "client__place", "client__account")
    belongs = Exists(GroupMember.objects.filter(member=OuterRef("client")))
    return parts.select_related(*near).annotate(belonging=belongs).order_by("from_on", "pk")


@prepared
def _without_team(what: str, *, client_id: Any, **values: Any) -> QuerySet[Any]:
    """A visible client, whoever cares for them."""
    seen = scopes.administrative_to(what, among=Q(client=client_id), **values)
    belongs = Exists(GroupMember.objects.filter(member=OuterRef("pk")))
    near = ("data_key", "place", "account")
    found = Client.objects.filter(seen, pk=client_id)
    return found.select_related(*near).annotate(belonging=belongs)


def hold_team(client: Client, team: list[CareTeamMember]) -> None:
    """Let ``client.care_team.all()`` answer with what was loaded."""
    for member in team:
        member.client = client
    held: Any = CareTeamMember.objects.all()
    held._result_cache, held._prefetch_done = team, True
    client.__dict__["_prefetched_objects_cache"] = {"care_team": held}


def seen(*, by: Any, client_id: uuid.UUID) -> bool:
    """Whether ``by`` may know of the client at this moment, whatever was loaded before."""
    return Client.objects.visible_to(by).filter(pk=client_id).exists()


def listed(
    *, by: Any, status: str = "", place_id: str = "", clinician_id: str = "", mine: bool = False,
    archived: bool = False, order: str = "name",
) -> ClientQuerySet:  # fmt: skip
    """Clients for the list page, in an order from a fixed list. No join multiplies a row.

    Args:
        clinician_id: on whose care team the clients are today. mine: on one's own.
    """
    found = Client.objects.visible_to(by).select_related("place").defer(*UNLISTED)
    found = found.exclude(archived_at=None) if archived else found.current()
    if status in Client.Status.values:
        found = found.filter(status=status)
    if place_id:
        found = found.filter(place__pk=place_id)
    if clinician_id:
        found = found.filter(scopes.on_care_team(clinician_id, clock.today()))
    if mine and by.staff is not None:
        found = found.filter(scopes.on_care_team(by.staff.pk, clock.today()))
    return found.order_by(*ORDERS.get(order, ORDERS["name"]))


def search(*, by: Any, text: str, limit: int = SHOWN) -> list[Client]:
    """Clients whose name, number or address fits ``text``, the best first.

    Finds as one types, also misspelt, accented and in any order of words. A whole phone
    number or mail address is looked up by its blind index. Two statements at most.
    """
    looked_up = reach.lookup(text)
    if looked_up is not None:
        theirs = Contact.objects.filter(lookup=looked_up).values("client")
        found = Client.objects.visible_to(by).current().select_related("place")
        return list(found.filter(pk__in=theirs).order_by("sort_name", "pk")[:limit])
    typed = text[: rules.LONGEST_NAME]
    wanted = rules.wanted(typed)
    if not wanted.grams:
        return []
    what, values = scopes.asker(by)
    grams = {f"gram_{n}": gram for n, gram in enumerate(sorted(wanted.grams))}
    begins = {"begins": rules.fold(typed)}
    candidates = _likely(what, wanted.shared, **values, **begins, **grams)
    likeness = rules.likeness(typed)
    fit = {pk: likeness(names) for pk, *names in candidates}
    good = sorted((pk for pk in fit if fit[pk] >= LIKE_ENOUGH), key=lambda pk: -fit[pk])[:limit]
    shown = {c.pk: c for c in _these(**{f"client_{n}": pk for n, pk in enumerate(good)})}
    return [shown[pk] for pk in good if pk in shown]


@prepared
def _these(**ids: Any) -> ClientQuerySet:
    """Clients that were found in somebody's scope just now, as lists show them."""
    found = Client.objects.filter(pk__in=list(ids.values()))
    return found.select_related("place").defer(*UNLISTED)


@prepared
def _likely(
    what: str, enough: int, *, mine: Any, today: Any, now: Any, begins: Any, **grams: Any
) -> QuerySet[Client, Any]:
    """Ids and names with enough of the wanted pieces: most pieces first, then what begins so.

    Who may be seen is asked about these alone, not about everybody.
    """
    held = NameGram.objects.filter(gram__in=list(grams.values()))
    counted = held.values("client").annotate(shared=Count("pk"))
    fitting = held.values("client")
    if enough > 1:
        fitting = counted.filter(shared__gte=enough).values("client")
    seen = scopes.administrative_to(
        what, mine=mine, today=today, now=now, among=Q(client__in=fitting)
    )
    found = Client.objects.filter(seen, pk__in=fitting).current()
    names = found.values_list("pk", "legal_name", "preferred_name")
    first = Case(When(sort_name__startswith=begins, then=0), default=1)
    if len(grams) == 1:
        return names.order_by(first, "sort_name", "pk")[:CANDIDATES]
    shared = Subquery(counted.filter(client=OuterRef("pk")).values("shared"))
    return names.order_by(-shared, first, "sort_name", "pk")[:CANDIDATES]


def duplicates(*, by: Any, legal_name: str, birth_on: Any) -> list[Client]:
    """Visible clients with the same folded name and birth date."""
    same = Client.objects.visible_to(by).filter(sort_name=rules.fold(legal_name)[:300])
    return list(same.filter(birth_on=birth_on)[:5])


def twins(*, by: Any, among: Iterable[tuple[str, date | None]]) -> list[Client]:
    """Visible clients with one of these folded names and birth dates."""
    wanted = set(among)
    same = Client.objects.visible_to(by).filter(sort_name__in={name for name, _born in wanted})
    return [c for c in same.order_by("-pk") if (c.sort_name, c.birth_on) in wanted]
