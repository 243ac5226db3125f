"""Reading the files beside this one."""

import tomllib
from functools import cache
from importlib.resources import files
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


def parts(template: str, one: Between) -> list[str]:
    """A note as the parts that mix: sections, or the paragraphs of a free note."""
    if template == "free":
        return one.note["note"].strip().split("\n\n")
    return [one.note[key] for key in SECTIONS[template]]


def whole(template: str, pieces: list[str]) -> dict[str, str]:
    """A note made of such parts."""
    if template == "free":
        return {"note": "\n\n".join(pieces)}
    return dict(zip(SECTIONS[template], pieces, strict=True))
