"""The owner's pages about what everybody is asked when, and what a result calls for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.questions import actions as questions
from rapport.contact.questions import queries as told
from rapport.core import time as clock
from rapport.people.practice import queries as practice
from rapport.progress.keying import queries as keying
from rapport.progress.packs import queries as packs
from rapport.progress.schedules import actions, queries
from rapport.web import measures as said
from rapport.web import schedules as words
from rapport.web.desk.forms import schedules as forms
from rapport.web.page import page

from .rows import offer_undo, undo_for


@page("measure.plan")
@require_safe
def plan(request: Any) -> HttpResponse:
    """The plan in the order in which care goes on, and the rules."""
    by = request.user
    house = practice.current()
    spoken = house.locale if house else "en"
    lines = [
        {"line": one, "short": said.short(one.instrument), "when": words.occasion(one),
         "tongues": words.tongues(one, spoken)}
        for one in queries.lines(by=by)
    ]  # fmt: skip
    rules = [
        {"rule": one, "short": said.short(one.instrument), "then": said.short(one.then),
         "condition": words.condition(one.instrument, one.condition)}
        for one in queries.rechecks(by=by)
    ]  # fmt: skip
    undo = undo_for(request, house)
    context = {
        "lines": lines, "rules": rules, "again": told.setting(), "twice": keying.twice(),
        "undo": undo,
    }  # fmt: skip
    return render(request, "desk/progress/plan.html", context)


@page("measure.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any) -> HttpResponse:
    """Plan something for everybody whose care begins from now on."""
    form = forms.PlanForm(request.POST or None)
    if form.is_valid():
        try:
            actions.plan(by=request.user, now=clock.now(), **form.cleaned_data)
        except actions.CannotAsk as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Planned for everybody whose care begins from now on."))
            return redirect("desk_plan")
    context = {"form": form, "title": _("Plan questionnaires"), "back": "desk_plan"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("measure.plan", line=queries.line)
@require_POST
def end(request: Any, line: Any) -> HttpResponse:
    """Plan it no more, or take that back: the button says which."""
    if request.POST.get("ended") == "off":
        actions.take_up_line(by=request.user, line=line)
        return redirect("desk_plan")
    actions.end_line(by=request.user, line=line, now=clock.now())
    undo = reverse("desk_plan_end", args=[line.pk])
    offer_undo(request, practice.current(), _("Planned no more."), undo, ended="off")
    return redirect("desk_plan")


@page("measure.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def recheck(request: Any) -> HttpResponse:
    """Which questionnaire's results call for more; then what they are to be like."""
    item = said.found(request.GET.get("instrument", ""))
    if item is None:
        every = [
            {"id": one.id, "short": one.content.short, "title": said.words(one).title}
            for one in packs.askable().values()
        ]
        return render(request, "desk/progress/recheck_choose.html", {"every": every})
    form = forms.RecheckForm(request.POST or None, item=item)
    if form.is_valid():
        try:
            actions.recheck(
                by=request.user, instrument=item.id, now=clock.now(), **form.cleaned_data
            )
        except actions.CannotAsk as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.info(request, _("From now on such a result asks by itself."))
            return redirect("desk_plan")
    title = _("When %(form)s was answered") % {"form": item.content.short}
    context = {"form": form, "title": title, "back": "desk_plan"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("measure.plan", recheck=queries.recheck)
@require_POST
def recheck_end(request: Any, recheck: Any) -> HttpResponse:
    """Let it call for nothing any more, or take that back."""
    if request.POST.get("ended") == "off":
        try:
            actions.take_up_recheck(by=request.user, recheck=recheck)
        except actions.CannotAsk as problem:
            messages.error(request, str(problem))
        return redirect("desk_plan")
    actions.end_recheck(by=request.user, recheck=recheck, now=clock.now())
    undo = reverse("desk_recheck_end", args=[recheck.pk])
    offer_undo(request, practice.current(), _("The rule has ended."), undo, ended="off")
    return redirect("desk_plan")


@page("reminder.set")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Any) -> HttpResponse:
    """How often clients are told again that questions wait."""
    row = told.setting()
    start = {"most": row.most if row else 0, "days": row.days if row else 3}
    form = forms.AgainForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            questions.set_asking_again(by=request.user, now=clock.now(), **form.cleaned_data)
        except questions.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_plan")
    context = {"form": form, "title": _("Reminders of questions"), "back": "desk_plan"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)
