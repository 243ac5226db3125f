"""The board by equipment: a column for each piece, with the meetings that have it that day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.meeting.board import queries
from rapport.meeting.board.queries import Holding
from rapport.meeting.equipment import queries as equipment
from rapport.meeting.equipment.models import Equipment
from rapport.web.desk import board
from rapport.web.desk.board import Card, Column


@dataclass
class Shown:
    """Pieces of a place and kind, and who has them that day; those out of use only if any has."""

    on: date
    pieces: list[Equipment]
    kinds: list[str]
    held: list[Holding]


def of(by: Any, on: date, place: Any, kind: str) -> Shown:
    """Two statements, however many pieces there are."""
    here = [one for one in equipment.listed(by=by) if place in (None, one.place)]
    kinds = sorted({one.kind for one in here if in_use(one, on)})
    here = [one for one in here if kind not in kinds or one.kind == kind]
    start, end = clock.day_bounds(on)
    held = queries.of_equipment(by=by, pieces=here, start=start, end=end)
    had = {one.thing for one in held}
    return Shown(on, [one for one in here if in_use(one, on) or one.pk in had], kinds, held)


def in_use(piece: Equipment, on: date) -> bool:
    """Whether meetings of that day may take it."""
    return piece.closed_on is None or piece.closed_on > on


def columns(shown: Shown, pieces: list[Equipment], by: Any, now: datetime) -> list[Column]:
    """A column for each of these pieces. A meeting that has several stands in each."""
    start, end = clock.day_bounds(shown.on)
    cards: dict[Any, list[Card]] = {one.pk: [] for one in pieces}
    for one in shown.held:
        if one.thing in cards:
            cards[one.thing].append(board.card(one.meeting, by=by, now=now))
    _tell_apart(cards.values())
    for other in queries.taken(by=by, kind="EQUIPMENT", things=pieces, start=start, end=end):
        cards[other.thing].append(board.taken(other))
    whole = len({one.place_id for one in shown.pieces}) > 1
    return [_column(one, cards[one.pk], shown.on, whole) for one in pieces]


def _tell_apart(columns: Iterable[list[Card]]) -> None:
    """Number the cards of a meeting that stands in several columns, from the second on."""
    seen: Counter[Any] = Counter()
    for card in chain.from_iterable(columns):
        if card.appointment is not None:
            seen[card.appointment.pk] += 1
            number = seen[card.appointment.pk]
            card.nth = f"-{number}" if number > 1 else ""


def _column(piece: Equipment, cards: list[Card], on: date, whole: bool) -> Column:
    said = [piece.kind, piece.place.name] if whole else [piece.kind]
    found = Column(str(piece.pk), piece.name, piece, " · ".join(said),
                   cards=board.within(cards, on))  # fmt: skip
    if in_use(piece, on):
        found.ground = [board.Ground("room", 0, board.A_DAY)]
    else:
        found.marks = [_("out of use")]
    return found
