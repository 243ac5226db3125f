"""The desk's pages about notes: begin one, read one, sign with its author, add, what waits."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.core.library import NotInLibrary
from rapport.people.clients import queries as clients
from rapport.progress.measures import course as courses
from rapport.record.notes import actions, paper, queries, reading, scores, seals, signing
from rapport.record.notes.models import Note
from rapport.record.notes.problems import CannotWrite
from rapport.record.reactions import kind_of
from rapport.web import courses as said
from rapport.web.desk.forms import notes as forms
from rapport.web.page import page

from .writing import is_writing, sent, to_note, writing

ON_A_PAGE = 50


@page("note.open", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: Any, client: Any) -> HttpResponse:
    """Begin a note, or go on with the one that there is about a meeting."""
    by = request.user
    meetings = {str(m.pk): m for m in queries.without_note(by=by, client=client)}
    choices = [(pk, _meeting(m)) for pk, m in meetings.items()]
    named = request.POST.get("appointment") or request.GET.get("appointment") or ""
    if named not in meetings and (meeting := _appointment(by, client, named)):
        meetings[named] = meeting
        choices.insert(0, (named, _meeting(meeting)))
    start = {"appointment": named, "kind": Note.Kind.PHONE, "happened_on": clock.today(),
             "template": queries.usual_form(by.staff), "once": uuid.uuid4()}  # fmt: skip
    form = forms.Open(request.POST or None, meetings=choices, initial=start)
    if form.is_valid():
        given = dict(form.cleaned_data)
        about = meetings.get(given.pop("appointment"))
        if about is not None:
            given |= {"kind": kind_of(about), "happened_on": None}
        try:
            note = actions.open_(by=by, client=client, appointment=about, now=clock.now(), **given)
        except CannotWrite as problem:
            for key, words in problem.errors.items():
                form.add_error(key if key in form.fields else None, words)
        else:
            return to_note(note)
    context = {"form": form, "client": client, "title": _("Write a note"), "begin": True}
    return render(request, "desk/record/open.html", context, status=422 if form.errors else 200)


def _meeting(meeting: Any) -> str:
    at = date_format(clock.local(meeting.starts_at), "SHORT_DATETIME_FORMAT")
    return f"{at} · {meeting.get_kind_display()} · {meeting.get_status_display()}"


def _appointment(by: Any, client: Any, named: str) -> Any:
    """A meeting that a button elsewhere named; None where there is none for this person."""
    try:
        return queries.appointment(by=by, client=client, appointment_id=uuid.UUID(named))
    except (ValueError, ObjectDoesNotExist):
        return None


@page("note.read", note=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: Any, note: Any) -> HttpResponse:
    """A note: its author writes in a draft, everybody else and everything later is reading."""
    if request.method == "POST":
        if not policy.allows("note.save", request.user, note=note):
            raise Http404
        return sent(request, note)
    return writing(request, note) if is_writing(request.user, note) else _reading(request, note)


def _reading(request: Any, note: Note, **wrong: forms.Words) -> HttpResponse:
    """The reading page; ``wrong`` is a form on it as it was sent, by name."""
    by, signed = request.user, note.state == Note.State.SIGNED
    author = by.staff is not None and note.author_id == by.staff.pk
    may_add = signed and policy.allows("note.add", by, note=note)
    cosigns = note.state == Note.State.WAITING and policy.allows("note.cosign", by, note=note)
    context = {
        "note": note,
        "client": note.client,
        "sheet": reading.sheet(note),
        "parts": reading.parts(note),
        "drawn": scores.of(note),
        "signed": signed,
        "seal": seals.grouped(note.seal) if signed and note.seal else "",
        "fits": reading.seal_fits(note) if signed else None,
        "addenda": _added(note) if signed else [],
        "others": queries.others(note) if author else [],
        "author": author,
        "may_add": may_add,
        "cosigns": cosigns,
        "add": wrong.get("add") or forms.Words(initial={"once": uuid.uuid4()}, prefix="add"),
        "back": wrong.get("back") or forms.Words(prefix="back"),
    }
    status = 422 if wrong else 200
    return render(request, "desk/record/read.html", context, status=status)


def _added(note: Note) -> list[dict[str, Any]]:
    return [
        {
            "row": one,
            "html": reading.Part("", "", one.text).html,
            "seal": seals.grouped(one.seal),
            "fits": reading.seal_fits(one),
        }
        for one in queries.addenda(note)
    ]


@page("note.add", note=queries.get)
@require_POST
def add(request: Any, note: Any) -> HttpResponse:
    """Add to a signed note."""
    form = forms.Words(request.POST, prefix="add")
    if form.is_valid():
        given = {"text": form.cleaned_data["text"] or "", "once": form.cleaned_data["once"]}
        try:
            signing.add(by=request.user, note=note, now=clock.now(), **given)
        except CannotWrite as problem:
            form.add_error("text", str(problem))
        else:
            return to_note(note)
    return _reading(request, note, add=form)


@page("note.print", note=queries.get)
@require_POST
def pdf(request: Any, note: Any) -> HttpResponse:
    """The signed note as a PDF with its seals. Its name says nothing of whom it is about."""
    try:
        made = paper.printed(by=request.user, note=note, chart=_chart(request.user, note))
    except CannotWrite as problem:
        messages.error(request, str(problem))
        return to_note(note)
    kept_as = {"Content-Disposition": f'attachment; filename="note-{str(note.pk)[:8]}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=kept_as)


def _chart(by: Any, note: Any) -> Any:
    """The course of the measure that was drawn in first, up to the signature, as a picture."""
    if not note.drawn_in or note.signed_at is None:
        return None
    try:
        course = courses.of(
            by=by, client=note.client, instrument=note.drawn_in[0]["instrument"],
            until=note.signed_at,
        )  # fmt: skip
    except NotInLibrary:
        return None
    if len(course.points) < 2:
        return None
    plot = said.plot(course)
    return {"svg": said.on_paper(plot), "alt": plot.words}


@page("note.cosign", note=queries.get)
@require_POST
def cosign(request: Any, note: Any) -> HttpResponse:
    """Co-sign a note that a supervised clinician handed in."""
    form = forms.Words(request.POST)
    try:
        revision = form.cleaned_data["revision"] or 0 if form.is_valid() else 0
        signing.cosign(by=request.user, note=note, revision=revision, now=clock.now())
    except CannotWrite as problem:
        messages.error(request, str(problem))
    return to_note(note)


@page("note.cosign", note=queries.get)
@require_POST
def return_(request: Any, note: Any) -> HttpResponse:
    """Give a note back with remarks."""
    form = forms.Words(request.POST, prefix="back")
    if form.is_valid():
        try:
            signing.return_(
                by=request.user, note=note, remarks=form.cleaned_data["text"] or ""
            )  # fmt: skip
        except CannotWrite as problem:
            form.add_error("text", str(problem))
        else:
            messages.info(request, _("Returned. Its author sees your remarks."))
            return redirect("desk_notes_unsigned")
    return _reading(request, note, back=form)


@page("note.unsigned")
@require_safe
def unsigned(request: Any) -> HttpResponse:
    """What waits: returned notes, notes to co-sign, drafts, and one's own that wait."""
    today = clock.today()
    shown = Paginator(queries.waiting(by=request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(one, today) for one in shown]
    audit.shown("record.note", [one.pk for one in shown])
    return render(request, "desk/record/waiting.html", {"page": shown, "rows": rows})


def _row(note: Any, today: Any) -> dict[str, Any]:
    """A note that waits, with its age and what its supervisor said."""
    returned = note.state == Note.State.RETURNED
    return {
        "note": note,
        "turn": note.turn,
        "days": (today - note.happened_on).days,
        "remarks": note.remarks if returned else "",
    }
