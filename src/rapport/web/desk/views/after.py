"""The desk's pages for looking after the practice: who may do what, and failed work."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from rapport.core import jobs, policy
from rapport.core import time as clock
from rapport.core.jobs import actions as job_actions
from rapport.core.models import Job
from rapport.web.page import page

ON_A_PAGE = 50
WORK = {
    "notice.send": gettext_lazy("send a letter"),
    "notice.upkeep": gettext_lazy("forget old letters"),
    "calendar.round": gettext_lazy("see which calendars elsewhere are due"),
    "calendar.turn": gettext_lazy("read and write a calendar elsewhere"),
    "calendar.upkeep": gettext_lazy("forget what was written into calendars long ago"),
    "signin.reset_link": gettext_lazy("send a link for a new password"),
    "signin.sweep": gettext_lazy("end visits that are over"),
    "staff.leave": gettext_lazy("close the accounts of those who left"),
    "import.read": gettext_lazy("read a table of clients"),
    "import.admit": gettext_lazy("admit the clients of a table"),
    "import.undo": gettext_lazy("take an import back"),
    "import.forget": gettext_lazy("forget old tables of clients"),
    "measure.look_after_left": gettext_lazy("look through answers that were begun and left"),
    "alert.watch": gettext_lazy("pass on alerts nobody has answered"),
    "contact.reactions.tell_who_owns_it": gettext_lazy("tell who owns an alert"),
    "contact.reactions.tell_who_is_next": gettext_lazy("tell whom an alert was passed on to"),
    "expected.learn": gettext_lazy("learn from ended episodes how scores usually move"),
    "progress.reactions.compare": gettext_lazy("see whether a score is as expected"),
    "note.open_kept": gettext_lazy("open the note about a session"),
    "note.open_missed": gettext_lazy("open the note about a missed session"),
    "backup.make": gettext_lazy("make a backup"),
    "jobs.purge": gettext_lazy("forget work that is done"),
}


@page("permission.read")
@require_safe
def permissions(request: Any) -> HttpResponse:
    """Who may do what, in words, from the same table that decides."""
    context = {"rows": policy.table(), "prohibitions": policy.prohibitions()}
    return render(request, "desk/practice/permissions.html", context)


@page("job.list")
@require_safe
def given_up(request: Any) -> HttpResponse:
    """Jobs that were given up."""
    shown = Paginator(jobs.dead(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"job": one, "words": WORK.get(one.name, one.name)} for one in shown]
    return render(request, "desk/practice/jobs.html", {"page": shown, "rows": rows})


def _job(*, by: Any, job_id: Any) -> Job:
    return Job.objects.get(pk=job_id)


@page("job.retry", job=_job)
@require_POST
def retry(request: Any, job: Any) -> HttpResponse:
    """Try a job again."""
    try:
        job_actions.retry(by=request.user, job=job, now=clock.now())
    except job_actions.CannotDecide as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("It is tried again now. If it fails, it comes back here."))
    return redirect("desk_jobs")


@page("job.discard", job=_job)
@require_POST
def discard(request: Any, job: Any) -> HttpResponse:
    """Forget a job."""
    try:
        job_actions.discard(by=request.user, job=job)
    except job_actions.CannotDecide as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Thrown away. It will not be tried again."))
    return redirect("desk_jobs")
