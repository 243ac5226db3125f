"""The desk's pages about clients: ask, call one action, show the answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.inquiries import queries as inquiries
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.appointments.problems import CannotBook
from rapport.meeting.attendance import queries as attendance
from rapport.meeting.parting import actions as partings
from rapport.meeting.parting import queries as parting
from rapport.meeting.series import words
from rapport.meeting.waiting import queries as waits
from rapport.people.care_team import actions as care_team
from rapport.people.circle import queries as around
from rapport.people.clients import actions, rules
from rapport.people.clients import queries as clients
from rapport.people.clients.models import Client
from rapport.people.consents import queries as consents
from rapport.people.practice import queries as practice
from rapport.people.staff import queries as staff
from rapport.people.staff.models import CLINICAL
from rapport.progress.expected import queries as expected
from rapport.web import expected as said
from rapport.web.desk.forms import people as forms
from rapport.web.page import page

from . import happened
from .rows import offer_undo, to_client, undo_for

ON_A_PAGE = 50
SHOWN = 12  # entries of a client's time on the first page; older ones lie one step away


@page("client.list")
@require_safe
def listed(request: Any) -> HttpResponse:
    """Clients one may see: found as one types, or page by page."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "q": text,
        "may_admit": policy.allows("client.admit", request.user),
        "may_import": policy.allows("client.import", request.user),
    }
    if text:
        found = clients.search(by=request.user, text=text)
        context["found"] = found
        audit.shown("people.client", [c.pk for c in found])
    else:
        context |= {"status": request.GET.get("status", ""), "archived": "archived" in request.GET}
        rows = clients.listed(
            by=request.user, status=context["status"], archived=context["archived"]
        )
        shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
        context["page"] = shown
        audit.shown("people.client", [c.pk for c in shown])
    context["statuses"] = Client.Status.choices
    part = request.htmx and not request.htmx.boosted
    name = "desk/people/_found.html" if part else "desk/people/clients.html"
    return render(request, name, context)


@page("client.open", client=clients.get)
@require_safe
def opened(request: Any, client: Any) -> HttpResponse:
    """A client's page."""
    by = request.user
    on_team = policy.allows("client.archive", by, client=client)
    treats = on_team or _treats(by, client)
    found = happened.rows(by=by, client=client, treats=treats, most=SHOWN + 1, counted=True)
    entries = happened.entries(found, show="", most=SHOWN + 1)
    ahead, kept = meetings.around_now(by=by, client=client, now=clock.now())
    row = practice.current()
    together = client.is_together
    members = around.members(by=by, client=client) if together else []
    groups = around.belongs_to(by=by, client=client) if client.belongs else []
    audit.shown("people.client", [c.pk for c in (*members, *groups)])
    context = {
        "client": client,
        "contacts": around.contacts(by=by, client=client),
        "related": around.related(by=by, client=client),
        "timeline": entries[:SHOWN],
        "older": len(entries) > SHOWN,
        "shows": happened.shows(treats),
        "since": happened.since_last(found, kept) if treats else None,
        "next": ahead,
        "standing": words.of(ahead.series) if ahead is not None and ahead.series else "",
        "went": attendance.among(found.meetings),
        "entry": waits.standing(by=by, client=client),
        "waiting": [one for one in found.alerts if one.acknowledged_at is None],
        "signals": [said.row(one) for one in expected.open_of(by=by, client=client)]
        if treats
        else [],
        "inquiry": _inquiry(by, client),
        "missing": consents.missing(found.consents, row.consents if row else ()),
        "treats": treats,
        "age": rules.age(client.birth_on, clock.today()) if client.birth_on else None,
        "undo": undo_for(request, client),
        "may_edit": on_team or policy.allows("client.edit", by, client=client),
        "on_team": on_team,
        "together": together,
        "members": members,
        "groups": groups,
        "may_see_episodes": treats,
        "may_book": on_team or policy.allows("appointment.book", by, client=client),
        "may_end": on_team or policy.allows("care_team.end", by, client=client),
        "may_assign": on_team or policy.allows("care_team.assign", by, client=client),
    }
    return render(request, "desk/people/client.html", context)


def _inquiry(by: Any, client: Any) -> Any:
    """The inquiry beside somebody who is no client yet."""
    asks = client.status == Client.Status.INQUIRY
    return inquiries.of_client(by=by, client=client) if asks else None


def _treats(by: Any, client: Any) -> bool:
    """Whether the person treats the client or supervises who does; the desk is not asked."""
    return by.staff.has(*CLINICAL) and policy.allows("episode.list", by, client=client)


