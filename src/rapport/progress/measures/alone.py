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
from .judging import Way

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
    form, words = item.content, _spoken(item.words)
    scale, short = form.score.subscales[part], f"{form.short} {said(words, part)}"
    return replace(
        item,
        content=replace(
            form, id=name(form.id, part), short=short, score=scales.Score(total=scale),
            better=scale.better or form.better, cutoffs=list(scale.cutoffs),
            changes=list(scale.changes), norms=list(scale.norms), groups=[], responses=[],
            remissions=[], findings=[], risks=[], way=Way(),
        ),
        words={language: replace(one, title=f"{said(one, part)} ({form.short})")
               for language, one in item.words.items()},
    )  # fmt: skip


def _spoken(words: Mapping[str, Any]) -> Any:
    """The words in the reader's language, else in English; None: there are neither."""
    language = next((find() for find in _READERS), None) or "en"
    return words.get(language.split("-")[0]) or words.get("en")


def said(words: Any, part: str) -> str:
    """What the part is called, without what stands in brackets behind it; else its code."""
    said = words.subscales if words else {}
    return str(said.get(part, part.replace("-", " "))).partition(" (")[0]
