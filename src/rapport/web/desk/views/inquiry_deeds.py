"""What is done for an inquiry: a conflict check, a referral, the beginning of care."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.inquiries import conflicts, leaving, moving, queries, referring
from rapport.contact.inquiries.models import Inquiry
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.referrers import queries as lists
from rapport.contact.referrers.models import Referrer
from rapport.core import audit
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.people.episodes.codes import Referral as Came
from rapport.people.practice import queries as practice
from rapport.people.staff import queries as staff
from rapport.web.desk.forms import inquiries as forms
from rapport.web.page import page

from .inquiries import offer_step_back, say, shown, to_inquiry

SENT_BY = {
    Referrer.Kind.COLLEAGUE: Came.COLLEAGUE, Referrer.Kind.DOCTOR: Came.DOCTOR,
    Referrer.Kind.INSTITUTION: Came.OTHER,
}  # fmt: skip


@page("conflict.check", inquiry=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts_of(request: Any, inquiry: Any) -> HttpResponse:
    """Ask whether somebody here treats a partner, a relative, an employer."""
    by, told = request.user, None
    form = forms.Names(request.POST or None)
    if form.is_valid():
        try:
            told = conflicts.check(by=by, inquiry=inquiry, now=clock.now(), **form.cleaned_data)
        except CannotTake as problem:
            say(form, problem)
        else:
            audit.shown("people.client", [one.pk for one in told.shown])
    context = {
        "form": form, "inquiry": inquiry, "client": inquiry.client, "told": told,
        "checks": queries.checks(by=by, inquiry=inquiry),
        "owners": [one for one in queries.owners(by=by) if one != by.staff],
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/conflicts.html", context, status=status)


@page("conflict.look", conflict=queries.look)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: Any, conflict: Any) -> HttpResponse:
    """Whether a new inquiry touches somebody whom one treats. Who inquires is not said."""
    by = request.user
    form = forms.Look(request.POST or None, initial={"answer": conflict.answer})
    if form.is_valid():
        conflicts.answer(by=by, conflict=conflict, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Written down. Whoever asked sees the answer, not whose."))
        return redirect("desk_today")
    touched = conflicts.touched(by=by, conflict=conflict)
    audit.shown("people.client", [one.client.pk for one in touched])
    context = {"form": form, "conflict": conflict, "touched": touched}
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/look.html", context, status=status)


@page("inquiry.refer", inquiry=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: Any, inquiry: Any) -> HttpResponse:
    """Send somebody on to a trusted colleague; what is passed on, and that they agreed."""
    by, text = request.user, request.GET.get("q", "").strip()
    colleagues = list(lists.referrers(by=by, trusted=True))
    fitting = [one for one in colleagues if lists.suits(one, text)]
    fitting.sort(key=lambda one: ("YES", "UNKNOWN", "NO").index(one.takes))
    start = {"revision": inquiry.revision}
    form = forms.Refer(request.POST or None, colleagues=fitting or colleagues, initial=start)
    if form.is_valid():
        given = form.cleaned_data | {"revision": form.cleaned_data["revision"] or 0}
        try:
            made = referring.refer(by=by, inquiry=inquiry, now=clock.now(), **given)
        except CannotTake as problem:
            say(form, problem)
        else:
            offer_step_back(request, made.inquiry)
            return to_inquiry(inquiry)
    context = {
        "form": form, "inquiry": inquiry, "client": inquiry.client, "q": text,
        "colleagues": fitting, "any": bool(colleagues),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/refer.html", context, status=status)


@page("inquiry.open", inquiry=queries.get, referral=queries.referral)
@require_safe
def letter(request: Any, inquiry: Any, referral: Any) -> HttpResponse:
    """The letter to the colleague: what the person agreed to, and nothing else."""
    if referral.inquiry_id != inquiry.pk or not referral.passes_on:
        raise Http404
    client, shared = inquiry.client, set(referral.shared)
    reaches = around.contacts(by=request.user, client=client) if shared & {"PHONE", "MAIL"} else []
    context = {
        "inquiry": inquiry, "referral": referral, "practice": practice.current(),
        "name": client.name if "NAME" in shared else "",
        "reaches": [one for one in reaches if one.kind in shared],
        "seeks": inquiry.seeks if "SEEKS" in shared else "",
    }  # fmt: skip
    return render(request, "desk/inquiries/letter.html", context)


@page("inquiry.start", inquiry=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Any, inquiry: Any) -> HttpResponse:
    """Turn an inquiry into a client: who carries it, from when. Nothing is typed again."""
    by = request.user
    if inquiry.stage == Inquiry.Stage.STARTED and request.method != "POST":
        return to_inquiry(inquiry)  # care began meanwhile
    first = {
        "clinician": inquiry.clinician or by.staff, "on": clock.today(),
        "revision": inquiry.revision,
        "referral_source": SENT_BY[inquiry.referrer.kind] if inquiry.referrer else "",
    }  # fmt: skip
    form = forms.Start(request.POST or None, clinicians=staff.clinicians(by=by), initial=first)
    if form.is_valid():
        given = form.cleaned_data | {"revision": form.cleaned_data["revision"] or 0}
        try:
            inquiry = moving.start(by=by, inquiry=inquiry, now=clock.now(), **given)
        except CannotTake as problem:
            say(form, problem)
        else:
            return _begun(request, inquiry)
    context = {"form": form, "inquiry": inquiry, "client": inquiry.client}
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/start.html", context, status=status)


def _begun(request: Any, inquiry: Any) -> HttpResponse:
    """To the client, with the way back; to the list for whoever sees the client no more."""
    if not clients.seen(by=request.user, client_id=inquiry.client_id):
        messages.info(request, _("Care begins. From now on the care team looks after it."))
        return redirect("desk_inquiries")
    offer_step_back(request, inquiry)
    return redirect("desk_client", client_id=inquiry.client_id)


@page("inquiry.hold", inquiry=queries.get)
@require_POST
def hold(request: Any, inquiry: Any) -> HttpResponse:
    """Keep somebody beyond the limit, or no longer: the button says which."""
    if request.POST.get("held") == "off":
        leaving.let_go(by=request.user, inquiry=inquiry)
        return to_inquiry(inquiry)
    form = forms.Hold(request.POST)
    if form.is_valid():
        try:
            leaving.hold(by=request.user, inquiry=inquiry, now=clock.now(), **form.cleaned_data)
        except CannotTake as problem:
            say(form, problem)
        else:
            return to_inquiry(inquiry)
    return shown(request, inquiry, hold=form)
