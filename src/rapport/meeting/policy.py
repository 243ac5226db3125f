"""Who may do what to the diary. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import front_desk_here, on_care_team, sees_client, working

from .waiting.links import Holder


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


def _client_of(subject: dict[str, Any]) -> Any:
    """The client of the appointment, standing slot, pause or wait that is asked about."""
    named = (subject.get(name) for name in ("appointment", "series", "pause", "entry"))
    return next((one.client for one in named if one is not None), None)


@standing("books", _("the client's care team, and the front desk of the client's place"))
def books(by: Any, *, client: Any = None, **subject: Any) -> bool:
    whose = _client_of(subject) or client
    return on_care_team(by, client=whose) or front_desk_here(by, client=whose)


@standing("sees_meeting", _("whoever may know of its client"))
def sees_meeting(by: Any, **subject: Any) -> bool:
    client = _client_of(subject)
    return client is not None and sees_client(by, client=client)


@standing("own_meeting", _("the client whose meeting it is"))
def is_own_meeting(by: Any, *, appointment: Any = None, **_subject: Any) -> bool:
    mine = by.client
    return appointment is not None and mine is not None and mine.pk == appointment.client_id


@standing("sees_waiting", _("whoever may know of the client who waits"))
def sees_waiting(by: Any, *, entry: Any = None, **_subject: Any) -> bool:
    return entry is not None and sees_client(by, client=entry.client)


@standing("gives_hour", _("the clinician whose hour it is, and the front desk"))
def gives_hour(by: Any, *, hour: Any = None, **_subject: Any) -> bool:
    mine = working(by)
    if mine is None or hour is None:
        return False
    return mine.pk == hour.clinician_id or mine.has("FRONT_DESK")


@standing("gives_meeting", _("the clinician whose meeting it was, and the front desk"))
def gives_meeting(by: Any, *, appointment: Any = None, **_subject: Any) -> bool:
    mine = working(by)
    if mine is None or appointment is None:
        return False
    return mine.pk == appointment.clinician_id or mine.has("FRONT_DESK")


@standing("own_offer", _("the client to whom the hour is offered"))
def is_own_offer(by: Any, *, offer: Any = None, **_subject: Any) -> bool:
    return offer is not None and by.client is not None and by.client.pk == offer.client_id


@standing("answers_for", _("the care team of the client to whom it is offered, and the front "
                           "desk of the client's place"))  # fmt: skip
def answers_for(by: Any, *, offer: Any = None, **_subject: Any) -> bool:
    return offer is not None and books(by, client=offer.client)


@standing("holds_offer", _("whoever holds the link that was mailed to the client who waits"))
def holds_offer(by: Any, *, offer: Any = None, entry: Any = None, **_subject: Any) -> bool:
    row = offer if offer is not None else entry
    return isinstance(by, Holder) and row is not None and by.row == row.pk


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
permit("appointment.confirm", _("note that the client confirmed an appointment"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("appointment.arrive", _("say that a client has arrived, or comes later"), to=BOOKING,
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
permit("waiting.list", _("see the waiting list, within the clients one may see"), to=("staff",),
       scope="administrative")  # fmt: skip
permit("waiting.open", _("open what a client waits for"), to=("sees_waiting",),
       scope="administrative")  # fmt: skip
permit("waiting.put", _("put a client, or oneself, on the waiting list"),
       to=(*BOOKING, "is_client"), scope="administrative")  # fmt: skip
permit("waiting.change", _("change what somebody on the waiting list could take"),
       to=(*BOOKING, "is_client"), scope="administrative")  # fmt: skip
permit("waiting.withdraw", _("take somebody off the waiting list, or put them back"),
       to=(*BOOKING, "is_client", "holds_offer"), scope="administrative")  # fmt: skip
permit("waiting.ask", _("ask somebody whether they still look"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("waiting.confirm", _("say that somebody still looks"),
       to=(*BOOKING, "is_client", "holds_offer"), scope="administrative")  # fmt: skip
permit("waiting.lapse", _("note that somebody did not say whether they look"), to=("system",))
permit("waiting.set", _("say how hours are offered, and when people are asked again"),
       to=("system", "owner"))  # fmt: skip
permit("hour.open", _("see an hour that fell free"), to=("staff",))
permit("hour.free", _("say that an hour is free for the waiting list"),
       to=("system", "own_diary", "front_desk"))  # fmt: skip
permit("hour.of_meeting", _("offer the hour of a meeting that was called off"),
       to=("gives_meeting",))  # fmt: skip
permit("hour.offer", _("offer a free hour to the waiting list, or stop that"),
       to=("system", "gives_hour"))  # fmt: skip
permit("hour.pass_on", _("let a free hour go to the next in line"), to=("system",))
permit("offer.open", _("see who is offered an hour"), to=("answers_for",), scope="administrative")
permit("offer.answer", _("accept or decline an hour that is offered"),
       to=("system", "own_offer", "answers_for", "holds_offer"),
       scope="administrative")  # fmt: skip
permit("offer.tell", _("make the link by which an offered hour is answered, and note whether "
                       "it reached anybody"), to=("system",))  # fmt: skip
permit("offer.call", _("say that somebody was called about an hour that is offered"),
       to=("answers_for",), scope="administrative")  # fmt: skip
permit("room.edit", _("add and close rooms"), to=("system", "owner"))
permit("equipment.edit", _("add equipment that meetings share, and give it up"),
       to=("system", "owner"))  # fmt: skip

permit("appointment.hold", _("keep a time for five minutes while booking it"),
       to=("system", "is_client"), scope="administrative")  # fmt: skip
permit("appointment.book_own", _("book or ask for a time that is offered to oneself"),
       to=("is_client",), scope="administrative")  # fmt: skip
permit("appointment.own", _("see one's own meeting"), to=("own_meeting",), scope="administrative")
permit("appointment.move_own", _("move one's own meeting, within the practice's terms"),
       to=("system", "own_meeting"), scope="administrative")  # fmt: skip
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
permit("terms.accept", _("note that a client accepted the terms on paper or by word"),
       to=BOOKING, scope="administrative")  # fmt: skip
permit("self_booking.set", _("say what clients may book by themselves"), to=("system", "owner"))
permit("attendance.read", _("see how meetings went in numbers, within the clients one may see"),
       to=("staff",), scope="administrative")  # fmt: skip

SHEETS = ("clinician", "front_desk")

permit("day_sheet.open", _("come to one's own day sheet for when the server is down"), to=SHEETS)
permit("day_sheet.set", _("say what one's own day sheet shows, and make its passphrase"),
       to=("system", *SHEETS))  # fmt: skip
permit("day_sheet.fetch", _("take one's own day sheet along, sealed"), to=("system", *SHEETS),
       scope="administrative")  # fmt: skip
permit("day_sheet.write", _("write everybody's day sheet, sealed, into the practice's folder"),
       to=("system",), scope="administrative")  # fmt: skip
permit("day_sheet.forget", _("forget the day sheet of somebody who left"), to=("system",))
