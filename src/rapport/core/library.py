"""What clinicians contribute as data: one folder a kind, one file a thing, no code.

``library/<kind>/<id>.toml`` holds the thing, ``<id>.<language>.toml`` its words where the
kind has words. Words that are under a licence of their own lie in a folder of their own beside
it, with that licence. A room registers a kind with a dataclass that says its shape and, if
things of the kind can be wrong in meaning, a checker that runs each file's own examples.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

from rapport.core import shape
from rapport.core.lines import line_of

_FILE = re.compile(
    r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+(?:\.[0-9]+)?)*)"
    r"(?:\.(?P<language>[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?))?\.toml"
)


class BadLibrary(Exception):
    """A file in the library does not fit. The message names file, key and what to do."""


class NotInLibrary(LookupError):
    """The library has nothing of this kind with this id."""


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
            raise ValueError("version counts from 1")


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


@dataclass(frozen=True)
class Kind(Generic[E]):
    """A folder of the library and the shape of its files."""

    name: str
    schema: type[E]
    words: type[Words] | None
    checker: Checker | None
    beside: str = ""
    loaded: dict[str, tuple[dict[str, Item[E]], list[str]]] = field(default_factory=dict)

    def find(self) -> Mapping[str, Item[E]]:
        """Everything of this kind by id.

        Raises:
            BadLibrary: a file does not fit.
        """
        items, problems = _load(self)
        if problems:
            raise BadLibrary("\n".join(problems))
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


KINDS: dict[str, Kind[Any]] = {}


def register(
    name: str,
    schema: type[E],
    *,
    words: type[Words] | None = None,
    checker: Checker | None = None,
    beside: str = "",
) -> Kind[E]:
    """Enter a kind.

    Args:
        words: the shape of ``<id>.<language>.toml``; None if the kind has no words.
        checker: given an item and one of its examples, yields a sentence for each thing
            that is wrong. With a checker, ``schema`` has a list called ``examples`` and
            every file needs at least one.
        beside: a folder of the library whose folders hold more words of this kind.
    """
    if name in KINDS:
        raise ValueError(f"two kinds are called {name!r}")
    KINDS[name] = Kind(name, schema, words, checker, beside)
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


def check() -> list[str]:
    """Read every file and run its own examples: a sentence for each thing that is wrong."""
    problems = [
        f"library/{folder.name}: no kind has this name; rename the folder or register the kind"
        for folder in root().iterdir()
        if folder.is_dir() and folder.name not in KINDS and not folder.name.startswith("_")
    ]
    for kind in KINDS.values():
        items, misfits = _load(kind)
        problems += misfits
        for item in items.values():
            problems += _examined(kind, item)
    return sorted(problems)


def _examined(kind: Kind[E], item: Item[E]) -> list[str]:
    if kind.checker is None:
        return []
    file, examples = f"library/{kind.name}/{item.id}.toml", getattr(item.content, "examples", [])
    if not examples:
        return [f"{file}: examples: is missing; add at least one worked example"]
    told = [
        f"examples[{n}]: {problem}"
        for n, example in enumerate(examples, 1)
        for problem in kind.checker(item, example)
    ]
    text = _text(root().joinpath(kind.name, f"{item.id}.toml")) if told else ""
    return [f"{file}: {problem}{_on_line(text, problem)}" for problem in told]


def _load(kind: Kind[E]) -> tuple[dict[str, Item[E]], list[str]]:
    """Everything of a kind and what does not fit, read once per process."""
    top = root()
    if str(top) not in kind.loaded:
        kind.loaded[str(top)] = _read_folder(kind, _files(kind, top))
    return kind.loaded[str(top)]


def _files(kind: Kind[Any], top: Traversable) -> list[tuple[str, Traversable]]:
    """A kind's files, each with where it lies; of folders beside it, words alone."""
    own, found = top.joinpath(kind.name), []
    for file in own.iterdir() if own.is_dir() else []:
        if file.is_file():
            found.append((f"library/{kind.name}/{file.name}", file))
    beside = top.joinpath(kind.beside) if kind.beside else None
    for folder in beside.iterdir() if beside is not None and beside.is_dir() else []:
        for file in folder.iterdir() if folder.is_dir() else []:
            if file.name.endswith(".toml"):
                found.append((f"library/{kind.beside}/{folder.name}/{file.name}", file))
    return sorted(found, key=lambda one: one[0])


def _read_folder(
    kind: Kind[E], found: Iterable[tuple[str, Traversable]]
) -> tuple[dict[str, Item[E]], list[str]]:
    contents: dict[str, E] = {}
    words: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for where, file in found:
        try:
            id, language = _name(file.name)
            if language is None:
                contents[id] = _content(kind, id, file, where)
            elif language in words.setdefault(id, {}):
                raise _misfit("", "these words stand in another file already; remove one")
            else:
                words[id][language] = _words(kind, file)
        except shape.DoesNotFit as problem:
            text = _text(file)
            problems += [f"{where}: {one}{_on_line(text, str(one))}" for one in problem.misfits]
    problems += [
        f"library/{kind.name}/{id}: has words but no {id}.toml; add it or rename the words"
        for id in words.keys() - contents.keys()
        if not any(f"/{id}.toml:" in problem for problem in problems)
    ]
    items = {id: Item(kind.name, one, words.get(id, {})) for id, one in contents.items()}
    return items, problems


def _text(file: Traversable) -> str:
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""


def _on_line(text: str, problem: str) -> str:
    line = line_of(text, problem)
    return f" (line {line})" if line else ""


def _name(name: str) -> tuple[str, str | None]:
    if found := _FILE.fullmatch(name):
        return found["id"], found["language"]
    raise _misfit("", "rename the file to <id>.toml or <id>.<language>.toml, in lower case")


def _content(kind: Kind[E], id: str, file: Traversable, where: str) -> E:
    if not where.startswith(f"library/{kind.name}/"):
        raise _misfit("", f"move this file to library/{kind.name}; here lie words alone")
    content = shape.read(kind.schema, _toml(file))
    if content.id != id:
        raise _misfit("id", f"must be {id!r}, like the file's name")
    return content


def _words(kind: Kind[Any], file: Traversable) -> Any:
    if kind.words is None:
        raise _misfit("", f"remove this file: {kind.name} have no words of their own")
    return shape.read(kind.words, _toml(file))


def _toml(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise _misfit("", "save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as problem:
        raise _misfit("", f"is no TOML: {problem}") from None


def _misfit(path: str, advice: str) -> shape.DoesNotFit:
    return shape.DoesNotFit([shape.Misfit(path, advice)])
