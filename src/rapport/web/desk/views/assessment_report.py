"""The desk's pages of an assessment's report and its versions, and their two copies on paper."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy, regions
from rapport.core import time as clock
from rapport.core.library import NotInLibrary
from rapport.people.clients import queries as clients
from rapport.people.practice import queries as practice
from rapport.progress.batteries import plainly, queries, reporting, rules
from rapport.progress.batteries.kept import CannotPlan
from rapport.progress.press.assessment import Grid, Paper, Section, Words
from rapport.web import assessments as said
from rapport.web.desk.forms.assessments import Report
from rapport.web.page import page

from .rows import theirs


@page("assessment.read", client=clients.get, assessment=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Any, client: Any, assessment: Any) -> HttpResponse:
    """Every number with how it came about, and the texts around them."""
    theirs(client, assessment)
    by, now = request.user, clock.now()
    versions = queries.reports(by=by, assessment=assessment)
    newest = versions[0].content if versions else None
    lines = queries.lines(by=by, assessment=assessment, now=now)
    rows = reporting.rows_of(lines)
    form = _form(request, rows, newest)
    if request.method == "POST" and form.is_valid():
        try:
            reporting.save(by=by, client=client, assessment=assessment, now=now,
                           seen=request.POST.get("seen", ""), **form.said())  # fmt: skip
            messages.info(request, _("Kept. What is printed is this version."))
            return redirect(request.path)
        except CannotPlan as problem:
            form.refused(problem)
    how, level = (newest["how"], newest["level"]) if newest else ("observed", 0.95)
    context = {
        "client": client, "assessment": assessment, "form": form, "versions": versions,
        "rows": said.shown(rows, how=how, level=level), "how": said.how_said(how),
        "level": said.level_said(level),
        **_apart(rows, newest["pairs"] if newest else []),
        "critical": said.critical(reporting.critical_in(lines)),
        "seen": reporting.stamp(versions[0] if versions else None, rows),
        "behind": newest is not None and newest["rows"] != rows,
        "may_plan": policy.allows("assessment.plan", by, client=client),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/assessments/report.html", context, status=status)


def _form(request: Any, rows: list[dict[str, Any]], newest: dict[str, Any] | None) -> Report:
    labels = {one["key"]: one["scale"] or said.measures.short(one["instrument"]) for one in rows}
    pairs = [(f"{one}:{other}", _("%(one)s and %(other)s")
              % {"one": labels[one], "other": labels[other]})
             for one, other in rules.pairs_of(rows)]  # fmt: skip
    start: dict[str, Any] = {"how": "observed", "level": 0.95}
    if newest is not None:
        start = {"how": newest["how"], "level": newest["level"], **newest["texts"],
                 "pairs": [":".join(pair) for pair in newest["pairs"]],
                 **{f"plain_{name}": text for name, text in newest["plain"].items()}}  # fmt: skip
    for one in rows:
        start[f"line_{one['key']}"] = _line(one, newest)
    sent = request.POST if request.method == "POST" else None
    return Report(sent, pairs=pairs, lines=labels, initial=start)


def _line(row: dict[str, Any], newest: dict[str, Any] | None) -> str:
    """What the client is told: as it was kept, unless it only said a result that is gone."""
    before = next((one for one in newest["rows"] if one["key"] == row["key"]), None) \
        if newest else None  # fmt: skip
    fresh = plainly.sentence(row)
    if newest is None or before is None or before["scale"] != row["scale"]:
        return fresh
    kept: str = newest["plain_lines"].get(row["key"], fresh)
    return fresh if before != row and kept == plainly.sentence(before) else kept


@page("assessment.read", client=clients.get, assessment=queries.get, report=queries.report)
@require_safe
def version(request: Any, client: Any, assessment: Any, report: Any) -> HttpResponse:
    """One version as it was kept, whatever has changed since."""
    _of(client, assessment, report)
    by, content = request.user, report.content
    versions = queries.reports(by=by, assessment=assessment)
    how, level = content["how"], content["level"]
    context = {
        "client": client, "assessment": assessment, "report": report, "versions": versions,
        "newest": versions[0], "question": _question(assessment, report),
        "as_now": "question" not in content,
        "rows": said.shown(content["rows"], how=how, level=level), "how": said.how_said(how),
        "level": said.level_said(level), **_apart(content["rows"], content["pairs"]),
        "critical": said.critical(content["critical"]),
        "full": [one for one in _texts(content) if one["said"]],
        "plain": [one for one in _plain(report) if one["said"] or one["points"]],
        "may_print": policy.allows("assessment.print", by, client=client),
    }  # fmt: skip
    return render(request, "desk/assessments/version.html", context)


@page("assessment.print", client=clients.get, assessment=queries.get)
@require_POST
def pdf(request: Any, client: Any, assessment: Any) -> HttpResponse:
    """The newest version as a PDF."""
    theirs(client, assessment)
    versions = queries.reports(by=request.user, assessment=assessment)
    if not versions:
        return redirect("desk_assessment_report", client_id=client.pk, assessment_id=assessment.pk)
    return _printed(request, client, assessment, versions[0])


@page("assessment.print", client=clients.get, assessment=queries.get, report=queries.report)
@require_POST
def version_pdf(request: Any, client: Any, assessment: Any, report: Any) -> HttpResponse:
    """One version as a PDF, as it was kept."""
    _of(client, assessment, report)
    return _printed(request, client, assessment, report)


def _apart(rows: list[dict[str, Any]], pairs: list[list[str]]) -> dict[str, Any]:
    """Differences as a page shows them."""
    apart = said.apart(rows, pairs)
    rated = said.rated(apart)
    return {"apart": apart, "rated": rated, "apart_notes": said.of_differences(rated=rated)}


def _of(client: Any, assessment: Any, report: Any) -> None:
    theirs(client, assessment)
    if report.assessment_id != assessment.pk:
        raise Http404


def _printed(request: Any, client: Any, assessment: Any, report: Any) -> HttpResponse:
    """A copy on paper. Its name says nothing of whom or what it is about."""
    copy = request.POST.get("copy", "")
    if copy not in ("colleagues", "client"):
        return redirect("desk_assessment_report", client_id=client.pk, assessment_id=assessment.pk)
    sections = _plain(report) if copy == "client" else _full(assessment, report)
    paper = _paper(client, report, sections, plain=copy == "client")
    made = reporting.printed(by=request.user, client=client, report=report, paper=paper)
    kept_as = {
        "Content-Disposition": f'attachment; filename="sheet-{clock.today().isoformat()}.pdf"'
    }
    return HttpResponse(made, content_type="application/pdf", headers=kept_as)


def _paper(client: Any, report: Any, sections: list[Section], *, plain: bool) -> Paper:
    here, today, place = practice.current(), clock.today(), client.place
    kept_on = clock.local(report.made_at).date()
    facts = [(_("Date"), date_format(kept_on, "DATE_FORMAT"))]
    if not plain and client.birth_on is not None:
        facts.insert(0, (_("Born on"), date_format(client.birth_on, "DATE_FORMAT")))
    if not plain:
        facts.append((_("Version of this report"), str(report.number)))
    return Paper(
        lang=translation.get_language() or "en",
        dir="rtl" if translation.get_language_bidi() else "ltr",
        paper=_size(here.country if here else ""),
        words=Words(
            title=_("Your results") if plain else _("Report of an assessment"),
            page=_("Page {page} of {pages}"),
            gaps=_("Some letters of this sheet are in no typeface here. An empty box stands for "
                   "each."),
        ),
        practice={
            "name": here.name if here else "",
            "place": "\n".join(part for part in (place.name, place.address) if part),
        },
        client=client.legal_name, facts=facts,
        sections=[one for one in sections if one["said"] or one["points"] or one["grid"]],
        printed_on=(today.year, today.month, today.day),
    )  # fmt: skip


def _size(country: str) -> Any:
    try:
        return regions.REGIONS.get(country.lower()).content.paper
    except NotInLibrary:
        return "A4"


def _section(
    heading: str, *said_: str, points: Any = (), grid: Grid | None = None, notes: Any = ()
) -> Section:
    return Section(heading=heading, said=[one for one in said_ if one], points=list(points),
                   grid=grid, notes=list(notes))  # fmt: skip


def _question(assessment: Any, report: Any) -> str:
    """What was to be found out, as it was put then, where the version keeps it."""
    return str(report.content.get("question", assessment.question))


def _full(assessment: Any, report: Any) -> list[Section]:
    """What colleagues read."""
    content = report.content
    return [
        _section(_("What was to be found out"), _question(assessment, report)),
        _results(content),
        _differences(content),
        _section(
            _("Answers to look at"),
            points=[f"{one.test}: {question} – {answer}"
                    for one in said.critical(content["critical"])
                    for question, answer in one.answers],
        ),
        *_texts(content),
    ]  # fmt: skip


def _texts(content: dict[str, Any]) -> list[Section]:
    texts = content["texts"]
    return [
        _section(_("Findings"), texts["findings"]),
        _section(_("Summary"), texts["summary"]),
        _section(_("What is advised"), texts["advice"]),
    ]


def _results(content: dict[str, Any]) -> Section:
    rows = said.shown(content["rows"], how=content["how"], level=content["level"])
    head = [_("Test and scale"), _("Raw score"), _("Standard score"),
            said.level_said(content["level"]), _("Percentile"), _("In words")]  # fmt: skip
    cells = [
        [" · ".join(part for part in (one.test, one.scale) if part), one.raw, one.value or "–",
         one.interval or "–", one.percentile or "–", one.word or "–"]
        for one in rows
    ]  # fmt: skip
    notes = [said.how_said(content["how"])]
    notes += [f"{one.scale or one.test}: {note}" for one in rows for note in one.notes]
    notes += _sources(content["rows"])
    grid = Grid(head=head, rows=cells, numbers=[1, 2, 3, 4]) if cells else None
    return _section(_("Results"), grid=grid, notes=notes)


def _sources(rows: list[dict[str, Any]]) -> list[str]:
    """Every table once, and how old the client was on the days of testing."""
    found = []
    for one in rows:
        version = one["version"]
        if version is None:
            continue
        given = {**version, "day": date_format(date.fromisoformat(one["on"]), "DATE_FORMAT"),
                 "age": f"\u2066{said.age(one['age'])}\u2069",
                 "sex": said.sex(one["sex"])}  # fmt: skip
        found.append(_("Norms: %(title)s, version %(number)s (%(source)s, %(year)s). "
                       "%(population)s. Norms of %(sex)s. Tested on %(day)s at the age of "
                       "%(age)s.") % given)  # fmt: skip
        if "education" in one:
            found.append(_("Years of education: %(years)s.") % {"years": one["education"]})
        if version["words"]:
            found.append(_("Source of the words: %(words_source)s") % version)
    return list(dict.fromkeys(found))


def _differences(content: dict[str, Any]) -> Section:
    rows = said.apart(content["rows"], content["pairs"])
    rated = said.rated(rows)
    head = [_("Scales"), _("Difference in T"), _("Standard error"), _("p, two-sided")]
    cells = [[f"{one.one} – {one.other}", one.points, one.error, one.p] for one in rows]
    if rated:
        head.append(_("As far apart in the norm sample"))
        cells = [[*line, one.rate or "–"] for line, one in zip(cells, rows, strict=True)]
    grid = Grid(head=head, rows=cells, numbers=[1, 2, 3, 4][: len(head) - 1]) if rows else None
    notes = said.of_differences(rated=rated) if rows else []
    return _section(_("Differences between scales"), grid=grid, notes=notes)


def _plain(report: Any) -> list[Section]:
    """What the client reads: no raw score, no answer, no word of the trade."""
    content = report.content
    lines = [content["plain_lines"][one["key"]] for one in content["rows"]]
    return [
        _section(_("What we did"), content["plain"]["intro"]),
        _section(_("What came out"), points=[one for one in lines if one]),
        _section(_("What happens next"), content["plain"]["advice"]),
    ]
