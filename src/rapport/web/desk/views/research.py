"""Numbers for research: what would leave the house, and the file itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.core import time as clock
from rapport.web.desk.forms.research import Coarse
from rapport.web.page import page


@page("research.export", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def research(request: Any) -> HttpResponse:
    """Say how many agreed; hand out a file in which nobody stands alone."""
    from rapport.progress.research import making  # noqa: PLC0415  Arrow, for this page alone

    form = Coarse(request.POST or None)
    if form.is_valid():
        try:
            made = making.make(by=request.user, k=form.cleaned_data["k"], now=clock.now())
        except making.TooFew:
            form.add_error("k", _("Fewer people agreed than must be alike. Nothing may leave yet."))
        else:
            kept_as = {"Content-Disposition": f'attachment; filename="{made.name}"'}
            return HttpResponse(made.content, content_type="application/zip", headers=kept_as)
    context = {"form": form, "agreed": making.agreed(today=clock.today()),
               "columns": making.DICTIONARY}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/progress/research.html", context, status=status)
