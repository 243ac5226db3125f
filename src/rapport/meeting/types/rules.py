"""What an appointment type may say. No database, no clock, no Django."""

import re
from collections.abc import Iterable

LONGEST_NAME, LONGEST_TAG, MOST_FORMS = 80, 40, 10
LONGEST_BUFFER = 120  # minutes
MOST_KINDS = 4  # of equipment
FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Unfit(ValueError):
    """Something that cannot be. ``code`` says why; ``given`` fills the words."""

    def __init__(self, field: str, code: str, **given: object) -> None:
        super().__init__(code)
        self.field, self.code, self.given = field, code, given


def tidy(text: str, field: str, longest: int) -> str:
    """One line without blanks around it.

    Raises:
        Unfit: too long, or with signs that do not print.
    """
    line = " ".join(text.split())
    if len(line) > longest:
        raise Unfit(field, "long", longest=longest)
    if not line.isprintable():
        raise Unfit(field, "signs")
    return line


def name(text: str) -> str:
    """A name somebody can read: at least one letter or digit, at most 80 signs."""
    line = tidy(text, "name", LONGEST_NAME)
    if not any(sign.isalnum() for sign in line):
        raise Unfit("name", "no_name")
    return line


def among(field: str, wanted: Iterable[str], known: Iterable[str]) -> list[str]:
    """What was chosen, in the order of ``known``.

    Raises:
        Unfit: nothing, or something that is not on the list.
    """
    asked, order = set(wanted), list(known)
    if not asked or not asked <= set(order):
        raise Unfit(field, "choose")
    return [one for one in order if one in asked]


def forms(wanted: Iterable[str]) -> list[str]:
    """Library ids, each once.

    Raises:
        Unfit: more than ten, or what is no id.
    """
    ids = list(dict.fromkeys(wanted))
    if len(ids) > MOST_FORMS:
        raise Unfit("forms", "many_forms", most=MOST_FORMS)
    if not all(FORM.fullmatch(one) and len(one) <= LONGEST_TAG for one in ids):
        raise Unfit("forms", "choose")
    return ids


def equipment(wanted: Iterable[str]) -> list[str]:
    """Kinds of equipment, each once.

    Raises:
        Unfit: more than four.
    """
    kinds = sorted({kind for kind in wanted if kind})
    if len(kinds) > MOST_KINDS:
        raise Unfit("equipment", "many_forms", most=MOST_KINDS)
    return kinds


def buffer(field: str, minutes: int | None) -> int | None:
    """Minutes kept free, or None for the clinician's own.

    Raises:
        Unfit: below 0 or above 120.
    """
    if minutes is not None and not 0 <= minutes <= LONGEST_BUFFER:
        raise Unfit(field, "buffer", longest=LONGEST_BUFFER)
    return minutes


def sign(text: str) -> str:
    """One or two letters that stand for a name where there is no room: FC, Se."""
    words = [word for word in text.split() if word[0].isalnum()] or ["?"]
    if len(words) == 1:
        return words[0][:2].capitalize()
    return (words[0][0] + words[-1][0]).upper()
