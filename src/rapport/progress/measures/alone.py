"""A part of a questionnaire that has no total: a measure of its own, with a name of its own.

What such a part is called everywhere is the questionnaire's id and the part's code with ``_``
between them: ``dass-21_depression``. Neither has that sign in it. It is scored, drawn, judged and
counted as a questionnaire is; what is asked and answered is the whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rapport.core.library import Item

from . import scales

SIGN = "_"
_READERS: list[Callable[[], str | None]] = []


def read_in(language: Callable[[], str | None]) -> None:
    """Call parts as it is said in the language that ``language`` gives; before that, in English."""
    _READERS[:] = [language]


def name(id: str, part: str) -> str:
    """What the part ``part`` of the questionnaire ``id`` is called."""
    return f"{id}{SIGN}{part}"


def whole(id: str) -> str:
    """Which questionnaire ``id`` is a part of; itself, where it is none."""
    return id.partition(SIGN)[0]


def names(form: Any) -> dict[str, scales.Scale]:
    """The parts of a questionnaire that are measures of their own, by what they are called."""
    if form.has_total:
        return {}
    return {name(form.id, part): one for part, one in form.score.subscales.items()}


def taken(item: Item[Any], id: str) -> Item[Any] | None:
    """What ``id`` is of a questionnaire: itself, or one of its parts; None: neither."""
    if id == item.id:
        return item
    if id not in names(item.content):
        return None
    return by_itself(item, id.partition(SIGN)[2])


def by_itself(item: Item[Any], part: str) -> Item[Any]:
    """The questionnaire as if a part were its total, called as the reader's language calls it."""
    form = item.content
    scale, short = form.score.subscales[part], f"{form.short} {_said(item.words, part)}"
    return replace(
        item,
        content=replace(
            form, id=name(form.id, part), short=short, score=scales.Score(total=scale),
            better=scale.better or form.better, cutoffs=list(scale.cutoffs),
            changes=list(scale.changes), norms=list(scale.norms), findings=[], risks=[],
        ),
        words={one: replace(words, title=f"{words.subscales.get(part, part)} ({form.short})")
               for one, words in item.words.items()},
    )  # fmt: skip


def _said(words: Mapping[str, Any], part: str) -> str:
    """What the part is called in the reader's language, else in English, else its code.

    What stands in brackets behind it is left to longer names.
    """
    language = next((find() for find in _READERS), None) or "en"
    spoken = words.get(language.split("-")[0]) or words.get("en")
    said = spoken.subscales if spoken else {}
    return str(said.get(part, part.replace("-", " "))).partition(" (")[0]
