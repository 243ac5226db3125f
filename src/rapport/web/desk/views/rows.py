"""Rows of a client's page: whose they are, where to go on, and the one button that undoes."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from rapport.people.clients import queries as clients

UNDO = "undo"


def theirs(client: Any, row: Any) -> None:
    """Answer like a page that is not there when ``row`` belongs to another client."""
    if row.client_id != client.pk:
        raise Http404


def to_client(request: Any, client: Any) -> HttpResponse:
    """To the client's page, or to the list when the person may not see the client any more."""
    if clients.seen(by=request.user, client_id=client.pk):
        return redirect("desk_client", client_id=client.pk)
    return redirect("desk_clients")


def offer_undo(request: Any, client: Any, words: str, address: str, **fields: Any) -> None:
    """Let the next page of ``client`` say ``words`` with a button that brings things back.

    Whose page it is may be somebody else: a colleague's hours, a time off, one's own Today.

    What has to be typed in again lies in the visit, which is sealed, until it is shown.

    Args:
        address: what the button posts to. fields: what it posts; False and "" are left out.
    """
    posted = {name: "on" if value is True else str(value) for name, value in fields.items()
              if value not in (False, "")}  # fmt: skip
    request.session[UNDO] = {
        "client": str(client.pk), "words": words, "address": address, "fields": posted,
    }  # fmt: skip


def undo_for(request: Any, client: Any) -> dict[str, Any] | None:
    """What the client's page offers to undo; it is offered once."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if kept is None or kept["client"] != str(client.pk):
        return None
    del request.session[UNDO]
    return kept
