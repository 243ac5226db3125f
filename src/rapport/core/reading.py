"""Reading the files of one kind: what they hold, and a sentence for whatever is wrong, with its
file and its line."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from rapport.core import shape
from rapport.core.entries import E, Folder, Item
from rapport.core.lines import line_of
from rapport.core.shape import DoesNotFit, Misfit

_FILE = re.compile(
    r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+(?:\.[0-9]+)?)*)"
    r"(?:\.(?P<language>[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?))?\.toml"
)
Read = tuple[dict[str, Item[E]], list[str]]


class Found(NamedTuple):
    """A file, and what messages call it; in a folder beside the kind's ``own`` lie words alone."""

    where: str
    file: Traversable
    own: bool = True


def found_in(folder: Folder[Any], top: Traversable) -> list[Found]:
    """The files of a kind below ``top``, those beside its own folder among them."""
    own, found = top.joinpath(folder.name), []
    for file in own.iterdir() if own.is_dir() else []:
        if file.is_file():
            found.append(Found(f"library/{folder.name}/{file.name}", file))
    beside = top.joinpath(folder.beside) if folder.beside else None
    for each in beside.iterdir() if beside is not None and beside.is_dir() else []:
        for file in each.iterdir() if each.is_dir() else []:
            if file.name.endswith(".toml"):
                found.append(Found(f"library/{folder.beside}/{each.name}/{file.name}", file, False))
    return sorted(found, key=lambda one: one.where)


def found_beside(file: Path) -> list[Found]:
    """``file``, or that whose words it holds, with the words that lie beside it."""
    name = _FILE.fullmatch(file.name)
    if name is None:
        return [Found(str(file), file)]
    own = file.with_name(f"{name['id']}.toml")
    words = sorted(each for each in file.parent.glob(f"{name['id']}.*.toml") if each != own)
    return [Found(str(one), one) for one in (own, *words)]


def read(folder: Folder[E], files: Iterable[Found]) -> Read[E]:
    """Everything in ``files`` that fits, by id, and what is wrong with the rest."""
    contents: dict[str, E] = {}
    words: dict[str, dict[str, Any]] = {}
    places: dict[str, Found] = {}
    problems: list[str] = []
    for found in files:
        try:
            id, language = _name(found.file.name)
            if language is None:
                contents[id], places[id] = _content(folder, id, found), found
            elif language in words.setdefault(id, {}):
                raise _misfit("these words stand in another file already; remove one")
            else:
                words[id][language] = _words(folder, found)
                places[f"{id}.{language}"] = found
        except DoesNotFit as problem:
            problems += told(found, problem.misfits)
    problems += _alone(folder, words.keys() - contents.keys(), problems)
    items = {id: Item(folder.name, one, words.get(id, {})) for id, one in contents.items()}
    for item in items.values():
        problems += _silent(folder, item, places)
        problems += examined(folder, item, places[item.id]) if folder.light else []
    return items, problems


def examined(folder: Folder[Any], item: Item[Any], found: Found) -> Iterator[str]:
    """What the examples of a file say otherwise than it does."""
    if folder.checker is None:
        return
    examples = getattr(item.content, "examples", [])
    if not examples:
        yield from told(found, [Misfit("examples", "is missing; add at least one worked example")])
    for n, example in enumerate(examples, 1):
        for problem in folder.checker(item, example):
            name = problem.split(maxsplit=1)[0].rstrip(":")
            yield from told(found, [Misfit(f"examples[{n}]", problem)], at=f".{name}")


def told(found: Found, misfits: Iterable[Misfit], at: str = "") -> Iterator[str]:
    """A sentence each, with file and line.

    Args:
        at: where below the misfit's path the line is looked for.
    """
    for one in misfits:
        line = f" (line {line_of(_text(found.file), one.path + at)})" if one.placed else ""
        yield f"{found.where}: {one}{line}"


def _silent(folder: Folder[E], item: Item[E], places: dict[str, Found]) -> Iterator[str]:
    for language, words in item.words.items() if folder.fluent else ():
        yield from told(places[f"{item.id}.{language}"], folder.fluent(item.content, words))  # type: ignore[misc]


def _alone(folder: Folder[Any], ids: Iterable[str], problems: Iterable[str]) -> Iterator[str]:
    for id in sorted(ids):
        if not any(f"{id}.toml:" in problem for problem in problems):
            where, file = f"library/{folder.name}/{id}", f"{id}.toml"
            yield f"{where}: has words but no {file}; add it or rename the words"


def _name(name: str) -> tuple[str, str | None]:
    if found := _FILE.fullmatch(name):
        return found["id"], found["language"]
    raise _misfit("rename the file to <id>.toml or <id>.<language>.toml, in lower case")


def _content(folder: Folder[E], id: str, found: Found) -> E:
    if not found.own:
        raise _misfit(f"move this file to library/{folder.name}; here lie words alone")
    content = shape.read(folder.schema, _toml(found.file))
    misfits = list(folder.sense(content)) if folder.sense else []
    if content.id != id:
        misfits.append(Misfit("id", f"must be {id!r}, like the file's name"))
    if misfits:
        raise DoesNotFit(misfits)
    return content


def _words(folder: Folder[Any], found: Found) -> Any:
    if folder.words is None:
        raise _misfit(f"remove this file: {folder.name} have no words of their own")
    return shape.read(folder.words, _toml(found.file))


def _text(file: Traversable) -> str:
    return file.read_text("utf-8-sig")


def _toml(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise _misfit(f"save the file as UTF-8 (line {line})") from None
    except tomllib.TOMLDecodeError as problem:
        raise _misfit(f"is no TOML: {problem}") from None
    except RecursionError:
        raise _misfit("is nested too deeply; write it like the files beside it") from None
    except OSError as problem:
        raise _misfit(f"cannot be read: {problem.strerror}") from None


def _misfit(advice: str) -> DoesNotFit:
    """About a file that has no lines to be named, or names them itself."""
    return DoesNotFit([Misfit("", advice, placed=False)])
