"""What clinicians contribute as data: one folder a kind, one file a thing, no code.

``library/<kind>/<id>.toml`` holds the thing, ``<id>.<language>.toml`` its words where the
kind has words. Words that are under a licence of their own lie in a folder of their own beside
it, with that licence. A room registers a kind with a dataclass that says its shape and, if
things of the kind can be wrong in meaning, a checker that runs each file's own examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rapport.core import reading
from rapport.core.entries import BadLibrary as BadLibrary
from rapport.core.entries import Checker, E, Fluent, Folder, Sense
from rapport.core.entries import Entry as Entry
from rapport.core.entries import Item as Item
from rapport.core.entries import Licence as Licence
from rapport.core.entries import Words as Words


class NotInLibrary(LookupError):
    """The library has nothing of this kind with this id."""


@dataclass(frozen=True)
class Kind(Folder[E]):
    """A folder of the library, read once per process."""

    loaded: dict[str, reading.Read[E]] = field(default_factory=dict)

    def find(self) -> Mapping[str, Item[E]]:
        """Everything of this kind by id.

        Raises:
            BadLibrary: a file does not fit.
        """
        items, problems = self.load()
        _refuse(problems)
        return MappingProxyType(items)

    def get(self, id: str) -> Item[E]:
        """The thing called ``id``.

        Raises:
            NotInLibrary: there is none. BadLibrary: a file does not fit.
        """
        try:
            return self.find()[id]
        except KeyError:
            raise NotInLibrary(f"the library has no {self.name} called {id!r}") from None

    def read(self, file: Path) -> Item[E]:
        """The thing in ``file``, which need not lie in the library, with the words beside it.

        Raises:
            BadLibrary: it does not fit, cannot be read, or its examples say otherwise.
        """
        items, problems = reading.read(self, reading.found_beside(file))
        _refuse(problems)
        (item,) = items.values()
        return item

    def load(self) -> reading.Read[E]:
        """Everything of this kind, and what does not fit."""
        top = root()
        if str(top) not in self.loaded:
            self.loaded[str(top)] = reading.read(self, reading.found_in(self, top))
        return self.loaded[str(top)]


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BadLibrary("\n".join(problems))


KINDS: dict[str, Kind[Any]] = {}


def register(
    name: str,
    schema: type[E],
    *,
    words: type[Words] | None = None,
    checker: Checker | None = None,
    beside: str = "",
    sense: Sense | None = None,
    fluent: Fluent | None = None,
    light: bool = True,
) -> Kind[E]:
    """Enter a kind; what it takes, ``entries.Folder`` says.

    With a checker, ``schema`` has a list called ``examples`` and every file needs at least one.
    """
    if name in KINDS:
        raise ValueError(f"two kinds are called {name!r}")
    KINDS[name] = Kind(name, schema, words, checker, beside, sense, fluent, light)
    return KINDS[name]


def find(kind: str) -> Mapping[str, Item[Any]]:
    """Everything of ``kind`` by id; see ``Kind.find``."""
    return _kind(kind).find()


def get(kind: str, id: str) -> Item[Any]:
    """The thing of ``kind`` called ``id``; see ``Kind.get``."""
    return _kind(kind).get(id)


def _kind(name: str) -> Kind[Any]:
    try:
        return KINDS[name]
    except KeyError:
        raise NotInLibrary(f"the library has no kind called {name!r}") from None


def root() -> Traversable:
    """Where the library lies, installed or not."""
    return files("rapport").joinpath("library")


def ready() -> None:
    """Read every kind, so that no page is the first to meet a file that does not fit.

    Raises:
        BadLibrary: one does not.
    """
    for kind in KINDS.values():
        kind.find()


def check() -> list[str]:
    """Read every file and run its own examples: a sentence for each thing that is wrong."""
    problems = [
        f"library/{folder.name}: no kind has this name; rename the folder or register the kind"
        for folder in root().iterdir()
        if folder.is_dir() and folder.name not in KINDS and not folder.name.startswith("_")
    ]
    for kind in KINDS.values():
        items, misfits = kind.load()
        problems += misfits
        for item in items.values() if not kind.light else ():
            file = f"{item.id}.toml"
            found = reading.Found(f"library/{kind.name}/{file}", root().joinpath(kind.name, file))
            problems += reading.examined(kind, item, found)
    return sorted(problems)
