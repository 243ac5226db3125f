"""The desk's pages for writing a note: with script it saves itself, without it a button does."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import prose
from rapport.core import time as clock
from rapport.record.notes import actions, queries, reading, scores, signing, templates
from rapport.record.notes.models import Note
from rapport.record.notes.problems import CannotWrite
from rapport.web.desk.forms import notes as forms
from rapport.web.page import page


def is_writing(by: Any, note: Note) -> bool:
    """Whether the note is the person's own to write in."""
    return note.state in queries.OPEN and by.staff is not None and note.author_id == by.staff.pk


def to_note(note: Note) -> HttpResponse:
    """To the note: its writing page while it is a draft, else its reading page."""
    return redirect("desk_note", note_id=note.pk)


def draft_form(note: Note, data: Any = None) -> forms.Draft:
    """The form of a note's writing page."""
    start = {"revision": note.revision, "window": uuid.uuid4()}
    return forms.Draft(data, note=note, sheet=reading.sheet(note), initial=start)


def writing(request: Any, note: Note, form: forms.Draft | None = None) -> HttpResponse:
    """The writing page; with ``form`` as it was sent, where something in it is wrong."""
    by, form = request.user, form or draft_form(note)
    last = queries.last_signed(client=note.client, author=note.author, besides=note)
    drawn = scores.of(note)
    found = queries.scores(by=by, client=note.client)
    context = {
        "note": note,
        "client": note.client,
        "form": form,
        "others": [_aside(note, one) for one in queries.others(note)],
        "last": last,
        "carried": _carried(note, last) if last else [],
        "last_parts": reading.parts(last) if last else [],
        "drawn": drawn,
        "scores": list(scores.shown(found, besides=drawn)),
        "forms": templates.every(),
        "remarks": prose.html(note.remarks) if note.state == Note.State.RETURNED else "",
        "timed": note.kind != Note.Kind.MISSED,
    }
    status = 422 if form.errors else 200
    return render(request, "desk/record/write.html", context, status=status)


def _aside(note: Note, other: Any) -> dict[str, Any]:
    """A second draft beside the note: the sections in which they differ."""
    form, keys = reading.sheet(note), dict.fromkeys([*note.sections, *other.sections])
    texts = ((key, note.sections.get(key, ""), other.sections.get(key, "")) for key in keys)
    differ = [
        {"label": form.label(key), "here": prose.html(here), "there": prose.html(there)}
        for key, here, there in texts
        if here != there
    ]
    return {"row": other, "differ": differ}


def _carried(note: Note, last: Note) -> list[dict[str, Any]]:
    """Sections of the last note that may be carried forward: those that are empty here."""
    return [
        {"key": one.key, "label": one.label}
        for one in reading.sheet(note).headings
        if "last" in one.fill
        and last.sections.get(one.key)
        and not note.sections.get(one.key, "").strip()
    ]


def kept(request: Any, note: Note) -> tuple[forms.Draft, actions.Saved | None]:
    """Save what the writing page sent; the form says what is wrong where nothing was saved."""
    form = draft_form(note, request.POST)
    if not form.is_valid():
        return form, None
    try:
        saved: actions.Saved = actions.save(
            by=request.user, note=note, sections=form.sections(), times=form.times(),
            revision=form.cleaned_data["revision"], window=form.cleaned_data["window"],
            now=clock.now(),
        )  # fmt: skip
    except CannotWrite as problem:
        form.refuse(problem.errors)
        return form, None
    if saved.closed and saved.kept:
        messages.warning(request, _("This note was signed meanwhile. Your words are kept below."))
    elif saved.closed:
        messages.info(request, _("This note was signed meanwhile."))
    elif saved.kept:
        messages.warning(request, _("Another window saved meanwhile. Both texts are kept."))
    return form, saved


def sent(request: Any, note: Note) -> HttpResponse:
    """What the writing page sent by one of its buttons: saved first, then what was wanted."""
    form, saved = kept(request, note)
    if saved is None:
        return writing(request, note, form) if is_writing(request.user, note) else to_note(note)
    if saved.kept or saved.closed:
        return to_note(note)
    given, now = {"by": request.user, "note": saved.note}, clock.now()
    then = request.POST.get("then", "")
    try:
        if then == "carry":
            actions.carry_forward(**given, keys=request.POST.getlist("carry"), now=now)
        elif then == "template":
            actions.change_template(**given, template=request.POST.get("template", ""), now=now)
    except CannotWrite as problem:
        form.refuse(problem.errors)
        return writing(request, saved.note, form)
    return redirect("desk_note_sign", note_id=note.pk) if then == "sign" else to_note(note)


@page("note.save", look=False, note=queries.get)
@require_POST
def save(request: Any, note: Any) -> HttpResponse:
    """What a writing page saves by itself, as JSON both ways."""
    try:
        data = body(request)
    except RequestDataTooBig:
        return wrong({"": _("This is more than can be kept. Shorten it, or split it.")})
    except (ValueError, TypeError, RecursionError):
        return wrong({"": _("This is not what a writing page sends.")})
    form = draft_form(note, data)
    if not form.is_valid():
        return wrong({name.removeprefix(forms.SECTION): e[0] for name, e in form.errors.items()})
    try:
        saved = actions.save(
            by=request.user, note=note, sections=data["sections"], times=form.times(),
            revision=form.cleaned_data["revision"], window=form.cleaned_data["window"],
            now=clock.now(),
        )  # fmt: skip
    except CannotWrite as problem:
        return wrong(problem.errors)
    return _answer(saved)


