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
    if asked is None or mine is None or asked.informant_id is not None or asked.in_interview:
        return False
    return bool(mine.pk == asked.client_id)


@standing("interviews", _("the care team, where one of them asks in an interview"))
def interviews(by: Any, *, asked: Any = None, **_subject: Any) -> bool:
    if asked is None or not asked.in_interview:
        return False
    return on_care_team(by, client=asked.client)


@standing("holds_measure", _("whoever holds the link to that questionnaire"))
def holds_measure(by: Any, *, asked: Any = None, **_subject: Any) -> bool:
    if asked is None or not isinstance(by, Holder):
        return False
    together = by.sitting is not None and by.sitting == asked.sitting
    return bool(together or by.asked_id == asked.pk)


@standing("treats_signalled", _("whoever treats the client a signal is about"))
def treats_signalled(by: Any, *, signal: Any = None, **_subject: Any) -> bool:
    return signal is not None and treats_client(by, client=signal.client)


TREATING = ("system", "treats_client")
ANSWERING = ("system", "is_asked", "holds_measure", "interviews")

permit("measure.read", _("read answers, scores and their course"), to=(*TREATING, "treats_whose"),
       scope="clinical")  # fmt: skip
permit("measure.ask", _("ask a measure of a client, or of others about them, and withdraw it"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("measure.enter", _("enter answers from paper or an interview, rate a client oneself, and "
                          "correct that"),
       to=("system", "care_team", "team_whose"), scope="clinical")  # fmt: skip
permit("measure.hand_over", _("hand a client the tablet, to answer what waits"),
       to=("care_team", "front_desk_here"), scope="administrative")  # fmt: skip
permit("measure.ask_due", _("ask by itself what stands to be asked"), to=("system",),
       scope="clinical")  # fmt: skip
permit("measure.plan", _("plan what everybody is asked when, and what a result calls for"),
       to=("system", "owner"))  # fmt: skip
permit("measure.look_after", _("look through answers that were begun and left"), to=("system",),
       scope="clinical")  # fmt: skip
permit("measure.keep", _("begin a measure, and keep answers that are not handed in"), to=ANSWERING,
       scope="clinical")  # fmt: skip
permit("measure.answer", _("answer a measure oneself"), to=ANSWERING, scope="clinical")
permit("measure.own", _("see one's own scores"), to=("any_client",), scope="clinical")
permit("measure.print", _("print a client's picture of measures"),
       to=("system", "treats_client"), scope="clinical")  # fmt: skip
permit("mark.note", _("note what happened to a client and what was reached, correct it, and "
                      "take it away"), to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("mark.own", _("note what happened to oneself, correct it, and take it away"),
       to=("any_client",), scope="clinical")  # fmt: skip
permit("daily.set", _("agree what a client is asked each day, and end it"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("daily.own", _("answer what one is asked each day, see it, and end it"), to=("any_client",),
       scope="clinical")  # fmt: skip
permit("phase.mark", _("mark when a phase of the work with a client begins, and take it away"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("form.edit", _("build the practice's own questionnaires, and type in licensed text"),
       to=("system", "owner"))  # fmt: skip
permit("own.set", _("set what one client is asked in words of their own"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("measure.export", _("hand a client's measures over to another program"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("measure.take_out", _("take the measures of clients one treats out as tables, without "
                             "names"), to=("system", "clinician"), scope="clinical")  # fmt: skip
permit("assessment.read", _("read what an assessment is to find out, its tests, their results and "
                            "its report"), to=TREATING, scope="clinical")  # fmt: skip
permit("assessment.plan", _("plan an assessment, keep its tests and times, write its report"),
       to=("system", "care_team"), scope="clinical")  # fmt: skip
permit("assessment.print", _("print the report of an assessment"),
       to=("system", "treats_client"), scope="clinical")  # fmt: skip
permit("battery.keep", _("keep named batteries of tests, and retire them"),
       to=("system", "owner", "clinician"))  # fmt: skip
permit("norm_table.open", _("see the norm tables that were loaded"), to=("owner", "clinician"))
permit("norm_table.load", _("load norm tables, release and retire them"),
       to=("system", "owner", "clinician"))  # fmt: skip
permit("alert.raise", _("raise an alert, with the answer that calls for it"),
       to=("system", "is_client", "care_team"), scope="clinical")  # fmt: skip
permit("alert.tell", _("write down who was told of an alert"), to=("system",), scope="clinical")
permit("alert.list", _("see the alerts one is to look at"), to=("staff",), scope="clinical")
permit("alert.open", _("open an alert"), to=("holds_alert", "treats_alerted"), scope="clinical")
permit("alert.heed", _("see that a client is to be called rather than written to, never why"),
       to=("sees_client",), scope="administrative")  # fmt: skip
permit("alert.acknowledge", _("acknowledge an alert and say what was done"),
       to=("holds_alert", "treats_alerted"), scope="clinical")  # fmt: skip
permit("alert.pass_on", _("pass an alert on when its clock runs out"), to=("system",),
       scope="clinical")  # fmt: skip
permit("alert.set_clock", _("set how long alerts wait, and the deputy"), to=("system", "owner"))
permit("pack.open", _("see which questionnaires are used on conditions"), to=("owner", "clinician"))
permit("pack.accept", _("accept the conditions of a questionnaire for the practice, and withdraw"),
       to=("owner",))  # fmt: skip
permit("norm.open", _("see by what change is judged"), to=("owner", "clinician"))
permit("norm.choose", _("choose by what change is judged: method, number, scores and cut-off"),
       to=("owner",))  # fmt: skip
permit("norm.group", _("enter groups to compare change with, correct and end them"),
       to=("owner",))  # fmt: skip
permit("outcome.read", _("see what care came to in numbers of ten clients or more, and those of "
                         "one's own clients beside them"), to=("owner", "clinician"))  # fmt: skip
permit("outcome.extract", _("read the numbers of ended episodes into columns, sealed and without "
                            "a name"), to=("system",))  # fmt: skip
permit("research.export", _("take numbers for research out of the house: of those who agreed, "
                            "without names or dates, nobody alone in a group"),
       to=("owner",))  # fmt: skip
permit("caseload.read", _("see everybody one treats in a line each, sorted by who needs attention"),
       to=("clinician",), scope="clinical")  # fmt: skip
permit("expected.learn", _("learn at night how scores usually move"), to=("system",))
permit("signal.raise", _("see whether a score is as expected, and say so where it is not"),
       to=("system",), scope="clinical")  # fmt: skip
permit("signal.list", _("see which clients may not be on track"), to=("staff",), scope="clinical")
permit("signal.open", _("read why a client may not be on track, and what was done"),
       to=("treats_signalled",), scope="clinical")  # fmt: skip
permit("signal.record", _("record what was done about it, and take a mistake back"),
       to=("treats_signalled",), scope="clinical")  # fmt: skip
