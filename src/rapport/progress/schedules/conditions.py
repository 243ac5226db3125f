"""What a result can be like, as far as the questionnaire's file offers it."""

from typing import Any

from ..measures.judging import clinical_of
from ..measures.models import Sheet
from .rules import Condition


def offered(content: Any) -> list[str]:
    """Every condition of a questionnaire, as it is written: the band above the lowest, the
    cut-off, each risk, and each answer that counts something."""
    written = [f"band:{name}" for name in worse(content)[1:]]
    written += ["cutoff"] if content.cutoffs else []
    written += [f"risk:{name}" for name in dict.fromkeys(one.raise_ for one in content.risks)]
    for item in [] if content.is_adaptive else content.items:
        if item.scored and ":" not in item.key:
            values = sorted(content.values_of(item))[1:]
            written += [f"item:{item.key}:{value}" for value in values[:10]]
    return written


def worse(content: Any) -> list[str]:
    """The bands of the total, the worst last."""
    bands = [one.name for one in content.score.total.bands]
    return bands if content.better == "lower" else bands[::-1]


def holds(written: str, *, content: Any, sheet: Sheet) -> bool:
    """Whether the result on ``sheet`` is like that. One that cannot be read calls for nothing."""
    try:
        condition = Condition.read(written)
    except ValueError:
        return False
    return condition.holds(
        band=sheet.score.band, above=clinical_of(content, sheet.score, sheet.version),
        answers=sheet.answers,
        dangers=content.dangers(sheet.answers), worse=worse(content),
    )  # fmt: skip
