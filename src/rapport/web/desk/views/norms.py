"""The desk's pages about how change is judged, and by which cut-off."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.progress.chosen import actions, queries, rules
from rapport.progress.measures import judging
from rapport.web import judging as words
from rapport.web.desk.forms.norms import Choose, place_of, standing
from rapport.web.page import page


@page("norm.open", look=False)
@require_safe
def norms(request: Any) -> HttpResponse:
    """Each questionnaire of which something can be chosen, and what is in use."""
    found = queries.listed(by=request.user)
    there = {one.form.id for one in found}
    others = [one for one in queries.measures() if rules.takes_groups(one) and one.id not in there]
    context = {"rows": [_row(one) for one in found], "others": others,
               "may_choose": policy.allows("norm.choose", request.user)}  # fmt: skip
    return render(request, "desk/practice/norms.html", context)


@page("norm.choose")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Any, instrument: str) -> HttpResponse:
    """Choose another way."""
    found = queries.listed(by=request.user)
    one = next((each for each in found if each.form.id == instrument), None)
    if one is None:
        raise Http404
    form = Choose(request.POST or None, about=one.about, initial=standing(one.about, one.chosen))
    if form.is_valid():
        try:
            actions.choose(by=request.user, instrument=instrument, what=form.what(),
                           way=form.way(), now=clock.now())  # fmt: skip
        except actions.CannotChoose as problem:
            form.add_error(place_of(form, problem.part), str(problem))
        else:
            return redirect("desk_norms")
    context = {"form": form, **_row(one)}
    return render(request, "desk/practice/norm.html", context, status=422 if form.errors else 200)


def _row(one: queries.Open) -> dict[str, Any]:
    options = rules.options(one.form)
    decides = judging.decides(one.form)
    entered = {row.what: queries.of_version(row.group) for row in one.history if row.group}
    lines = [
        {"said": words.said(each), "now": each is decides, "note": each.note,
         "known": each.evidence == "known"}
        for each in options.values()
    ]  # fmt: skip
    cut = one.form.cutoffs[0].name if one.form.cutoffs else ""
    cutoffs = [
        {"said": words.cutoff_said(some), "now": name == cut, "note": some[0].note,
         "known": some[0].evidence == "known"}
        for name, some in rules.cutoffs(one.form).items()
    ]  # fmt: skip
    history = [
        {"row": row, "who": getattr(getattr(row.chosen_by, "staff", None), "display_name", ""),
         "said": words.chosen_line(one.form, entered | options, row)}
        for row in one.history
    ]  # fmt: skip
    missing = [
        (words.NAMES[each], why)
        for each in judging.METHODS if options and (why := words.lacking(one.form, each))
    ]  # fmt: skip
    return {
        "one": one, "lines": lines, "cutoffs": cutoffs if len(cutoffs) > 1 else [],
        "history": history, "notes": one.form.notes, "missing": missing,
        "way": words.way(one.form), "takes": rules.takes_groups(one.form),
        "lacks": words.lacks_group(one.form),
    }  # fmt: skip
