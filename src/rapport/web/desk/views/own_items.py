"""The desk's page on which clinician and client set up what is asked in the client's own words."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.own import items, queries, rules
from rapport.progress.own.models import ClientForm
from rapport.progress.own.saying import CannotKeep
from rapport.web.desk.forms.own import OwnItems
from rapport.web.page import page

ROOM = 3
"""Empty rows beside what stands."""
START = {"scale": "0-10", "better": "lower", "low_words": "", "high_words": ""}


def _kind(kind: str) -> Any:
    found = ClientForm.Kind.__members__.get(kind.upper())
    if found is None or kind != kind.lower():
        raise Http404
    return found


@page("own.set", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def own_items(request: Any, client: Any, kind: str) -> HttpResponse:
    """The items of one kind: typed together, changed and dropped over time."""
    what = _kind(kind)
    row = next((one for one in queries.own_forms(by=request.user, client=client)
                if one.kind == what and one.ended_at is None), None)  # fmt: skip
    if row is not None:
        row.client = client
    content = queries.own_versions(form=row)[-1].content if row is not None else {}
    standing = content.get("items", [])
    form = OwnItems(
        request.POST or None, kind=what, standing=standing, initial=_about(content),
        rows=min(rules.MOST_ITEMS, len(standing) + ROOM),
    )  # fmt: skip
    if form.is_valid():
        made, places = form.items()
        try:
            items.set_items(
                by=request.user, client=client, kind=what, items=made, said=form.about(),
                language=(client.languages[:1] or [get_language() or "en"])[0], now=clock.now(),
            )  # fmt: skip
            messages.info(request, _("Kept. It can be asked like any other from now on."))
            return redirect("desk_measures", client_id=client.pk)
        except CannotKeep as problem:
            form.refused(_placed(problem, places))
    named = items.named(what)
    context = {"client": client, "form": form, "kind": what, "row": row, "slug": kind,
               "title": what.label, "intro": named["intro"]}  # fmt: skip
    return render(request, "desk/own/items.html", context, status=422 if form.errors else 200)


def _about(content: dict[str, Any]) -> dict[str, Any]:
    if not content:
        return dict(START)
    scale = f"{content['low']}-{content['high']}"
    return {**{name: content[name] for name in START if name != "scale"}, "scale": scale}


def _placed(problem: CannotKeep, places: list[int]) -> CannotKeep:
    """The faults by the rows of the form, where empty ones were left out."""
    moved = {}
    for name, words in problem.fields.items():
        head, *rest = name.split("-")
        if rest and head in ("text", "level", "weight") and int(rest[0]) <= len(places):
            name = "-".join([head, str(places[int(rest[0]) - 1]), *rest[1:]])
        moved[name] = words
    return CannotKeep(moved)


@page("own.set", client=clients.get)
@require_POST
def end(request: Any, client: Any, kind: str) -> HttpResponse:
    """Ask it no more. What was answered stays."""
    what = _kind(kind)
    for one in queries.own_forms(by=request.user, client=client):
        if one.kind == what and one.ended_at is None:
            items.end(by=request.user, client=client, form=one, now=clock.now())
    messages.info(request, _("Ended. What was answered stays; you can begin it anew."))
    return redirect("desk_measures", client_id=client.pk)
