"""The desk's pages about the numbers by which change is judged."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.progress.chosen import actions, queries
from rapport.web.desk.forms.norms import Choose, said
from rapport.web.page import page


@page("norm.open", look=False)
@require_safe
def norms(request: Any) -> HttpResponse:
    """Each questionnaire for which sources give several, and the one in use."""
    rows = [_row(one) for one in queries.listed(by=request.user)]
    context = {"rows": rows, "may_choose": policy.allows("norm.choose", request.user)}
    return render(request, "desk/practice/norms.html", context)


@page("norm.choose")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Any, instrument: str) -> HttpResponse:
    """Choose another."""
    found = queries.listed(by=request.user)
    one = next((each for each in found if each.form.id == instrument), None)
    if one is None:
        raise Http404
    form = Choose(request.POST or None, options=dict(one.options), initial={"what": one.now})
    if form.is_valid():
        try:
            actions.choose(by=request.user, instrument=instrument, now=clock.now(),
                           **form.cleaned_data)  # fmt: skip
        except actions.CannotChoose as problem:
            form.add_error("what", str(problem))
        else:
            return redirect("desk_norms")
    context = {"form": form, **_row(one)}
    return render(request, "desk/practice/norm.html", context, status=422 if form.errors else 200)


def _row(one: queries.Open) -> dict[str, Any]:
    lines = [
        {"said": said(each), "now": code == one.now, "note": each.note,
         "known": each.evidence == "known"}
        for code, each in one.options.items()
    ]  # fmt: skip
    history = [
        {"row": row, "who": getattr(getattr(row.chosen_by, "staff", None), "display_name", ""),
         "said": said(one.options[row.what]) if row.what in one.options else row.what}
        for row in one.history
    ]  # fmt: skip
    return {"one": one, "lines": lines, "history": history, "notes": one.form.notes}
