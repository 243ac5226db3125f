"""The desk's pages about groups that answered twice, with which a client's change is compared."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.library import NotInLibrary
from rapport.progress.chosen import entering, figures, queries, rules
from rapport.progress.measures import instruments, judging
from rapport.web import judging as words
from rapport.web.desk.forms.groups import Correct, Enter
from rapport.web.page import page


@page("norm.open", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: Any, instrument: str) -> HttpResponse:
    """The groups of a measure; what is typed enters another."""
    measure, form = _measure(instrument), Enter(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = entering.enter(
                by=request.user, instrument=instrument, given=form.given(), now=clock.now(),
                treated=form.cleaned_data["treated"] == "yes",
            )  # fmt: skip
        except entering.CannotEnter as problem:
            form.refused(problem.fields)
        else:
            messages.info(request, _("Entered. Change is judged by it once it is chosen."))
            return redirect("desk_group", group_id=version.group_id)
    elif set(form.errors) == {"treated"}:
        now = clock.now()
        form.refused(entering.faults(instrument=instrument, given=form.given(), now=now))
    rows = [
        {"one": one, "said": words.parameters(queries.of_version(one.version)),
         "methods": _methods(one.version)}
        for one in queries.groups(by=request.user, form=measure)
    ]  # fmt: skip
    context = {"measure": measure, "rows": rows, "form": form, "low": measure.span[0],
               "high": measure.span[1], "may_enter": _may(request)}  # fmt: skip
    return render(request, "desk/practice/groups.html", context, status=_status(form))


@page("norm.open", look=False, group=queries.group)
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: Any, group: Any) -> HttpResponse:
    """One group: its figures and those before; what is typed corrects them."""
    measure = _measure(group.instrument)
    versions = queries.versions(by=request.user, group=group)
    latest = versions[0]
    typed = figures.typed(vars(latest), lambda value: words.number(value, 9))
    form = Correct(request.POST or None, treated=group.treated,
                   initial={**typed, "seen": latest.number})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            entering.correct(by=request.user, group=group, seen=form.cleaned_data["seen"],
                             given=form.given(), now=clock.now())  # fmt: skip
        except entering.CannotEnter as problem:
            form.refused(problem.fields)
        else:
            messages.info(request, _("Corrected. The figures before are kept."))
            return redirect("desk_group", group_id=group.pk)
    used = queries.in_use(group)
    context = {
        "group": group, "measure": measure, "latest": latest, "form": form,
        "versions": [{"row": one, "said": words.parameters(queries.of_version(one)),
                      "who": getattr(getattr(one.made_by, "staff", None), "display_name", "")}
                     for one in versions],
        "apart": words.apart(latest.days), "methods": _methods(latest), "low": measure.span[0],
        "high": measure.span[1], "fits": measure.reckons_as(latest.form_version),
        "used": words.called(used.method) if used else "", "may_enter": _may(request),
    }  # fmt: skip
    return render(request, "desk/practice/group.html", context, status=_status(form))


@page("norm.group", group=queries.group)
@require_POST
def act(request: Any, group: Any) -> HttpResponse:
    """End a group, or offer it again."""
    if request.POST.get("do") == "reopen":
        entering.reopen(by=request.user, group=group)
        messages.info(request, _("It is offered again."))
    elif request.POST.get("do") == "end":
        try:
            entering.end(by=request.user, group=group, now=clock.now())
        except entering.CannotEnter as problem:
            messages.error(request, str(problem))
        else:
            messages.info(request, _("Ended: it is offered no more. Its figures are kept."))
    return redirect("desk_group", group_id=group.pk)


def _measure(instrument: str) -> Any:
    """What can be compared with a group; any other is not there."""
    try:
        found = instruments.get(instrument).content
    except NotInLibrary as missing:
        raise Http404 from missing
    if not rules.takes_groups(found):
        raise Http404
    return found


def _methods(version: Any) -> list[str]:
    """Which methods can go by it."""
    return [str(words.NAMES[one]) for one in judging.by_group(queries.of_version(version))]


def _may(request: Any) -> bool:
    return bool(policy.allows("norm.group", request.user))


def _status(form: Any) -> int:
    return 422 if form.errors else 200
