"""What may stand on a sheet, and when a questionnaire is due. No database, no clock, no Django."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from rapport.science.scoring import NOT_APPLICABLE, Answer, Key

OPEN_FOR = timedelta(days=7)
"""How long a questionnaire can be answered when no session ends it."""
INTERVIEW_FOR = timedelta(days=90)
"""How long an interview can be gone on with since it was last taken up: it may need several
sessions, and some weeks fall out."""
AGAIN = timedelta(minutes=10)
"""For this long a sheet that is handed in twice gets the same thanks twice."""
LEFT_FOR = timedelta(minutes=10)
"""After this long without a further answer a questionnaire counts as left. Its questions take
about a minute, so whoever goes on, hands in or takes a slip back has done so by then; and a
risky answer should not wait longer for somebody to read it."""
PAUSE = timedelta(minutes=1)
NOTE = 500
"""Characters of an interviewer's note to one answer."""
MOST_AT_ONCE = 300
"""So many answers are kept for one questionnaire without a pause; whoever sends more is no
person who answers."""
HOURS_BEFORE = (24, 48, 72)
"""How early a questionnaire may be asked before a session."""

EVERY_DAYS = (7, 14, 28)
"""How many days apart a questionnaire may be asked by the calendar."""

Wrong = Literal["unknown", "twice", "no_answer"]
Apart = Literal["", "version", "language"]
Sheet = dict[str, Answer]
_WHOLE = re.compile(r"-?[0-9]{1,4}")


def too_many(*, keeps: int, kept_at: datetime | None, now: datetime) -> int | None:
    """How many answers came without a pause, this one among them; None when that is too many.

    Args:
        keeps: how many came before it. kept_at: when the last of them did.
    """
    if kept_at is None or now - kept_at >= PAUSE:
        return 1
    return None if keeps >= MOST_AT_ONCE else keeps + 1


def expires(*, now: datetime, session_ends: datetime | None = None) -> datetime:
    """Until when it may be answered: the session's end where it is for one, else seven days."""
    return session_ends if session_ends is not None else now + OPEN_FOR


def read(key: Key, typed: Mapping[str, Sequence[str]]) -> tuple[Sheet, dict[str, Wrong]]:
    """Answers as a form sends them, and what is wrong by item. Nothing typed is no answer.

    Args:
        typed: every text that was sent for each item.
    """
    answers: Sheet = {}
    wrong: dict[str, Wrong] = {}
    for item, texts in typed.items():
        if len(texts) > 1:
            wrong[item] = "twice"
            continue
        text = texts[0].strip() if texts else ""
        answers[item] = int(text) if _WHOLE.fullmatch(text) else text or None
    return answers, {**wrong_in(key, answers), **wrong}


def wrong_in(key: Key, answers: Mapping[Any, Any]) -> dict[str, Wrong]:
    """For each item that cannot be scored as it stands, why not."""
    wrong: dict[str, Wrong] = {}
    for item, answer in answers.items():
        if not isinstance(item, str) or item not in key.values:
            wrong[str(item)[:20]] = "unknown"
        elif not _fits(key, item, answer):
            wrong[item] = "no_answer"
    return wrong


def _fits(key: Key, item: str, answer: Any) -> bool:
    if type(answer) not in (int, str, type(None)):  # Python holds True and 1.0 for 1
        return False
    return answer in key.points[item]


def tidy(key: Key, answers: Mapping[str, Answer]) -> Sheet:
    """Every item of the form in its order; None where nothing was answered."""
    return {item: answers.get(item) for item in key.values}


def passed_over(key: Key, answers: Mapping[str, Answer]) -> frozenset[str]:
    """Items that need no answer, because of what was answered before them."""
    return frozenset(item for skip in key.skips if skip.holds(answers) for item in skip.items)


def shut(key: Key, facts: Mapping[str, Any]) -> frozenset[str]:
    """Items that are not for somebody of these facts."""
    return frozenset(item for gate in key.gates if gate.shut(facts) for item in gate.items)


def unanswered(key: Key, answers: Mapping[str, Answer], *, free: Iterable[str] = ()) -> list[str]:
    """Items that still wait for an answer, in the form's order.

    Args:
        free: items that may stay empty without a word.
    """
    over = passed_over(key, answers) | frozenset(free)
    return [item for item in key.values if answers.get(item) is None and item not in over]


def for_them(
    key: Key, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """Answers without those to questions that are not for them: an answer that opened a question
    may have been changed after the question was answered."""
    over = passed_over(key, answers) | shut(key, facts)
    return {item: answer for item, answer in answers.items() if item not in over}


def notes_for_them(
    key: Key, notes: Mapping[str, str], answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, str]:
    """Notes without those to questions that are not for them."""
    over = passed_over(key, answers) | shut(key, facts)
    return {item: note for item, note in notes.items() if item not in over}


def facts_needed(key: Key) -> dict[str, list[str]]:
    """What a cut-off or an item asks about a person, with the answers it tells apart."""
    needed: dict[str, dict[str, None]] = {}
    for cutoff in key.cutoffs:
        for name, value in cutoff.facts.items():
            needed.setdefault(name, {})[value] = None
    for gate in key.gates:
        if gate.otherwise:
            needed.setdefault(gate.fact, {}).update(dict.fromkeys([*gate.otherwise, gate.is_]))
    return {name: list(values) for name, values in needed.items()}


def is_empty(answers: Mapping[str, Answer]) -> bool:
    """Whether nothing at all was answered."""
    return all(answer in (None, NOT_APPLICABLE) for answer in answers.values())


def asked_in(wanted: str, languages: Sequence[str], official: Iterable[str]) -> str:
    """The language that was chosen, where there are words in it; else the first of ``languages``
    that has some, else English.

    Args:
        languages: a person's in their order, then the practice's.
    """
    there = list(official)
    codes = [way for code in (wanted, *languages, "en") for way in (code, code.split("-")[0])]
    return next((code for code in codes if code in there), there[0] if there else "en")


def next_round(*, last: datetime, every_days: int, now: datetime) -> datetime:
    """When it is asked after ``now``; rounds that were missed are not made up for."""
    apart = timedelta(days=every_days)
    return last + apart * max(1, (now - last) // apart + 1)


def is_due(*, starts_at: datetime, hours_before: int, now: datetime) -> bool:
    """Whether a session that begins at ``starts_at`` is near enough to ask, and not begun."""
    return now < starts_at <= now + timedelta(hours=hours_before)


def apart(
    earlier: tuple[int, str], later: tuple[int, str], alike: Callable[[int], bool]
) -> Apart:  # fmt: skip
    """Why two scores of one questionnaire are not compared; "" where they are.

    A change is one of the person only if the same was asked both times in the same language.

    Args:
        earlier, later: version and language each was answered in.
        alike: whether a version reads as the one that is asked now.
    """
    if earlier[0] != later[0] and not (alike(earlier[0]) and alike(later[0])):
        return "version"
    return "" if earlier[1] == later[1] else "language"
