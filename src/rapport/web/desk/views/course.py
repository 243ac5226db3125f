"""The desk's page about one questionnaire over time."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core import policy
from rapport.core.library import NotInLibrary
from rapport.people.clients import queries as clients
from rapport.people.episodes import queries as episodes
from rapport.progress.chosen import queries as chosen
from rapport.progress.daily import queries as daily
from rapport.progress.gains import queries as leapt
from rapport.progress.measures import course as courses
from rapport.progress.measures import parts as split
from rapport.progress.picture import queries as picture
from rapport.web import courses as words
from rapport.web import gains, items, judgements, judging, others, parts, singlecase
from rapport.web.desk import adaptive
from rapport.web.page import page


@page("measure.read", client=clients.get)
@require_safe
def opened(request: Any, client: Any, instrument: str) -> HttpResponse:
    """How a client's scores went: chart, sentence, table, and the arithmetic."""
    try:
        since = picture.begun(episodes.of(by=request.user, client=client))
        course = courses.of(by=request.user, client=client, instrument=instrument, since=since)
    except NotInLibrary as missing:
        raise Http404 from missing
    phases = daily.stretches(daily.phases(by=request.user, client=client))
    whole = replace(course, item=chosen.grouped(course.item))
    context = shown(course) | {
        "beside": judging.compared(whole),
        "client": client, "items": items.of_course(request.user, client, course),
        "parts": parts.shown(course, split.of(by=request.user, client=client, course=course,
                                              since=since)),
        "others": others.of(request.user, client, course),
        "read": singlecase.of_course(course, phases) if course.instrument.has_total else None,
        "may_choose": policy.allows("norm.choose", request.user),
    }  # fmt: skip
    context |= adaptive.shown(request.user, client, course)
    return render(request, "desk/progress/course.html", context)


def shown(course: courses.Course) -> dict[str, Any]:
    """What the page about a course needs."""
    leaps = gains.for_desk(course, leapt.of(course))
    gained = gains.marked(leaps, gains.name())
    plot = words.plot(course, gained=gained)
    return {
        "course": course,
        "form": course.instrument,
        "words": words.words_of(course),
        "drawings": words.drawn(plot) if course.points else [],
        "marks": plot.marks,
        "latest": words.latest(course),
        "judged_by": words.judged_by(course),
        "judgements": judgements.judgements(course),
        "rows": words.rows(course, gained=gained),
        "gains": leaps,
        "prorated": any(one.prorated for one in course.points),
        "versions": any(not one.current for one in course.points),
    }
