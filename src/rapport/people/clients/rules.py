"""Names as they are kept, folded and compared. Pure: no database, no clock, no Django."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from babel import Locale, UnknownLocaleError

LONGEST_NAME = 300
FIRST_BIRTH_YEAR = 1900

_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_UMLAUT_SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_HEARD_ALIKE = tuple(
    (re.compile(written), heard)
    for written, heard in (
        (r"[ae][iy]", "ei"), ("y", "i"), ("ph", "f"), ("th", "t"), ("dt$", "t"), ("tz", "z"),
        ("ck", "k"), (r"c(?=[aou]|h?r)h?", "k"), (r"(.)\1", r"\1"),
    )
)  # fmt: skip


class Unfit(ValueError):
    """What was typed cannot be kept. ``field`` names it; the message code says why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def tidy_name(text: str, *, field: str = "name") -> str:
    """A name as it is kept: composed (NFC), single spaces, no control or direction marks.

    Raises:
        Unfit: ``empty``, ``too_long`` (over 300 characters) or ``no_letter`` (nothing in it
            that can be read: only marks, signs or invisible characters).
    """
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if _may_stay(c))
    kept = re.sub(r"\s+", " ", kept).strip()
    if not kept:
        raise Unfit(field, "empty" if not text.strip() else "no_letter")
    if len(kept) > LONGEST_NAME:
        raise Unfit(field, "too_long")
    if not any(unicodedata.category(c)[0] in "LN" for c in kept):
        raise Unfit(field, "no_letter")
    return kept


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name; "" where there are none."""
    words = [word for word in name.split() if word[0].isalpha()]
    if not words:
        return ""
    first, last = words[0][0].upper(), words[-1][0].upper()
    return f"{first}. {last}." if len(words) > 1 else f"{first}."


def _may_stay(char: str) -> bool:
    kind = unicodedata.category(char)
    if char in "\u200c\u200d":  # joiners that Persian and Indic names need
        return True
    return char in "\t\n " or kind not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def fold(text: str) -> str:
    """A name as it is compared: no marks, no case, letters and digits and single spaces."""
    plain = text.casefold().translate(_FOLDED)
    apart = unicodedata.normalize("NFKD", plain)
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", bare).strip()


def plainer(folded: str) -> str:
    """The same with ae, oe, ue written as a, o, u, so that Mueller finds Müller."""
    for two, one in _UMLAUT_SPELLINGS:
        folded = folded.replace(two, one)
    return folded


def sounding(plain: str) -> str:
    """The same with spellings that sound alike written alike: Maier, Meyer; Schmitt, Schmidt."""
    for written, heard in _HEARD_ALIKE:
        plain = written.sub(heard, plain)
    return plain


def spellings(name: str) -> list[frozenset[str]]:
    """The forms under which each word of ``name`` is known: as spelled, and as it sounds."""
    return [frozenset((word, sounding(word))) for word in plainer(fold(name)).split()]


def grams(name: str) -> frozenset[str]:
    """Three-letter pieces of each word of a folded name; a word's start counts as its own.

    ``Mara`` gives ``" m"``, ``" ma"``, ``"mar"``, ``"ara"``; the first two find what is being
    typed, the others what is misspelt.
    """
    found: set[str] = set()
    for forms in spellings(name):
        for word in forms:
            found |= {f" {word[:1]}"} | pieces(word)
    return frozenset(found)


def pieces(word: str) -> frozenset[str]:
    """What a typed word is looked up by: all its pieces but the single first letter."""
    padded = f" {word}"
    return frozenset(padded[n : n + 3] for n in range(max(1, len(padded) - 2)))


@dataclass(frozen=True)
class Wanted:
    """What to look up for a typed text: names that hold at least ``shared`` of ``grams``."""

    grams: frozenset[str]
    shared: int


def wanted(text: str) -> Wanted:
    """The pieces to look up. ``shared`` leaves room for a slip of the finger in each word.

    Four in ten pieces must be there, of whichever spelling has fewer; one is enough for a
    text so short that a single slip spoils all others. Nothing to look up: no grams.
    """
    forms = [[pieces(word) for word in words] for words in spellings(text)]
    fewest = sum(min(map(len, each)) for each in forms)
    every = frozenset().union(*(some for each in forms for some in each))
    return Wanted(every, max(1, math.ceil(fewest * 0.4)) if fewest > 4 else 1)


def likeness(typed: str) -> Callable[[Iterable[str]], float]:
    """How well a typed text fits the best of somebody's names, from 0 (not at all) to 1.

    A word that begins as typed counts fully; otherwise the share of common pieces
    (Dice 1945). Averaged over the typed words; a word that only sounds alike counts a
    little less than one that is spelled so.
    """
    mine = [_Word(word) for word in plainer(fold(typed)).split()]

    def of(name: str) -> float:
        theirs = [_Word(word) for word in plainer(fold(name)).split()] if name else []
        if not mine or not theirs:
            return 0.0
        return sum(word.likeness_to_best(theirs) for word in mine) / len(mine)

    return lambda names: max(map(of, names), default=0.0)


class _Word:
    """A word as it is spelled, and as it sounds once somebody asks."""

    def __init__(self, spelled: str) -> None:
        self.spelled = spelled

    @cached_property
    def pieces(self) -> frozenset[str]:
        return pieces(self.spelled)

    @cached_property
    def heard(self) -> "_Word":
        return _Word(sounding(self.spelled))

    def likeness_to_best(self, others: list["_Word"]) -> float:
        """How well the best of ``others`` fits this typed word."""
        spelled = max(map(self._likeness, others))
        if spelled == 1.0:
            return spelled
        return max(spelled, 0.95 * max(self.heard._likeness(other.heard) for other in others))

    def _likeness(self, other: "_Word") -> float:
        if other.spelled.startswith(self.spelled):
            return 1.0
        return 2 * len(self.pieces & other.pieces) / (len(self.pieces) + len(other.pieces))


def tidy_line(text: str, *, field: str, longest: int) -> str:
    """A short line as it is kept: single spaces, nothing invisible; empty is fine.

    Raises:
        Unfit: ``too_long_here``.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = " ".join("".join(c for c in composed if _may_stay(c)).split())
    if len(kept) > longest:
        raise Unfit(field, "too_long_here")
    return kept


def tidy_languages(codes: Iterable[str]) -> list[str]:
    """BCP 47 codes as they are kept: ``de``, ``pt-BR``, ``zh-Hant``; each once, as given.

    Raises:
        Unfit: ``no_language``.
    """
    kept: dict[str, None] = {}
    for code in codes:
        try:
            known = Locale.parse(code.strip().replace("_", "-"), sep="-")
        except (ValueError, UnknownLocaleError) as problem:
            raise Unfit("languages", "no_language") from problem
        kept[str(known).replace("_", "-")] = None
    return list(kept)


def check_birth(day: date | None, *, today: date) -> date | None:
    """Hand back a birth date that can be one.

    Raises:
        Unfit: ``too_early`` (before 1900) or ``in_future``.
    """
    if day is None:
        return None
    if day.year < FIRST_BIRTH_YEAR:
        raise Unfit("birth_on", "too_early")
    if day > today:
        raise Unfit("birth_on", "in_future")
    return day


def age(born: date, today: date) -> int:
    """Whole years lived; who is born on 29 February turns older on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
