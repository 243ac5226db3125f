"""Worked cases of a questionnaire, and whether the scoring agrees with them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rapport.core import library
from rapport.science import scoring

Said = Literal["yes", "no", "unknown"]
SAID: dict[bool | None, Said] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, kw_only=True)
class Example:
    """A worked case: these answers come to this.

    Attributes:
        answers: in the form's order; an empty text is an unanswered item.
        worked: by whom and how; never by Rapport itself.
        total: left out when there is none, as are the others.
        risk: ``unknown`` when the item that would say so has no answer.
        bands, above: of subscales, by name. findings: those that are worked out.
        highest: what could be reached at most, where an item does not apply.
    """

    answers: list[Any]
    worked: str
    status: scoring.Status = "scored"
    facts: dict[str, Any] = field(default_factory=dict)
    total: float | None = None
    total_rounded: float | None = None
    band: str | None = None
    above_cutoff: Said = "unknown"
    risk: Said = "no"
    subscales: dict[str, float] = field(default_factory=dict)
    bands: dict[str, str] = field(default_factory=dict)
    above: dict[str, Said] = field(default_factory=dict)
    findings: dict[str, Said] = field(default_factory=dict)
    highest: float | None = None


def examine(item: library.Item[Any], example: Example) -> Iterator[str]:
    """A sentence for each thing the scoring says otherwise than the worked case."""
    one = item.content
    keys = [question.key for question in one.items]
    scored = [question.key for question in one.items if question.scored]
    named = {len(scored): scored, len(keys): keys}.get(len(example.answers))
    if named is None:
        yield f"answers: there are {len(example.answers)}, and {len(scored)} items"
        return
    given = (None if answer == "" else answer for answer in example.answers)
    try:
        found = scoring.score(one.key, dict(zip(named, given, strict=True)), example.facts)
    except scoring.BadAnswers as problem:
        yield f"answers: {problem}"
        return
    for name, (is_, should) in _compared(found, example).items():
        if is_ != should and not _close(is_, should):
            yield f"{name} is {is_}, not {should}"


def _compared(found: scoring.Result, example: Example) -> dict[str, tuple[Any, Any]]:
    nothing = scoring.Total("not_scorable")
    return {
        "status": (found.status, example.status),
        "total": (found.total, example.total),
        "total_rounded": (found.total_rounded, example.total_rounded),
        "band": (found.band, example.band),
        "above_cutoff": (SAID[found.above_cutoff], example.above_cutoff),
        "risk": (SAID[found.risk_flag], example.risk),
        **{
            f"subscales.{name}": (found.subscales.get(name, nothing).total, total)
            for name, total in example.subscales.items()
        },
        **{
            f"bands.{name}": (found.subscales.get(name, nothing).band, band)
            for name, band in example.bands.items()
        },
        **{
            f"above.{name}": (SAID[found.subscales.get(name, nothing).above_cutoff], above)
            for name, above in example.above.items()
        },
        **{
            f"findings.{name}": (SAID[found.findings.get(name)], said)
            for name, said in example.findings.items()
        },
        "highest": (found.highest, example.highest),
    }


def _close(one: object, other: object) -> bool:
    """A worked total is written with a few digits after the point."""
    return (
        isinstance(one, float) and isinstance(other, int | float) and abs(one - other) < 0.000_001
    )
