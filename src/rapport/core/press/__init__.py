"""The press: a template and its data become a PDF, the same bytes for the same data.

Templates are Typst files inside the package. Data reaches them as data and is never read
as markup. Only the faces that Rapport ships are used, so a page looks the same everywhere.
What is printed is tagged (PDF/UA) and made to be kept (PDF/A).
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

FACES = "web/static/rapport/print"
NO_LETTER = "could not be displayed"
TO_KEEP: list[Any] = ["a-2a", "ua-1"]


class CannotPrint(Exception):
    """The template and its data make no page. The message holds nothing of the data."""


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Print ``data`` with ``template``, a path inside the package.

    Where a letter is in none of the faces, an empty box stands for it, the template is told
    so (``data.gaps``), and the PDF is tagged but claims no standard.

    Raises:
        CannotPrint: the data do not fit the template, or the faces were not built.
    """
    try:
        return _print(template, {**data, "gaps": False}, TO_KEEP)
    except typst.TypstError as problem:
        if NO_LETTER not in problem.message:
            raise CannotPrint(f"{template} does not fit its data") from None
    try:
        return _print(template, {**data, "gaps": True}, [])
    except typst.TypstError:
        raise CannotPrint(f"{template} does not fit its data") from None


def _print(template: str, data: Mapping[str, Any], standards: list[Any]) -> bytes:
    house = _house()
    made = typst.compile(
        house / template,
        root=house,
        font_paths=_faces(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=standards,
    )
    return bytes(made)


def _house() -> Path:
    return Path(str(files("rapport")))


@cache
def _faces() -> "typst.Fonts":
    folder = _house() / FACES
    if not any(folder.glob("*.ttf")):
        raise CannotPrint(f"the faces for paper are missing; build the assets into {FACES}")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
