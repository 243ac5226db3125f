"""The desk's pages about paper that is keyed twice: the second time, and what differs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.keying import actions, queries, rules
from rapport.progress.measures.actions import CannotAnswer, wrong
from rapport.web import measures as said
from rapport.web.answer_form import FACTS
from rapport.web.desk.forms.measures import DecideForm, EnterForm
from rapport.web.page import page

from .rows import offer_undo, theirs

ONCE, DIFFERS = "ONCE", "DIFFERS"


def _item(request: Any, keyed: Any) -> Any:
    """The questionnaire as it was keyed, or None, which is said."""
    item = said.found(keyed.instrument, keyed.version)
    if item is not None and item.content.version == keyed.version:
        return item
    messages.error(request, _("These are answers to another version. Begin again."))
    return None


def _on(client: Any, keyed: Any) -> HttpResponse:
    """To the sheet that came of it, to what differs, or to the list."""
    if keyed.sheet_id is not None:
        return redirect("desk_sheet", sheet_id=keyed.sheet_id)
    if keyed.state == DIFFERS:
        return redirect("desk_keyed_decide", client_id=client.pk, differing_id=keyed.pk)
    return redirect("desk_measures", client_id=client.pk)


@page("measure.enter", client=clients.get, keyed=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Any, client: Any, keyed: Any) -> HttpResponse:
    """Key it the second time, without seeing the first."""
    theirs(client, keyed)
    if keyed.state != ONCE:
        return _on(client, keyed)
    if (item := _item(request, keyed)) is None:
        return redirect("desk_measures", client_id=client.pk)
    sent = request.POST if request.method == "POST" else None
    form = EnterForm(sent, item=item, corrected=True)
    if form.is_valid():
        answers, faults = form.answers()
        try:
            if faults:
                raise CannotAnswer(wrong(faults))
            done = actions.key_again(
                by=request.user, client=client, keyed=keyed, answers=answers, facts=form.facts(),
                now=clock.now(),
            )  # fmt: skip
            return _on(client, done)
        except CannotAnswer as problem:
            for name, words in problem.items.items():
                field = f"item-{name}"
                form.add_error(field if field in form.fields else None, words)
    context = {
        "client": client, "form": form, "title": _("Key it again"), "item": item,
        "words": said.words(item),
    }  # fmt: skip
    return render(request, "desk/progress/enter.html", context, status=422 if form.errors else 200)


@page("measure.enter", client=clients.get, differing=queries.differing)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Any, client: Any, differing: Any) -> HttpResponse:
    """Both keyings side by side where they differ; somebody says which is right."""
    keyed = differing
    theirs(client, keyed)
    if keyed.state != DIFFERS:
        return _on(client, keyed)
    if (item := _item(request, keyed)) is None:
        return redirect("desk_measures", client_id=client.pk)
    rows = _differing(keyed, item)
    form = DecideForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        try:
            done = actions.decide(
                by=request.user, client=client, keyed=keyed, chosen=form.cleaned_data,
                now=clock.now(),
            )  # fmt: skip
            return _on(client, done)
        except CannotAnswer as problem:
            for name, words in problem.items.items():
                form.add_error(name if name in form.fields else None, words)
    context = {"client": client, "form": form, "item": item, "differing": len(rows)}
    return render(request, "desk/progress/decide.html", context, status=422 if form.errors else 200)


def _name(account: Any) -> str:
    staff = account.staff if account is not None else None
    return staff.display_name if staff is not None else ""


def _differing(keyed: Any, item: Any) -> list[tuple[str, str, str, str]]:
    """What differs: its name, its text, and both answers in words."""
    one, other, words = keyed.first, keyed.second, said.words(item)
    first = _("%(answer)s (keyed first: %(who)s)")
    second = _("%(answer)s (keyed the second time: %(who)s)")
    by = _name(keyed.first_by), _name(keyed.second_by)

    def line(name: str, text: str, answers: tuple[Any, Any], labels: Any) -> Any:
        told = [_answer(answer, labels) for answer in answers]
        return (name, text, first % {"answer": told[0], "who": by[0]},
                second % {"answer": told[1], "who": by[1]})  # fmt: skip

    labels = {each.key: words.labels.get(each.labels, {}) for each in item.content.items}
    found = []
    for key in rules.differing(one["answers"], other["answers"], list(labels)):
        both = one["answers"].get(key), other["answers"].get(key)
        found.append(line(key, f"{key}. {words.items[key]}", both, labels[key]))
    names = sorted({*one["facts"], *other["facts"]})
    for name in rules.differing(one["facts"], other["facts"], names):
        text, known = FACTS.get(name, (name, {}))
        both = one["facts"].get(name), other["facts"].get(name)
        found.append(line(f"fact-{name}", str(text), both, known))
    return found


def _answer(answer: Any, labels: Any) -> str:
    if answer is None:
        return _("not answered")
    if answer == "n/a":
        return _("does not apply")
    return str(labels.get(str(answer), answer))


@page("measure.enter", client=clients.get, keyed=queries.get)
@require_POST
def drop(request: Any, client: Any, keyed: Any) -> HttpResponse:
    """Throw it away, or take that back: the button says which."""
    theirs(client, keyed)
    if request.POST.get("dropped") == "off":
        actions.take_back(by=request.user, client=client, keyed=keyed)
        return redirect("desk_measures", client_id=client.pk)
    actions.drop(by=request.user, client=client, keyed=keyed)
    undo = reverse("desk_keyed_drop", args=[client.pk, keyed.pk])
    words = _("Thrown away. An alert that it raised still waits.")
    offer_undo(request, client, words, undo, dropped="off")
    return redirect("desk_measures", client_id=client.pk)


@page("measure.plan")
@require_POST
def twice(request: Any) -> HttpResponse:
    """Whether paper is keyed twice here: the button says which."""
    actions.key_twice(by=request.user, wanted=request.POST.get("twice") == "on", now=clock.now())
    return redirect("desk_plan")
