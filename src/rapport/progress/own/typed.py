"""Shells of the library whose words a practice types in, because it holds a licence for them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from rapport.core.library import Item as Held
from rapport.progress.adapting import shells as adaptive
from rapport.progress.measures.instruments import INSTRUMENTS
from rapport.progress.measures.questionnaire import TURNS, Instrument, InstrumentWords, Item

CLOSED = ("B", "C", "D")  # of class B those that have no pack


@dataclass(frozen=True, kw_only=True)
class Filled(Instrument):
    """A shell with a practice's text; ``since`` is the first version that reads the same."""

    since: int = 0

    def alike(self, version: int) -> bool:
        return self.since <= version <= self.version


def shells() -> dict[str, Held[Instrument]]:
    """What has no words here and whose words are somebody's, by id, where a text can be asked."""
    every = INSTRUMENTS.find().items()
    return {id: item for id, item in every if _fits(item)} | adaptive.shells()


def is_shell(id: str) -> bool:
    """Whether the library has a shell called ``id``."""
    return _shell(id) is not None


def _shell(id: str) -> Held[Instrument] | None:
    item = INSTRUMENTS.find().get(id)
    if item is None:
        return adaptive.shells().get(id)
    return item if _fits(item) else None


def _fits(item: Held[Instrument]) -> bool:
    content = item.content
    return not item.words and content.licence.class_ in CLOSED


def sets(content: Instrument) -> dict[str, tuple[int, ...]]:
    """The sets of answers whose words are to be typed: their values, by what the set is called.

    Items of the same answers share a set; a number of days needs no words.
    """
    found: dict[tuple[int, ...], str] = {}
    for item in content.items:
        if not item.up_to:
            found.setdefault(content.values_of(item), f"set-{len(found) + 1}")
    return {name: values for values, name in found.items()}


def filled(id: str, number: int, content: Mapping[str, Any]) -> Held[Any] | None:
    """The shell with the text of a version; None where the library has changed it or has none.

    Args:
        content: ``since``, and ``words`` by language: ``title``, ``intro``, ``items`` by key,
            ``answers`` by set and ``own`` by item where its answers read otherwise, in order.
    """
    item = INSTRUMENTS.find().get(id) or adaptive.shells().get(id)
    if item is None or number // TURNS != item.content.version:
        return None
    shell = item.content
    given = {one.name: getattr(shell, one.name) for one in fields(shell)}
    items = [replace(one, labels=one.key) for one in shell.items]
    kind = adaptive.Adaptive if shell.is_adaptive else Filled
    form = kind(**given | {"version": number, "since": content["since"], "items": items})
    words = {
        language: InstrumentWords(
            licence=shell.licence, title=said["title"], intro=said["intro"], items=said["items"],
            labels={one.key: _answers(shell, one, said) for one in shell.items},
            translator="", source="",
            bands={band.name: band.name.replace("-", " ") for band in shell.score.total.bands},
        )
        for language, said in content["words"].items()
    }  # fmt: skip
    return Held("instruments", form, words)


def set_of(content: Instrument, item: Item) -> str:
    """The set of answers an item has; "" for a number of days."""
    names = {values: name for name, values in sets(content).items()}
    return "" if item.up_to else names[content.values_of(item)]


def _answers(shell: Instrument, item: Item, said: Mapping[str, Any]) -> dict[str, str]:
    values = [str(value) for value in shell.values_of(item)]
    labels = said["own"].get(item.key) or said["answers"].get(set_of(shell, item)) or values
    return dict(zip(values, labels, strict=True))
