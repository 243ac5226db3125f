"""Scores as they are drawn into a note: frozen when it is done, in words when they are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language

from rapport.core import library
from rapport.core import time as clock
from rapport.progress.measures import instruments
from rapport.progress.models import Score

from .models import Note


@dataclass(frozen=True)
class Drawn:
    """A score as a reader of the note sees it."""

    id: str
    name: str
    total: str
    band: str
    on: date


def frozen(score: Score) -> dict[str, Any]:
    """What the note keeps of a score, whatever becomes of it later."""
    return {
        "score": str(score.pk),
        "instrument": score.instrument,
        "version": score.sheet.version,
        "name": _instrument(score.instrument)[0],
        "total": score.total_rounded,
        "band": score.band,
        "on": clock.local(score.at).date().isoformat(),
    }


def in_words(drawn: dict[str, Any]) -> Drawn:
    """A frozen score in the reader's language."""
    bands = _instrument(drawn["instrument"])[1]
    total = "" if drawn["total"] is None else _points(drawn)
    band = bands.get(drawn["band"], drawn["band"].replace("-", " "))
    return Drawn(drawn["score"], drawn["name"], total, band, date.fromisoformat(drawn["on"]))


def _points(drawn: dict[str, Any]) -> str:
    """The total with the decimals of its questionnaire, where the library has it still."""
    decimals = instruments.decimals(drawn["instrument"])
    return str(number_format(drawn["total"], decimal_pos=decimals))


def of(note: Note) -> list[Drawn]:
    """The scores that were drawn into a note, in that order."""
    return [in_words(one) for one in note.drawn_in]


def shown(scores: list[Score], *, besides: list[Drawn]) -> Iterator[Drawn]:
    """Scores that may be drawn in still."""
    there = {one.id for one in besides}
    return (in_words(frozen(one)) for one in scores if str(one.pk) not in there)


def _instrument(id: str) -> tuple[str, dict[str, str]]:
    """What a measure is called for short, and its bands in the reader's language."""
    try:
        item = instruments.find(id)
    except library.NotInLibrary:
        return id.upper(), {}
    language = (get_language() or "en").split("-")[0]
    spoken = item.words.get(language) or item.words.get("en")
    words = spoken or next(iter(item.words.values()), None)
    return item.content.short, dict(words.bands) if words else {}
