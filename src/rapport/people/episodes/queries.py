"""Reading a client's episodes of care."""

import uuid
from typing import Any

from django.db.models import F

from ..clients.models import Client
from .models import Episode


def of(*, by: Any, client: Client) -> list[Episode]:
    """The client's episodes: open ones first, then the latest closed."""
    rows = Episode.objects.filter(client=client).select_related("responsible")
    return list(rows.order_by(F("closed_on").desc(nulls_first=True), "-opened_on", "pk"))


def get(*, by: Any, episode_id: uuid.UUID) -> Episode:
    """One episode of a client whom ``by`` may know of.

    Raises:
        Episode.DoesNotExist: none, or not for ``by``.
    """
    return Episode.objects.visible_to(by).select_related("responsible").get(pk=episode_id)
