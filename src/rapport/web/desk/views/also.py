"""What else waits: asked for once Today stands, so that its sessions never wait for it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core import audit
from rapport.core import time as clock
from rapport.people.care_team import queries as care_team
from rapport.web.page import page

MOST = 5  # lines of each thing
IN_NEED = timedelta(days=7)


@page("desk.open")
@require_safe
def also(request: Any) -> HttpResponse:
    """Below what needs somebody at once, each thing under a heading of its own.

    ``?alone=1`` says that nothing stands above it; then it says so where nothing waits.
    """
    by, now = request.user, clock.now()
    found: dict[str, Any] = {
        "in_need": care_team.opened_in_need(by=by, since=now - IN_NEED, most=MOST),
    }
    audit.shown("people.client", [one.client_id for one in found["in_need"]])
    part = request.htmx and not request.htmx.boosted
    alone = "alone" in request.GET or not part
    context = found | {"alone": alone, "any": any(found.values())}
    return render(request, "desk/_also.html" if part else "desk/also.html", context)
