"""The desk's pages about one test of an assessment: its place, its clock, its scores."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.batteries import actions, giving, queries, reporting, rules
from rapport.progress.batteries.kept import CannotPlan
from rapport.progress.models import PlannedTest
from rapport.progress.norms import queries as tables
from rapport.progress.norms import rules as lookups
from rapport.web import assessments as said
from rapport.web.desk.forms import assessments as forms
from rapport.web.page import page

from .rows import theirs

TOTAL = "total"


@page("assessment.read", client=clients.get, assessment=queries.get, test=queries.test)
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: Any, client: Any, assessment: Any, test: Any) -> HttpResponse:
    """One test: its scores and what they come to, minutes and a note."""
    _belongs(client, assessment, test)
    by, do = request.user, request.POST.get("do", "")
    sheet = queries.sheet_of(by=by, test=test)
    released = tables.released(by=by)
    asked = request.POST.get("table", request.GET.get("table", str(test.table_id or "")))
    version = next((one for one in released if str(one.table_id) == asked), None)
    if version is None and asked and asked == str(test.table_id):  # it was retired meanwhile
        version = tables.in_use(by=by, table_id=test.table_id)
        released += [version] if version is not None else []
    scales = version.about["scales"] if version is not None else test.scales
    same = _same(request, version)
    scores = forms.Scores(
        request.POST if do == "score" and same else None, scales=scales, normed=version is not None,
        taught=version is not None and lookups.by_education(version.content["rows"]),
        initial=_start(test, sheet, scales),
    )  # fmt: skip
    left_out = test.state == PlannedTest.State.LEFT_OUT
    settle = forms.Settle(
        request.POST if do == "settle" else None,
        initial={"minutes": test.minutes, "note": test.note, "left_out": left_out},
    )
    if _saved(request, client, test, scores, settle, version):
        return redirect("desk_assessment", client_id=client.pk, assessment_id=assessment.pk)
    line = queries.Line(test, sheet, waits=False, minutes=rules.minutes_taken(test.times))
    rows = [] if left_out else reporting.rows_of([line])
    context = {
        "client": client, "assessment": assessment, "test": test, "name": said.named(test),
        "scores": scores, "settle": settle, "sheet": sheet, "tables": released,
        "version": version, "line": line, "normed": version is not None,
        "rows": said.shown(rows, how="observed", level=0.95), "level": said.level_said(0.95),
        "may_score": test.kind == PlannedTest.Kind.ELSEWHERE or version is not None,
        "may_plan": policy.allows("assessment.plan", by, client=client)
        and assessment.finished_at is None,
        "age": said.age(rules.age_on(client.birth_on, clock.today())),
    }  # fmt: skip
    status = 422 if scores.errors or settle.errors or not same else 200
    return render(request, "desk/assessments/test.html", context, status=status)


def _same(request: Any, version: Any) -> bool:
    """Whether the fields that were filled in are those of the version used now; else it is said."""
    seen = request.POST.get("version", "")
    if not seen or (version is not None and seen == str(version.pk)):
        return True
    messages.error(request, _("The norm table was changed since you opened this page. Nothing was "
                              "kept: enter the scores again."))  # fmt: skip
    return False


def _saved(
    request: Any, client: Any, test: Any, scores: Any, settle: Any, version: Any
) -> bool:  # fmt: skip
    """Whether one of the two forms was sent and kept; what is wrong then stands at its field."""
    by, now = request.user, clock.now()
    form = scores if scores.is_bound else settle
    if not form.is_valid():
        return False
    try:
        if form is settle:
            giving.settle(by=by, client=client, test=test, now=now, **settle.cleaned_data)
            return True
        raws = scores.raws()
        if raws is None:
            return False
        giving.score(
            by=by, client=client, test=test, raws=raws, now=now,
            sex=scores.cleaned_data.get("sex", "any"),
            education=scores.cleaned_data.get("education"), done_on=scores.cleaned_data["done_on"],
            table=version.table if version is not None else None,
        )  # fmt: skip
    except CannotPlan as problem:
        form.refused(problem)
        return False
    return True


def _start(test: Any, sheet: Any, scales: list[str]) -> dict[str, Any]:
    """What the fields show first: what was kept, else what a questionnaire came to."""
    kept = test.results.get("scales", []) if test.results else []
    known = {one["scale"]: one["raw"] for one in kept} or _of_sheet(sheet, scales)
    start = {f"raw-{n}": _typed(known[name]) for n, name in enumerate(scales) if name in known}
    start["lines"] = "\n".join(f"{name} = {_typed(raw)}" for name, raw in known.items())
    on = test.done_on or (clock.local(sheet.answered_at).date() if sheet else clock.today())
    before = test.results or {}
    about = {"sex": before.get("sex", "any"), "education": before.get("education")}
    return start | about | {"done_on": on}


def _typed(raw: float) -> str:
    """A raw score as it is typed, every digit of it."""
    return f"{Decimal(str(raw)).normalize():f}"


def _of_sheet(sheet: Any, scales: list[str]) -> dict[str, float]:
    """The scores of a questionnaire under the names that a table has for them."""
    score = getattr(sheet, "score", None)
    if score is None:
        return {}
    found = {name: part.get("total_rounded") for name, part in score.subscales.items()}
    found[scales[0] if len(scales) == 1 else TOTAL] = score.total_rounded
    by_name = {name.casefold(): value for name, value in found.items() if value is not None}
    return {name: by_name[name.casefold()] for name in scales if name.casefold() in by_name}


@page("assessment.plan", client=clients.get, assessment=queries.get, test=queries.test)
@require_POST
def act(request: Any, client: Any, assessment: Any, test: Any) -> HttpResponse:
    """Up, down, start or stop: the button says which."""
    _belongs(client, assessment, test)
    by, do = request.user, request.POST.get("do")
    try:
        if do in ("up", "down"):
            actions.move(by=by, client=client, test=test, to=do)
        elif do in ("start", "stop"):
            giving.keep_time(by=by, client=client, test=test, do=do, now=clock.now())
    except CannotPlan as problem:
        messages.error(request, str(problem))
    return redirect("desk_assessment", client_id=client.pk, assessment_id=assessment.pk)


def _belongs(client: Any, assessment: Any, test: Any) -> None:
    theirs(client, assessment)
    if test.assessment_id != assessment.pk:
        raise Http404
