"""What a picture of measures is on paper: ``rapport.core.press.pdf(PICTURE, paper)``.

Words are already in the reader's language, days on the practice's clock; the template decides
nothing but looks.
"""

from typing import Literal, TypedDict

PICTURE = "progress/press/picture.typ"


class Words(TypedDict):
    """Every word that the template says by itself. ``page`` holds {page} and {pages}."""

    title: str
    happened: str
    nothing: str
    page: str
    gaps: str  # said if a letter could not be printed


class Practice(TypedDict):
    name: str
    place: str  # one or more lines


class Measure(TypedDict):
    """One measure: its name, the drawing, what it says, and what limits that."""

    short: str
    title: str
    svg: str
    alt: str
    said: list[str]
    notes: list[str]


class Happened(TypedDict):
    letter: str  # as in the drawings
    day: str
    kind: str
    words: str


class Paper(TypedDict):
    """A picture of measures, ready to print."""

    lang: str  # BCP 47
    dir: Literal["ltr", "rtl"]
    paper: Literal["A4", "letter"]
    words: Words
    practice: Practice
    client: str
    period: str
    legend: list[str]
    measures: list[Measure]
    happened: list[Happened]
    printed_on: tuple[int, int, int]
