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
    found = whole["subscales"]
    return [
        {**found[id.partition(alone.SIGN)[2]], "instrument": id, "risk": None, "subscales": {}}
        for id in alone.names(content)
    ]


def _part(part: scoring.Total) -> dict[str, Any]:
    return {
        "status": part.status.upper(),
        "total": part.total,
        "total_rounded": part.total_rounded,
        "band": part.band or "",
    }
