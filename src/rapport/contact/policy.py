"""Who may do what to what goes out: mail, messages, calendars. The whole answer is here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import working

from .reminders.answers import of_token


@standing("holds_message_link", _("whoever holds a link that was sent in this message"))
def holds_message_link(by: Any, *, delivery: Any = None, **_subject: Any) -> bool:
    return delivery is not None and of_token(by, delivery)


permit("mail.open", _("see the mail server's settings and what was sent"), to=("owner",))
permit("mail.set", _("set the mail server, or stop using it"), to=("owner", "system"))
permit("mail.test", _("try the mail server out"), to=("owner", "system"))

permit("reminder.open", _("see how clients are reminded, and what went out"), to=("owner",))
permit("reminder.set", _("say how clients are reminded"), to=("system", "owner"))
permit("gateway.set", _("set a gateway for messages, or stop using it"), to=("system", "owner"))
permit("reminder.plan", _("promise a client a message about a meeting"), to=("system",))
permit("reminder.bounce", _("note that a message came back"), to=("system", "owner"))
permit("reminder.answer", _("confirm or call off a meeting, or ask for another time, by a link"),
       to=("holds_message_link",), scope="administrative")  # fmt: skip
permit("reminder.choose", _("choose how a client is reminded"),
       to=("system", "care_team", "front_desk_here", "is_client"),
       scope="administrative")  # fmt: skip
permit("reminder.own", _("choose how one is reminded"), to=("any_client",))
permit("reminder.seen", _("say that a client's wish for another time was taken care of"),
       to=("system", "books"), scope="administrative")  # fmt: skip


@standing("own_calendar", _("the clinician whose calendar it is"))
def is_own_calendar(by: Any, *, outside: Any = None, pushed: Any = None, **_subject: Any) -> bool:
    whose = outside if pushed is None else pushed.outside
    mine = working(by)
    return mine is not None and whose is not None and whose.staff_id == mine.pk


permit("calendar.open", _("see the calendars one has connected"), to=("clinician",))
permit("calendar.connect", _("connect a calendar of one's own"), to=("clinician",))
permit("calendar.change", _("change or remove a calendar of one's own"), to=("own_calendar",))
permit("calendar.sync", _("read and write a calendar of one's own"),
       to=("system", "own_calendar"))  # fmt: skip
permit("calendar.decide", _("say which counts where a calendar outside differs"),
       to=("own_calendar",))  # fmt: skip
permit("calendar.allow", _("allow a calendar server in the practice's own network"),
       to=("owner",))  # fmt: skip
permit("feed.open", _("have one's own meetings in one's own calendar program"),
       to=("clinician", "any_client"))  # fmt: skip
permit("feed.set", _("make, renew or end the address of one's own meetings"),
       to=("clinician", "any_client"))  # fmt: skip
permit("feed.take", _("take one of one's own meetings as a file"), to=("own_meeting",),
       scope="administrative")  # fmt: skip
