"""What every file of the library says, and what a folder of files of one kind is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Literal, TypeVar

from rapport.core.shape import Misfit


class BadLibrary(Exception):
    """A file in the library does not fit. The message names file, key and what to do."""


@dataclass(frozen=True, kw_only=True)
class Licence:
    """Whose it is and what may be done with it; instruments use the classes A to D.

    ``FACTS``: facts nobody owns. ``OWN``: written for Rapport, under its licence.
    """

    class_: Literal["A", "B", "C", "D", "FACTS", "OWN"]
    text: str
    rights_holder: str
    source: str
    checked_on: date
    attribution: str = ""
    may_translate: bool = False
    may_modify_layout: bool = False


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every file says. A released version is never edited in a way that changes results."""

    id: str
    version: int
    licence: Licence

    def __post_init__(self) -> None:
        if self.version < 1:
            raise ValueError("version: counts from 1")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What every file of words says."""

    licence: Licence


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Item(Generic[E]):
    """One thing in the library: its content, and its words by language."""

    kind: str
    content: E
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What other rooms call it; the file's name."""
        return self.content.id


Checker = Callable[[Item[Any], Any], Iterable[str]]
Sense = Callable[[Any], Iterable[Misfit]]
Fluent = Callable[[Any, Any], Iterable[Misfit]]


@dataclass(frozen=True)
class Folder(Generic[E]):
    """A folder of the library: the shape of its files, and what else they must be.

    Attributes:
        schema, words: dataclasses of ``<id>.toml`` and ``<id>.<language>.toml``; without
            ``words`` there are none.
        checker: given an item and one of its examples, a sentence for each thing that is wrong.
        beside: a folder whose folders hold more words of this kind.
        sense: what makes no sense in a file, although it has the shape.
        fluent: what words lack or have too many of; given the content and the words.
        light: the examples are run as the files are read; else only by ``library.check``.
    """

    name: str
    schema: type[E]
    words: type[Words] | None = None
    checker: Checker | None = None
    beside: str = ""
    sense: Sense | None = None
    fluent: Fluent | None = None
    light: bool = True
