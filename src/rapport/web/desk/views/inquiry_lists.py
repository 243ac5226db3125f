"""Lists around inquiries: who will be forgotten, the numbers, sources and referrers."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.inquiries import counting, leaving, rules
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.referrers import actions, queries
from rapport.contact.referrers.actions import CannotList
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.web.desk.forms import inquiries as forms
from rapport.web.page import page

from .inquiries import say


@page("inquiry.list")
@require_safe
def leaving_list(request: Any) -> HttpResponse:
    """Who never became a client and will be removed, and when."""
    by = request.user
    rows = leaving.listed(by=by)
    audit.shown("people.client", [one.inquiry.client_id for one in rows])
    context = {
        "rows": rows, "months": leaving.months(), "today": clock.today(),
        "may_set": policy.allows("inquiry.set_limit", by),
    }  # fmt: skip
    return render(request, "desk/inquiries/leaving.html", context)


@page("inquiry.set_limit")
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: Any) -> HttpResponse:
    """How long somebody who never became a client is remembered."""
    form = forms.Limit(request.POST or None, initial={"months": leaving.months()})
    if form.is_valid():
        try:
            leaving.set_limit(by=request.user, **form.cleaned_data)
        except CannotTake as problem:
            say(form, problem)
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_inquiries_leaving")
    context = {"form": form, "title": _("How long inquiries are kept"),
               "back": "desk_inquiries_leaving"}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/practice/form.html", context, status=status)


@page("inquiry.count")
@require_safe
def numbers(request: Any) -> HttpResponse:
    """Received, started and the time to the first answer: by month, source and referrer."""
    first = counting.since(clock.today())
    facts = counting.facts(by=request.user, first=first)
    months = rules.counted(facts, lambda one: (one.month.isoformat(),))
    sources = rules.counted(facts, lambda one: (one.source,))
    referrers = rules.counted(facts, lambda one: (one.referrer,))
    context = {
        "first": first,
        "all": [_said(line, "") for line in rules.counted(facts, lambda _one: ())],
        "months": [_said(line, _month(line.key[0])) for line in reversed(months)],
        "sources": [_said(line, line.key[0] or _("not said")) for line in sources],
        "referrers": [_said(line, line.key[0]) for line in referrers if line.key[0]],
    }
    return render(request, "desk/inquiries/numbers.html", context)


def _said(line: rules.Line, name: str) -> dict[str, Any]:
    """A line of the numbers as a reader says it."""
    waited = "" if line.minutes is None else in_words(round(line.minutes))
    return {"name": name, "received": line.received, "started": line.started, "waited": waited,
            "in_time": _share(line)}  # fmt: skip


def _share(line: rules.Line) -> str:
    if not line.promised:
        return ""
    return _("%(share)s percent (%(n)s of %(of)s)") % {
        "share": round(100 * line.in_time / line.promised), "n": line.in_time, "of": line.promised,
    }  # fmt: skip


def _month(day: str) -> str:
    return date_format(clock.parse_date(day), "YEAR_MONTH_FORMAT")


def in_words(minutes: int) -> str:
    """A stretch of time in its largest whole unit: minutes below two hours, days from two on."""
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", round(hours / 24)) % {"n": round(hours / 24)}


@page("inquiry.count")
@require_safe
def numbers_csv(request: Any) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    first = counting.since(clock.today())
    held = io.StringIO()
    csv.writer(held).writerows(counting.table(counting.facts(by=request.user, first=first)))
    kept_as = {"Content-Disposition": 'attachment; filename="inquiries.csv"'}
    return HttpResponse("\ufeff" + held.getvalue(), content_type="text/csv", headers=kept_as)


@page("source.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: Any) -> HttpResponse:
    """The answers to "How did you hear of us?", and a form for another."""
    by = request.user
    if request.method == "POST" and "usual" in request.POST:
        actions.add_usual(by=by)
        return redirect("desk_sources")
    form = forms.NewSource(request.POST or None)
    if form.is_valid():
        try:
            actions.add_source(by=by, **form.cleaned_data)
        except CannotList as problem:
            say(form, problem)
        else:
            return redirect("desk_sources")
    context = {"form": form, "sources": list(queries.sources(by=by, closed=True))}
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/sources.html", context, status=status)


@page("source.edit", heard=queries.source)
@require_POST
def source_close(request: Any, heard: Any) -> HttpResponse:
    """Offer a source no more, or again: the button says which; unsaid is no more."""
    on = None if request.POST.get("closed") == "off" else heard.closed_on or clock.today()
    actions.close_source(by=request.user, source=heard, on=on)
    return redirect("desk_sources")


@page("inquiry.list")
@require_safe
def referrers(request: Any) -> HttpResponse:
    """Who sends people here and to whom people are sent: found by name and speciality."""
    by, text = request.user, request.GET.get("q", "").strip()[:200]
    rows = [one for one in queries.referrers(by=by, closed=True) if queries.suits(one, text)]
    context = {"rows": rows, "q": text, "may_edit": policy.allows("referrer.edit", by)}
    part = request.htmx and not request.htmx.boosted
    name = "desk/inquiries/_referrers.html" if part else "desk/inquiries/referrers.html"
    return render(request, name, context)


@page("referrer.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def referrer_add(request: Any) -> HttpResponse:
    """Another referrer or trusted colleague."""
    form = forms.ReferrerForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_referrer(by=request.user, now=clock.now(), **form.cleaned_data)
        except CannotList as problem:
            say(form, problem)
        else:
            return redirect("desk_referrers")
    return _referrer_form(request, form, _("Add a referrer"))


@page("referrer.edit", referrer=queries.referrer)
@require_http_methods(["GET", "HEAD", "POST"])
def referrer_edit(request: Any, referrer: Any) -> HttpResponse:
    """Other contact data, specialities, or whether they take people now."""
    names = ("name", "kind", "phone", "mail", "address", "specialities", "trusted", "takes")
    start = {name: getattr(referrer, name) for name in names}
    form = forms.ReferrerForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            actions.change_referrer(
                by=request.user, referrer=referrer, now=clock.now(), **form.cleaned_data
            )
        except CannotList as problem:
            say(form, problem)
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_referrers")
    return _referrer_form(request, form, _("Change a referrer"))


def _referrer_form(request: Any, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": "desk_referrers"}
    status = 422 if form.errors else 200
    return render(request, "desk/practice/form.html", context, status=status)


@page("referrer.edit", referrer=queries.referrer)
@require_POST
def referrer_close(request: Any, referrer: Any) -> HttpResponse:
    """Offer a referrer no more, or again: the button says which; unsaid is no more."""
    on = None if request.POST.get("closed") == "off" else referrer.closed_on or clock.today()
    actions.close_referrer(by=request.user, referrer=referrer, on=on)
    return redirect("desk_referrers")
