"""Names as they are kept, folded and compared. Pure: no database, no clock, no Django."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

LONGEST_NAME = 300
FIRST_BIRTH_YEAR = 1900

_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})
_UMLAUT_SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


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


def grams(name: str) -> frozenset[str]:
    """Three-letter pieces of each word of a folded name; a word's start counts as its own.

    ``Mara`` gives ``" m"``, ``" ma"``, ``"mar"``, ``"ara"``; the first two find what is being
    typed, the others what is misspelt.
    """
    found = set()
    for word in plainer(fold(name)).split():
        found |= {f" {word[:1]}", f" {word[:2]}"}
        found |= {word[n : n + 3] for n in range(max(1, len(word) - 2))}
    return frozenset(piece[:3] for piece in found)


def likeness(wanted: str, names: Iterable[str]) -> float:
    """How well a typed text fits the best of ``names``, from 0 (not at all) to 1.

    A word that begins as typed counts fully; otherwise the share of common pieces
    (Dice 1945). Averaged over the typed words.
    """
    return max((_likeness(wanted, name) for name in names), default=0.0)


def _likeness(wanted: str, name: str) -> float:
    typed, words = plainer(fold(wanted)).split(), plainer(fold(name)).split()
    if not typed or not words:
        return 0.0
    return sum(max(_word(t, w) for w in words) for t in typed) / len(typed)


def _word(typed: str, word: str) -> float:
    if word.startswith(typed):
        return 1.0
    mine, other = grams(typed), grams(word)
    return 2 * len(mine & other) / (len(mine) + len(other))


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
