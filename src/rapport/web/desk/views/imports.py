"""The desk's pages about clients from another program's table: hand in, look, admit, undo."""

import csv
import io
import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import audit
from rapport.core import time as clock
from rapport.core.jobs import Job
from rapport.people.clients import queries as clients
from rapport.people.imports import actions, queries, words
from rapport.people.imports.models import Import
from rapport.people.imports.rules import Problem
from rapport.people.practice import queries as practice
from rapport.people.staff import queries as staff
from rapport.web.desk.forms import imports as forms
from rapport.web.page import page

ON_A_PAGE = 50
_NUMBER = re.compile(r"[+-]?[\d ()/.,-]*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@page("client.import")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: Any) -> HttpResponse:
    """Hand a table in, or go back to one."""
    form = forms.HandIn(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            source = actions.hand_in(
                by=request.user, raw=given["file"].read(), order=given["order"], now=clock.now()
            )
        except actions.CannotImport as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("desk_import", source_id=source.pk)
    context = {"form": form, "recent": queries.mine(by=request.user)}
    return render(request, "desk/imports/hand_in.html", context, status=422 if form.errors else 200)


@page("client.import", source=queries.one)
@require_safe
def opened(request: Any, source: Import) -> HttpResponse:
    """What became of a table so far; the part that changes while a job is at work."""
    return _shown(request, source)


def _shown(request: Any, source: Import, **wrong: Any) -> HttpResponse:
    job = queries.job(source)
    context: dict[str, Any] = {
        "source": source,
        "job": job,
        "stopped": source.at_work and (job is None or job.state == Job.State.DEAD),
        "kept_days": actions.KEPT.days,
    }
    if not source.at_work:
        context |= _read(request, source)
    if source.state == Import.State.READY:
        context |= _to_decide(request, source)
    part = request.htmx and not request.htmx.boosted
    name = "desk/imports/_state.html" if part else "desk/imports/opened.html"
    return render(request, name, context | wrong, status=422 if wrong else 200)


def _to_decide(request: Any, source: Import) -> dict[str, Any]:
    by, start = request.user, {}
    if by.staff is not None:
        start = {"clinician": str(by.staff.pk)}
    header, first = queries.head(source)
    form = forms.Columns(header=header, source=source)
    return {
        "columns": _columns(form, first),
        "columns_form": form,
        "begin_form": forms.Begin(
            places=practice.places(by=by), clinicians=staff.clinicians(by=by), initial=start
        ),
    }


def _columns(form: forms.Columns, first: list[list[str]]) -> list[dict[str, Any]]:
    """Each column's field with the first values under its title."""
    names = [name for name in form.fields if name.startswith("column")]
    return [
        {"field": form[name], "values": [row[n] for row in first if n < len(row) and row[n]]}
        for n, name in enumerate(names)
    ]


def _read(request: Any, source: Import) -> dict[str, Any]:
    """The rows that stay out, with their words; and a link to who is here already."""
    problems = queries.left_out(source)
    shown = Paginator(problems, ON_A_PAGE).get_page(request.GET.get("page"))
    cells = queries.cells(source, {p.line for p in shown})
    here = _here_already(request.user, source, list(shown), cells)
    rows = [
        {"line": p.line, "said": words.of_row(p), "cells": cells.get(p.line, [])[:3],
         "client": here.get(p.line)}
        for p in shown
    ]  # fmt: skip
    return {
        "page": shown,
        "rows": rows,
        "left_out": len({p.line for p in problems}),
        "brought": source.brought.count(),
        "fault": words.of_fault(source),
    }


def _here_already(
    by: Any, source: Import, problems: list[Problem], cells: dict[int, list[str]]
) -> dict[int, Any]:
    lines = {p.line for p in problems if p.code == "here_already"}
    twins = queries.twins(source, {n: cells[n] for n in lines if n in cells})
    found = {(c.sort_name, c.birth_on): c for c in clients.twins(by=by, among=twins.values())}
    audit.shown("people.client", [c.pk for c in found.values()])
    return {line: found[twin] for line, twin in twins.items() if twin in found}


@page("client.import", source=queries.one)
@require_POST
def columns(request: Any, source: Import) -> HttpResponse:
    """Say what each column holds."""
    header, first = queries.head(source)
    form = forms.Columns(request.POST, header=header, source=source)
    if form.is_valid():
        chosen, order = form.chosen(), form.cleaned_data["order"]
        try:
            actions.read_anew(by=request.user, source=source, columns=chosen, order=order)
        except actions.CannotImport as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("desk_import", source_id=source.pk)
    return _shown(request, source, columns=_columns(form, first), columns_form=form)


@page("client.import", source=queries.one)
@require_POST
def begin(request: Any, source: Import) -> HttpResponse:
    """Admit everybody who can be."""
    by = request.user
    clinicians = staff.clinicians(by=by)
    form = forms.Begin(request.POST, places=practice.places(by=by), clinicians=clinicians)
    if form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("clinician")
        chosen = next(one for one in clinicians if str(one.pk) == wanted)
        try:
            actions.begin(by=by, source=source, clinician=chosen, now=clock.now(), **given)
        except actions.CannotImport as problem:
            form.add_error(problem.field or None, str(problem))
        else:
            return redirect("desk_import", source_id=source.pk)
    return _shown(request, source, begin_form=form)


@page("client.import", source=queries.one)
@require_POST
def undo(request: Any, source: Import) -> HttpResponse:
    """Take back whom the table brought."""
    try:
        actions.undo(by=request.user, source=source)
    except actions.CannotImport as problem:
        return _shown(request, source, problem=str(problem))
    return redirect("desk_import", source_id=source.pk)


@page("client.import", source=queries.one)
@require_POST
def forget(request: Any, source: Import) -> HttpResponse:
    """Forget the table."""
    try:
        actions.forget(by=request.user, source=source)
    except actions.CannotImport as problem:
        return _shown(request, source, problem=str(problem))
    return redirect("desk_import_hand_in")


@page("client.import", source=queries.one)
@require_safe
def left_out(request: Any, source: Import) -> HttpResponse:
    """The rows that stay out as a table, with the reason in front, to be mended and handed in."""
    if source.at_work or not source.left_out:
        raise Http404
    header, _first = queries.head(source)
    problems: dict[int, list[str]] = {}
    for one in queries.left_out(source):
        problems.setdefault(one.line, []).append(words.of_row(one))
    cells = queries.cells(source, set(problems))
    held = io.StringIO()
    table = csv.writer(held)
    table.writerow([str(words.WHY), *map(_harmless, header)])
    for line, said in problems.items():
        table.writerow([" ".join(said), *map(_harmless, cells.get(line, []))])
    kept_as = {"Content-Disposition": 'attachment; filename="left-out.csv"'}
    return HttpResponse("\ufeff" + held.getvalue(), content_type="text/csv", headers=kept_as)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a phone number stays as it is."""
    if cell.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
