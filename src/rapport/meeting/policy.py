"""Who may do what to the diary. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import front_desk_here, on_care_team, sees_client, working


def _whose(subject: dict[str, Any]) -> Any:
    """The clinician whose hours the subject says something of."""
    row = next((subject[one] for one in ("stretch", "day", "time_off") if one in subject), None)
    return row.staff if row is not None else subject.get("staff")


@standing("own_diary", _("the clinician whose diary it is"))
def is_own_diary(by: Any, **subject: Any) -> bool:
    mine, whose = working(by), _whose(subject)
    return mine is not None and whose is not None and mine.pk == whose.pk


@standing("front_desk_beside", _("the front desk of a place where the clinician works"))
def is_front_desk_beside(by: Any, **subject: Any) -> bool:
    mine, whose = working(by), _whose(subject)
    if mine is None or whose is None or not mine.has("FRONT_DESK"):
        return False
    return bool(mine.places.filter(pk__in=whose.places.values("pk")).exists())


def _whose(subject: dict[str, Any]) -> Any:
    """The client of the appointment, standing slot or pause that is asked about."""
    named = (subject.get(name) for name in ("appointment", "series", "pause"))
    return next((one.client for one in named if one is not None), None)


@standing("books", _("the client's care team, and the front desk of the client's place"))
def books(by: Any, *, client: Any = None, **subject: Any) -> bool:
    whose = _whose(subject) or client
    return on_care_team(by, client=whose) or front_desk_here(by, client=whose)


@standing("sees_meeting", _("whoever may know of its client"))
def sees_meeting(by: Any, **subject: Any) -> bool:
    client = _whose(subject)
    return client is not None and sees_client(by, client=client)


@standing("own_meeting", _("the client whose meeting it is"))
def is_own_meeting(by: Any, *, appointment: Any = None, **_subject: Any) -> bool:
    mine = by.client
    return appointment is not None and mine is not None and mine.pk == appointment.client_id


BOOKING = ("system", "books")

permit("appointment.list", _("see the calendar, within the clients one may see"), to=("staff",),
       scope="administrative")  # fmt: skip
permit("appointment.open", _("open an appointment"), to=("sees_meeting",), scope="administrative")
permit("appointment.join", _("go to one's own meeting by video"), to=("own_meeting",),
       scope="administrative")  # fmt: skip
permit("appointment.book", _("book an appointment"), to=(*BOOKING, "is_client"),
       scope="administrative")  # fmt: skip
permit("appointment.move", _("move an appointment"), to=(*BOOKING, "own_meeting"),
       scope="administrative")  # fmt: skip
permit("appointment.cancel", _("cancel an appointment"), to=(*BOOKING, "own_meeting"),
       scope="administrative")  # fmt: skip
permit("appointment.settle", _("say whether a meeting was kept"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("appointment.undo", _("take back what last happened to an appointment"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("series.open", _("open a standing slot"), to=("sees_meeting",), scope="administrative")
permit("series.begin", _("book a standing slot"), to=BOOKING, scope="administrative")
permit("series.change", _("change a standing slot from a day on"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("series.pause", _("pause a standing slot, and go on with it"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("series.end", _("end a standing slot, and take that back"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("series.extend", _("make the appointments of standing slots further ahead"),
       to=("system",))  # fmt: skip
permit("diary.open", _("come to one's own hours"), to=("clinician",))
permit("diary.edit", _("set a clinician's video address and what a day may hold"),
       to=("system", "own_diary", "owner"))  # fmt: skip
permit("hours.open", _("see a colleague's hours and time off"),
       to=("own_diary", "owner", "front_desk_beside"))  # fmt: skip
permit("hours.edit", _("set the hours of a clinician's week"), to=("system", "own_diary", "owner"))
permit("day.set", _("set a clinician's hours of a single day"),
       to=("system", "own_diary", "owner", "front_desk_beside"))  # fmt: skip
permit("time_off.take", _("take time off for a clinician, or take it back"),
       to=("system", "own_diary", "owner", "front_desk_beside"))  # fmt: skip
permit("busy.set", _("say when a clinician is busy elsewhere"), to=("system", "own_diary"))
permit("type.edit", _("set what can be booked: appointment types"), to=("system", "owner"))
permit("room.edit", _("add and close rooms"), to=("system", "owner"))

permit("appointment.hold", _("keep a time for five minutes while booking it"),
       to=("system", "is_client"), scope="administrative")  # fmt: skip
permit("appointment.book_own", _("book or ask for a time that is offered to oneself"),
       to=("is_client",), scope="administrative")  # fmt: skip
permit("appointment.own", _("see one's own meeting"), to=("own_meeting",), scope="administrative")
permit("appointment.move_own", _("move one's own meeting, within the practice's terms"),
       to=("own_meeting",), scope="administrative")  # fmt: skip
permit("appointment.cancel_own", _("call one's own meeting off"), to=("own_meeting",),
       scope="administrative")  # fmt: skip
permit("appointment.ask_first", _("ask for a first meeting without an account"), to=("anyone",))
permit("appointment.approve", _("confirm a time that was asked for"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("appointment.decline", _("say no to a time that was asked for"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("appointment.expire", _("let a request go that nobody answered"), to=("system",))
permit("appointment.mark_late", _("say whether calling off counts as late"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("terms.open", _("read the terms of calling off, all versions"), to=("staff",))
permit("terms.set", _("put new terms of calling off in force"), to=("system", "owner"))
permit("self_booking.set", _("say what clients may book by themselves"), to=("system", "owner"))
permit("attendance.read", _("see how meetings went in numbers, within the clients one may see"),
       to=("staff",), scope="administrative")  # fmt: skip
