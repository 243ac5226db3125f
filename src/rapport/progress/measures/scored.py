"""What a sheet's answers come to, as a score is written."""

from collections.abc import Mapping
from typing import Any

from rapport.science import scoring

from . import alone


def columns(content: Any, answers: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a Score that follow from the answers alone."""
    counted = content.counted(answers)
    result = content.reckoned(counted, scoring.score(content.key, counted, facts))
    return {
        "status": result.status.upper(),
        "total": result.total,
        "total_rounded": result.total_rounded,
        "band": result.band or "",
        "above_cutoff": result.above_cutoff,
        "risk": result.risk_flag,
        "subscales": {name: _part(part) for name, part in result.subscales.items()},
        "findings": dict(result.findings),
    }


def parts(content: Any, whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of a form without a total the same columns for each part, and what the part is called.

    Args:
        whole: what ``columns`` gave.
    """
    return [
        {**one, "above_cutoff": above(content, part, one["total_rounded"]),
         "instrument": alone.name(content.id, part), "risk": None, "subscales": {}}
        for part, one in whole["subscales"].items() if not content.has_total
    ]  # fmt: skip


def above(content: Any, part: str, total: float | None) -> bool | None:
    """Whether a part lies in the clinical range, by a cut-off of its own; None: it has none.

    Args:
        total: of the part, rounded.
    """
    return scoring.above_cutoff(content.key.subscales[part].cutoffs, total)


def _part(part: scoring.Total) -> dict[str, Any]:
    return {
        "status": part.status.upper(),
        "total": part.total,
        "total_rounded": part.total_rounded,
        "band": part.band or "",
    }
