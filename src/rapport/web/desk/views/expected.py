"""The desk's pages about clients who may not be on track, and how good such signals are."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.core import audit
from rapport.core import time as clock
from rapport.progress.expected import actions, queries, rules
from rapport.web import expected as said
from rapport.web.desk.forms.expected import Record
from rapport.web.page import page

ON_A_PAGE = 50


@page("signal.list")
@require_safe
def signals(request: Any) -> HttpResponse:
    """Every client one treats who may not be on track: red first, then the latest."""
    shown = Paginator(queries.open_to(by=request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    audit.shown("people.client", [one.client_id for one in shown])
    rows = [said.row(one) for one in shown]
    return render(request, "desk/progress/signals.html", {"page": shown, "rows": rows})


@page("signal.open", signal=queries.get)
@require_safe
def signal(request: Any, signal: Any) -> HttpResponse:
    """One signal: why, what the evidence is, what can be done, what was done."""
    return _shown(request, signal, Record())


def _shown(request: Any, signal: Any, form: Any) -> HttpResponse:
    by, today = request.user, clock.today()
    steps = [
        (one, rules.may_undo(
            recorded_on=clock.local(one.at).date(), today=today, undone=bool(one.undone_at),
            mine=by.staff is not None and one.staff_id == by.staff.pk,
        ))
        for one in queries.steps(by=by, signal=signal)
    ]  # fmt: skip
    context = {
        "signal": signal, "client": signal.client, "form": form, "steps": steps,
        **said.opened(signal),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/progress/signal.html", context, status=status)


@page("signal.record", signal=queries.get)
@require_POST
def record(request: Any, signal: Any) -> HttpResponse:
    """Write down what was done; with that the signal needs no further look."""
    form = Record(request.POST)
    if form.is_valid():
        try:
            actions.record(by=request.user, signal=signal, now=clock.now(), **form.cleaned_data)
        except actions.CannotRecord as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("Written down. It can be taken back until midnight."))
            return redirect("desk_signal", signal_id=signal.pk)
    return _shown(request, signal, form)


@page("signal.record", signal=queries.get, step=queries.step)
@require_POST
def undo(request: Any, signal: Any, step: Any) -> HttpResponse:
    """Take back a step that was recorded by mistake."""
    if step.signal_id != signal.pk:
        raise Http404
    try:
        actions.undo(by=request.user, signal=signal, step=step, now=clock.now())
        messages.info(request, _("Taken back."))
    except actions.CannotRecord as problem:
        messages.error(request, str(problem))
    return redirect("desk_signal", signal_id=signal.pk)


@page("outcome.read")
@require_safe
def quality(request: Any) -> HttpResponse:
    """How good the signals are, on the practice's own ended episodes."""
    found = [said.quality(one) for one in queries.fits(by=request.user)]
    return render(request, "desk/progress/signal_quality.html", {"found": found})
