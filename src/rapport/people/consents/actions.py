"""Noting that a client agreed, and that an agreement was withdrawn."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.events import announce

from ..circle.queries import may_agree
from ..clients.models import Client, RelatedPerson
from ..events import ConsentGiven, ConsentStandsAgain, ConsentWithdrawn
from .models import Consent


class CannotNote(Exception):
    """A consent cannot be like that. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("consent.note")
def note(
    *, by: Any, client: Client, kind: str, version: str, given_on: date, how: str, now: datetime,
    person: RelatedPerson | None = None, by_client: bool = False,
) -> Consent:  # fmt: skip
    """Put a consent on file. One in another version, or by somebody else, stands beside it.

    Args:
        version: as printed on the form, at most 40 characters.
        person: who agreed for the client: a parent or guardian of a minor, or a guardian.
        by_client: the client agreed; of a minor that is to be said.

    Raises:
        CannotNote: no such kind, a day that cannot be, no version, nobody who agreed, or the
            same is on file already.
    """
    version = version.strip()
    if kind not in Consent.Kind.values:
        raise CannotNote("kind", _("Choose what the client agreed to."))
    if how not in Consent.How.values:
        raise CannotNote("how", _("Choose how the client agreed."))
    if not 0 < len(version) <= 40:
        raise CannotNote("version", _("Write the version as printed, at most 40 characters."))
    _a_day_that_was(given_on, clock.local(now).date())
    giver = _giver(client, person, by_client=by_client)
    same = Consent.objects.filter(client=client, kind=kind, version=version, withdrawn_on=None)
    if same.filter(giver=giver, person=person).exists():
        raise CannotNote("version", _("This version is on file already."))
    consent = Consent.objects.create(
        client=client, kind=kind, version=version, given_on=given_on, how=how,
        noted_by=policy.person(by), noted_at=now, giver=giver, person=person,
        giver_name=person.name if person is not None else None,
    )  # fmt: skip
    announce(ConsentGiven(consent.pk, client.pk))
    return consent


def _giver(client: Client, person: RelatedPerson | None, *, by_client: bool) -> str:
    """Of ``Consent.Giver``: what they were to the client on that day."""
    if person is not None:
        if person.client_id != client.pk or not may_agree(person, client):
            raise CannotNote("giver", _("Choose one from the list."))
        return str(person.relation)
    if client.kind == Client.Kind.MINOR and not by_client:
        raise CannotNote("giver", _("Say who agreed: the client, or a parent or guardian."))
    return Consent.Giver.CLIENT


def _a_day_that_was(given_on: date, today: date) -> None:
    if given_on > today:
        raise CannotNote("given_on", _("This day is still to come."))
    try:
        clock.within_limits(given_on)
    except clock.BadDate as problem:
        raise CannotNote("given_on", str(problem)) from None


@action("consent.note")
def withdraw(*, by: Any, client: Client, consent: Consent, on: date) -> Consent:
    """Write down that the client withdrew a consent; it stays on file.

    Raises:
        CannotNote: another client's, or withdrawn already.
    """
    _of(client, consent)
    if consent.withdrawn_on is not None:
        raise CannotNote("consent", _("This consent was withdrawn already."))
    consent.withdrawn_on = max(on, consent.given_on)
    consent.save(update_fields=["withdrawn_on"])
    announce(ConsentWithdrawn(consent.pk))
    return consent


@action("consent.note")
def take_back(*, by: Any, client: Client, consent: Consent) -> Consent:
    """Undo ``withdraw``.

    Raises:
        CannotNote: another client's.
    """
    _of(client, consent)
    consent.withdrawn_on = None
    consent.save(update_fields=["withdrawn_on"])
    announce(ConsentStandsAgain(consent.pk))
    return consent


def _of(client: Client, consent: Consent) -> None:
    if consent.client_id != client.pk:
        raise CannotNote("consent", _("This is no consent of the client."))
