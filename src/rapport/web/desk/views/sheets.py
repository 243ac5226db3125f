"""The desk's pages about one sheet: entering it, its arithmetic, correcting it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.progress.adapting.shells import is_adaptive
from rapport.progress.chosen import queries as chosen
from rapport.progress.informants import actions as others
from rapport.progress.keying import actions as keying
from rapport.progress.keying import queries as keyed
from rapport.progress.measures import actions, arithmetic, asking, judging, queries, rules, tongues
from rapport.progress.models import Sheet
from rapport.progress.packs import queries as packs
from rapport.web import informants
from rapport.web import measures as said
from rapport.web.answer_form import asked_as
from rapport.web.desk.forms.measures import EnterForm
from rapport.web.page import page

from . import adaptive
from .measures import answering, consent_wanted

ME = "me"
"""In the address of entering: it is one's own rating."""


@page("measure.enter", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Any, client: Any) -> HttpResponse:
    """Answers from paper or an interview, all on one page."""
    found = packs.askable(client).items()
    every = {id: one for id, one in found if not one.content.is_adaptive}
    item = every.get(request.GET.get("instrument", ""))
    if item is None:
        named = [
            {"id": one.id, "short": one.content.short, "title": said.words(one).title}
            for one in every.values()
        ]
        context = {"client": client, "every": named, "by": request.GET.get("by") == ME and ME}
        return render(request, "desk/progress/choose.html", context)
    people = around.related(by=request.user, client=client)
    mine = request.GET.get("by") == ME
    source = Sheet.Source.CLINICIAN if mine else request.GET.get("source", Sheet.Source.PAPER)
    start = {"answered_on": clock.today(), "source": source,
             "language": rules.asked_in("", tongues.of(client), item.words)}  # fmt: skip
    before = queries.spoken_before(by=request.user, client=client)
    form = EnterForm(
        request.POST or None, item=item, people=people, initial=start,
        before=said.answered_in(before, [item]),
    )  # fmt: skip
    paper_twice = keyed.twice()

    def write(answers: Any) -> Any:
        _not_twice(request.user, client, form, answers)
        given = {
            "by": request.user, "client": client, "instrument": item.id,
            "version": item.content.version, "answers": answers, "facts": form.facts(),
            "now": clock.now(), **form.about(),
        }  # fmt: skip
        whom = answering(form.cleaned_data.get("who", ""), people)
        return _entered(request, given, whom, twice=paper_twice)

    more = {"consent": consent_wanted(request.user, client)}
    title = _("Rate it yourself") if mine else _("Enter answers")
    return _written(request, client, item, form, write, title, more)


def _not_twice(by: Any, client: Any, form: EnterForm, answers: Any) -> None:
    """Ask once where a page was sent a second time, such as by going back to it.

    Raises:
        CannotAnswer: the same stands already, or the day is none it can be.
    """
    about = form.about()
    actions.instant_of(about["answered_on"], clock.now())
    stands = queries.stands_already(
        by=by, client=client, instrument=form.item.id, source=about["source"], answers=answers,
        on=about["answered_on"],
    )  # fmt: skip
    if stands and not form.saved_once_more():
        words = _("The same answers of this day are on file already. If they were given again, "
                  "or by somebody else, save once more.")  # fmt: skip
        raise actions.CannotAnswer({"": words})


def _entered(request: Any, given: dict[str, Any], whom: dict[str, Any], *, twice: bool) -> Any:
    """The sheet, as whoever gave the answers; none yet of paper that is keyed a second time."""
    source = given.pop("source")
    if source == Sheet.Source.CLINICIAN:
        if whom:
            words = _("A rating of your own is yours. Choose “the client” here.")
            raise actions.CannotAnswer({"who": words})
        return others.rate(**given)
    if twice and source == Sheet.Source.PAPER:
        others.key(**given, **whom) if whom else keying.key(**given)
        messages.info(request, _("Keyed once. It counts once it is keyed a second time."))
        return None
    if whom:
        return others.enter(source=source, **given, **whom)
    return actions.enter(source=source, **given)


