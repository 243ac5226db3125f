"""The desk's pages about questionnaires whose words are used on conditions."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.library import NotInLibrary
from rapport.progress.measures import instruments
from rapport.progress.packs import actions, queries
from rapport.web.desk.forms.packs import Accept
from rapport.web.page import page


@page("pack.open", look=False)
@require_safe
def packs(request: Any) -> HttpResponse:
    """Every pack, and whether it is on."""
    rows = [_row(one) for one in queries.every(by=request.user)]
    context = {"rows": rows, "may_accept": policy.allows("pack.accept", request.user)}
    return render(request, "desk/practice/packs.html", context)


@page("pack.accept")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Any, pack: str) -> HttpResponse:
    """Read the conditions of a pack and accept them."""
    row = _row(_one(request, pack))
    start = {"version": row["pack"].version}
    form = Accept(request.POST or None, initial=start)
    if form.is_valid():
        try:
            actions.accept(by=request.user, pack=pack, now=clock.now(), **form.given())
        except actions.CannotAccept as problem:
            form.add_error(problem.field or None, str(problem))
        else:
            return redirect("desk_packs")
    context = {"form": form, **row}
    return render(request, "desk/practice/pack.html", context, status=422 if form.errors else 200)


@page("pack.accept")
@require_POST
def withdraw(request: Any, pack: str) -> HttpResponse:
    """Use a pack no longer. Sent twice, it is off."""
    _one(request, pack)
    try:
        actions.withdraw(by=request.user, pack=pack, now=clock.now())
    except actions.CannotAccept:
        return redirect("desk_packs")
    return redirect("desk_packs")


def _one(request: Any, pack: str) -> queries.Standing:
    try:
        return queries.one(by=request.user, pack=pack)
    except NotInLibrary as missing:
        raise Http404 from missing


def _row(one: queries.Standing) -> dict[str, Any]:
    spoken = (get_language() or "en").split("-")[0]
    words = one.item.words.get(spoken) or one.item.words["en"]
    language = spoken if spoken in one.item.words else "en"
    forms = [instruments.get(id).content.short for id in one.item.content.instruments]
    return {
        "one": one, "pack": one.item.content, "words": words, "language": language,
        "forms": forms, "now": _said(one.now), "before": [_said(row) for row in one.before],
    }  # fmt: skip


def _said(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"row": row, "who": _who(row.accepted_by), "ended_by": _who(row.ended_by)}


def _who(account: Any) -> str:
    staff = getattr(account, "staff", None)
    return staff.display_name if staff is not None else _("somebody who is gone")