@page("client.admit")
@require_http_methods(["GET", "HEAD", "POST"])
def admit(request: Any) -> HttpResponse:
    """A new client."""
    by = request.user
    clinicians = staff.clinicians(by=by)
    start = {"clinician": str(by.staff.pk)}
    together = "together" in request.GET
    form = (forms.AdmitTogether if together else forms.Admit)(
        request.POST or None, places=practice.places(by=by), clinicians=clinicians, initial=start
    )
    form.full_clean()
    twins = _twins(request, form)
    form.ask_about(twins)
    if form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("clinician")
        chosen = next(one for one in clinicians if str(one.pk) == wanted)
        try:
            client = actions.admit(by=by, clinician=chosen, now=clock.now(), **given)
        except actions.CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        else:
            if client.is_together and policy.allows("client.edit", by, client=client):
                messages.info(request, _("Admitted. Choose who belongs to it next."))
                return redirect("desk_client_members", client_id=client.pk)
            messages.info(request, _("Admitted. Add how to reach the client next."))
            return to_client(request, client)
    context = {"form": form, "twins": twins, "together": together}
    return render(request, "desk/people/admit.html", context, status=422 if form.errors else 200)


def _twins(request: Any, form: Any) -> list[Any]:
    """Visible clients who look like the one that is being admitted."""
    given = getattr(form, "cleaned_data", {})
    if not given.get("legal_name"):
        return []
    return clients.duplicates(
        by=request.user, legal_name=given["legal_name"], birth_on=given.get("birth_on")
    )


@page("client.edit", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, client: Any) -> HttpResponse:
    """Change what is known of a client."""
    names = ("legal_name", "preferred_name", "pronouns", "birth_on", "status", "place",
             "languages", "address", "remark")  # fmt: skip
    start = {name: getattr(client, name) for name in names}
    kind = forms.ChangeTogether if client.is_together else forms.ChangeForm
    form = kind(request.POST or None, initial=start, places=practice.places(by=request.user))
    if form.is_valid():
        given = start | form.cleaned_data
        try:
            actions.change(by=request.user, client=client, now=clock.now(), **given)
        except actions.CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Saved."))
            return to_client(request, client)
    context = {"form": form, "client": client, "title": _("Change what is known")}
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("client.archive", client=clients.get)
@require_POST
def archive(request: Any, client: Any) -> HttpResponse:
    """Put away, or bring back: the answer to the first has a button for the second.

    Where something is ahead of the client, it is shown first, with a button that ends it too.
    """
    if "back" in request.POST:
        actions.bring_back(by=request.user, client=client)
        messages.info(request, _("Back among the current clients."))
    elif client.archived_at is None:
        by, now = request.user, clock.now()
        ahead = parting.ahead(by=by, client=client, now=now)
        if ahead.any and "ends" not in request.POST:
            return _what_is_ahead(request, client, ahead)
        try:
            with audit.unit():
                if ahead.any:
                    partings.end_all(by=by, client=client, now=now)
                actions.archive(by=by, client=client, now=now)
        except CannotBook as problem:
            return _what_is_ahead(request, client, ahead, str(problem))
        undo = reverse("desk_client_archive", args=[client.pk])
        offer_undo(request, client, _("Archived."), undo, back=True)
    return to_client(request, client)


@page("client.restrict", client=clients.get)
@require_POST
def restrict(request: Any, client: Any) -> HttpResponse:
    """The care team alone, or everyone who would see the client by their work.

    The button says which, so that pressing it twice does the same; unsaid is the care team.
    """
    wanted = request.POST.get("restricted") != "off"
    actions.restrict(by=request.user, client=client, restricted=wanted)
    return to_client(request, client)


@page("client.break_glass")
@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: Any) -> HttpResponse:
    """Open a record one may not see, for an hour, with a reason."""
    form = forms.BreakGlassForm(request.POST or None)
    if form.is_valid():
        try:
            opened = care_team.break_glass(by=request.user, now=clock.now(), **form.cleaned_data)
        except care_team.CannotAssign as problem:
            form.add_error(problem.field, str(problem))
        except care_team.NoSuchClient as problem:
            form.add_error("name", str(problem))
        else:
            messages.warning(request, _("Open for one hour. The care team is told."))
            return to_client(request, opened.client)
    context = {"form": form}
    return render(
        request, "desk/people/break_glass.html", context, status=422 if form.errors else 200
    )


def _what_is_ahead(request: Any, client: Any, ahead: Any, problem: str = "") -> HttpResponse:
    context = {
        "client": client, "ahead": ahead, "problem": problem,
        "standing": [(one, words.of(one)) for one in ahead.standing],
    }  # fmt: skip
    return render(request, "desk/people/archive.html", context, status=422)
