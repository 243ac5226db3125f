"""The desk's pages about what a client rates or counts each day."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.daily import actions, queries
from rapport.progress.models import DailyQuestion
from rapport.progress.own.saying import CannotKeep
from rapport.web import daily, singlecase
from rapport.web.desk.forms import daily as forms
from rapport.web.page import page

from .rows import offer_undo, theirs, undo_for

DRAWN = timedelta(days=90)
"""Of each question on the first page; its own page draws everything."""


def _asked_for(request: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("plan", ""))
    except ValueError:
        return None


@page("measure.read", client=clients.get)
@require_safe
def opened(request: Any, client: Any) -> HttpResponse:
    """Every question with its picture, what was answered, and the phases of the work."""
    by, now = request.user, clock.now()
    found = queries.of(by=by, client=client, now=now, plan_id=_asked_for(request))
    phases = queries.phases(by=by, client=client)
    since = None
    if found is not None:
        ends = [day for day in (found.last, clock.local(now).date()) if day is not None]
        since = min(ends) - DRAWN
    may = policy.allows("daily.set", by, client=client)
    running = found is not None and found.plan.ended_at is None
    context = {
        "client": client, "found": found, "phases": phases, "may": may, "running": running,
        "named": list(zip(phases, _names(phases), strict=True)),
        "shown": daily.of(found, queries.stretches(phases), since=since) if found else [],
        "earlier": queries.earlier(by=by, client=client, plan=found.plan) if found else [],
        "ratings": actions.ratings(by=by, client=client) if running and may else [],
        "undo": undo_for(request, client), "today": clock.today(),
    }  # fmt: skip
    return render(request, "desk/daily/opened.html", context)


def _names(phases: Any) -> list[str]:
    """The name of each phase that was marked; an A that was not has none."""
    return [one.name for one in queries.stretches(phases) if one.starts is not None]


@page("measure.read", client=clients.get, question=queries.question)
@require_safe
def question(request: Any, client: Any, question: DailyQuestion) -> HttpResponse:
    """One question: everything drawn, and every statistic with its numbers."""
    theirs(client, question)
    by, now = request.user, clock.now()
    found = queries.of(by=by, client=client, now=now, plan_id=question.plan_id)
    phases = queries.stretches(queries.phases(by=by, client=client))
    series = next(one for one in found.series if one.question.pk == question.pk)  # type: ignore[union-attr]
    context = {
        "client": client, "one": daily.shown(series, found.times, phases),  # type: ignore[union-attr]
        "read": singlecase.read(series, phases), "phases": phases,
        "may": policy.allows("daily.set", by, client=client),
        "running": found is not None and found.plan.ended_at is None,
        "undo": undo_for(request, client),
    }  # fmt: skip
    return render(request, "desk/daily/question.html", context)


@page("daily.set", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Any, client: Any) -> HttpResponse:
    """Agree from when to when, and how often a day."""
    form = forms.Begin(request.POST or None, initial={"from_on": clock.today()})
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.begin(by=request.user, client=client, from_on=given["from_on"],
                          until_on=given["until_on"], times=form.times(),
                          now=clock.now())  # fmt: skip
        except CannotKeep as problem:
            form.refused(problem)
        else:
            return redirect("desk_daily", client_id=client.pk)
    return _form(request, client, form, _("Ask something each day"))


def _form(request: Any, client: Any, form: Any, title: str) -> HttpResponse:
    """One form of a daily plan; None: there is no plan that runs."""
    context = {
        "form": form, "client": client, "title": title,
        "back": reverse("desk_daily", args=[client.pk]),
        "nothing": _("Nothing is asked each day now. Begin that first.") if form is None else "",
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/people/form.html", context, status=status)


@page("daily.set", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def until(request: Any, client: Any) -> HttpResponse:
    """Ask until another day."""
    plan = queries.running(client=client)
    if plan is None:
        return _form(request, client, None, _("Until when"))
    form = forms.Until(request.POST or None, initial={"until_on": plan.until_on})
    if form.is_valid():
        try:
            actions.extend(by=request.user, client=client, plan=plan, now=clock.now(),
                           until_on=form.cleaned_data["until_on"])  # fmt: skip
        except CannotKeep as problem:
            form.refused(problem)
        else:
            return redirect("desk_daily", client_id=client.pk)
    return _form(request, client, form, _("Until when"))


@page("daily.set", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Any, client: Any) -> HttpResponse:
    """One thing more to rate or to count."""
    plan = queries.running(client=client)
    if plan is None:
        return _form(request, client, None, _("Rate or count each day"))
    form = forms.Question(request.POST or None)
    if form.is_valid():
        try:
            actions.add(by=request.user, client=client, plan=plan, now=clock.now(),
                        **form.cleaned_data)  # fmt: skip
        except CannotKeep as problem:
            form.refused(problem)
        else:
            return redirect("desk_daily", client_id=client.pk)
    return _form(request, client, form, _("Rate or count each day"))


@page("daily.set", client=clients.get)
@require_POST
def take_over(request: Any, client: Any) -> HttpResponse:
    """Ask each day what is rated now and then already."""
    plan = queries.running(client=client)
    if plan is not None:
        _tried(request, actions.take_over, client=client, plan=plan, now=clock.now())
    return redirect("desk_daily", client_id=client.pk)


@page("daily.set", client=clients.get, question=queries.question)
@require_POST
def drop(request: Any, client: Any, question: DailyQuestion) -> HttpResponse:
    """Ask it no more; the page that follows offers to undo where something was answered."""
    theirs(client, question)
    row = _tried(request, actions.drop, client=client, question=question, now=clock.now())
    if row is not None and row.ended_on is not None:
        back = reverse("desk_daily_again", args=[client.pk, question.pk])
        offer_undo(request, client, _("It is asked no more."), back)
    return redirect("desk_daily", client_id=client.pk)


@page("daily.set", client=clients.get, question=queries.question)
@require_POST
def again(request: Any, client: Any, question: DailyQuestion) -> HttpResponse:
    """Ask it after all."""
    theirs(client, question)
    _tried(request, actions.ask_again, client=client, question=question, now=clock.now())
    return redirect("desk_daily", client_id=client.pk)


@page("daily.set", client=clients.get)
@require_POST
def end(request: Any, client: Any) -> HttpResponse:
    """Ask no more; the page that follows offers to undo."""
    plan = queries.running(client=client)
    if plan is not None and _tried(request, actions.end, client=client, plan=plan,
                                   now=clock.now()):  # fmt: skip
        back = reverse("desk_daily_reopen", args=[client.pk])
        offer_undo(request, client, _("Nothing is asked each day any more."), back)
    return redirect("desk_daily", client_id=client.pk)


@page("daily.set", client=clients.get)
@require_POST
def reopen(request: Any, client: Any) -> HttpResponse:
    """Go on asking."""
    found = queries.of(by=request.user, client=client, now=clock.now())
    if found is not None:
        _tried(request, actions.reopen, client=client, plan=found.plan, now=clock.now())
    return redirect("desk_daily", client_id=client.pk)


def _tried(request: Any, act: Any, **given: Any) -> Any:
    """What an action that a button asks for made; None where it could not, which is said."""
    try:
        return act(by=request.user, **given)
    except CannotKeep as problem:
        messages.error(request, str(problem))
        return None
