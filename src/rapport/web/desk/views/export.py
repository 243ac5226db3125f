"""The desk's way to hand a client's record over."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.people.export import actions
from rapport.web.page import page


@page("client.export", step_up=True, client=clients.get)
@require_POST
def export(request: Any, client: Any) -> HttpResponse:
    """The whole record as a ZIP file."""
    made = actions.export(by=request.user, client=client, now=clock.now())
    kept_as = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type="application/zip", headers=kept_as)
