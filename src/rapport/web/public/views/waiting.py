"""What stands behind the links of the waiting list: an hour on offer, and one short question."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rapport.core import policy
from rapport.core import time as clock
from rapport.meeting.waiting import actions, links, queries
from rapport.web import offers
from rapport.web.page import PUBLIC, page
from rapport.web.speaking import speaking

BASE = "answering/link.html"


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Any, token: str) -> HttpResponse:
    """An hour on offer; a link that is none says no more than that."""
    found = queries.offer_by_token(token=token)
    if found is None:
        return offers.closed(request, None, offers.Way(policy.Nobody(), BASE), "NONE")
    return offers.answer(request, found, offers.Way(links.Holder(found.pk), BASE))


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def still(request: Any, token: str) -> HttpResponse:
    """Whether somebody still looks: one question, two buttons."""
    entry = queries.by_token(token=token)
    if entry is None:
        return offers.closed(request, None, offers.Way(policy.Nobody(), BASE), "NONE")
    by = links.Holder(entry.pk)
    way, given = offers.Way(by, BASE), request.POST.get("answer", "")
    with speaking(entry.client, way):
        asked = entry.asked_at is not None and entry.stands
        if asked and request.method == "POST" and given in ("yes", "no"):
            act = actions.confirm if given == "yes" else actions.withdraw
            try:
                entry = act(by=by, client=entry.client, entry=entry, now=clock.now())
            except actions.CannotWait:  # off the list meanwhile; the page says so
                entry.refresh_from_db(fields=["state"])
            asked = False
        wrong = asked and request.method == "POST"
        more = {"entry": entry, "asked": asked, "wrong": wrong}
        return offers.shown(request, "still", way, more, status=422 if wrong else 200)
