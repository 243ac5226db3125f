"""Who may do what to measures, scores and alerts. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import on_care_team, treats_client, working

from .measures.links import Holder


@standing("holds_alert", _("the owner of an alert, and its deputy once it was passed on"))
def holds_alert(by: Any, *, alert: Any = None, **_subject: Any) -> bool:
    staff = working(by)
    if staff is None or alert is None:
        return False
    passed_on = alert.stage in ("DEPUTY", "TEAM") and alert.deputy_id == staff.pk
    return bool(alert.owner_id == staff.pk or passed_on)


@standing("treats_alerted", _("the care team of the client an alert is about, and their "
                              "supervisors while they supervise"))  # fmt: skip
def treats_alerted(by: Any, *, alert: Any = None, **_subject: Any) -> bool:
    return alert is not None and treats_client(by, client=alert.client)


@standing("treats_whose", _("whoever treats the client whose sheet it is"))
def treats_whose(by: Any, *, sheet: Any = None, **_subject: Any) -> bool:
    return sheet is not None and treats_client(by, client=sheet.client)


@standing("team_whose", _("the care team of the client whose sheet it is"))
def team_whose(by: Any, *, sheet: Any = None, **_subject: Any) -> bool:
    return sheet is not None and on_care_team(by, client=sheet.client)


@standing("is_asked", _("the client who was asked"))
def is_asked(by: Any, *, asked: Any = None, **_subject: Any) -> bool:
    mine = by.client
    return asked is not None and mine is not None and mine.pk == asked.client_id


@standing("holds_measure", _("whoever holds the link to that questionnaire"))
def holds_measure(by: Any, *, asked: Any = None, **_subject: Any) -> bool:
    if asked is None or not isinstance(by, Holder):
        return False
    together = by.sitting is not None and by.sitting == asked.sitting
    return bool(together or by.asked_id == asked.pk)


TREATING = ("system", "treats_client")
ANSWERING = ("system", "is_asked", "holds_measure")

permit("measure.read", _("read answers, scores and their course"), to=(*TREATING, "treats_whose"),
       scope="clinical")  # fmt: skip
permit("measure.ask", _("ask a measure, and withdraw it"), to=("system", "care_team"),
       scope="clinical")  # fmt: skip
permit("measure.enter", _("enter answers from paper or an interview, and correct them"),
       to=("system", "care_team", "team_whose"), scope="clinical")  # fmt: skip
permit("measure.ask_due", _("ask before sessions what stands to be asked"), to=("system",),
       scope="clinical")  # fmt: skip
permit("measure.look_after", _("look through answers that were begun and left"), to=("system",),
       scope="clinical")  # fmt: skip
permit("measure.keep", _("begin a measure, and keep answers that are not handed in"), to=ANSWERING,
       scope="clinical")  # fmt: skip
permit("measure.answer", _("answer a measure oneself"), to=ANSWERING, scope="clinical")
permit("measure.own", _("see one's own scores"), to=("any_client",), scope="clinical")
permit("measure.hand_over", _("hand a client's measures over to another program"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("measure.take_out", _("take the measures of clients one treats out as tables, without "
                             "names"), to=("system", "clinician"), scope="clinical")  # fmt: skip
permit("alert.raise", _("raise an alert, with the answer that calls for it"),
       to=("system", "is_client", "care_team"), scope="clinical")  # fmt: skip
permit("alert.tell", _("write down who was told of an alert"), to=("system",), scope="clinical")
permit("alert.list", _("see the alerts one is to look at"), to=("staff",), scope="clinical")
permit("alert.open", _("open an alert"), to=("holds_alert", "treats_alerted"), scope="clinical")
permit("alert.acknowledge", _("acknowledge an alert and say what was done"),
       to=("holds_alert", "treats_alerted"), scope="clinical")  # fmt: skip
permit("alert.pass_on", _("pass an alert on when its clock runs out"), to=("system",),
       scope="clinical")  # fmt: skip
permit("alert.set_clock", _("set how long alerts wait, and the deputy"), to=("system", "owner"))
permit("outcome.read", _("see what care came to in numbers of ten clients or more, and those of "
                         "one's own clients beside them"), to=("owner", "clinician"))  # fmt: skip
