"""The desk's pages about one sheet: entering it, its arithmetic, correcting it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.clients import queries as clients
from rapport.progress.measures import actions, arithmetic, instruments, queries
from rapport.web import measures as said
from rapport.web.answering import FACTS
from rapport.web.desk.forms.measures import EnterForm
from rapport.web.page import page


@page("measure.enter", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Any, client: Any) -> HttpResponse:
    """Answers from paper or an interview, all on one page."""
    item = said.found(request.GET.get("instrument", ""))
    if item is None or not instruments.open_to(item.id, client):
        every = [
            {"id": one.id, "short": one.content.short, "title": said.words(one).title}
            for one in instruments.to_ask(client).values()
        ]
        return render(request, "desk/progress/choose.html", {"client": client, "every": every})
    form = EnterForm(request.POST or None, item=item, initial={"answered_on": clock.today()})

    def write(answers: Any) -> Any:
        return actions.enter(
            by=request.user, client=client, instrument=item.id, version=item.content.version,
            answers=answers, facts=form.facts(), now=clock.now(), **form.about(),
        )  # fmt: skip

    return _written(request, client, item, form, write, _("Enter answers"))


@page("measure.enter", sheet=queries.sheet)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Any, sheet: Any) -> HttpResponse:
    """Replace a sheet that was entered wrongly."""
    item, client = said.found(sheet.instrument, sheet.version), sheet.client
    if item is None or item.content.version != sheet.version or sheet.replaced_by_id is not None:
        return redirect("desk_sheet", sheet_id=sheet.pk)
    start = {f"item-{key}": "" if a is None else str(a) for key, a in sheet.answers.items()}
    start |= {f"fact-{name}": value for name, value in sheet.facts.items()}
    form = EnterForm(request.POST or None, item=item, corrected=True, initial=start)

    def write(answers: Any) -> Any:
        return actions.correct(
            by=request.user, client=client, sheet=sheet, answers=answers, facts=form.facts(),
            now=clock.now(),
        )  # fmt: skip

    return _written(request, client, item, form, write, _("Correct answers"))


def _written(
    request: Any, client: Any, item: Any, form: EnterForm, write: Any, title: str
) -> HttpResponse:
    """Write what was typed; each fault stands at its item and nothing typed is lost."""
    if form.is_valid():
        answers, wrong = form.answers()
        try:
            if wrong:
                raise actions.CannotAnswer(actions.wrong(wrong))
            return redirect("desk_sheet", sheet_id=write(answers).pk)
        except actions.CannotAnswer as problem:
            for key, words in problem.items.items():
                field = next((n for n in (f"item-{key}", key) if n in form.fields), None)
                form.add_error(field, words)
    context = {
        "client": client, "form": form, "title": title, "item": item, "words": said.words(item),
    }  # fmt: skip
    return render(request, "desk/progress/enter.html", context, status=422 if form.errors else 200)


@page("measure.read", sheet=queries.sheet)
@require_safe
def sheet(request: Any, sheet: Any) -> HttpResponse:
    """Answers in words, and how the score came about."""
    item, client = said.found(sheet.instrument, sheet.version), sheet.client
    known = item is not None and item.content.version == sheet.version
    context = {
        "client": client, "sheet": sheet, "item": item, "short": said.short(sheet.instrument),
        "score": sheet.score, "said": said.in_words(sheet.score),
        "before": getattr(sheet, "replaces", None),
        "may_correct": policy.allows("measure.enter", request.user, client=client),
        "who": _who(sheet), "facts": _facts(sheet),
    }  # fmt: skip
    if not known:
        context["raw"] = sheet.answers.items()
        return render(request, "desk/progress/sheet.html", context)
    return render(request, "desk/progress/sheet.html", context | _opened(sheet, item))


def _who(sheet: Any) -> str:
    account = sheet.entered_by
    staff = account.staff if account is not None else None
    return staff.display_name if staff is not None else ""


def _facts(sheet: Any) -> list[str]:
    return [str(FACTS.get(name, (name, {}))[1].get(value, value))
            for name, value in sheet.facts.items()]  # fmt: skip


def _opened(sheet: Any, item: Any) -> dict[str, Any]:
    content, words = item.content, said.words(item)
    steps = arithmetic.opened(content.key, content.counted(sheet.answers), sheet.facts)
    labels = {one.key: words.labels.get(one.labels, {}) for one in content.items}
    lines = [
        {"line": line, "text": words.items[line.key],
         "label": labels[line.key].get(str(line.answer), "")}
        for line in steps.lines
    ]  # fmt: skip
    scale = content.score.total
    spans = [
        {"low": one.range[0], "high": one.range[1], "name": words.bands.get(one.name, one.name),
         "here": one.name == sheet.score.band}
        for one in scale.bands
    ]  # fmt: skip
    parts = [
        {"name": words.subscales.get(name, name), "total": part.get("total_rounded")}
        for name, part in sheet.score.subscales.items()
    ]
    told = [(words.items[key], sheet.answers.get(key)) for key in content.written]
    return {
        "told": told, "attained": bool(getattr(content, "weights", {})),
        "steps": steps, "lines": lines, "words": words, "scale": scale, "spans": spans,
        "parts": parts, "cutoffs": _cutoffs(content, sheet), "sum": " + ".join(
            str(one) for one in steps.counted),
        "exact": f"{sheet.score.total or 0:.4f}".rstrip("0").rstrip("."),
        "risks": list(zip(content.risks, steps.raised, strict=True)),
    }  # fmt: skip


def _cutoffs(content: Any, sheet: Any) -> list[dict[str, Any]]:
    """Every published cut-off; the first name counts, the others are for comparison."""
    total = sheet.score.total_rounded
    return [
        {"cutoff": one, "counts": one.name == content.cutoffs[0].name,
         "fits": one.cutoff.concerns(sheet.facts),
         "reached": None if total is None else one.cutoff.reached(total)}
        for one in content.cutoffs
    ]  # fmt: skip
