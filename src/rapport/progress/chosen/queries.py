"""What was chosen, and questionnaires as the practice judges by them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from rapport.core.library import Item

from ..measures import instruments
from ..measures.alone import names
from ..measures.instruments import Instrument
from ..measures.judging import Ends, Level, Method, Way
from . import rules
from .models import Choice
from .rules import FIRST, Chosen

MOST = 20
COLUMNS = ("what", "method", "level", "ends", "cutoff")


@dataclass(frozen=True)
class Open:
    """A questionnaire with something to choose.

    Attributes:
        form: as the practice judges by it now. history: choices, the latest first.
    """

    form: Instrument
    chosen: Chosen
    history: list[Choice]


def item(found: Item[Instrument]) -> Item[Instrument]:
    """A questionnaire of the library as the practice judges by it.

    One statement where there is something to choose, else none.
    """
    if not rules.is_open(found.content):
        return found
    rows = Choice.objects.filter(instrument=found.id).order_by("-chosen_at", "pk")
    row = rows.values_list(*COLUMNS).first()
    return judged(found, {found.id: _read(*row)} if row is not None else {})


def judged(found: Item[Instrument], chosen: Mapping[str, Chosen]) -> Item[Instrument]:
    """The same where ``every`` was read already: for many questionnaires at once."""
    return replace(found, content=rules.by(found.content, chosen.get(found.id, FIRST)))


def every() -> dict[str, Chosen]:
    """What was chosen for each questionnaire for which something was. One statement."""
    rows = Choice.objects.order_by("chosen_at", "pk").values_list("instrument", *COLUMNS)
    return {instrument: _read(*row) for instrument, *row in rows}


def read(row: Choice) -> Chosen:
    """A stored choice as the rules take it."""
    return _read(*(getattr(row, name) for name in COLUMNS))


def _read(what: str, method: str, level: int, ends: int, cutoff: str) -> Chosen:
    return Chosen(what, Way(cast(Method, method), cast(Level, level), cast(Ends, ends), cutoff))


def listed(*, by: Any) -> list[Open]:
    """Every measure with something to choose, and who chose what when. One statement."""
    history: dict[str, list[Choice]] = {}
    rows = Choice.objects.select_related("chosen_by___staff").order_by("-chosen_at", "pk")
    for row in rows:
        history.setdefault(row.instrument, []).append(row)
    every = (
        form
        for _id, whole in sorted(instruments.INSTRUMENTS.find().items())
        for form in (whole.content, *(instruments.get(id).content for id in names(whole.content)))
    )
    return [_open(form, history.get(form.id, [])) for form in every if rules.is_open(form)]


def _open(form: Instrument, history: list[Choice]) -> Open:
    chosen = read(history[0]) if history else FIRST
    return Open(rules.by(form, chosen), chosen, history[:MOST])
