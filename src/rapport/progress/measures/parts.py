"""The parts of a questionnaire over time: each a course of its own, out of the same sheets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rapport.core.library import Item
from rapport.people.clients.models import Client
from rapport.science.scoring import above_cutoff

from ..chosen import queries as chosen
from . import alone
from . import course as courses
from .course import Course
from .models import Score
from .questionnaire import Instrument


def of(*, by: Any, client: Client, course: Course, since: datetime | None) -> dict[str, Course]:
    """The course of each part that the questionnaire of ``course`` has, by its name, as far as
    ``by`` may read it. Two statements at most; none where it has no parts.

    A change is judged where the file has what was published about that part by itself.

    Args:
        since: as ``courses.within`` takes it.
    """
    found = course.instrument.score.subscales
    if not found:
        return {}
    seen = Score.objects.clinical_to(by).filter(client=client, instrument=course.item.id)
    rows = seen.filter(sheet__replaced_by=None).select_related("sheet").only(
        "sheet", "at", "subscales", "sheet__version", "sheet__language",
    )  # fmt: skip
    kept = list(rows.order_by("-at", "pk")[: courses.MOST])[::-1]
    judges = {} if course.instrument.has_total else chosen.every()
    items = {name: chosen.judged(alone.by_itself(course.item, name), judges) for name in found}
    return {name: _course(item, name, kept, since) for name, item in items.items()}


def _course(
    item: Item[Instrument], name: str, rows: Sequence[Score], since: datetime | None
) -> Course:
    """The scores of the part; a sheet on which too much of it is open breaks the line."""
    held = [(row, row.subscales[name]) for row in rows if name in row.subscales]
    scored = [
        Score(
            sheet=row.sheet, at=row.at, status=part["status"], total=part["total"],
            total_rounded=part["total_rounded"], band=part.get("band", ""),
            above_cutoff=above_cutoff(item.content.key.cutoffs, part["total_rounded"]),
        )
        for row, part in held if part["total_rounded"] is not None
    ]  # fmt: skip
    unscored = tuple(row.at for row, part in held if part["total_rounded"] is None)
    return courses.within(item, scored, unscored, since)
