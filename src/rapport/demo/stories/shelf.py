"""Reading the files beside this one."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any, TypeVar

from rapport.core import shape

from .told import SECTIONS, Absence, Between, Consents, Ending, Privately

S = TypeVar("S")

_HERE = files(__package__)


def tables(folder: str) -> dict[str, dict[str, Any]]:
    """Every file of a folder by its name without the ending, in order."""
    found = sorted(one.name for one in _HERE.joinpath(folder).iterdir())
    return {
        name.removesuffix(".toml"): tomllib.loads(
            _HERE.joinpath(folder, name).read_text(encoding="utf-8")
        )
        for name in found
        if name.endswith(".toml")
    }


def _list(name: str, key: str, schema: type[S]) -> list[S]:
    return [shape.read(schema, one) for one in tables("between")[name][key]]


@cache
def ordinary(template: str) -> list[Between]:
    """Ordinary hours written in ``template``."""
    return _list(template, "notes", Between)


@cache
def absences() -> list[Absence]:
    """Hours that were missed or cancelled late."""
    return _list("absences", "notes", Absence)


@cache
def endings() -> list[Ending]:
    """Last notes by the reason for which care ends."""
    return _list("endings", "notes", Ending)


@cache
def privately() -> list[Privately]:
    """Fragments of process notes."""
    return _list("process", "notes", Privately)


@cache
def consents() -> list[Consents]:
    """Patterns of what is on file."""
    return _list("consents", "patterns", Consents)


def freely(template: str, one: Between) -> dict[str, str]:
    """The note as somebody writes it who uses no sections: what happened, what follows."""
    said = [one.note[key].strip() for key in SECTIONS[template]]
    if template == "free":
        return {"note": said[0]}
    if template == "girp":
        said[0] = f"Aim of the hour: {said[0][0].lower()}{said[0][1:]}"
    half = max(1, len(said) - 2)
    return {"note": "\n\n".join(" ".join(part) for part in (said[:half], said[half:]))}


def mixed(template: str, notes: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Notes whose sections, or paragraphs, come from different ones; without an end."""
    whole = [_parts(template, one) for one in notes]
    for n in count(len(whole)):
        turn, at = divmod(n, len(whole))
        pieces = [whole[(at + turn * m) % len(whole)][m] for m in range(len(whole[0]))]
        if template == "free":
            yield {"note": "\n\n".join(pieces)}
        else:
            yield dict(zip(SECTIONS[template], pieces, strict=True))


def _parts(template: str, note: dict[str, str]) -> list[str]:
    if template == "free":
        return note["note"].strip().split("\n\n")
    return [note[key] for key in SECTIONS[template]]
