"""The portal's page of all of one's own answers over time, and of what happened meanwhile."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import time as clock
from rapport.progress.marks import actions
from rapport.progress.marks import queries as marks
from rapport.progress.models import Mark
from rapport.progress.picture import queries
from rapport.web import pictures
from rapport.web.page import page
from rapport.web.portal.forms.marks import OwnMark


@page("measure.own", look=False)
@require_safe
def opened(request: Any) -> HttpResponse:
    """Every questionnaire one has answered, each with two sentences, and what was reached."""
    by, client = request.user, request.user.client
    wanted = pictures.wanted(request.GET.get("span", ""))
    picture = queries.of(by=by, client=client, wanted=wanted, now=clock.now())
    shown = pictures.for_client(picture)
    points = [row.point for one in shown for row in one.rows]
    context = {
        "picture": picture, "shown": shown, "spans": pictures.SPANS.items(),
        "period": pictures.period(picture), "marks": pictures.marked(picture),
        "reached": [one for one in picture.marks if one.kind == Mark.Kind.MILESTONE],
        "prorated": any(one.prorated for one in points),
        "versions": any(not one.current for one in points),
        "gains": any(one.gains for one in shown),
        "sessions": bool(picture.sessions), "stays": bool(picture.episodes),
        "cut": any(one.form.cutoffs for one in shown),
        "worse": any(one.worse for one in shown), "plain": True,
    }  # fmt: skip
    return render(request, "portal/record/picture.html", context)


@page("mark.own", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any) -> HttpResponse:
    """Note something that happened."""
    form = OwnMark(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        try:
            actions.note_own(by=request.user, now=clock.now(), **form.cleaned_data)
        except actions.CannotMark as problem:
            form.add_error(problem.field, str(problem))
        else:
            return _to_picture()
    context = {"form": form, "title": _("Something that happened")}
    return render(request, "portal/record/mark.html", context, status=422 if form.errors else 200)


@page("mark.own", look=False, own_mark=marks.own)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: Any, own_mark: Mark) -> HttpResponse:
    """Say it otherwise, take it away, or bring it back."""
    form = OwnMark(request.POST or None, initial={"on": own_mark.on, "words": own_mark.words})
    if form.is_valid():
        try:
            actions.correct_own(
                by=request.user, mark=own_mark, now=clock.now(), **form.cleaned_data
            )
        except actions.CannotMark as problem:
            form.add_error(problem.field, str(problem))
        else:
            return _to_picture()
    context = {"form": form, "mark": own_mark, "title": _("Something that happened")}
    return render(request, "portal/record/mark.html", context, status=422 if form.errors else 200)


@page("mark.own", look=False, own_mark=marks.own)
@require_POST
def remove(request: Any, own_mark: Mark) -> HttpResponse:
    """Take it away; the page that follows brings it back."""
    try:
        actions.remove_own(by=request.user, mark=own_mark, now=clock.now())
    except actions.CannotMark as problem:
        messages.error(request, str(problem))
    return redirect("portal_mark", own_mark_id=own_mark.pk)


@page("mark.own", look=False, own_mark=marks.own)
@require_POST
def back(request: Any, own_mark: Mark) -> HttpResponse:
    """Bring it back."""
    try:
        actions.bring_back_own(by=request.user, mark=own_mark)
    except actions.CannotMark as problem:
        messages.error(request, str(problem))
    return _to_picture()


def _to_picture() -> HttpResponse:
    return redirect(f"{reverse('portal_picture')}#happened")
