"""Each of a client's own items over time, by itself: it goes on while others come and go."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rapport.people.clients.models import Client

from ..measures.models import Sheet
from . import forms
from .models import ClientForm, ClientVersion

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


def of(*, by: Any, client: Client, instruments: Iterable[str]) -> dict[str, list[Series]]:
    """The items of one client's own questionnaires, whom ``by`` has opened; none of any other.

    Three statements where one of ``instruments`` is a client's own, else none.
    """
    mine = [one for one in instruments if one.startswith(forms.CLIENTS)]
    found = ClientForm.objects.filter(client=client, code__in=mine) if mine else ()
    own = {form.pk: form for form in found}
    if not own:
        return {}
    versions: dict[Any, list[ClientVersion]] = {pk: [] for pk in own}
    for one in ClientVersion.objects.filter(form__in=own).order_by("number"):
        one.client = client  # its data key is loaded already
        versions[one.form_id].append(one)
    sheets = _sheets(client, [form.code for form in own.values()])
    return {
        form.code: _of_form(form, versions[form.pk], sheets.get(form.code, []))
        for form in own.values()
    }


def _of_form(form: ClientForm, versions: list[ClientVersion], sheets: list[Sheet]) -> list[Series]:
    found: dict[str, Series] = {}
    goals = form.kind == ClientForm.Kind.GOALS
    for version in versions:
        low, high = (-2, 2) if goals else (version.content["low"], version.content["high"])
        for one in version.content["items"]:
            series = found.setdefault(one["key"], Series(one["text"], low, high))
            series.text = one["text"]
            series.low, series.high = min(series.low, low), max(series.high, high)
    kept = {one["key"] for one in versions[-1].content["items"]} if versions else set[str]()
    for key, series in found.items():
        series.dropped = key not in kept
    _fill(found, sheets, shift=2 if goals else 0)
    return list(found.values())


def _sheets(client: Client, codes: list[str]) -> dict[str, list[Sheet]]:
    """The latest sheets of each questionnaire that the client answered, the oldest first."""
    rows = Sheet.objects.filter(client=client, instrument__in=codes, replaced_by=None,
                                informant=None)  # fmt: skip
    found: dict[str, list[Sheet]] = {}
    for one in rows.order_by("-answered_at", "pk")[: MOST * len(codes)]:
        one.client = client  # its data key is loaded already
        found.setdefault(one.instrument, []).append(one)
    return {code: sheets[:MOST][::-1] for code, sheets in found.items()}


def _fill(found: dict[str, Series], sheets: Iterable[Sheet], *, shift: int) -> None:
    for sheet in sheets:
        for key, answer in sheet.answers.items():
            if key in found and isinstance(answer, int):
                found[key].points.append((sheet.pk, sheet.answered_at, answer - shift))
