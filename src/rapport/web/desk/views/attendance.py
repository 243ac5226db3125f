"""How meetings went, month by month and by clinician, within what one may see."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core import time as clock
from rapport.meeting.attendance import queries
from rapport.web.page import page


@page("attendance.read")
@require_safe
def by_month(request: Any) -> HttpResponse:
    """A year in numbers."""
    this = clock.today().year
    asked = request.GET.get("year", "")[:6]
    year = int(asked) if asked.isascii() and asked.isdigit() else this
    if not clock.FIRST_YEAR <= year <= this + 1:
        year = this
    rows = queries.by_month(by=request.user, year=year)
    context = {
        "year": year, "rows": rows, "total": queries.total(rows), "before": year - 1,
        "after": year + 1 if year <= this else None,
    }  # fmt: skip
    return render(request, "desk/meeting/attendance.html", context)
