"""What care came to, in numbers: for the practice, and for one's own clients beside it."""

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.progress.outcomes import choosing, queries
from rapport.progress.outcomes.narrowing import NARROWED
from rapport.progress.schedules import queries as schedules
from rapport.web import between, judging, measures
from rapport.web import clinicians as in_words
from rapport.web import outcomes as said
from rapport.web import outcomes_sources as sources
from rapport.web.desk.forms.outcomes import Which
from rapport.web.outcomes_sheet import sheet
from rapport.web.page import page


@page("outcome.read")
@require_safe
def outcomes(request: Any) -> HttpResponse:
    """The figures, each with what it rests on."""
    form = _which(request)
    if not form.is_valid():
        return _wrong(request, form)
    by, asked = request.user, form.asked()
    found = queries.of_practice(by=by, asked=asked)
    back = schedules.completion_of_practice(
        by=by, instrument=asked.instrument, since=asked.since, until=asked.until, now=clock.now()
    )
    context = {
        "form": form, "found": found, "back": back, "tally": found.whole.tally,
        "tables": said.tables(found), "reading": said.reading(found),
        "judged": sources.judged_by(found), "treated": asked.instrument in queries.JUDGED_BY_NHS,
        "instead": sources.instead_of_gad_7(), "rests_on": sources.rests_on(found),
        "goals": bool(sources.goals(found.form)), "hidden": said.hidden(found),
        "left_out": said.left_out(found).values(), "query": request.GET.urlencode(),
        "narrowed_to": said.narrowed_to(found),
        "everybody": _everybody(request), "asked": any(request.GET.values()),
        "may_take": policy.allows("research.export", request.user),
    }  # fmt: skip
    return render(request, "desk/progress/outcomes.html", context)


@page("outcome.read")
@require_safe
def outcomes_csv(request: Any) -> HttpResponse:
    """The same as a table for a spreadsheet, hidden where the page hides."""
    form = _which(request)
    if not form.is_valid():
        return _wrong(request, form)
    found = queries.of_practice(by=request.user, asked=form.asked())
    held = io.StringIO()
    csv.writer(held).writerows(sheet(found))
    kept_as = {"Content-Disposition": 'attachment; filename="outcomes.csv"'}
    return HttpResponse("\ufeff" + held.getvalue(), content_type="text/csv", headers=kept_as)


@page("outcome.read")
@require_safe
def clinicians(request: Any) -> HttpResponse:
    """Whether results differ by more than chance: points without names, and one's own."""
    form = _which(request, single=True)
    context: dict[str, Any] = {"form": form, "asked": any(request.GET.values())}
    if not form.is_valid():
        return render(request, "desk/progress/clinicians.html", context, status=422)
    asked = form.asked()
    found = queries.of_clinicians(by=request.user, asked=asked)
    context |= {"found": found, "way": judging.way(found.form), "since": asked.since,
                "until": asked.until, "short": measures.short(asked.instrument)}  # fmt: skip
    context |= in_words.of(found.beside) | between.of(found.between)
    return render(request, "desk/progress/clinicians.html", context)


def _which(request: Any, *, single: bool = False) -> Which:
    choice = choosing.choice(by=request.user, today=clock.today())
    return Which(request.GET, choice=choice, single=single)


def _everybody(request: Any) -> str:
    """The same time and measure, not narrowed to some."""
    kept = request.GET.copy()
    for name in NARROWED:
        kept.pop(name, None)
    return f"{reverse('desk_outcomes')}?{kept.urlencode()}"


def _wrong(request: Any, form: Which) -> HttpResponse:
    context = {"form": form, "asked": True}
    return render(request, "desk/progress/outcomes.html", context, status=422)
