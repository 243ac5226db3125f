"""Who may do what to what goes out and who asks for help. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import front_desk_here, is_owner, on_care_team, working

from .models import Inquiry
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
permit("reminder.answer", _("confirm, call off or move a meeting, or ask for another time, by a "
                            "link"),
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


# Inquiries --------------------------------------------------------------------------------


@standing("sees_inquiry", _("whoever may know of the person anyway; until care begins also "
                            "whoever answers them, and owners"))  # fmt: skip
def sees_inquiry(by: Any, *, inquiry: Any = None, **_subject: Any) -> bool:
    if inquiry is None or working(by) is None:
        return False
    if inquiry.seen_by is not None and inquiry.seen_by == by.pk:
        return True
    return Inquiry.objects.visible_to(by).filter(pk=inquiry.pk).exists()


@standing("answers", _("the person's care team, the front desk of their place; until care "
                       "begins also whoever answers them, and owners"))  # fmt: skip
def answers(by: Any, *, inquiry: Any = None, **_subject: Any) -> bool:
    staff = working(by)
    if inquiry is None or staff is None:
        return False
    client = inquiry.client
    if on_care_team(by, client=client) or front_desk_here(by, client=client):
        return True
    asks = client.status == "INQUIRY" and not client.restricted
    return asks and (inquiry.responsible_id == staff.pk or is_owner(by))


@standing("asked_to_look", _("the colleague who is asked to look"))
def asked_to_look(by: Any, *, conflict: Any = None, **_subject: Any) -> bool:
    staff = working(by)
    return conflict is not None and staff is not None and conflict.staff_id == staff.pk


ASKS = ("clinician", "front_desk", "owner")
ANSWERS = ("system", "answers")

permit("inquiry.list", _("see the inquiries one may see, and the list of referrers"), to=ASKS,
       scope="administrative")  # fmt: skip
permit("inquiry.open", _("open an inquiry"), to=("sees_inquiry",), scope="administrative")
permit("inquiry.take", _("enter an inquiry"), to=("system", *ASKS), scope="administrative")
permit("inquiry.ask", _("ask for help without an account, where the practice allows it"),
       to=("anyone",))  # fmt: skip
permit("inquiry.set_page", _("say whether strangers may ask for help on the public page"),
       to=("system", "owner"))  # fmt: skip
permit("inquiry.edit", _("change what is known of an inquiry, and who answers it"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("inquiry.move", _("move an inquiry on, or close it"), to=ANSWERS, scope="administrative")
permit("inquiry.undo", _("take back the last step of an inquiry"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("inquiry.log", _("write down calls, and what is to be done"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("inquiry.refer", _("send somebody on to a colleague outside"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("inquiry.start", _("turn an inquiry into a client, and name the clinician"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("inquiry.hold", _("keep an inquiry beyond the practice's limit"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("inquiry.purge", _("forget whoever never became a client"), to=("system",),
       scope="administrative")  # fmt: skip
permit("inquiry.set_limit", _("set how long inquiries are kept"), to=("system", "owner"))
permit("inquiry.count", _("see the numbers of inquiries"), to=("owner",))
permit("conflict.check", _("ask whether somebody here treats a relative"), to=ANSWERS,
       scope="administrative")  # fmt: skip
permit("conflict.look", _("look whether a conflict of interest stands"), to=("asked_to_look",),
       scope="administrative")  # fmt: skip
permit("referrer.edit", _("add and change referrers"), to=("system", *ASKS))
permit("source.edit", _("edit the list of how people heard of the practice"),
       to=("system", "owner", "front_desk"))  # fmt: skip
