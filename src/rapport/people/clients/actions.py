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
from . import rules
from .models import Client, NameGram
from .rules import Unfit

SAID = {
    "empty": _("Write a name."),
    "too_long": _("Use at most 300 characters."),
    "no_letter": _("Use at least one letter or digit."),
    "too_early": _("Use a date from 1900 on."),
    "in_future": _("This date lies in the future."),
    "no_phone": _("This is not a whole phone number. Start foreign ones with + and the country."),
    "no_mail": _("This is not a mail address."),
    "no_language": _("Choose languages from the list."),
    "too_long_here": _("This is too long here. Shorten it."),
}


KNOWN = ("legal_name", "preferred_name", "sort_name", "birth_on", "pronouns", "languages",
         "place", "status", "address", "remark")  # fmt: skip


class CannotKeep(Exception):
    """Something that was typed cannot be kept. ``field`` names it; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def fit(problem: Unfit) -> CannotKeep:
    """The problem as the person who typed it reads it."""
    return CannotKeep(problem.field, str(SAID[problem.code]))


@action("client.admit")
def admit(
    *, by: Any, legal_name: str, place: Place, clinician: Staff | None, now: datetime,
    preferred_name: str = "", kind: str = Client.Kind.ADULT, status: str = Client.Status.ACTIVE,
    pronouns: str = "", birth_on: date | None = None, languages: list[str] | None = None,
    address: str = "", remark: str = "",
) -> Client:  # fmt: skip
    """A new client with a first clinician, an open episode and a data key of their own.

    Args:
        clinician: None only for somebody who asks (status INQUIRY) and wishes for nobody.

    Raises:
        CannotKeep: a name or date that cannot be; a first clinician who is none.
    """
    today = clock.local(now).date()
    _carries(clinician, status, today)
    key = vault.new_key(vault.DataKey.Purpose.CLIENT, now=now)
    client = Client(
        data_key=key, place=place, kind=kind, status=status, address=address, remark=remark,
        created_at=now,
    )  # fmt: skip
    _spoken(client, pronouns, languages or [])
    _name(client, legal_name, preferred_name, birth_on, today)
    client.save(force_insert=True)
    _index(client)
    if clinician is not None:
        CareTeamMember.objects.create(client=client, staff=clinician, from_on=today)
    if clinician is not None and status in (Client.Status.ACTIVE, Client.Status.WAITING):
        Episode.objects.create(client=client, responsible=clinician, opened_on=today)
    events.announce(ClientAdmitted(client.pk))
    return client


def _carries(clinician: Staff | None, status: str, today: date) -> None:
    """Refuse a first clinician who is none, and none for whoever is to be helped here."""
    if clinician is None and status == Client.Status.INQUIRY:
        return
    treats = clinician is not None and not CLINICAL.isdisjoint(clinician.roles)
    if clinician is None or not treats or not clinician.works_on(today):
        raise CannotKeep("clinician", str(_("Choose somebody who treats clients here.")))


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
        raise fit(problem) from problem
    client.sort_name = rules.fold(client.legal_name)[: rules.LONGEST_NAME]


def _spoken(client: Client, pronouns: str, languages: list[str]) -> None:
    try:
        client.pronouns = rules.tidy_line(pronouns, field="pronouns", longest=40)
        client.languages = rules.tidy_languages(languages)
    except Unfit as problem:
        raise fit(problem) from problem


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
    _spoken(client, pronouns, languages)
    client.place, client.status = place, status
    client.address, client.remark = address, remark
    client.save(update_fields=KNOWN)  # what others changed meanwhile (restriction) stays
    _index(client)
    return client


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
