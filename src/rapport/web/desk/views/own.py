"""The desk's pages on which a practice builds questionnaires of its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.core import time as clock
from rapport.progress.own import actions, queries, typed
from rapport.progress.own.saying import CannotKeep
from rapport.web.desk.forms.own import Begin, Question, Settings
from rapport.web.page import page

NEW = "new"
BLANK = {
    "kind": "choice", "text": "", "section": "", "answers": [], "low": "", "high": "",
    "counts": True, "turned": False, "part": "", "ask_if": None, "alert": None,
}  # fmt: skip


@page("form.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Any) -> HttpResponse:
    """What was built and what was typed in; a title begins another."""
    form = Begin(request.POST or None)
    if form.is_valid():
        try:
            made = actions.begin(
                by=request.user, title=form.cleaned_data["title"],
                language=(get_language() or "en").split("-")[0], now=clock.now(),
            )  # fmt: skip
            return redirect("desk_own_form", form_id=made.pk)
        except CannotKeep as problem:
            form.refused(problem)
    rows = queries.listed(by=request.user)
    there = {one.code: one for one in rows if one.kind == "LICENSED"}
    built = [{"form": one, "title": one.draft["title"]} for one in rows if one.kind == "BUILT"]
    shells = [
        {"id": id, "short": item.content.short, "holder": item.content.licence.rights_holder,
         "typed": there.get(id), "bank": item.content.is_adaptive}
        for id, item in typed.shells().items()
    ]  # fmt: skip
    context = {"form": form, "built": built, "shells": shells}
    return render(request, "desk/own/list.html", context, status=422 if form.errors else 200)


@page("form.edit", form=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def settled(request: Any, form: Any) -> HttpResponse:
    """One that is built. Whichever button is pressed, what was typed is kept first."""
    typed_in = Settings.of(form.draft, request.POST or None)
    problems: dict[str, str] = {}
    said = typed_in.said() if typed_in.is_valid() else None
    if said is not None:
        try:
            form = actions.settle(by=request.user, form=form, said=said)
            return redirect(_done(request, form))
        except CannotKeep as problem:
            problems = problem.fields
            typed_in.refused(problem)
    rows = [
        {"question": one, "n": n, "problem": problems.get(f"question-{one['key']}", "")}
        for n, one in enumerate(form.draft["questions"], 1)
    ]
    context = {
        "row": form, "form": typed_in, "rows": rows, "out": form.draft.get("out"),
        "versions": queries.versions(by=request.user, form=form),
        "answered": queries.sheets_on(by=request.user, form=form),
    }  # fmt: skip
    status = 422 if typed_in.errors else 200
    return render(request, "desk/own/form.html", context, status=status)


def _done(request: Any, form: Any) -> str:
    """Do what the button says, and say where that leads.

    Raises:
        CannotKeep: it cannot be published, or a question cannot be put back.
    """
    what, _sign, key = request.POST.get("do", "keep").partition("-")
    by, here = request.user, reverse("desk_own_form", args=[form.pk])
    if what in ("up", "down", "out"):
        actions.move(by=by, form=form, key=key, to=what)
        return f"{here}#questions" if what == "out" else f"{here}#question-{key}"
    if what == "back":
        actions.put_back(by=by, form=form)
        return f"{here}#questions"
    if what == "change" and key in {NEW, *(one["key"] for one in form.draft["questions"])}:
        return reverse("desk_own_question", args=[form.pk, key])
    if what == "preview":
        return reverse("desk_own_preview", args=[form.pk])
    return reverse("desk_own_form", args=[_as_a_whole(request, form, what).pk])


def _as_a_whole(request: Any, form: Any, what: str) -> Any:
    """Publish it, copy it, retire it, let it be asked again, or keep it as it is now."""
    by, now = request.user, clock.now()
    said = _("The draft is kept.")
    if what == "publish":
        version = actions.publish(by=by, form=form, now=now)
        said = _("Published as version %(n)s. It can be asked from now on.")
        said %= {"n": version.number}
    elif what == "copy":
        form = actions.copy(by=by, form=form, now=now)
        said = _("This is the copy. The other one stays as it is.")
    elif what == "retire":
        form = actions.retire(by=by, form=form, now=now)
        said = _("Retired: it is asked no more. What was answered stays.")
    elif what == "reopen":
        form = actions.reopen(by=by, form=form)
        said = _("It can be asked again.")
    messages.info(request, said)
    return form


@page("form.edit", form=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Any, form: Any, key: str) -> HttpResponse:
    """One question of the draft, or a new one."""
    questions = form.draft["questions"]
    at = next((n for n, one in enumerate(questions) if one["key"] == key), None)
    if at is None and key != NEW:
        raise Http404
    before = questions if at is None else questions[:at]
    start = Question.start(BLANK if at is None else questions[at])
    typed_in = Question(request.POST or None, before=before, initial=start)
    said = typed_in.question() if typed_in.is_valid() else None
    if said is not None:
        try:
            actions.put(by=request.user, form=form, key="" if at is None else key, question=said)
            if request.POST.get("do") == "another":
                return redirect("desk_own_question", form_id=form.pk, key=NEW)
            return redirect("desk_own_form", form_id=form.pk)
        except CannotKeep as problem:
            typed_in.refused(problem)
    context = {"row": form, "form": typed_in, "number": len(before) + 1}
    status = 422 if typed_in.errors else 200
    return render(request, "desk/own/question.html", context, status=status)
