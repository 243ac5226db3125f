"""The desk's pages about norm tables: load one, look at it, release it; and named batteries."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.progress.batteries import named
from rapport.progress.batteries import queries as batteries
from rapport.progress.norms import actions, queries, rules, said
from rapport.web import measures
from rapport.web.desk.forms.norm_tables import Load
from rapport.web.page import page

ON_A_PAGE = 50


@page("norm_table.open")
@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: Any) -> HttpResponse:
    """Every table; a file loads another."""
    form = Load(request.POST or None, request.FILES or None)
    if request.method == "POST" and (done := _loaded(request, form, None)) is not None:
        return done
    rows = [
        {"one": one, "about": one.version.about, "kind": said.KINDS[one.version.about["kind"]]}
        for one in queries.listed(by=request.user)
    ]
    may = policy.allows("norm_table.load", request.user)
    context = {"rows": rows, "form": form, "may_load": may}
    return render(request, "desk/practice/norm_tables.html", context, status=_status(form))


@page("norm_table.open", table=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: Any, table: Any) -> HttpResponse:
    """One table: its newest version line by line, the others by number; a file is a new one."""
    versions = queries.versions(by=request.user, table=table)
    chosen = next((one for one in versions if str(one.number) == request.GET.get("version")),
                  versions[0])  # fmt: skip
    form = Load(request.POST or None, request.FILES or None, initial=Load.start(versions[0].about))
    if request.method == "POST" and (done := _loaded(request, form, table)) is not None:
        return done
    lines = Paginator(chosen.rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "table": table, "version": chosen, "about": chosen.about, "versions": versions,
        "kind": said.KINDS[chosen.about["kind"]], "page": lines, "form": form,
        "lines": [_line(one) for one in lines], "rest": f"&version={chosen.number}",
        "apart": chosen.content.get("apart", []),
        "grouped": chosen.about["kind"] == "group", "waits": versions[0].released_at is None,
        "taught": rules.by_education(chosen.rows), "unit": said.KINDS[chosen.about["kind"]],
        "may_load": policy.allows("norm_table.load", request.user),
    }  # fmt: skip
    return render(request, "desk/practice/norm_table.html", context, status=_status(form))


@page("norm_table.load", table=queries.get)
@require_POST
def act(request: Any, table: Any) -> HttpResponse:
    """Release what was looked at, throw it away, retire the table or offer it again."""
    what, by, now = request.POST.get("do"), request.user, clock.now()
    if what in ("release", "drop"):
        try:
            return _settled(request, table, what)
        except actions.CannotLoad as problem:
            messages.error(request, str(problem))
    elif what == "retire":
        actions.retire(by=by, table=table, now=now)
        messages.info(request, _("Retired: it is offered no more. Results that are kept stay."))
    elif what == "reopen":
        actions.reopen(by=by, table=table)
        messages.info(request, _("It is offered again."))
    return redirect("desk_norm_table", table_id=table.pk)


def _settled(request: Any, table: Any, what: str) -> HttpResponse:
    """Release or throw away the version that the page showed."""
    by, seen = request.user, request.POST.get("seen", "")
    if what == "release":
        if actions.release(by=by, table=table, now=clock.now(), seen=seen) is not None:
            messages.info(request, _("In use from now on. Results that are kept stay as they are."))
    else:
        left = actions.drop(by=by, table=table, seen=seen)
        messages.info(request, _("Thrown away. Nothing has used it."))
        if left is None:
            return redirect("desk_norm_tables")
    return redirect("desk_norm_table", table_id=table.pk)


@page("norm_table.open")
@require_safe
def named_batteries(request: Any) -> HttpResponse:
    """The batteries a plan can begin with."""
    rows = [
        {"one": one, "tests": [each["title"] or measures.short(each["instrument"])
                               for each in one.tests]}
        for one in batteries.batteries(by=request.user, retired=True)
    ]  # fmt: skip
    context = {"rows": rows, "may_keep": policy.allows("battery.keep", request.user)}
    return render(request, "desk/practice/batteries.html", context)


@page("battery.keep", battery=batteries.battery)
@require_POST
def battery_act(request: Any, battery: Any) -> HttpResponse:
    """Retire a battery, or offer it again."""
    if request.POST.get("do") == "reopen":
        try:
            named.reopen(by=request.user, battery=battery)
        except named.CannotPlan as problem:
            messages.error(request, str(problem))
    else:
        named.retire(by=request.user, battery=battery, now=clock.now())
    return redirect("desk_batteries")


def _loaded(request: Any, form: Load, table: Any) -> HttpResponse | None:
    """The page of what was read; None where something is wrong, which then stands in ``form``."""
    if not form.is_valid():
        return None
    try:
        version = actions.load(
            by=request.user, raw=form.raw() or b"", about=form.about(), now=clock.now(),
            table=table, apart=form.raw("apart"),
        )  # fmt: skip
    except actions.CannotLoad as problem:
        form.refused(problem)
        return None
    messages.info(request, _("Read. Look at it; nothing uses it before you release it."))
    return redirect("desk_norm_table", table_id=version.table_id)


def _status(form: Load) -> int:
    return 422 if form.errors else 200


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """A line as it is read: ages in years and months."""
    return {"row": row, "ages": [said.age(months) for months in row["ages"]]}
