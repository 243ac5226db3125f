"""The desk's pages about what is around a client: ways to reach them, people, couples, families."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import audit
from rapport.people.circle import actions, queries
from rapport.people.clients import queries as clients
from rapport.people.clients.actions import CannotKeep
from rapport.people.clients.models import Client
from rapport.web.desk.forms import people as forms
from rapport.web.page import page

from .rows import offer_undo, theirs, to_client, undo_for

SAFE = ("safe_to_message", "safe_to_text", "safe_to_write")


def _form(request: Any, client: Any, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "client": client, "title": title}
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("client.edit", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Any, client: Any) -> HttpResponse:
    """Add a way to reach the client."""
    form = forms.ContactForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_contact(by=request.user, client=client, **form.cleaned_data)
        except CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        else:
            return to_client(request, client)
    return _form(request, client, form, _("Add a number or address"))


@page("client.edit", client=clients.get, contact=queries.contact)
@require_http_methods(["GET", "HEAD", "POST"])
def change_contact(request: Any, client: Any, contact: Any) -> HttpResponse:
    """Change a number or address, or what is safe to do with it."""
    theirs(client, contact)
    start = {name: getattr(contact, name) for name in ("value", "label", *SAFE)}
    form = forms.ChangeContact(request.POST or None, kind=contact.kind, initial=start)
    if form.is_valid():
        try:
            actions.change_contact(
                by=request.user, client=client, contact=contact, **start | form.cleaned_data
            )
        except CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        else:
            return to_client(request, client)
    return _form(request, client, form, _("Change a number or address"))


@page("client.edit", client=clients.get, contact=queries.contact)
@require_POST
def remove_contact(request: Any, client: Any, contact: Any) -> HttpResponse:
    """Remove a number or address; the client's page offers to undo it."""
    theirs(client, contact)
    kept = {name: getattr(contact, name) for name in ("kind", "value", "label", *SAFE)}
    actions.remove_contact(by=request.user, client=client, contact=contact)
    back = reverse("desk_client_contact", args=[client.pk])
    offer_undo(request, client, _("Removed the number or address."), back, **kept)
    return to_client(request, client)


@page("client.edit", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def related(request: Any, client: Any) -> HttpResponse:
    """Add somebody around the client."""
    form = forms.RelatedForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_related(by=request.user, client=client, **form.cleaned_data)
        except CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        else:
            return to_client(request, client)
    return _form(request, client, form, _("Add somebody around the client"))


def _known_of(person: Any) -> dict[str, Any]:
    names = ("relation", "name", "may_know", "safe_to_write", "emergency", "remark")
    known = {name: getattr(person, name) for name in names}
    return known | {"reach_at": person.reach, "mail": person.mail or ""}


@page("client.edit", client=clients.get, person=queries.person)
@require_http_methods(["GET", "HEAD", "POST"])
def change_related(request: Any, client: Any, person: Any) -> HttpResponse:
    """Change what is known of somebody around the client, or what they may know."""
    theirs(client, person)
    form = forms.RelatedForm(request.POST or None, initial=_known_of(person))
    if form.is_valid():
        try:
            actions.change_related(
                by=request.user, client=client, person=person, **form.cleaned_data
            )
        except CannotKeep as problem:
            form.add_error(problem.field, str(problem))
        else:
            return to_client(request, client)
    return _form(request, client, form, _("Change somebody around the client"))


@page("client.edit", client=clients.get, person=queries.person)
@require_POST
def remove_related(request: Any, client: Any, person: Any) -> HttpResponse:
    """Remove somebody around the client; the client's page offers to undo it."""
    theirs(client, person)
    kept = _known_of(person)
    actions.remove_related(by=request.user, client=client, person=person)
    back = reverse("desk_client_related", args=[client.pk])
    offer_undo(request, client, _("Removed somebody around the client."), back, **kept)
    return to_client(request, client)


@page("client.edit", client=clients.get)
@require_safe
def members(request: Any, client: Any) -> HttpResponse:
    """Who belongs to a couple or family, and a search for who else does."""
    if not client.is_together:
        raise Http404
    text = request.GET.get("q", "").strip()
    belong = queries.members(by=request.user, client=client)
    there = {c.pk for c in belong}
    found = clients.search(by=request.user, text=text) if text else []
    found = [c for c in found if c.pk not in there and not c.is_together]
    audit.shown("people.client", [c.pk for c in (*belong, *found)])
    context = {"client": client, "members": belong, "found": found, "q": text,
               "undo": undo_for(request, client)}  # fmt: skip
    part = request.htmx and not request.htmx.boosted
    name = "desk/people/_choose.html" if part else "desk/people/members.html"
    return render(request, name, context)


def _chosen(request: Any) -> Client:
    """The client named by the button, as far as the person may know of them.

    Raises:
        Http404: nobody, or not for this person: the two look the same.
    """
    try:
        return clients.get(by=request.user, client_id=uuid.UUID(request.POST.get("member", "")))
    except (ValueError, Client.DoesNotExist) as problem:
        raise Http404 from problem


@page("client.edit", client=clients.get)
@require_POST
def add_member(request: Any, client: Any) -> HttpResponse:
    """Let a client belong to the couple or family."""
    try:
        actions.add_member(by=request.user, client=client, member=_chosen(request))
    except CannotKeep as problem:
        raise Http404 from problem
    return redirect("desk_client_members", client_id=client.pk)


@page("client.edit", client=clients.get)
@require_POST
def remove_member(request: Any, client: Any) -> HttpResponse:
    """Let a client no longer belong to the couple or family; it can be undone."""
    member = _chosen(request)
    actions.remove_member(by=request.user, client=client, member=member)
    back = reverse("desk_client_members_add", args=[client.pk])
    words = _("%(name)s does not belong here any more.") % {"name": member.name}
    offer_undo(request, client, words, back, member=member.pk)
    return redirect("desk_client_members", client_id=client.pk)
