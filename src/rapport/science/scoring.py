"""What an answered questionnaire comes to: total, band, cut-off, risk."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rapport.science.findings import NOT_APPLICABLE as NOT_APPLICABLE
from rapport.science.findings import SIGNS as SIGNS
from rapport.science.findings import Answer as Answer
from rapport.science.findings import Rule as Rule
from rapport.science.key import Band as Band
from rapport.science.key import Cutoff as Cutoff
from rapport.science.key import Gate as Gate
from rapport.science.key import Key as Key
from rapport.science.key import Side as Side
from rapport.science.key import Skip as Skip
from rapport.science.key import Status as Status
from rapport.science.key import Sum as Sum
from rapport.science.key import Total as Total

NO_FACTS: Mapping[str, Any] = {}
NO_NUMBERS = frozenset({bool, float})  # Python holds True and 1.0 for 1; a form does not
NOTHING: Mapping[str, bool | None] = {}
MANY = 12  # answers that are named one by one


class BadAnswers(ValueError):
    """Answers this questionnaire cannot have. The sentence says what to do; it holds no answer."""


class Result(NamedTuple):
    """What a whole questionnaire came to; the first four as in ``Total``.

    A form without a single total has the status of its worst part.

    Attributes:
        above_cutoff: in the clinical range; None: no total, no cut-off, or it depends on a
            fact that is not known.
        risk_flag: None: the item that would say so has no answer. Judged also when there is
            no total. False without risk items: nothing was asked, nothing was raised.
        findings: what the form's algorithms say beside the total; None where nobody knows.
        highest: what could have been reached at most, where an item does not apply.
    """

    status: Status
    total: int | float | None
    total_rounded: int | float | None
    band: str | None
    above_cutoff: bool | None
    risk_flag: bool | None
    subscales: Mapping[str, Total]
    findings: Mapping[str, bool | None] = NOTHING
    highest: int | float | None = None


def score(key: Key, answers: Mapping[str, Answer], facts: Mapping[str, Any] = NO_FACTS) -> Result:
    """Score one sheet.

        total = times * sum(answered) * applicable / answered
        mean  = times * sum(answered) / answered

    >>> two = Key(values={"1": (0, 1, 2), "2": (0, 1, 2)}, total=Sum(("1", "2"), max_missing=1))
    >>> score(two, {"1": 2, "2": 1}).total, score(two, {"1": 2}).total
    (3, 4.0)

    Args:
        answers: raw, as on the form, by item. An item that is left out is unanswered.
        facts: what a cut-off or an item may depend on, for example ``{"sex": "female"}``.

    Raises:
        BadAnswers: an item or an answer that the form does not have.
    """
    points = points_of(key, answers, facts)
    whole = _add(key, key.total, points)
    above = above_cutoff(key.cutoffs, whole.total_rounded, facts)
    parts = {name: _add(key, part, points) for name, part in key.subscales.items()}
    seen = _filled(key, answers, facts) if key.filling else answers
    found = key.tally.found(seen) if key.findings else NOTHING
    risk = _risk(key.risks, seen)
    highest = key.highest(answers, facts) if key.skipping else None
    if not key.total.items:
        return Result(_worst(parts, found), None, None, None, None, risk, parts, found)
    status, total, rounded, band, _ = whole
    return Result(status, total, rounded, band, above, risk, parts, found, highest)


def _worst(parts: Mapping[str, Total], found: Mapping[str, bool | None]) -> Status:
    """How far a form without a single total could be scored."""
    said = {part.status for part in parts.values()}
    if "not_scorable" in said or (not parts and None in found.values()):
        return "not_scorable"
    return "prorated" if "prorated" in said else "scored"


def points_of(
    key: Key, answers: Mapping[str, Answer], facts: Mapping[str, Any] = NO_FACTS
) -> dict[str, Any]:
    """What each answer counts: a number, None where it is missing, "n/a" where it does not apply.

    Raises:
        BadAnswers: an item or an answer that the form does not have.
    """
    counts, points, item = key.points, {}, ""
    try:
        for item, answer in answers.items():
            if answer.__class__ in NO_NUMBERS:
                raise KeyError(item)
            points[item] = counts[item][answer]
    except (KeyError, TypeError):
        raise BadAnswers(_advice(key, item)) from None
    for skip in key.skips:
        if skip.holds(answers):
            for item in skip.items:
                if points.get(item) is None:
                    points[item] = _unasked(key, item, skip.lowest)
    for gate in key.gates:
        if gate.shut(facts):
            for item in gate.items:
                points[item] = _unasked(key, item, gate.lowest)
    return points


def _unasked(key: Key, item: str, lowest: bool) -> Any:
    return key.points[item][min(key.values[item])] if lowest else NOT_APPLICABLE


def _filled(
    key: Key, answers: Mapping[str, Answer], facts: Mapping[str, Any]
) -> Mapping[str, Answer]:
    """The answers, and the lowest where nothing need be asked."""
    filled = dict(answers)
    for skip in key.skips:
        if skip.lowest and skip.holds(answers):
            for item in skip.items:
                if filled.get(item) is None:
                    filled[item] = min(key.values[item])
    for gate in key.gates:
        if gate.lowest and gate.shut(facts):
            filled |= {item: min(key.values[item]) for item in gate.items}
    return filled


def _advice(key: Key, item: str) -> str:
    if item not in key.values:
        return f"There is no item {str(item)[:20]!r}; there are {', '.join(key.values)}."
    values = key.values[item]
    allowed = [str(value) for value in values]
    if len(values) > MANY and values == tuple(range(values[0], values[-1] + 1)):
        allowed = [f"a whole number from {values[0]} to {values[-1]}"]
    allowed += ['"n/a"'] if item in key.may_not_apply else []
    return f"Item {item} is answered with {', '.join(allowed)}, or null if it was not answered."


def _add(key: Key, part: Sum, points: Mapping[str, Any]) -> Total:
    counts: list[Any] = [points.get(item) for item in part.items]
    missing = counts.count(None)
    skipped = counts.count(NOT_APPLICABLE) if key.skipping else 0
    if not part.plain:
        counts = [_counted(part, item, n) for item, n in zip(part.items, counts, strict=True)]
    if missing or skipped:
        counts = [count for count in counts if count.__class__ is int]
    return reckon(part, sum(counts), len(counts), len(part.items) - skipped)


def _counted(part: Sum, item: str, points: Any) -> Any:
    if points.__class__ is not int:
        return points
    return int(points >= part.least[item]) if part.least else points * part.weights[item]


def reckon(part: Sum, added: int, answered: int, applicable: int) -> Total:
    """The total of ``answered`` items that add up to ``added``, of ``applicable`` ones."""
    known, case = part.known, (added, answered, applicable)
    if case not in known:
        known[case] = _reckon(part, *case)
    return known[case]


def _reckon(part: Sum, added: int, answered: int, applicable: int) -> Total:
    missing = applicable - answered
    if not answered or missing > part.max_missing:
        return Total("not_scorable")
    upper = part.times * added * (1 if part.mean else applicable)
    lower = answered * part.over
    grain = 10**part.decimals
    whole = (2 * upper * grain + lower) // (2 * lower)
    rounded = whole / grain if part.decimals else whole
    band = next((one.name for one in part.bands if one.least <= rounded <= one.most), None)
    above = above_cutoff(part.cutoffs, rounded)
    exact = not (missing or part.decimals or upper % lower)
    total = upper // lower if exact else upper / lower
    return Total("prorated" if missing else "scored", total, rounded, band, above)


def above_cutoff(
    cutoffs: tuple[Cutoff, ...], total: float | None, facts: Mapping[str, Any] = NO_FACTS
) -> bool | None:
    """Whether a rounded total is in the clinical range; None: nobody can say.

    Where no cut-off is for these facts, any of them may be: then they must agree.
    """
    if total is None or not cutoffs:
        return None
    first, *others = [one for one in cutoffs if one.concerns(facts)] or cutoffs
    said = first.reached(total)
    return said if all(one.reached(total) is said for one in others) else None


def _risk(risks: tuple[Rule, ...], answers: Mapping[str, Answer]) -> bool | None:
    unknown = False
    for rule in risks:
        holds = rule.holds(answers)
        if holds:
            return True
        unknown = unknown or holds is None
    return None if unknown else False
