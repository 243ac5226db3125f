"""What a row says of a client: columns, dates, problems, twins. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from babel import Locale

from ..clients.rules import (
    Unfit,
    check_birth,
    fold,
    tidy_languages,
    tidy_line,
    tidy_name,
)
from .table import Line, NoTable

ORDERS = ("iso", "us", "eu")
NAMED_BY = frozenset({"legal_name", "last_name"})
COLUMNS: dict[str, tuple[str, ...]] = {
    "legal_name": ("name", "full name", "legal name", "client", "client name", "patient",
                   "patient name", "vollstandiger name", "klient", "klientin", "patientin"),
    "first_name": ("first name", "firstname", "given name", "vorname", "rufname"),
    "last_name": ("last name", "lastname", "surname", "family name", "nachname", "familienname"),
    "preferred_name": ("preferred name", "nickname", "known as", "wunschname", "anrede name"),
    "birth_on": ("birth date", "birthdate", "date of birth", "dob", "born", "birthday",
                 "geburtsdatum", "geburtstag", "geb", "geb datum", "geboren"),
    "pronouns": ("pronouns", "pronomen"),
    "languages": ("language", "languages", "sprache", "sprachen"),
    "phone": ("phone", "telephone", "phone number", "home phone", "telefon", "telefonnummer",
              "tel", "festnetz"),
    "mobile": ("mobile", "mobile phone", "cell", "cell phone", "handy", "mobil", "mobiltelefon",
               "handynummer"),
    "mail": ("mail", "email", "e mail", "email address", "e mail address", "mail address",
             "e mail adresse", "emailadresse"),
    "address": ("address", "postal address", "adresse", "anschrift"),
    "street": ("street", "street address", "strasse", "strasse hausnummer", "strasse nr"),
    "postcode": ("postcode", "postal code", "zip", "zip code", "plz", "postleitzahl"),
    "city": ("city", "town", "ort", "stadt", "wohnort"),
    "remark": ("remark", "remarks", "note", "notes", "comment", "bemerkung", "bemerkungen",
               "notiz", "notizen", "kommentar"),
}  # fmt: skip
_BY_HEADER = {header: name for name, known in COLUMNS.items() for header in known}
_PARTS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
LONGEST_VALUE = 254
LONGEST_ADDRESS, LONGEST_REMARK = 1500, 10_000  # what the desk's form takes, with street and town
_NAMED: dict[str, str] = {
    fold(str(name)): code
    for ours in ("en", "de")
    for code, name in Locale(ours).languages.items()
    if len(code) == 2
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

Reach = Callable[[str, str], str]


@dataclass(frozen=True)
class Problem:
    """Why a row stays out: the line, the field, a code, and the line it is the same as."""

    line: int
    field: str
    code: str
    other: int = 0


@dataclass(frozen=True)
class Entry:
    """A client as a row tells of one, everything tidy."""

    line: int
    legal_name: str
    preferred_name: str = ""
    birth_on: date | None = None
    pronouns: str = ""
    languages: list[str] = field(default_factory=list)
    address: str = ""
    remark: str = ""
    contacts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def twin(self) -> tuple[str, date | None]:
        """What two rows about one person have in common."""
        return fold(self.legal_name)[:300], self.birth_on


def guessed(header: Line) -> list[str]:
    """The field each column holds by its name, "" where nobody knows it."""
    return [_BY_HEADER.get(fold(title), "") for title in header.cells]


def placed(names: Sequence[str]) -> dict[str, int]:
    """Where each field stands, given the field in each column.

    Raises:
        NoTable: ``no_header`` (none of the columns is a name) or ``twice``.
    """
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in found:
            raise NoTable("twice")
        if name:
            found[name] = place
    if found.keys().isdisjoint(NAMED_BY):
        raise NoTable("no_header")
    return found


def day(text: str, order: str) -> date | None:
    """A date, in the order that was chosen; ISO dates are read in every order.

    Raises:
        Unfit: ``short_year`` (two digits leave the century open) or ``no_date``.
    """
    if not text:
        return None
    iso = _ISO.fullmatch(text)
    parts = iso or _PARTS.fullmatch(text)
    if parts is None or (order == "iso" and not iso):
        raise Unfit("birth_on", "no_date")
    one, two, three = parts.groups()
    if not iso and len(three) != 4:
        raise Unfit("birth_on", "short_year")
    if iso:
        year, month, number = one, two, three
    else:
        year = three
        month, number = (one, two) if order == "us" else (two, one)
    try:
        return date(int(year), int(month), int(number))
    except ValueError as problem:
        raise Unfit("birth_on", "no_date") from problem


def entry(
    line: Line, where: Mapping[str, int], *, order: str, today: date, reach: Reach
) -> Entry | list[Problem]:
    """The client in one row, or everything that is wrong with it.

    Args:
        reach: checks a number or address by its kind; raises Unfit.
    """
    width = max(where.values()) + 1
    cells = line.cells + [""] * (width - len(line.cells))
    said = {name: cells[place] for name, place in where.items()}
    wrong: list[Problem] = []

    def tried(name: str, make: Callable[[], object]) -> object:
        try:
            return make()
        except Unfit as problem:
            wrong.append(Problem(line.number, name, problem.code))
            return None

    parts = (said.get("first_name", ""), said.get("last_name", ""))
    legal = said.get("legal_name") or " ".join(filter(None, parts))
    kept: dict[str, object] = {"legal_name": tried("legal_name", lambda: tidy_name(legal))}
    if preferred := said.get("preferred_name", ""):
        kept["preferred_name"] = tried("preferred_name", lambda: tidy_name(preferred))
    born = said.get("birth_on", "")
    kept["birth_on"] = tried("birth_on", lambda: check_birth(day(born, order), today=today))
    kept["pronouns"] = tried(
        "pronouns", lambda: tidy_line(said.get("pronouns", ""), field="pronouns", longest=40)
    )
    spoken = re.split(r"[\s,;/]+", said.get("languages", "").strip())
    codes: list[str] = [_NAMED.get(fold(word), word) for word in spoken if word]
    kept["languages"] = tried("languages", lambda: tidy_languages(codes))
    for name, longest in (("address", LONGEST_ADDRESS), ("remark", LONGEST_REMARK)):
        if len(said.get(name, "")) > longest:
            wrong.append(Problem(line.number, name, "too_long_here"))
    contacts = []
    for name, kind in (("phone", "PHONE"), ("mobile", "PHONE"), ("mail", "MAIL")):
        if value := said.get(name, ""):
            tried(name, partial(_reached, reach, kind, value))
            contacts.append((kind, value))
    if wrong:
        return wrong
    town = " ".join(filter(None, (said.get("postcode", ""), said.get("city", ""))))
    address = "\n".join(filter(None, (said.get("address", ""), said.get("street", ""), town)))
    remark = said.get("remark", "")
    return Entry(line.number, address=address, remark=remark, contacts=contacts, **kept)  # type: ignore[arg-type]


def _reached(reach: Reach, kind: str, value: str) -> str:
    return reach(kind, tidy_line(value, field="value", longest=LONGEST_VALUE))


def apart(entries: Iterable[Entry]) -> tuple[list[Entry], list[Problem]]:
    """Each person once, the first row of them; the other rows as problems."""
    first: dict[tuple[str, date | None], Entry] = {}
    twins = []
    for one in entries:
        held = first.setdefault(one.twin, one)
        if held is not one:
            twins.append(Problem(one.line, "legal_name", "twice_in_file", held.line))
    return list(first.values()), twins
