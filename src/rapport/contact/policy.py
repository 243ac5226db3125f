"""Who may do what to the messages that go out. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing

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
