"""What may be typed into a questionnaire, and what is wrong where. No database, no clock."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Literal

KINDS = ("choice", "number", "yes-no", "text", "date")
IN_WORDS = ("text", "date")
SCORINGS = ("none", "sum", "mean")
SIGNS = (">=", "<=")
LONGEST, SHORT, MOST_QUESTIONS, MOST_ANSWERS, MOST_ITEMS = 2000, 200, 200, 20, 12

Wrong = Literal[
    "missing", "long", "signs", "choose", "few", "many", "number", "twice", "itself", "cycle",
    "later", "not_there", "no_choice", "order", "gap", "uncounted", "weight", "not_read", "limit",
    "of_all", "few_items",
]  # fmt: skip
"""Why it cannot be. ``gap``: bands leave a total out or name one twice."""

Found = dict[str, Wrong]


def text_wrong(text: Any, *, most: int = LONGEST, needed: bool = True) -> Wrong | None:
    """What is wrong with words somebody typed. Any script and any mark of it is welcome."""
    if not isinstance(text, str):
        return "signs"
    if not text.strip():
        return "missing" if needed else None
    if len(text) > most:
        return "long"
    odd = any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") and sign not in "\n\r\t"
              for sign in text)  # fmt: skip
    return "signs" if odd else None


def lines_of(text: str) -> list[str]:
    """The lines of a field, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def number_in(text: str) -> int | None:
    """A whole number from 0 to 999, or None."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else None


def answers_read(text: str) -> tuple[list[list[Any]], Wrong | None]:
    """Answers, one a line: ``0 = never``, or the words alone, which count from 0."""
    lines = lines_of(text)
    halves = [line.partition("=") for line in lines]
    if not any(number_in(left) is not None and sign for left, sign, _right in halves):
        pairs: list[list[Any]] = [[n, line] for n, line in enumerate(lines)]
    else:
        pairs = [[number_in(left), right.strip()] for left, _sign, right in halves]
    if len(pairs) < 2:
        return pairs, "few"
    if len(pairs) > MOST_ANSWERS:
        return pairs, "many"
    values, labels = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    if None in values:
        return pairs, "number"
    if len(set(values)) < len(values) or len(set(labels)) < len(labels):
        return pairs, "twice"
    wrong = next((w for one in labels if (w := text_wrong(one, most=SHORT))), None)
    return pairs, wrong


def answers_written(answers: Sequence[Sequence[Any]]) -> str:
    """The same as it is typed."""
    return "\n".join(f"{value} = {label}" for value, label in answers)


def bands_read(text: str) -> tuple[list[list[Any]], Wrong | None]:
    """Bands, one a line: ``0-4 = few``; a mean's may have one decimal."""
    bands: list[list[Any]] = []
    for line in lines_of(text):
        stretch, _sign, name = line.partition("=")
        ends = [_decimal(end) for end in stretch.replace("–", "-").split("-")]
        if len(ends) != 2 or None in ends or text_wrong(name, most=SHORT):
            return bands, "not_read"
        bands.append([*ends, name.strip()])
    return bands, None


def bands_written(bands: Sequence[Sequence[Any]]) -> str:
    """The same as they are typed."""
    return "\n".join(f"{low:g}-{high:g} = {name}" for low, high, name in bands)


def _decimal(text: str) -> float | None:
    whole, _point, part = text.strip().replace(",", ".").partition(".")
    if number_in(whole) is None or (part and (not part.isascii() or not part.isdecimal())):
        return None
    return float(f"{whole}.{part or 0}")


def values_of(question: Mapping[str, Any]) -> list[int]:
    """The answers a question has, as numbers; none where it is answered in words."""
    if question["kind"] == "number":
        return list(range(11))
    return [value for value, _label in question.get("answers", [])]


