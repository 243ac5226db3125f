"""Which key chooses which answer: the digit that stands there, or the answer's place."""

import re
from collections.abc import Sequence

TEN = "+"
"""What chooses 10 where the digits choose themselves: one more than the nine there is a key for."""
_DIGITS = {str(n): str(n) for n in range(10)} | {"10": TEN}


def of(choices: Sequence[tuple[str, str]]) -> list[str]:
    """The key of each of ``choices`` (value and label), "" where there is none left.

    Where the answers read as numbers from 0 to 10 each digit chooses itself, and ``TEN`` 10.
    Elsewhere, in words or in other numbers, the first nine are chosen by their places.
    """
    if _read_as_numbers(choices):
        return [_DIGITS[value] for value, _label in choices]
    return [str(place) if place < 10 else "" for place in range(1, len(choices) + 1)]


def _read_as_numbers(choices: Sequence[tuple[str, str]]) -> bool:
    """Whether what begins with a number begins with its own; words may stand at the ends."""
    begins = [(value, re.match(r"\d+", label)) for value, label in choices]
    agree = [found[0] == value for value, found in begins if found]
    return bool(agree) and all(agree) and all(value in _DIGITS for value, _label in choices)
