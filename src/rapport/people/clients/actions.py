"""Admitting clients and changing what is known of them. Every function is checked and audited."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core import events, vault
from rapport.core import time as clock
from rapport.core.action import action

from ..care_team.models import CareTeamMember
from ..episodes.models import Episode
from ..events import ClientAdmitted
from ..practice.models import Place
from ..staff.models import CLINICAL, Staff
from . import reach, rules
from .models import Client, Contact, NameGram, RelatedPerson
from .rules import Unfit

SAID = {
    "empty": _("Write a name."),
    "too_long": _("Use at most 300 characters."),
    "no_letter": _("Use at least one letter or digit."),
    "too_early": _("Use a date from 1900 on."),
    "in_future": _("This date lies in the future."),
    "no_phone": _("This is not a whole phone number. Start foreign ones with + and the country."),
    "no_mail": _("This is not a mail address."),
}


class CannotKeep(Exception):
    """Something that was typed cannot be kept. ``field`` names it; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _fit(problem: Unfit) -> CannotKeep:
    return CannotKeep(problem.field, str(SAID[problem.code]))


@action("client.admit")
def admit(
    *, by: Any, legal_name: str, place: Place, clinician: Staff, now: datetime,
    preferred_name: str = "", kind: str = Client.Kind.ADULT, status: str = Client.Status.ACTIVE,
    pronouns: str = "", birth_on: date | None = None, languages: list[str] | None = None,
    address: str = "", remark: str = "",
) -> Client:  # fmt: skip
    """A new client with a first clinician, an open episode and a data key of their own.

    Raises:
        CannotKeep: a name or date that cannot be; a first clinician who is none.
    """
    today = clock.local(now).date()
    if CLINICAL.isdisjoint(clinician.roles) or not clinician.works_on(today):
        raise CannotKeep("clinician", str(_("Choose somebody who treats clients here.")))
    key = vault.new_key(vault.DataKey.Purpose.CLIENT, now=now)
    client = Client(
        data_key=key, place=place, kind=kind, status=status, pronouns=pronouns[:40],
        languages=languages or [], address=address, remark=remark, created_at=now,
    )  # fmt: skip
    _name(client, legal_name, preferred_name, birth_on, today)
    client.save(force_insert=True)
    _index(client)
    CareTeamMember.objects.create(client=client, staff=clinician, from_on=today)
    if status in (Client.Status.ACTIVE, Client.Status.WAITING):
        Episode.objects.create(client=client, responsible=clinician, opened_on=today)
    events.announce(ClientAdmitted(client.pk))
    return client


def _name(
    client: Client, legal_name: str, preferred_name: str, birth_on: date | None, today: date
) -> None:
    try:
        client.legal_name = rules.tidy_name(legal_name, field="legal_name")
        client.preferred_name = ""
        if preferred_name.strip():
            client.preferred_name = rules.tidy_name(preferred_name, field="preferred_name")
        client.birth_on = rules.check_birth(birth_on, today=today)
    except Unfit as problem:
        raise _fit(problem) from problem
    client.sort_name = rules.fold(client.legal_name)[: rules.LONGEST_NAME]


def _index(client: Client) -> None:
    """Write the pieces of the client's names by which search finds them."""
    wanted = rules.grams(client.legal_name) | rules.grams(client.preferred_name)
    held = set(client.grams.values_list("gram", flat=True))
    client.grams.filter(gram__in=held - wanted).delete()
    NameGram.objects.bulk_create(
        NameGram(client=client, gram=gram) for gram in sorted(wanted - held)
    )


@action("client.edit")
def change(
    *, by: Any, client: Client, legal_name: str, preferred_name: str, pronouns: str,
    birth_on: date | None, languages: list[str], place: Place, status: str, address: str,
    remark: str, now: datetime,
) -> Client:  # fmt: skip
    """Change what is known of a client.

    Raises:
        CannotKeep: a name or date that cannot be.
    """
    _name(client, legal_name, preferred_name, birth_on, clock.local(now).date())
    client.pronouns, client.languages = pronouns[:40], languages
    client.place, client.status = place, status
    client.address, client.remark = address, remark
    client.save()
    _index(client)
    return client


@action("client.edit")
def add_contact(
    *, by: Any, client: Client, kind: str, value: str, label: str = "",
    safe_to_message: bool = False, safe_to_text: bool = False, safe_to_write: bool = False,
) -> Contact:  # fmt: skip
    """A phone number or mail address, with what is safe to do with it.

    Raises:
        CannotKeep: not a number or address.
    """
    try:
        tidy = (
            reach.tidy_phone(value, reach.country())
            if kind == Contact.Kind.PHONE
            else reach.tidy_mail(value)
        )
    except Unfit as problem:
        raise _fit(problem) from problem
    contact = Contact(
        client=client, kind=kind, value=value.strip()[:254], lookup=reach.index(kind, tidy),
        label=label[:40], safe_to_message=safe_to_message, safe_to_text=safe_to_text,
        safe_to_write=safe_to_write,
    )  # fmt: skip
    contact.save(force_insert=True)
    return contact


@action("client.edit")
def remove_contact(*, by: Any, client: Client, contact: Contact) -> None:
    """Forget a number or address."""
    Contact.objects.filter(pk=contact.pk, client=client).delete()


@action("client.edit")
def add_related(
    *, by: Any, client: Client, relation: str, name: str, reach_at: str = "",
    may_know: str = RelatedPerson.MayKnow.NOTHING, emergency: bool = False, remark: str = "",
) -> RelatedPerson:  # fmt: skip
    """Somebody around the client, and what they may know.

    Raises:
        CannotKeep: a name that cannot be.
    """
    try:
        kept = rules.tidy_name(name)
    except Unfit as problem:
        raise _fit(problem) from problem
    person = RelatedPerson(
        client=client, relation=relation, name=kept, reach=reach_at, may_know=may_know,
        emergency=emergency, remark=remark,
    )  # fmt: skip
    person.save(force_insert=True)
    return person


@action("client.archive")
def archive(*, by: Any, client: Client, now: datetime) -> Client:
    """Put a client's record away; nothing is deleted."""
    client.archived_at = now
    client.save(update_fields=["archived_at"])
    return client


@action("client.archive")
def bring_back(*, by: Any, client: Client) -> Client:
    """Undo ``archive``."""
    client.archived_at = None
    client.save(update_fields=["archived_at"])
    return client


@action("client.restrict")
def restrict(*, by: Any, client: Client, restricted: bool) -> Client:
    """The care team only, or everyone who would see the client by their work."""
    client.restricted = restricted
    client.save(update_fields=["restricted"])
    return client
