"""What was chosen, and questionnaires as the practice judges by them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rapport.core.library import Item

from ..measures import instruments
from ..measures.instruments import Instrument
from . import rules
from .models import Choice

MOST = 20


@dataclass(frozen=True)
class Open:
    """A questionnaire with several published numbers.

    Attributes:
        now: the code of the number in use. history: choices, the latest first.
    """

    form: Instrument
    now: str
    history: list[Choice]

    @property
    def options(self) -> Mapping[str, Any]:
        """What can be chosen, by code."""
        return rules.options(self.form)


def item(found: Item[Instrument]) -> Item[Instrument]:
    """A questionnaire of the library as the practice judges by it.

    One statement where there is something to choose, else none.
    """
    if not rules.is_open(found.content):
        return found
    rows = Choice.objects.filter(instrument=found.id).order_by("-chosen_at", "pk")
    what = rows.values_list("what", flat=True).first() or ""
    return replace(found, content=rules.by(found.content, what))


def judged(found: Item[Instrument], chosen: Mapping[str, str]) -> Item[Instrument]:
    """The same where ``every`` was read already: for many questionnaires at once."""
    return replace(found, content=rules.by(found.content, chosen.get(found.id, "")))


def every() -> dict[str, str]:
    """The number in use of each questionnaire for which one was chosen. One statement."""
    rows = Choice.objects.order_by("chosen_at", "pk").values_list("instrument", "what")
    return dict(rows)


def listed(*, by: Any) -> list[Open]:
    """Every questionnaire with something to choose, and who chose what when. One statement."""
    history: dict[str, list[Choice]] = {}
    rows = Choice.objects.select_related("chosen_by___staff").order_by("-chosen_at", "pk")
    for row in rows:
        history.setdefault(row.instrument, []).append(row)
    return [
        _open(found.content, history.get(id, []))
        for id, found in sorted(instruments.INSTRUMENTS.find().items())
        if rules.is_open(found.content)
    ]


def _open(form: Instrument, history: list[Choice]) -> Open:
    known = rules.options(form)
    chosen = next((one.what for one in history[:1] if one.what in known), next(iter(known)))
    return Open(form, chosen, history[:MOST])
