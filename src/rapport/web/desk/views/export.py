"""The desk's way to hand over a client's record, or measures for another program."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.people.export import actions
from rapport.progress.fhir import bundle
from rapport.progress.tables import taking
from rapport.web.desk.forms.tables import TakeOut
from rapport.web.page import page


@page("client.export", step_up=True, client=clients.get)
@require_POST
def export(request: Any, client: Any) -> HttpResponse:
    """The whole record as a ZIP file."""
    made = actions.export(by=request.user, client=client, now=clock.now())
    kept_as = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type="application/zip", headers=kept_as)


@page("measure.export", step_up=True, client=clients.get)
@require_POST
def fhir(request: Any, client: Any) -> HttpResponse:
    """The client's measures as a FHIR bundle."""
    made = bundle.hand_over(by=request.user, client=client, now=clock.now())
    kept_as = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type="application/fhir+json", headers=kept_as)


@page("measure.take_out", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: Any) -> Any:
    """The measures of one's clients as tables: chosen first, then written as they are read."""
    by = request.user
    form = TakeOut(request.POST or None, answered=taking.there_is(by=by))
    if form.is_valid():
        given = form.cleaned_data
        made = taking.take_out(
            by=by, form=given["form"], chosen=given["measures"], now=clock.now(),
            language=get_language() or "en",
        )  # fmt: skip
        kept_as = {"Content-Disposition": f'attachment; filename="{made.name}"'}
        return StreamingHttpResponse(made.portions, content_type="application/zip", headers=kept_as)
    status = 422 if form.errors else 200
    return render(request, "desk/progress/take_out.html", {"form": form}, status=status)
