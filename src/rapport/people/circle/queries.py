"""Reading what is around a client whom ``by`` has opened."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from rapport.core.prepared import prepared

from ..clients.models import Client, Contact, RelatedPerson


def contacts(*, by: Any, client: Client) -> list[Contact]:
    """How to reach the client, with the key at hand."""
    return _with(client, _contacts(client=client.pk))


def phones(*, by: Any, clients: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Contact]]:
    """Numbers of clients whom ``by`` may know of that are safe to leave a message or a text at."""
    safe = Q(safe_to_message=True) | Q(safe_to_text=True)
    rows = Contact.objects.filter(safe, client__in=set(clients), kind=Contact.Kind.PHONE)
    found: dict[uuid.UUID, list[Contact]] = {}
    for one in rows.visible_to(by).select_related("client__data_key").order_by("pk"):
        found.setdefault(one.client_id, []).append(one)
    return found


def numbers(*, by: Any, clients: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Contact]]:
    """Every number of clients whom ``by`` may know of; each says what is safe to do with it."""
    rows = Contact.objects.filter(client__in=set(clients), kind=Contact.Kind.PHONE)
    found: dict[uuid.UUID, list[Contact]] = {}
    for one in rows.visible_to(by).select_related("client__data_key").order_by("pk"):
        found.setdefault(one.client_id, []).append(one)
    return found


def related(*, by: Any, client: Client) -> list[RelatedPerson]:
    """Who belongs to the client, emergency contacts first."""
    return _with(client, _related(client=client.pk))


def may_agree(person: RelatedPerson, client: Client) -> bool:
    """Whether somebody around the client can agree for them: a guardian; of a minor a parent."""
    if person.relation == RelatedPerson.Relation.PARENT:
        return bool(client.kind == Client.Kind.MINOR)
    return bool(person.relation == RelatedPerson.Relation.GUARDIAN)


def agreeing(*, by: Any, client: Client) -> list[RelatedPerson]:
    """Who can agree for the client, as far as they are noted."""
    return [one for one in related(by=by, client=client) if may_agree(one, client)]


def contact(*, by: Any, contact_id: uuid.UUID) -> Contact:
    """One number or address of a client whom ``by`` may know of.

    Raises:
        Contact.DoesNotExist: none, or not for ``by``.
    """
    return Contact.objects.visible_to(by).select_related("client__data_key").get(pk=contact_id)


def person(*, by: Any, person_id: uuid.UUID) -> RelatedPerson:
    """One person around a client whom ``by`` may know of.

    Raises:
        RelatedPerson.DoesNotExist: none, or not for ``by``.
    """
    rows = RelatedPerson.objects.visible_to(by).select_related("client__data_key")
    return rows.get(pk=person_id)


def safe_mail(*, by: Any, client: Client) -> list[str]:
    """Mail addresses of the client that are safe to write to, as they are reached."""
    return [contact.plain for contact in safe_mails(by=by, client=client)]


def safe_mails(*, by: Any, client: Client) -> list[Contact]:
    """The same as rows, for who sends later and looks again then."""
    return [c for c in contacts(by=by, client=client) if c.kind == "MAIL" and c.safe_to_write]


@prepared
def _contacts(*, client: Any) -> QuerySet[Contact]:
    return Contact.objects.filter(client=client).order_by("kind", "pk")


@prepared
def _related(*, client: Any) -> QuerySet[RelatedPerson]:
    return RelatedPerson.objects.filter(client=client).order_by("-emergency", "pk")


def _with(client: Client, rows: list[Any]) -> list[Any]:
    for row in rows:
        row.client = client  # its data key is loaded already
    return rows


def members(*, by: Any, client: Client) -> list[Client]:
    """Members of a couple or family, as far as ``by`` may know of them."""
    found = Client.objects.visible_to(by).filter(pk__in=client.members.values("member"))
    return list(found.select_related("place").order_by("sort_name", "pk"))


def belongs_to(*, by: Any, client: Client) -> list[Client]:
    """Couples and families the client belongs to, as far as ``by`` may know of them."""
    found = Client.objects.visible_to(by).filter(pk__in=client.member_of.values("client"))
    return list(found.select_related("place").order_by("sort_name", "pk"))
