"""Who may do what to what goes out: mail and calendars. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import working

permit("mail.open", _("see the mail server's settings and what was sent"), to=("owner",))
permit("mail.set", _("set the mail server, or stop using it"), to=("owner", "system"))
permit("mail.test", _("try the mail server out"), to=("owner", "system"))


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
