"""The desk's pages about a client's assessments: begin, plan, ask, finish."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.contact import notices
from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.progress.batteries import actions, named, queries
from rapport.progress.batteries.kept import CannotPlan
from rapport.progress.batteries.queries import Line
from rapport.progress.measures import asking, interviewing
from rapport.progress.models import PlannedTest
from rapport.progress.norms import queries as tables
from rapport.progress.packs import queries as packs
from rapport.web import assessments as said
from rapport.web import measures
from rapport.web.desk.forms import assessments as forms
from rapport.web.page import page

from .measures import links
from .rows import theirs


@page("assessment.read", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Any, client: Any) -> HttpResponse:
    """A client's assessments; a question begins another."""
    by = request.user
    batteries = queries.batteries(by=by)
    form = forms.Begin(request.POST or None, batteries=batteries)
    if request.method == "POST" and form.is_valid():
        chosen = {str(one.pk): one for one in batteries}.get(form.cleaned_data["battery"])
        try:
            made = actions.begin(by=by, client=client, now=clock.now(), battery=chosen,
                                 question=form.cleaned_data["question"])  # fmt: skip
            return redirect("desk_assessment", client_id=client.pk, assessment_id=made.pk)
        except CannotPlan as problem:
            form.refused(problem)
    context = {
        "client": client, "rows": queries.of(by=by, client=client), "form": form,
        "may_plan": policy.allows("assessment.plan", by, client=client),
    }  # fmt: skip
    return render(request, "desk/assessments/list.html", context, status=_status(form))


@page("assessment.read", client=clients.get, assessment=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: Any, client: Any, assessment: Any) -> HttpResponse:
    """The plan: every test in its order, what is to be done next, and the question."""
    theirs(client, assessment)
    by = request.user
    form = forms.Reword(request.POST or None, initial={"question": assessment.question})
    if request.method == "POST" and form.is_valid():
        try:
            actions.reword(by=by, client=client, assessment=assessment, **form.cleaned_data)
            return redirect("desk_assessment", client_id=client.pk, assessment_id=assessment.pk)
        except CannotPlan as problem:
            form.refused(problem)
    return _plan(request, client, assessment, form)


def _plan(
    request: Any, client: Any, assessment: Any, form: Any, name: Any = None
) -> HttpResponse:  # fmt: skip
    by = request.user
    lines = queries.lines(by=by, assessment=assessment, now=clock.now())
    may_plan = policy.allows("assessment.plan", by, client=client)
    begun = {one.instrument for one in interviewing.begun_of(client)}
    rows = [_row(n, one, len(lines)) | {"begun": one.test.instrument in begun}
            for n, one in enumerate(lines, 1)]  # fmt: skip
    context = {
        "client": client, "assessment": assessment, "form": form, "rows": rows,
        "name_form": name or forms.Name(), "to_ask": _to_ask(lines),
        "may_plan": may_plan and assessment.finished_at is None, "may_reopen": may_plan,
        "may_keep": policy.allows("battery.keep", by),
        "minutes": sum(one.test.minutes or 0 for one in lines),
        "taken": sum(one.minutes or 0 for one in lines),
    }  # fmt: skip
    wrong = form.errors or (name is not None and name.errors)
    return render(request, "desk/assessments/plan.html", context, status=422 if wrong else 200)


def _row(n: int, line: Line, of: int) -> dict[str, Any]:
    test = line.test
    results = test.results.get("scales", []) if test.results else []
    given_by = getattr(getattr(test.by, "staff", None), "display_name", "")
    return {
        "n": n, "line": line, "test": test, "name": said.named(test), "first": n == 1,
        "last": n == of, "running": test.state == PlannedTest.State.RUNNING, "by": given_by,
        "scales": [f"{one['scale']} {said.number(one['raw'], 2)}" for one in results[:6]],
        "score": measures.in_words(line.sheet.score)
        if line.sheet is not None and hasattr(line.sheet, "score") else "",
        "on": test.done_on or (clock.local(line.sheet.answered_at).date() if line.sheet else None),
    }  # fmt: skip


