"""Answers in words: what may stand in them. No database, no clock, no Django."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

MOST = 4000
"""Characters of one answer."""

Wrong = Literal["no_text", "no_date", "long"]


def wrong_in(kinds: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, Wrong]:
    """For each answer in words that cannot be kept, why not.

    Args:
        kinds: how each item is answered: ``text`` or ``date``.
    """
    found = {item: _wrong(kind, answers.get(item)) for item, kind in kinds.items()}
    return {item: code for item, code in found.items() if code is not None}


def _wrong(kind: str, answer: Any) -> Wrong | None:
    if answer is None:
        return None
    if not isinstance(answer, str) or "\0" in answer:
        return "no_text"
    if kind == "date":
        return None if _is_day(answer) else "no_date"
    return "long" if len(answer) > MOST else None


def _is_day(text: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False


def tidy(kinds: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, str | None]:
    """Every item that is answered in words; None where nothing was written."""
    return {item: (answers.get(item) or "").strip() or None for item in kinds}
