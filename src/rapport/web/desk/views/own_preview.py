"""A questionnaire as the client will see it on a phone, question by question. Nothing is kept."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from rapport.progress.own import actions, forms, queries
from rapport.progress.own.saying import CannotKeep
from rapport.web import answer_form, answer_frame
from rapport.web.page import page

BASE = "desk/own/phone.html"


@page("form.edit", form=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: Any, form: Any) -> HttpResponse:
    """One question of the draft; a tap goes on, and skips what would be skipped."""
    try:
        content = actions.tried(form.draft)
    except CannotKeep as problem:
        context = {"row": form, "problem": str(problem)}
        return render(request, "desk/own/no_preview.html", context)
    answers = _answers(request.GET.getlist("a"))
    number = _number(request.GET.get("n", "1"))
    item = forms.of_practice(form.code, 1, content)
    shown = _form(form, content, item, answers)
    step = shown.steps[min(number, len(shown.steps)) - 1]
    here = reverse("desk_own_preview", args=[form.pk])
    if request.method == "POST":
        said = request.POST.get("answer", "")
        answers.pop(step.key, None)
        if said and not step.kind:
            answers |= _answers([f"{step.key}:{said}"])
        keys = [one.key for one in _form(form, content, item, answers).steps]
        number = keys.index(step.key) + 2 if step.key in keys else 1
        return redirect(_at(here, number if number <= len(keys) else 1, answers))
    way = answer_frame.Way(by=None, base=BASE, start=_at(here, 1, answers),
                        question=lambda n: _at(here, n, answers), check=here)  # fmt: skip
    context = {
        "base": BASE, "way": way, "form": shown, "step": step, "number": number, "problem": "",
        "given": shown.given(step), "back": way.question(max(1, number - 1)),
        "on": way.question(number + 1), "version": 1, "row": form,
    }  # fmt: skip
    return render(request, "answering/question.html", context)


def _form(row: Any, content: Any, item: Any, answers: dict[str, int]) -> answer_form.Form:
    asked: Any = SimpleNamespace(
        language=content["language"],
        draft={"answers": answers},
        informant_id=None,
        in_interview=False,
    )
    return answer_form.Form(asked, item)


def _answers(texts: list[str]) -> dict[str, int]:
    """What was tapped so far, as the address carries it: ``3:1``."""
    halves = [text.partition(":") for text in texts[:200]]
    return {key[:6]: int(value) for key, _colon, value in halves
            if value.isascii() and value.isdecimal() and len(value) < 4}  # fmt: skip


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 4 else 1


def _at(here: str, number: int, answers: dict[str, int]) -> str:
    said = [("n", str(number)), *(("a", f"{key}:{value}") for key, value in answers.items())]
    return f"{here}?{urlencode(said)}"