def _to_ask(lines: list[Line]) -> list[str]:
    """The questionnaires that were neither answered nor asked, in their order."""
    return [
        one.test.instrument for one in lines
        if one.test.kind == PlannedTest.Kind.QUESTIONNAIRE and one.sheet is None
        and not one.waits and one.test.state != PlannedTest.State.LEFT_OUT
    ]  # fmt: skip


@page("assessment.plan", client=clients.get, assessment=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, client: Any, assessment: Any) -> HttpResponse:
    """Put a test at the end of the plan."""
    theirs(client, assessment)
    by = request.user
    released = tables.released(by=by)
    every = packs.askable(client).values()
    instruments = [(one.id, one.content.short) for one in every]
    form = forms.Add(request.POST or None, instruments=instruments, tables=released)
    if form.is_valid():
        table = {str(one.table_id): one.table for one in released}.get(form.cleaned_data["table"])
        try:
            actions.add(
                by=by, client=client, assessment=assessment, table=table, **form.about()
            )  # fmt: skip
            if request.POST.get("do") == "another":
                return redirect(request.path)
            return redirect("desk_assessment", client_id=client.pk, assessment_id=assessment.pk)
        except CannotPlan as problem:
            form.refused(problem)
    context = {"client": client, "assessment": assessment, "form": form}
    return render(request, "desk/assessments/add.html", context, status=_status(form))


@page("assessment.plan", client=clients.get, assessment=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any, client: Any, assessment: Any) -> HttpResponse:
    """Ask every questionnaire of the plan that waits for it, in one sitting."""
    theirs(client, assessment)
    by, now = request.user, clock.now()
    names = _to_ask(queries.lines(by=by, assessment=assessment, now=now))
    portal = client.account is not None and client.account.is_active
    mails = notices.can_send() and bool(around.safe_mail(by=by, client=client))
    form = forms.Ask(request.POST or None, portal=portal,
                     initial={"way": "PORTAL" if portal else "DESK"})  # fmt: skip
    if form.is_valid():
        way = form.cleaned_data["way"]
        send = mails and way != "DESK"
        try:
            put = asking.ask(by=by, client=client, instruments=names, way=way, now=now, send=send)
        except asking.CannotAsk as problem:
            form.add_error("way" if problem.field == "way" else None, str(problem))
        else:
            if way != "PORTAL" and not send:
                return links(request, client, put)
            messages.info(request, _("Asked, to be answered one after the other."))
            return redirect("desk_assessment", client_id=client.pk, assessment_id=assessment.pk)
    context = {
        "client": client, "assessment": assessment, "form": form, "mails": mails,
        "names": [measures.short(one) for one in names],
    }  # fmt: skip
    return render(request, "desk/assessments/ask.html", context, status=_status(form))


@page("assessment.plan", client=clients.get, assessment=queries.get)
@require_POST
def act(request: Any, client: Any, assessment: Any) -> HttpResponse:
    """Finish it, open it again, or keep its tests as a battery: the button says which."""
    theirs(client, assessment)
    by, what, now = request.user, request.POST.get("do"), clock.now()
    if what == "battery":
        name = forms.Name(request.POST)
        if name.is_valid():
            try:
                named.keep(by=by, tests=queries.tests(assessment), now=now, **name.cleaned_data)
                messages.info(request, _("Kept. A plan for anybody can begin with it."))
            except CannotPlan as problem:
                name.refused(problem)
                form = forms.Reword(initial={"question": assessment.question})
                return _plan(request, client, assessment, form, name)
    elif what == "finish":
        actions.finish(by=by, client=client, assessment=assessment, now=now)
    elif what == "reopen":
        actions.reopen(by=by, client=client, assessment=assessment)
    return redirect("desk_assessment", client_id=client.pk, assessment_id=assessment.pk)


def _status(form: Any) -> int:
    return 422 if form.errors else 200
