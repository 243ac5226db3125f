"""What a signed note is on paper: ``rapport.core.press.pdf(NOTE, paper)``.

The record fills ``Paper`` with words that are already in the reader's language and with
times that are already on the practice's clock; the template decides nothing but looks.
"""

from typing import Literal, NotRequired, TypedDict

from rapport.core.prose import Block

NOTE = "record/press/note.typ"


class Words(TypedDict):
    """Every word that the template says by itself. ``page`` holds {page} and {pages}."""

    note: str  # what stands above all: "Progress note"
    client: str
    date: str
    time: str
    contact: str
    clinician: str
    scores: str
    instrument: str
    total: str
    band: str
    score_date: str
    addenda: str
    signed: str
    cosigned: str
    page: str
    verification: str
    what_this_is: str  # what the seals prove, and what they do not
    how_to_check: str  # a sentence before the command
    number: str  # of the note
    seal: str
    at_utc: str
    at_local: str
    gaps: str  # said if a letter could not be printed


class Practice(TypedDict):
    name: str
    place: str  # one or more lines


class Section(TypedDict):
    heading: str
    prose: list[Block]  # core.prose.tree


class Score(TypedDict):
    """A score that was drawn into the note."""

    instrument: str
    total: str
    band: str
    date: str


class Chart(TypedDict):
    """A picture of scores, and the sentence that says the same."""

    svg: str
    alt: str


class Addendum(TypedDict):
    author: str  # with role
    at: str
    prose: list[Block]


class Signature(TypedDict):
    name: str  # with role
    at: str


class Seal(TypedDict):
    """What was sealed (the note, a co-signature, an addendum), when, and the seal itself."""

    what: str
    at_utc: str
    at_local: str
    code: str  # hex digits; printed in groups of four


class Paper(TypedDict):
    """A signed note, ready to print."""

    lang: str  # BCP 47
    dir: Literal["ltr", "rtl"]
    paper: Literal["A4", "letter"]  # regions.Region.paper
    words: Words
    practice: Practice
    client: str
    remarks: list[str]  # for example that it is a late entry; often none
    date: str
    time: str  # start and stop
    contact: str  # kind of contact
    clinician: str  # with role
    sections: list[Section]
    scores: list[Score]
    chart: NotRequired[Chart]
    addenda: list[Addendum]
    signed: Signature
    cosigned: NotRequired[Signature]
    number: str  # the note's whole id
    short_number: str  # what stands at the foot of each page
    signed_on: tuple[int, int, int]  # year, month, day: the date the file carries
    command: str  # how the seals are checked: "rapport verify"
    seals: list[Seal]
