"""The desk's page of everybody one treats, sorted by who needs attention."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core import audit
from rapport.core import time as clock
from rapport.people.staff import queries as staff
from rapport.progress.caseload import queries
from rapport.web import caseload as said
from rapport.web.desk.forms.caseload import Narrow
from rapport.web.page import page

ON_A_PAGE = 40


@page("caseload.read")
@require_safe
def caseload(request: Any) -> HttpResponse:
    """A line each: why, how the scores went, sessions, and what came back of what was asked."""
    by = request.user
    form = Narrow(request.GET, mine=by.staff.pk, supervisees=staff.supervisees(by=by))
    narrowed = any(request.GET.get(name) for name in form.fields)
    context: dict[str, Any] = {"form": form, "narrowed": narrowed}
    if not form.is_valid():
        return render(request, "desk/progress/caseload.html", context, status=422)
    every = queries.lines(by=by, now=clock.now(), **form.scope())
    reason = form.cleaned_data["reason"]
    found = [one for one in every if not reason or reason in {why.reason for why in one.whys}]
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    audit.shown("people.client", [one.client_id for one in shown])
    context |= {
        "page": shown, "rows": [said.shown(one) for one in queries.rows(by=by, page=shown)],
        "total": len(every), "pressing": sum(bool(one.whys) for one in every),
    }  # fmt: skip
    return render(request, "desk/progress/caseload.html", context)
