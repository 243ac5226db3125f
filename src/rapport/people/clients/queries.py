"""Finding clients. Every function answers within what ``by`` may see."""

import uuid
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from ..care_team.models import BreakGlass, CareTeamMember
from . import reach, rules
from .models import Client, ClientQuerySet, Contact, NameGram

SHOWN = 20
CANDIDATES = 60
ORDERS = {
    "name": ("sort_name", "pk"),
    "-name": ("-sort_name", "pk"),
    "newest": ("-created_at", "pk"),
}


def get(*, by: Any, client_id: uuid.UUID) -> Client:
    """One client within the administrative scope, with key, place and care team at hand.

    Raises:
        Client.DoesNotExist: none, or not for ``by``: the two look the same.
    """
    team = CareTeamMember.objects.select_related("staff").order_by("from_on", "pk")
    client = (
        Client.objects.visible_to(by)
        .select_related("data_key", "place")
        .prefetch_related(Prefetch("care_team", team))
        .get(pk=client_id)
    )
    client.seen_by = by.pk  # the scope was asked just now; the policy need not ask again
    return client


def listed(
    *, by: Any, status: str = "", place_id: str = "", mine: bool = False, archived: bool = False,
    order: str = "name",
) -> ClientQuerySet:  # fmt: skip
    """Clients for the list page, in an order from a fixed list."""
    found = Client.objects.visible_to(by).select_related("place")
    found = found.exclude(archived_at=None) if archived else found.current()
    if status in Client.Status.values:
        found = found.filter(status=status)
    if place_id:
        found = found.filter(place__pk=place_id)
    if mine and by.staff is not None:
        found = found.filter(care_team__staff=by.staff, care_team__until_on=None)
    return found.order_by(*ORDERS.get(order, ORDERS["name"]))


def search(*, by: Any, text: str, limit: int = SHOWN) -> list[Client]:
    """Clients whose name, number or address fits ``text``, the best first.

    Finds as one types, also misspelt, accented and in any order of words. A whole phone
    number or mail address is looked up by its blind index. Two statements.
    """
    looked_up = reach.lookup(text)
    if looked_up is not None:
        theirs = Contact.objects.filter(lookup=looked_up).values("client")
        return list(_listable(by).filter(pk__in=theirs).order_by("sort_name")[:limit])
    wanted = rules.grams(text[: rules.LONGEST_NAME])
    if not wanted:
        return []
    hits = list(
        NameGram.objects.filter(gram__in=wanted, client__in=_visible(by))
        .values("client")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "client")
        .values_list("client", flat=True)[:CANDIDATES]
    )
    found = list(_listable(by).filter(pk__in=hits))
    fit = {c.pk: rules.likeness(text, (c.legal_name, c.preferred_name)) for c in found}
    found = [c for c in found if fit[c.pk] >= 0.3]
    return sorted(found, key=lambda c: (-fit[c.pk], c.sort_name, str(c.pk)))[:limit]


def _visible(by: Any) -> Any:
    return Client.objects.visible_to(by).current().values("pk")


def _listable(by: Any) -> ClientQuerySet:
    return Client.objects.visible_to(by).current().select_related("place")


def contacts(*, by: Any, client: Client) -> list[Contact]:
    """How to reach the client, with the key at hand."""
    found = list(client.contacts.order_by("kind", "pk"))
    for contact in found:
        contact.client = client
    return found


def related(*, by: Any, client: Client) -> list[Any]:
    """Who belongs to the client, emergency contacts first."""
    found = list(client.related_people.order_by("-emergency", "pk"))
    for person in found:
        person.client = client
    return found


def timeline(*, by: Any, client: Client, most: int = 50) -> list[tuple[Any, str, Any]]:
    """What happened with the client, the latest first: (when, kind, row). Bounded."""
    rows: list[tuple[Any, str, Any]] = []
    for episode in client.episodes.select_related("responsible").order_by("-opened_on")[:most]:
        rows.append((episode.opened_on, "episode_opened", episode))
        if episode.closed_on:
            rows.append((episode.closed_on, "episode_closed", episode))
    for member in client.care_team.all():
        rows.append((member.from_on, "joined", member))
        if member.until_on:
            rows.append((member.until_on, "left", member))
    return sorted(rows, key=lambda row: row[0], reverse=True)[:most]


def open_glass(*, by: Any, client: Client, now: Any) -> QuerySet[BreakGlass]:
    """Break-glass that is open now."""
    return client.broken_glass.filter(closes_at__gt=now)


def duplicates(*, by: Any, legal_name: str, birth_on: Any) -> list[Client]:
    """Visible clients with the same folded name and birth date."""
    same = Client.objects.visible_to(by).filter(sort_name=rules.fold(legal_name)[:300])
    return list(same.filter(birth_on=birth_on)[:5])
