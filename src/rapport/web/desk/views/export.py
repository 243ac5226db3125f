"""The desk's way of taking a client's record out."""

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
    """The record as a file; asked for with a fresh proof."""
    made = actions.export(by=request.user, client=client, now=clock.now())
    response = HttpResponse(made.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
