"""Which questionnaires there are: those of the library, and what a practice or a client holds."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from rapport.core import library
from rapport.progress.measures import alone, sense, worked
from rapport.progress.measures.questionnaire import Instrument, InstrumentWords

INSTRUMENTS = library.register(
    "instruments", Instrument, words=InstrumentWords, checker=worked.examine, beside="packs",
    sense=sense.faults, fluent=sense.unsaid,
)  # fmt: skip


def get(id: str) -> library.Item[Instrument]:
    """The questionnaire called ``id``, or the part of one.

    Raises:
        NotInLibrary: there is none.
    """
    return _taken(INSTRUMENTS.get(alone.whole(id)), id)


def _taken(whole: library.Item[Instrument], id: str) -> library.Item[Instrument]:
    """The questionnaire, or of it the part that ``id`` names."""
    found = alone.taken(whole, id)
    if found is None:
        raise library.NotInLibrary(f"there is no questionnaire called {id!r}")
    return found


def is_in_library(id: str) -> bool:
    """Whether a file of the library holds ``id``; else a practice or a client may."""
    whole = INSTRUMENTS.find().get(alone.whole(id))
    return whole is not None and alone.taken(whole, id) is not None


def decimals(id: str) -> int:
    """To how many decimals a total of the questionnaire ``id`` is read; 0 of an unknown one."""
    try:
        return find(id).content.score.total.decimals
    except library.NotInLibrary:
        return 0


def with_words() -> dict[str, library.Item[Instrument]]:
    """Whatever has words in some language, by id. Whether a practice may ask it, ``packs`` says."""
    return {id: item for id, item in INSTRUMENTS.find().items() if item.words}


def measured() -> list[str]:
    """What comes to a single number among those with words: a total, or a part without one."""
    every = with_words().items()
    return [
        name
        for id, one in every
        for name in ([id] if one.content.has_total else alone.names(one.content))
    ]


def worded(id: str) -> library.Item[Instrument]:
    """The questionnaire called ``id``, if it has words.

    Raises:
        NotInLibrary: there is none, or Rapport has no words of it.
    """
    item = get(id)
    if not item.words:
        raise library.NotInLibrary(f"there are no words of {id} to ask with")
    return item


# What a practice or a client holds --------------------------------------------------------


class Source(Protocol):
    """Questionnaires that are no files: the practice's own, and text it typed into a shell."""

    def find(self, id: str, version: int | None) -> library.Item[Instrument] | None:
        """The one called ``id``, in ``version`` or else in the newest there is."""

    def these(self, ids: Collection[str]) -> Mapping[str, library.Item[Instrument]]:
        """Those of ``ids`` that it holds, in their newest versions, in a fixed number of
        statements."""

    def every(self, client: Any) -> Iterator[library.Item[Instrument]]:
        """What any client can be asked now, and with ``client`` what only they can."""

    def closed(self, id: str, client: Any) -> bool:
        """Whether ``id`` is its own and can no longer, or never, be asked of ``client``."""


_SOURCES: list[Source] = []


def hold(source: Source) -> None:
    """Look in ``source``, too, for whatever the library has no words of."""
    _SOURCES.append(source)


def find(id: str, version: int | None = None) -> library.Item[Instrument]:
    """The questionnaire called ``id``, whoever holds it; ``get`` knows the library's alone.

    What leaves the house (exports, catalogues, other systems) asks ``get``: words that a
    practice typed stay where they were typed.

    Args:
        version: as it was when it was asked. The library has one version; the practice keeps all.

    Raises:
        NotInLibrary: there is none.
    """
    whole = alone.whole(id)
    item = INSTRUMENTS.find().get(whole)
    if item is not None and item.words:
        return _taken(item, id)
    held = (source.find(whole, version) for source in _SOURCES)
    found = next((one for one in held if one is not None), item)
    if found is None:
        raise library.NotInLibrary(f"there is no questionnaire called {id!r}")
    return _taken(found, id)


def these(ids: Iterable[str]) -> dict[str, library.Item[Instrument]]:
    """As ``find``, for many at once; those nobody holds are not among them."""
    named = {id: alone.whole(id) for id in ids}
    held = _held(set(named.values()))
    found = {id: alone.taken(held[whole], id) for id, whole in named.items() if whole in held}
    return {id: one for id, one in found.items() if one is not None}


def _held(wanted: set[str]) -> dict[str, library.Item[Instrument]]:
    there = INSTRUMENTS.find()
    found = {id: there[id] for id in wanted & there.keys()}
    rest = {id for id in wanted if id not in found or not found[id].words}
    for source in _SOURCES if rest else ():
        found |= source.these(rest)
    return found


def askable(id: str, version: int | None = None) -> library.Item[Instrument]:
    """As ``find``, if it can be asked.

    Raises:
        NotInLibrary: there is none, or nobody typed its words.
    """
    item = find(id, version)
    if not item.words:
        raise library.NotInLibrary(f"there are no words of {id} to ask with")
    return item


def to_ask(client: Any = None) -> dict[str, library.Item[Instrument]]:
    """What can be asked, by id: the library's, then what the practice holds, then ``client``'s."""
    held = (item for source in _SOURCES for item in source.every(client))
    return {**with_words(), **{item.id: item for item in held}}


def is_own(id: str, client: Any) -> bool:
    """Whether it is in the words of ``client``, and nobody else is asked it."""
    return open_to(id, client) and not open_to(id, None)


def open_to(id: str, client: Any) -> bool:
    """Whether ``client`` can be asked it now: not retired, nobody else's own, and a whole one."""
    if alone.whole(id) != id:
        return False
    in_library = id in INSTRUMENTS.find() and INSTRUMENTS.find()[id].words
    return bool(in_library) or not any(source.closed(id, client) for source in _SOURCES)
