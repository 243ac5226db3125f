"""What a report of an assessment is on paper: ``rapport.core.press.pdf(ASSESSMENT, paper)``.

The copy for colleagues and the plain one for the client are the same template with other
sections. Words are already in the reader's language; the template decides nothing but looks.
"""

from typing import Literal, TypedDict

from . import Practice

ASSESSMENT = "progress/press/assessment.typ"


class Words(TypedDict):
    """Every word that the template says by itself. ``page`` holds {page} and {pages}."""

    title: str
    page: str
    gaps: str  # said if a letter could not be printed


class Grid(TypedDict):
    """A table; ``numbers`` are the columns that read from left to right in every language."""

    head: list[str]
    rows: list[list[str]]
    numbers: list[int]


class Section(TypedDict):
    """A heading and what stands below it, in this order; what is empty is left out."""

    heading: str
    said: list[str]
    points: list[str]
    grid: Grid | None
    notes: list[str]


class Paper(TypedDict):
    """A report, ready to print."""

    lang: str  # BCP 47
    dir: Literal["ltr", "rtl"]
    paper: Literal["A4", "letter"]
    words: Words
    practice: Practice
    client: str
    facts: list[tuple[str, str]]
    sections: list[Section]
    printed_on: tuple[int, int, int]
