"""Another time by the link in a message: the same clinician, type and way, as in the portal.

Where clients cannot move a meeting by themselves, the link asks the practice for another time.
"""

from datetime import datetime

from rapport.core.action import action
from rapport.meeting.appointments.models import Appointment, Hold
from rapport.meeting.appointments.problems import CannotBook
from rapport.meeting.requests import actions as requests
from rapport.meeting.requests import staying
from rapport.meeting.requests.queries import Choice

from .answers import BY, Closed, held, replied
from .links import Holder
from .models import Delivery, Does


def why_not(*, delivery: Delivery, meeting: Appointment, now: datetime) -> str:
    """Why no other time can be chosen by the link, of staying.WORDS, "MEMBER" where it was sent
    to somebody who belongs to a couple or family, "WAY" where the type is not met in this way
    any more; "" when one can."""
    if delivery.client_id != meeting.client_id:
        return "MEMBER"
    why = staying.why(appointment=meeting, now=now)
    return why or ("" if meeting.type and meeting.way in meeting.type.ways else "WAY")


@action("reminder.answer")
def keep(*, by: Holder, delivery: Delivery, choice: Choice, now: datetime) -> Hold:
    """Keep another time for five minutes for whoever holds the link.

    Raises:
        Closed: the link does nothing any more. CannotBook: the meeting cannot be moved so.
        Taken: the time is somebody else's now.
    """
    meeting = _movable(by, delivery, choice, now)
    return requests.hold(by=BY, client=meeting.client, choice=choice, now=now)


@action("reminder.answer")
def move(
    *, by: Holder, delivery: Delivery, choice: Choice, hold: Hold | None, now: datetime
) -> Appointment:  # fmt: skip
    """Move the meeting there, once. Announces AppointmentMoved and ClientActed.

    Args:
        hold: what kept it; None where it ran out: then it is taken if it is still free.

    Raises: as ``keep``.
    """
    meeting = _movable(by, delivery, choice, now)
    moved = requests.move_own(
        by=BY, appointment=meeting, choice=choice, hold=hold, revision=meeting.revision, now=now
    )
    replied(by, delivery, moved, now, seen_at=now)
    return moved


def _movable(by: Holder, delivery: Delivery, choice: Choice, now: datetime) -> Appointment:
    if by.does != Does.MOVE:
        raise Closed("")
    meeting = held(by, delivery, now)
    why = why_not(delivery=delivery, meeting=meeting, now=now)
    same = choice.type, choice.way, choice.clinician
    if why or same != (meeting.type, meeting.way, meeting.clinician):
        raise CannotBook("", str(staying.WORDS.get(why, staying.WORDS["OURS"])))
    return meeting
