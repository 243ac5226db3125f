"""The portal's page about one questionnaire over time, in plain words."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.core.library import NotInLibrary
from rapport.people.episodes import queries as episodes
from rapport.progress.gains import queries as leapt
from rapport.progress.measures import course as courses
from rapport.progress.picture import queries as picture
from rapport.web import courses as words
from rapport.web import gains, items
from rapport.web.page import page


@page("measure.own", look=False)
@require_safe
def own(request: Any, instrument: str) -> HttpResponse:
    """One's own answers over time: the same numbers as the desk's, and what they are not."""
    client = request.user.client
    try:
        since = picture.begun(episodes.of(by=request.user, client=client))
        course = courses.of(by=request.user, client=client, instrument=instrument, since=since)
    except NotInLibrary as missing:
        raise Http404 from missing
    leaps = gains.for_client(course, leapt.of(course))
    gained = gains.marked(leaps, gains.plain_name())
    drawing = words.plot(course, say=words.plainly, named=False, gained=gained)
    context = {
        "course": course,
        "form": course.instrument,
        "words": words.words_of(course),
        "drawings": words.drawn(drawing) if course.points else [],
        "said": words.plain(course),
        "bands": words.bands(course),
        "rows": words.rows(course, words.plainly, gained),
        "gains": leaps,
        "items": items.of_course(request.user, client, course),
        "prorated": any(one.prorated for one in course.points),
        "versions": any(not one.current for one in course.points),
        "plain": True,
    }
    return render(request, "portal/record/course.html", context)
