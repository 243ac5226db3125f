"""Noting that a client agreed, and that an agreement was withdrawn."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.events import announce

from ..clients.models import Client
from ..events import ConsentGiven, ConsentStandsAgain, ConsentWithdrawn
from .models import Consent


class CannotNote(Exception):
    """A consent cannot be like that. ``field`` names what; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("consent.note")
def note(
    *, by: Any, client: Client, kind: str, version: str, given_on: date, how: str, now: datetime
) -> Consent:
    """Put a consent on file. One in another version stands beside the older one.

    Args:
        version: as printed on the form, at most 40 characters.

    Raises:
        CannotNote: no such kind, a day that cannot be, no version, or the same is on file
            already.
    """
    version = version.strip()
    if kind not in Consent.Kind.values:
        raise CannotNote("kind", _("Choose what the client agreed to."))
    if how not in Consent.How.values:
        raise CannotNote("how", _("Choose how the client agreed."))
    if not 0 < len(version) <= 40:
        raise CannotNote("version", _("Write the version as printed, at most 40 characters."))
    _a_day_that_was(given_on, clock.local(now).date())
    same = Consent.objects.filter(client=client, kind=kind, version=version, withdrawn_on=None)
    if same.exists():
        raise CannotNote("version", _("This version is on file already."))
    person = policy.person(by)
    consent = Consent.objects.create(
        client=client, kind=kind, version=version, given_on=given_on, how=how, noted_by=person,
        noted_at=now,
    )  # fmt: skip
    announce(ConsentGiven(consent.pk, client.pk))
    return consent


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
