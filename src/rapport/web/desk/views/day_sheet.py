"""One's own day sheet: made ready while everything works, for when nothing does."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.meeting.day_sheet import actions, queries, rules
from rapport.web.desk.forms.day_sheet import Shows
from rapport.web.page import page


@page("day_sheet.open")
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Any) -> HttpResponse:
    """How old the newest file is, what it shows, and the way to another."""
    sheet = queries.of(by=request.user)
    form = Shows.of(sheet, request.POST or None)
    if form.is_valid():
        try:
            actions.choose(by=request.user, **form.cleaned_data)
        except actions.NoSheet as no:
            return _shown(request, None, problem=str(no))
        messages.info(request, _("Saved. The next file shows it so."))
        return redirect("desk_day_sheet")
    return _shown(request, sheet, form=form)


def _shown(request: Any, sheet: Any, **more: Any) -> HttpResponse:
    form = more.setdefault("form", Shows.of(sheet))
    folder = settings.DAY_SHEETS
    context = more | {
        "sheet": sheet, "days": rules.USUAL if sheet is None else sheet.days, "folder": folder,
        "old": sheet is not None and rules.is_old(sheet.made_at, clock.now()),
        "file": rules.name_of_sheet(sheet.pk) if sheet is not None and folder else "",
    }  # fmt: skip
    status = 422 if form.errors or more.get("problem") else 200
    return render(request, "desk/meeting/day_sheet.html", context, status=status)


@page("day_sheet.set", step_up=True)
@require_POST
def passphrase(request: Any) -> HttpResponse:
    """A passphrase, shown now and never again."""
    said = actions.make_passphrase(by=request.user, now=clock.now())
    return _shown(request, queries.of(by=request.user), passphrase=said)


@page("day_sheet.fetch", step_up=True)
@require_POST
def file(request: Any) -> HttpResponse:
    """The sealed sheet, to take along."""
    try:
        made = actions.fetch(by=request.user, now=clock.now())
    except actions.NoSheet as no:
        return _shown(request, None, problem=str(no))
    kept_as = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type="text/html; charset=utf-8", headers=kept_as)


@page("day_sheet.set")
@require_POST
def end(request: Any) -> HttpResponse:
    """Make no more files for oneself."""
    actions.end(by=request.user)
    messages.info(request, _("Ended. Delete the files that you have: they still open."))
    return redirect("desk_day_sheet")
