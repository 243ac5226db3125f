"""The stories of the demo practice: invented care, told as a good clinician writes it down.

One file in ``arcs`` is one story; ``between`` holds ordinary hours, absences, endings,
process notes and consents. Nothing here is about anybody; nobody in it has a name.

To add a story, add a file to ``arcs``. Its keys are the fields of ``arc.Story`` and
``told.Session``. Write "the client", never a name or a pronoun for them; ``{key}`` stands for one
of the alternatives under ``vary``, ``{phq-9}`` for that day's total and ``{phq-9 first}`` for the
first day's. An answer above zero to the PHQ-9's last question is spoken about in that day's note
as "item 9 at 1".
"""

from functools import cache

from rapport.core import shape

from . import shelf
from .answers import answers
from .arc import Story
from .shelf import consents, privately
from .told import Answered, Consents, Privately, Returned, Session

__all__ = [
    "Answered", "Consents", "Privately", "Returned", "Session", "Story",
    "answers", "consents", "pick", "privately", "risk_of_today", "stories",
]  # fmt: skip


@cache
def _all() -> tuple[Story, ...]:
    found = shelf.tables("arcs")
    return tuple(shape.read(Story, {"id": name, **table}) for name, table in found.items())


def stories() -> list[Story]:
    """Every story in order of its id, without the one that comes to a head today."""
    return [one for one in _all() if not one.today]


def risk_of_today() -> Story:
    """The story that comes to a head: answers sent this morning, with item 9 at 2."""
    return next(one for one in _all() if one.today)


def pick(problem: str, kind: str, seed: int, *, age: int | None = None, ended: str = "") -> Story:
    """A story for somebody; the same for the same seed, another for the next.

    Counting up the seed by problem and kind spreads the stories more evenly.

    Kind comes first, then what brings them, then their age and how it ended; what no story
    answers is passed over.

    Args:
        problem: code of what brings them. kind: of client.
        age: in years. ended: the episode's reason for closing, "" while it goes on.
    """
    left = stories()
    for fits in (
        lambda one: kind in one.kinds,
        lambda one: problem in one.problems,
        lambda one: age is None or one.ages[0] <= age <= one.ages[1],
        lambda one: not ended or ended in one.ends,
    ):
        left = [one for one in left if fits(one)] or left
    return left[seed % len(left)]
