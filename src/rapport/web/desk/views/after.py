"""The desk's pages for looking after the practice: who may do what, and failed work."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.core import jobs, policy
from rapport.core import time as clock
from rapport.core.jobs import actions as job_actions
from rapport.core.models import Job
from rapport.web.desk.work import WORDS
from rapport.web.page import page

ON_A_PAGE = 50


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
    rows = [{"job": one, "words": WORDS.get(one.name, one.name)} for one in shown]
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
