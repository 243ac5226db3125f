"""The desk's page that moves meetings of a time off together: first a look, then one press."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapport.core import time as clock
from rapport.meeting.availability import clearing, fitting, queries
from rapport.meeting.diaries import queries as diaries
from rapport.web.desk.forms import moving
from rapport.web.page import page

from .time_off import can_be_undone, shown, ticked


@page("time_off.take", time_off=queries.time_off)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Any, time_off: Any) -> HttpResponse:
    """Whether each that is ticked fits where they are to go; what was looked at can be moved.

    Opened again, it is the list as it begins.
    """
    if request.method != "POST":
        return shown(request, time_off)
    by, seen = request.user, ticked(request)
    where = moving.Where(request.POST, staff=time_off.staff, colleagues=diaries.clinicians(by=by))
    if where.is_valid() and not seen:
        where.add_error(None, _("Tick the meetings to move."))
    goal = where.goal
    if goal is None or where.errors:
        return shown(request, time_off, where=where)
    if request.POST.get("go") == where.mark:
        fit = ticked(request, "fits")
        wanted = {pk: n for pk, n in seen.items() if pk in fit}
        done = clearing.move_meetings(by=by, time_off=time_off, seen=wanted, goal=goal,
                                      now=clock.now())  # fmt: skip
        _say(request, time_off, done)
        return redirect("desk_time_off", time_off_id=time_off.pk)
    return shown(request, time_off, where=where, fits=_looked(by, time_off, seen, goal))


def _looked(by: Any, time_off: Any, seen: Any, goal: fitting.Goal) -> dict[Any, fitting.Fit]:
    """What came of looking, by meeting."""
    now = clock.now()
    meetings = clearing.chosen(by=by, time_off=time_off, seen=seen, now=now)
    found = fitting.look(by=by, meetings=meetings, goal=goal, now=now)
    return {one.meeting.pk: one for one in found}


def _say(request: Any, time_off: Any, done: clearing.Cleared) -> None:
    """What was done, with one button that takes all of it back."""
    count = len(done.done)
    if count:
        words = ngettext("%(n)s meeting is moved.", "%(n)s meetings are moved.", count)
        can_be_undone(request, time_off, words % {"n": count}, done, moved=True)
    if done.left:
        words = ngettext(
            "%(n)s meeting was changed meanwhile, or its new time was taken. It is as it was.",
            "%(n)s meetings were changed meanwhile, or their new time was taken. They are as they "
            "were.",
            done.left,
        )  # fmt: skip
        messages.info(request, words % {"n": done.left})
