"""Which consents of a client are on file, and which are missing."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from ..clients.models import Client
from .models import Consent


def of(*, by: Any, client: Client) -> list[Consent]:
    """Everything on file: what stands first, then what was withdrawn, the latest first."""
    order = F("withdrawn_on").desc(nulls_first=True), "-given_on", "pk"
    rows = list(Consent.objects.filter(client=client).order_by(*order))
    for row in rows:
        row.client = client  # its data key is loaded already
    return rows


def get(*, by: Any, consent_id: uuid.UUID) -> Consent:
    """One consent of a client whom ``by`` may know of.

    Raises:
        Consent.DoesNotExist: none, or not for ``by``.
    """
    return Consent.objects.visible_to(by).get(pk=consent_id)


def missing(on_file: Iterable[Consent], wanted: Iterable[str]) -> list[Consent.Kind]:
    """The kinds in ``wanted`` that nothing standing in ``on_file`` covers, in their order."""
    stand = {consent.kind for consent in on_file if consent.withdrawn_on is None}
    return [kind for kind in Consent.Kind if kind in set(wanted) - stand]
