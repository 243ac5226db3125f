"""The desk's interviews: a clinician asks, one question a screen, and taps the answers."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.measures import actions, interviewing, queries
from rapport.progress.models import Asked
from rapport.progress.packs import queries as packs
from rapport.web import answer_form, answer_frame, answering
from rapport.web import measures as said
from rapport.web.desk.forms.measures import BeginForm
from rapport.web.page import page

from .rows import theirs


@page("measure.enter", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Any, client: Any) -> HttpResponse:
    """Which questionnaire: begin it, or go on with the one that was begun."""
    found = packs.askable(client)
    every = {id: one for id, one in found.items() if not one.content.is_adaptive}
    before = queries.spoken_before(by=request.user, client=client)
    form = BeginForm(
        request.POST or None, tongues=said.tongues(every.values()),
        before=said.answered_in(before, every.values()),
    )  # fmt: skip
    problem = ""
    if request.method == "POST":
        item = every.get(request.POST.get("instrument", ""))
        try:
            if item is None:
                raise actions.CannotAnswer({"": _("Choose from the list.")})
            asked = interviewing.begin(
                by=request.user, client=client, instrument=item.id,
                version=item.content.version, now=clock.now(),
                language=request.POST.get("language", ""),
            )  # fmt: skip
            return redirect("desk_interview", client_id=client.pk, interview_id=asked.pk)
        except actions.CannotAnswer as refusal:
            problem = str(refusal)
    begun = {one.instrument for one in interviewing.begun_of(client)}
    context = {
        "client": client, "problem": problem, "form": form,
        "every": [(one.id, one.content.short, said.words(one).title, one.id in begun)
                  for one in sorted(every.values(), key=lambda one: one.id not in begun)],
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "desk/interview/begin.html", context, status=status)


@page("measure.enter", client=clients.get, interview=queries.interview)
@require_safe
def go_on(request: Any, client: Any, interview: Any) -> HttpResponse:
    """To the first question without an answer; where none is, to all of them in one view."""
    way = _way(request, client, interview)
    if (done := _handed_in(request, interview)) is not None:
        return done
    try:
        actions.still_open(interview, clock.now())
        form = answer_form.Form(interview)
    except (actions.Closed, actions.CannotAnswer) as refusal:
        return answer_frame.closed(request, str(refusal), way)
    open_ = [n for n, step in enumerate(form.steps, 1) if not form.given(step)]
    return redirect(way.question(open_[0]) if open_ else way.check)


@page("measure.enter", client=clients.get, interview=queries.interview)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, client: Any, interview: Any, number: int) -> HttpResponse:
    """One question: a tap or a key keeps the answer and goes on."""
    way = _way(request, client, interview)
    way = replace(way, beside=lambda step: _beside(request, interview, way, step, number))
    return _handed_in(request, interview) or answering.question(request, interview, way, number)


def _beside(
    request: Any, interview: Any, way: answer_frame.Way, step: answer_form.Step, number: int
) -> tuple[str, str]:  # fmt: skip
    """Keep the note to an answer, whichever button was pressed; and where that button leads."""
    seen = request.POST.get("noted", "").replace("\r\n", "\n")  # another tab may have noted since
    text = request.POST.get("note", seen).replace("\r\n", "\n").strip()
    if text != seen:
        try:
            interviewing.note(
                by=request.user, asked=interview, item=step.key, text=text, now=clock.now()
            )
        except actions.CannotAnswer as refusal:
            return str(refusal), ""
    leads = {
        "stay": way.question(number), "on": way.question(number + 1), "all": way.check,
        "back": way.question(number - 1) if number > 1 else way.start, "leave": way.start,
    }  # fmt: skip
    return "", leads.get(request.POST.get("go", ""), "")


@page("measure.enter", client=clients.get, interview=queries.interview)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Any, client: Any, interview: Any) -> HttpResponse:
    """Every answer in one view, and the button that hands them in."""
    way = _way(request, client, interview)
    return _handed_in(request, interview) or answering.check(request, interview, way)


def _way(request: Any, client: Any, interview: Any) -> answer_frame.Way:
    theirs(client, interview)
    measures = reverse("desk_measures", args=[client.pk])
    place = [client.pk, interview.pk]
    return answer_frame.Way(
        by=request.user,
        base="desk/base.html",
        start=measures,
        home=measures,
        question=lambda number: reverse("desk_interview_question", args=[*place, number]),
        check=reverse("desk_interview_check", args=place),
        after=lambda risk: reverse("desk_sheet", args=[interview.sheet.pk]),
        pages="desk/interview",
        also={"client": client, "asked": interview, "short": said.short(interview.instrument)},
    )


def _handed_in(request: Any, interview: Any) -> HttpResponse | None:
    """Where it was handed in already, its sheet; an answer that came too late is told of."""
    if interview.state != Asked.State.ANSWERED:
        return None
    if request.POST.get("step"):
        messages.error(request, _("It was handed in meanwhile. This answer was not kept: correct "
                                  "the answers here."))  # fmt: skip
    return redirect("desk_sheet", sheet_id=interview.sheet.pk)