def body(request: Any) -> dict[str, Any]:
    """The fields of the body; sections stand beside it as they were sent.

    Raises:
        ValueError, TypeError: it is no JSON, or not of this shape.
    """
    said = json.loads(request.body)
    sections = said["sections"] if isinstance(said, dict) and "sections" in said else None
    if not isinstance(sections, dict) or not all(isinstance(k, str) for k in sections):
        raise TypeError("sections are words by key")
    if not all(isinstance(said.get(name), str | None) for name in ("started_at", "ended_at")):
        raise TypeError("times are text")
    names = ("revision", "window", "started_at", "ended_at")
    return {name: said[name] for name in names if name in said} | {"sections": sections}


def wrong(errors: dict[str, Any]) -> JsonResponse:
    return JsonResponse({"errors": {key: str(words) for key, words in errors.items()}}, status=422)


def _answer(saved: actions.Saved) -> JsonResponse:
    note = saved.note
    if saved.closed:
        return JsonResponse({"state": note.state, "kept": saved.kept is not None}, status=410)
    if saved.kept:
        address = reverse("desk_note", args=[note.pk])
        return JsonResponse({"revision": note.revision, "kept": True, "url": address}, status=409)
    at = clock.local(note.saved_at)
    return JsonResponse(
        {
            "revision": note.revision,
            "saved_at": note.saved_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "saved": f"{at:%H:%M}",
        }
    )


@page("note.save", note=queries.get)
@require_POST
def draw(request: Any, note: Any) -> HttpResponse:
    """Draw a score in, or take one out, and keep what was written."""
    form, saved = kept(request, note)
    if saved is None:
        return writing(request, note, form) if is_writing(request.user, note) else to_note(note)
    if saved.kept or saved.closed:
        return to_note(note)
    given: dict[str, Any] = {"by": request.user, "note": saved.note, "now": clock.now()}
    if "out" in request.POST:
        actions.take_out(**given, drawn=request.POST["out"])
    else:
        mine = {"by": request.user, "client": note.client}
        actions.draw_in(**given, score=_there(queries.score, request.POST, "score", **mine))
    return to_note(note)


@page("note.save", note=queries.get)
@require_POST
def decide(request: Any, note: Any) -> HttpResponse:
    """Decide about what another window wrote: its words instead, below, or not at all."""
    other = _there(queries.other, request.POST, "other", by=request.user)
    other.client, what = note.client, request.POST.get("what", "")
    given: dict[str, Any] = {"by": request.user, "note": note, "other": other}
    try:
        if what == "drop":
            actions.drop(**given)
        elif what in ("instead", "below"):
            actions.take_over(**given, below=what == "below", now=clock.now())
    except CannotWrite as problem:
        messages.error(request, str(problem))
    return to_note(note)


def _there(find: Any, sent: Any, name: str, **given: Any) -> Any:
    """The row that a button named.

    Raises:
        Http404: none, or not for this person.
    """
    try:
        return find(**given, **{f"{name}_id": uuid.UUID(sent.get(name, ""))})
    except (ValueError, ObjectDoesNotExist) as problem:
        raise Http404 from problem


@page("note.sign", note=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Any, note: Any) -> HttpResponse:
    """Read once more what will be sealed, then sign."""
    if not is_writing(request.user, note):
        return to_note(note)
    supervised = note.author.has("INTERN")
    able = queries.who_may_cosign(note, clock.today()) if supervised else []
    form = forms.Sign(
        request.POST or None, supervisors=able, initial={"revision": note.revision}
    )  # fmt: skip
    if form.is_valid():
        chosen = form.cleaned_data.get("supervisor", "")
        supervisor = next((one for one in able if str(one.pk) == chosen), None)
        given = {"revision": form.cleaned_data["revision"], "supervisor": supervisor}
        try:
            signing.sign(by=request.user, note=note, now=clock.now(), **given)
        except CannotWrite as problem:
            form.refuse(problem.errors)
        else:
            return to_note(note)
    context = {
        "note": note, "client": note.client, "form": form, "parts": reading.parts(note),
        "drawn": scores.of(note), "missing": list(signing.missing(note).values()),
        "supervised": supervised, "able": able,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/record/sign.html", context, status=status)


@page("note.discard", note=queries.get)
@require_POST
def discard(request: Any, note: Any) -> HttpResponse:
    """Throw a draft away."""
    try:
        actions.discard(by=request.user, note=note)
    except CannotWrite as problem:
        messages.error(request, str(problem))
        return to_note(note)
    messages.info(request, _("The draft is gone."))
    return redirect("desk_notes_unsigned")


@page("note.sign", note=queries.get)
@require_POST
def take_back(request: Any, note: Any) -> HttpResponse:
    """Take back a note that waits for co-signature."""
    try:
        signing.take_back(by=request.user, note=note)
    except CannotWrite as problem:
        messages.error(request, str(problem))
    return to_note(note)