@page("measure.enter", sheet=queries.sheet)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Any, sheet: Any) -> HttpResponse:
    """Replace a sheet that was entered wrongly."""
    item, client = said.found(sheet.instrument, sheet.version), sheet.client
    known = item is not None and item.content.version == sheet.version
    mine = _may_correct(request.user, sheet)
    if not (known and mine) or item.content.is_adaptive or sheet.replaced_by_id is not None:
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
    request: Any, client: Any, item: Any, form: EnterForm, write: Any, title: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Write what was typed; each fault stands at its item and nothing typed is lost."""
    if form.is_valid():
        answers, wrong = form.answers()
        try:
            if wrong:
                raise actions.CannotAnswer(actions.wrong(wrong))
            sheet = write(answers)
            if sheet is None:
                return redirect("desk_measures", client_id=client.pk)
            if open_ := form.open(answers):
                words = _("Saved. Without an answer: %(numbers)s. If one was missed, correct it.")
                messages.info(request, words % {"numbers": ", ".join(open_)})
            return redirect("desk_sheet", sheet_id=sheet.pk)
        except actions.CannotAnswer as problem:
            for key, words in problem.items.items():
                field = next((n for n in (f"item-{key}", key) if n in form.fields), None)
                form.add_error(field, words)
        except asking.CannotAsk as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    context = {
        "client": client, "form": form, "title": title, "item": item, "words": said.words(item),
        **(more or {}),
    }  # fmt: skip
    return render(request, "desk/progress/enter.html", context, status=422 if form.errors else 200)


@page("measure.read", sheet=queries.sheet)
@require_safe
def sheet(request: Any, sheet: Any) -> HttpResponse:
    """Answers in words, and how the score came about."""
    item, client = said.found(sheet.instrument, sheet.version), sheet.client
    known = item is not None and item.content.version == sheet.version
    if is_adaptive(sheet.instrument):
        return adaptive.opened(request, sheet, item if known else None)
    context = {
        "client": client, "sheet": sheet, "item": item, "short": said.short(sheet.instrument),
        "score": sheet.score, "said": said.in_words(sheet.score),
        "before": getattr(sheet, "replaces", None),
        "may_correct": _may_correct(request.user, sheet),
        "who": _who(sheet), "answered_by": informants.answered_by(sheet.informant),
        "facts": _facts(sheet),
    }  # fmt: skip
    if not known:
        notes = sheet.notes or {}
        context["raw"] = [(key, answer, notes.get(key)) for key, answer in sheet.answers.items()]
        return render(request, "desk/progress/sheet.html", context)
    return render(request, "desk/progress/sheet.html", context | _opened(sheet, chosen.item(item)))


def _may_correct(by: Any, sheet: Any) -> bool:
    """Whoever may enter, but a rating whoever rated alone."""
    if sheet.source == Sheet.Source.CLINICIAN and sheet.informant.rater != by.staff:
        return False
    return bool(policy.allows("measure.enter", by, client=sheet.client))


def _who(sheet: Any) -> str:
    account = sheet.entered_by
    staff = account.staff if account is not None else None
    return staff.display_name if staff is not None else ""


def _facts(sheet: Any) -> list[str]:
    return [str(asked_as(sheet.instrument, name)[1].get(value, value))
            for name, value in sheet.facts.items()]  # fmt: skip


def _opened(sheet: Any, item: Any) -> dict[str, Any]:
    content, words = item.content, said.words(item)
    steps = arithmetic.opened(content.key, content.counted(sheet.answers), sheet.facts)
    labels = {one.key: words.labels.get(one.labels, {}) for one in content.items}
    notes = sheet.notes or {}
    lines = [
        {"line": line, "text": words.items[line.key], "note": notes.get(line.key),
         "number": said.question(line.key),
         "label": labels[line.key].get(str(line.answer), "")}
        for line in steps.lines
    ]  # fmt: skip
    counts = {line.key: line.counts for line in steps.lines}
    scale = content.score.total
    spans = [
        {"low": one.range[0], "high": one.range[1], "name": words.bands.get(one.name, one.name),
         "here": one.name == sheet.score.band}
        for one in scale.bands
    ]  # fmt: skip
    parts = [
        {"name": words.subscales.get(name, name), "total": _part(content, name, part),
         "sum": _part_sum(content, name, part, counts),
         "band": words.bands.get(part.get("band", ""), "")}
        for name, part in sheet.score.subscales.items()
    ]  # fmt: skip
    told = [(words.items[key], sheet.answers.get(key), notes.get(key)) for key in content.written]
    return {
        "told": told, "attained": bool(getattr(content, "weights", {})),
        "counting": {*steps.total.items, *(key for part in content.key.subscales.values()
                                           for key in part.items)},
        "steps": steps, "lines": lines, "words": words, "scale": scale, "spans": spans,
        "parts": parts, "cutoffs": _cutoffs(content, sheet),
        "above": judging.clinical_of(content, sheet.score, sheet.version),
        "sum": _sum(content, steps),
        "exact": f"{sheet.score.total or 0:.4f}".rstrip("0").rstrip("."),
        "findings": [
            (said.finding(words, one.name), steps.result.findings.get(one.name), one)
            for one in content.findings
        ],
        "risks": [
            (one.rule, said.question(one.rule.item),
             labels.get(one.rule.item, {}).get(str(one.rule.number), ""), raised)
            for one, raised in zip(content.risks, steps.raised, strict=True)
        ],
    }  # fmt: skip


def _part(content: Any, name: str, part: dict[str, Any]) -> str:
    total, scale = part.get("total_rounded"), content.score.subscales.get(name)
    decimals = scale.decimals if scale is not None else 0
    return "–" if total is None else str(number_format(total, decimal_pos=decimals))


def _part_sum(content: Any, name: str, part: dict[str, Any], counts: dict[str, int | None]) -> str:
    """The answers that a part adds up, where it is their sum and none is missing."""
    scale = content.score.subscales.get(name)
    if scale is None or part.get("status") != "SCORED" or scale.method != "sum":
        return ""
    known = [counts[key] for key in content.key.subscales[name].items]
    if None in known or len(known) < 2:
        return ""
    added = " + ".join(map(str, known))
    return f"{scale.times} × ({added})" if scale.times != 1 else added


def _sum(content: Any, steps: Any) -> str:
    """What is reckoned with the answers that count: a sum, a mean, or how many reach a point."""
    scale, added = content.score.total, " + ".join(str(one) for one in steps.counted)
    if not steps.counted or scale.method in ("count", "mean-of-parts"):
        return ""
    many = len(steps.counted) > 1
    if scale.method == "mean":
        added = f"({added}) ÷ {steps.answered}" if many else added
        return f"{scale.times} × {added}" if scale.times != 1 else added
    return f"{scale.times} × ({added})" if scale.times != 1 else added


def _cutoffs(content: Any, sheet: Any) -> list[dict[str, Any]]:
    """Every published cut-off; the first name counts, the others are for comparison."""
    total = sheet.score.total_rounded
    return [
        {"cutoff": one, "counts": one.name == content.cutoffs[0].name,
         "fits": one.cutoff.concerns(sheet.facts),
         "reached": None if total is None else one.cutoff.reached(total)}
        for one in content.cutoffs
    ]  # fmt: skip
