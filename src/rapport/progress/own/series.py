"""Each of a client's own items over time, by itself: it goes on while others come and go."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapport.people.clients.models import Client

from ..measures.models import Sheet
from . import forms
from .models import ClientForm
from .queries import own_versions

MOST = 400


@dataclass
class Series:
    """One item.

    Attributes:
        points: sheet, instant and number, the oldest first; of a goal the level from -2 to 2.
        dropped: it is not asked any more.
    """

    text: str
    low: int
    high: int
    dropped: bool = False
    points: list[tuple[uuid.UUID, datetime, int]] = field(default_factory=list)


def of(*, by: Any, client: Client, instrument: str) -> list[Series]:
    """The items of one client's own questionnaire, whom ``by`` has opened; none of any other."""
    if not instrument.startswith(forms.CLIENTS):
        return []
    form = ClientForm.objects.filter(client=client, code=instrument).first()
    if form is None:
        return []
    form.client = client  # its data key is loaded already
    found: dict[str, Series] = {}
    versions = own_versions(form=form)
    for version in versions:
        low, high = version.content["low"], version.content["high"]
        if form.kind == ClientForm.Kind.GOALS:
            low, high = -2, 2
        for one in version.content["items"]:
            series = found.setdefault(one["key"], Series(one["text"], low, high))
            series.text = one["text"]
            series.low, series.high = min(series.low, low), max(series.high, high)
    kept = {one["key"] for one in versions[-1].content["items"]} if versions else set[str]()
    for key, series in found.items():
        series.dropped = key not in kept
    _fill(found, _sheets(client, instrument), shift=2 if form.kind == ClientForm.Kind.GOALS else 0)
    return list(found.values())


def _sheets(client: Client, instrument: str) -> list[Sheet]:
    rows = Sheet.objects.filter(client=client, instrument=instrument, replaced_by=None,
                                informant=None)  # fmt: skip
    latest = list(rows.order_by("-answered_at", "pk")[:MOST])[::-1]
    for one in latest:
        one.client = client  # its data key is loaded already
    return latest


def _fill(found: dict[str, Series], sheets: Iterable[Sheet], *, shift: int) -> None:
    for sheet in sheets:
        for key, answer in sheet.answers.items():
            if key in found and isinstance(answer, int):
                found[key].points.append((sheet.pk, sheet.answered_at, answer - shift))
