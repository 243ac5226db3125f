"""What became of the button under a time that was chosen: it is taken, or another is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.availability.queries import Opening
from rapport.meeting.models import Appointment
from rapport.meeting.requests.actions import Taken

from . import choosing


@dataclass(frozen=True)
class Tried:
    """What to answer.

    Attributes:
        made: what was booked or moved. to: the address where another time is confirmed.
        problem: why neither, unless a field of the form says so. others: the times nearest.
    """

    made: Appointment | None = None
    to: str = ""
    problem: str = ""
    others: list[tuple[str, Opening]] = field(default_factory=list)


def tried(
    request: Any, way: choosing.Way, found: choosing.Chosen, form: Any,
    take: Callable[[], Appointment],
) -> Tried:  # fmt: skip
    """Keep another time where a button names one; else take what was chosen, if the form is
    valid. What a look asks changes nothing."""
    if request.method == "POST" and "instead" in request.POST:
        return _another(request, way, found)
    if not form.is_valid():
        return Tried()
    try:
        return Tried(made=take())
    except Taken as gone:
        return Tried(problem=str(gone), others=_near(way, found, found.choice))
    except CannotBook as refusal:
        form.add_error("accepted" if refusal.field in form.fields else None, str(refusal))
        return Tried()


def _another(request: Any, way: choosing.Way, found: choosing.Chosen) -> Tried:
    try:
        choice, hold = choosing.instead(way, found, request.POST["instead"])
    except choosing.Gone as gone:
        return Tried(problem=str(gone), others=_near(way, found, gone.choice))
    except CannotBook as refusal:
        return Tried(problem=str(refusal))
    token = choosing.token(way, choice, hold, found.shown.name)
    return Tried(to=choosing.page_of(way, token))


def _near(way: choosing.Way, found: choosing.Chosen, choice: Any) -> list[tuple[str, Opening]]:
    return choosing.near(way, choice, way.people(found.choice.type))