def question_wrong(question: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Found:
    """What is wrong with one question, by field.

    Args:
        others: the questions that stand before it, with their keys.
    """
    found: dict[str, Wrong | None] = {
        "text": text_wrong(question["text"], most=LONGEST),
        "section": text_wrong(question["section"], most=SHORT, needed=False),
        "low": text_wrong(question["low"], most=SHORT, needed=False),
        "high": text_wrong(question["high"], most=SHORT, needed=False),
        "part": text_wrong(question["part"], most=SHORT, needed=False),
        "kind": None if question["kind"] in KINDS else "choose",
    }
    if found["kind"] is None:
        values = values_of(question)
        if question["kind"] in IN_WORDS:
            found["counts"] = "no_choice" if question["counts"] else None
        if question["alert"] is not None and question["alert"] not in values:
            found["alert"] = "number" if values else "no_choice"
    if question["ask_if"] is not None:
        found["ask_if"] = _condition_wrong(question["ask_if"], others)
    return {name: wrong for name, wrong in found.items() if wrong is not None}


def _condition_wrong(
    condition: Sequence[Any], others: Sequence[Mapping[str, Any]]
) -> Wrong | None:  # fmt: skip
    of, sign, value = condition
    other = next((one for one in others if one["key"] == of), None)
    if other is None:
        return "not_there"
    if other["kind"] in IN_WORDS:
        return "no_choice"
    return None if sign in SIGNS and value in values_of(other) else "number"


def skips_wrong(questions: Sequence[Mapping[str, Any]]) -> dict[str, Wrong]:
    """By key of the question, where it is asked only on a condition that cannot be.

    A question cannot decide whether itself is asked, by whatever way round, and only one that
    stands before can decide about one that follows.
    """
    place = {one["key"]: n for n, one in enumerate(questions)}
    hangs = {one["key"]: one["ask_if"][0] for one in questions if one["ask_if"]}
    found: dict[str, Wrong] = {}
    for key, of in hangs.items():
        if of not in place:
            found[key] = "not_there"
        elif of == key:
            found[key] = "itself"
        elif _comes_back(key, hangs):
            found[key] = "cycle"
        elif place[of] > place[key]:
            found[key] = "later"
    return found


def _comes_back(start: str, hangs: Mapping[str, str]) -> bool:
    at, passed = hangs[start], set[str]()
    while at in hangs and at not in passed:
        passed.add(at)
        at = hangs[at]
        if at == start:
            return True
    return False


def span(questions: Sequence[Mapping[str, Any]], scoring: str) -> tuple[float, float] | None:
    """The lowest and the highest score there can be; None where nothing counts."""
    ends = [values_of(one) for one in questions if one["counts"]]
    ends = [values for values in ends if values]
    if not ends or scoring == "none":
        return None
    low, high = sum(min(one) for one in ends), sum(max(one) for one in ends)
    over = len(ends) if scoring == "mean" else 1
    return low / over, high / over


def whole_wrong(content: Mapping[str, Any]) -> dict[str, tuple[Wrong, Any]]:
    """What keeps a questionnaire from being asked, by field; with what helps to mend it.

    A question's field is ``question-<key>``.
    """
    found: dict[str, tuple[Wrong, Any]] = {}
    for name, most, needed in (("title", SHORT, True), ("about", LONGEST, False),
                               ("note", LONGEST, False)):  # fmt: skip
        if wrong := text_wrong(content[name], most=most, needed=needed):
            found[name] = (wrong, most)
    questions = content["questions"]
    if not questions:
        found["questions"] = ("missing", None)
    if len(questions) > MOST_QUESTIONS:
        found["questions"] = ("many", MOST_QUESTIONS)
    for key, why in skips_wrong(questions).items():
        found[f"question-{key}"] = (why, None)
    if content["scoring"] not in SCORINGS:
        found["scoring"] = ("choose", None)
    elif content["scoring"] != "none":
        found |= _scoring_wrong(content)
    return found


def _scoring_wrong(content: Mapping[str, Any]) -> dict[str, tuple[Wrong, Any]]:
    ends = span(content["questions"], content["scoring"])
    if ends is None:
        return {"scoring": ("uncounted", None)}
    found: dict[str, tuple[Wrong, Any]] = {}
    counted = sum(bool(one["counts"]) for one in content["questions"])
    if not 0 <= content["missing"] < counted:
        found["missing"] = ("limit", counted - 1)
    grain = 10 if content["scoring"] == "mean" else 1
    if content["bands"] and (at := _gap(content["bands"], ends, grain)) is not None:
        found["bands"] = ("gap", at)
    return found


def _gap(
    bands: Sequence[Sequence[Any]], ends: tuple[float, float], grain: int
) -> float | None:  # fmt: skip
    """Where bands leave the scale or overlap: what the next must begin or the last end with."""
    expected, last = round(ends[0] * grain), round(ends[1] * grain)
    for low, high, _name in bands:
        if round(low * grain) != expected or round(high * grain) < expected:
            return expected / grain
        expected = round(high * grain) + 1
    return None if expected == last + 1 else last / grain


# A client's own items ---------------------------------------------------------------------


def items_wrong(kind: str, items: Sequence[Mapping[str, Any]]) -> Found:
    """What is wrong with what one client is asked, by field: ``text-1``, ``level-1-0`` …

    Args:
        kind: of ``ClientForm``. items: ``text``, of goals also ``levels`` and ``weight``
            (None where what was typed is no number).
    """
    found: Found = {}
    if not items:
        found["text-1"] = "missing"
    if len(items) > MOST_ITEMS:
        found[f"text-{MOST_ITEMS}"] = "many"
    seen: set[str] = set()
    for n, one in enumerate(items, 1):
        if wrong := text_wrong(one["text"], most=LONGEST):
            found[f"text-{n}"] = wrong
        elif one["text"].strip().casefold() in seen:
            found[f"text-{n}"] = "twice"
        seen.add(one["text"].strip().casefold())
        if kind == "GOALS":
            found |= _goal_wrong(n, one)
    return found


def _goal_wrong(n: int, goal: Mapping[str, Any]) -> Found:
    found: Found = {}
    for level, text in enumerate(goal["levels"]):
        if wrong := text_wrong(text, most=SHORT):
            found[f"level-{n}-{level}"] = wrong
        elif text in goal["levels"][:level]:
            found[f"level-{n}-{level}"] = "twice"
    if goal["weight"] is None or not 1 <= goal["weight"] <= 100:
        found[f"weight-{n}"] = "weight"
    return found


def keyed(
    items: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], highest: int
) -> list[dict[str, Any]]:
    """Each item with the key it keeps for ever: its own, or the next that nobody had.

    Args:
        before: the items as they stood. highest: the highest key that was ever given.
    """
    known = {one["key"] for one in before}
    made: list[dict[str, Any]] = []
    for one in items:
        key = one.get("key", "")
        if key not in known:
            highest += 1
            key = str(highest)
        known.discard(key)
        made.append({**one, "key": key})
    return made
