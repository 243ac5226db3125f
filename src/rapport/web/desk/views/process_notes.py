"""The desk's pages for process notes: an author's own, and nobody else's."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import audit, policy, prose
from rapport.core import time as clock
from rapport.record.notes.problems import CannotWrite
from rapport.record.process_notes import actions, queries
from rapport.web.desk.forms import notes as forms
from rapport.web.page import page

from .writing import body, wrong

ON_A_PAGE = 20


@page("process_note.list", client=queries.client)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Any, client: Any) -> HttpResponse:
    """One's own process notes about a client; the button begins another."""
    by = request.user
    if request.method == "POST":
        once = forms.Words(request.POST)
        given = once.cleaned_data["once"] if once.is_valid() else None
        try:
            begun = actions.write(by=by, client=client, once=given, now=clock.now())
        except CannotWrite as problem:
            messages.error(request, str(problem))
            return redirect("desk_process_notes", client_id=client.pk)
        return redirect("desk_process_note", process_note_id=begun.pk)
    found = queries.of_client(by=by, client=client)
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    audit.shown("record.processnote", [one.pk for one in shown])
    context = {
        "client": client,
        "page": shown,
        "rows": [{"row": one, "html": prose.html(one.text)} for one in shown],
        "may_write": policy.allows("process_note.write", by, client=client),
        "once": uuid.uuid4(),
    }
    return render(request, "desk/record/process_notes.html", context)


def _form(process_note: Any, data: Any = None) -> forms.ProcessDraft:
    start = {"revision": process_note.revision, "window": uuid.uuid4(),
             f"{forms.SECTION}text": process_note.text}  # fmt: skip
    return forms.ProcessDraft(data, initial=start)


@page("process_note.open", process_note=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def process_note(request: Any, process_note: Any) -> HttpResponse:
    """Write in one's own process note."""
    form = _form(process_note, request.POST or None)
    if form.is_valid():
        try:
            saved = _changed(request, process_note, form)
        except CannotWrite as problem:
            form.add_error(f"{forms.SECTION}text", str(problem))
        else:
            if saved.kept:
                said = _("Another window saved meanwhile. Your words stand in one of their own.")
                messages.warning(request, said)
            return redirect("desk_process_notes", client_id=process_note.client_id)
    context = {"note": process_note, "client": process_note.client, "form": form}
    status = 422 if form.errors else 200
    return render(request, "desk/record/process_note.html", context, status=status)


def _changed(request: Any, process_note: Any, form: forms.ProcessDraft) -> actions.Saved:
    saved: actions.Saved = actions.change(
        by=request.user, process_note=process_note, text=form.words(), now=clock.now(),
        revision=form.cleaned_data["revision"], window=form.cleaned_data["window"],
    )  # fmt: skip
    return saved


@page("process_note.open", look=False, process_note=queries.get)
@require_POST
def save(request: Any, process_note: Any) -> HttpResponse:
    """What the writing page saves by itself, as JSON both ways."""
    try:
        data = body(request)
    except RequestDataTooBig:
        return wrong({"": _("This is more than can be kept. Shorten it, or split it.")})
    except (ValueError, TypeError, RecursionError):
        return wrong({"": _("This is not what a writing page sends.")})
    text = data.pop("sections").get("text", "")
    form = _form(process_note, data | {f"{forms.SECTION}text": text})
    if not isinstance(text, str) or not form.is_valid():
        return wrong({name: e[0] for name, e in form.errors.items()} or {"text": _("Write text.")})
    try:
        saved = _changed(request, process_note, form)
    except CannotWrite as problem:
        return wrong(problem.errors)
    now = saved.process_note
    if saved.kept:
        address = reverse("desk_process_notes", args=[now.client_id])
        return JsonResponse({"revision": now.revision, "kept": True, "url": address}, status=409)
    at = now.saved_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    hour = f"{clock.local(now.saved_at):%H:%M}"
    return JsonResponse({"revision": now.revision, "saved_at": at, "saved": hour})


@page("process_note.open", process_note=queries.get)
@require_POST
def remove(request: Any, process_note: Any) -> HttpResponse:
    """Throw one's own process note away."""
    client_id = process_note.client_id
    actions.remove(by=request.user, process_note=process_note)
    messages.info(request, _("The process note is gone."))
    may = policy.allows("process_note.list", request.user, client=process_note.client)
    return redirect("desk_process_notes", client_id) if may else redirect("desk_today")
