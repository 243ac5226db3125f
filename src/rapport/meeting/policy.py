"""Who may do what to the diary. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import front_desk_here, on_care_team, sees_client, working


@standing("own_diary", _("the clinician whose diary it is"))
def is_own_diary(by: Any, *, staff: Any = None, **_subject: Any) -> bool:
    mine = working(by)
    return mine is not None and staff is not None and mine.pk == staff.pk


@standing("books", _("the client's care team, and the front desk of the client's place"))
def books(by: Any, *, client: Any = None, appointment: Any = None, **_subject: Any) -> bool:
    whose = client if appointment is None else appointment.client
    return on_care_team(by, client=whose) or front_desk_here(by, client=whose)


@standing("sees_meeting", _("whoever may know of its client"))
def sees_meeting(by: Any, *, appointment: Any = None, **_subject: Any) -> bool:
    return appointment is not None and sees_client(by, client=appointment.client)


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
permit("appointment.book", _("book an appointment"), to=BOOKING, scope="administrative")
permit("appointment.move", _("move an appointment"), to=BOOKING, scope="administrative")
permit("appointment.cancel", _("cancel an appointment"), to=BOOKING, scope="administrative")
permit("appointment.settle", _("say whether a meeting was kept"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("appointment.undo", _("take back what last happened to an appointment"), to=BOOKING,
       scope="administrative")  # fmt: skip
permit("diary.open", _("see one's own hours and video address"), to=("clinician",))
permit("diary.edit", _("set one's own hours and video address"),
       to=("system", "own_diary", "owner"))  # fmt: skip
permit("busy.set", _("take over when an outside calendar says one is taken"),
       to=("system", "own_diary"))  # fmt: skip
permit("room.edit", _("add and close rooms"), to=("system", "owner"))
