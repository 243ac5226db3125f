"""The desk's page of all of a client's measures in one picture, on screen and on paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.core import policy, regions
from rapport.core import time as clock
from rapport.core.library import NotInLibrary
from rapport.people.clients import queries as clients
from rapport.people.practice import queries as practice
from rapport.progress.expected import queries as expected
from rapport.progress.measures import instruments
from rapport.progress.picture import printing, queries
from rapport.progress.press import Happened, Measure, Paper, Words
from rapport.web import chart, courses, items, others, pictures
from rapport.web.page import page

from .rows import undo_for


@page("measure.read", client=clients.get)
@require_safe
def opened(request: Any, client: Any) -> HttpResponse:
    """Every measure on one axis of time, each with two sentences."""
    by, wanted = request.user, pictures.wanted(request.GET.get("span", ""))
    picture = queries.of(by=by, client=client, wanted=wanted, now=clock.now())
    shown = pictures.for_desk(picture, _ranges(by, client, picture))
    context = {
        "client": client, "picture": picture, "shown": shown, "spans": pictures.SPANS.items(),
        "period": pictures.period(picture), "marks": pictures.marked(picture),
        "may_mark": policy.allows("mark.note", by, client=client),
        "undo": undo_for(request, client), "others": others.forms(by, client),
        **signs(shown, picture),
    }  # fmt: skip
    return render(request, "desk/progress/picture.html", context)


def signs(shown: list[pictures.Shown], picture: queries.Picture) -> dict[str, Any]:
    """What the one legend above all charts has to explain."""
    points = [row.point for one in shown for row in one.rows]
    return {
        "prorated": any(one.prorated for one in points),
        "versions": any(not one.current for one in points),
        "gains": any(one.gains for one in shown),
        "sessions": bool(picture.sessions), "stays": bool(picture.episodes),
        "stays_said": [pictures.stay(one) for one in picture.episodes],
    }  # fmt: skip


@page("measure.print", client=clients.get)
@require_POST
def pdf(request: Any, client: Any) -> HttpResponse:
    """The same picture as a PDF. Its name says nothing of whom or what it is about."""
    by, wanted = request.user, pictures.wanted(request.POST.get("span", ""))
    picture = queries.of(by=by, client=client, wanted=wanted, now=clock.now())
    made = printing.printed(by=by, client=client, paper=paper(by, client, picture))
    kept_as = {
        "Content-Disposition": f'attachment; filename="sheet-{clock.today().isoformat()}.pdf"'
    }
    return HttpResponse(made, content_type="application/pdf", headers=kept_as)


def _ranges(by: Any, client: Any, picture: queries.Picture) -> dict[str, Any]:
    """What is expected of the client on those questionnaires that the library holds."""
    names = [one.shown.instrument.id for one in picture.measured]
    tested = [name for name in names if instruments.is_in_library(name)]
    return expected.courses_of(by=by, client=client, names=tested)


def paper(by: Any, client: Any, picture: queries.Picture) -> Paper:
    """What stands on the pages."""
    here, today = practice.current(), clock.today()
    shown = pictures.for_desk(picture, _ranges(by, client, picture))
    place = client.place
    return Paper(
        lang=translation.get_language() or "en",
        dir="rtl" if translation.get_language_bidi() else "ltr",
        paper=_size(here.country if here else ""),
        words=_words(),
        practice={
            "name": here.name if here else "",
            "place": "\n".join(part for part in (place.name, place.address) if part),
        },
        client=client.legal_name,
        period=pictures.period(picture),
        legend=_legend(picture, shown),
        measures=[part for one in shown for part in (_measure(one), *_items(one))],
        happened=[
            Happened(letter=letter, day=date_format(one.on, "DATE_FORMAT"), words=one.words,
                     kind=_("the client's own") if one.by_client else one.get_kind_display())
            for letter, one in pictures.marked(picture)
        ],
        printed_on=(today.year, today.month, today.day),
    )  # fmt: skip


def _size(country: str) -> Any:
    try:
        return regions.REGIONS.get(country.lower()).content.paper
    except NotInLibrary:
        return "A4"


def _measure(one: pictures.Shown) -> Measure:
    svg = courses.on_paper(one.plot, chart.ROW)
    expected = [one.expected] if one.expected else []
    return Measure(
        short=one.form.short, title=one.title, svg=svg, alt=one.plot.words, said=one.said,
        notes=[*expected, *(gain.said for gain in one.gains), *one.notes],
    )  # fmt: skip


def _items(one: pictures.Shown) -> list[Measure]:
    """What a client's own measure consists of, each with its own drawing."""
    return [
        Measure(
            short=item.text, title=one.title, alt=item.plot.words, said=[items.latest(item)],
            svg=chart.standalone(item.plot, size=chart.ROW, say=courses.short_day), notes=[],
        )
        for item in one.items
    ]  # fmt: skip


def _legend(picture: queries.Picture, shown: list[pictures.Shown]) -> list[str]:
    said = [_("filled: changed by more than measurement error since the first score")]
    points = [one for measured in picture.measured for one in measured.shown.points]
    if any(one.prorated for one in points):
        said.append(_("diamond: prorated"))
    if any(not one.current for one in points):
        said.append(_("square: another version or language of the form, not compared"))
    if any(one.gains for one in shown):
        said.append(_("ring: a sudden gain"))
    if picture.sessions:
        said.append(_("small ticks: sessions"))
    if picture.episodes:
        said.append(_("bar: a time of care"))
    return said


def _words() -> Words:
    return Words(
        title=_("Measures over time"),
        happened=_("What happened"),
        nothing=_("In this time there is no score."),
        page=_("Page {page} of {pages}"),
        gaps=_("Some letters of this sheet are in no typeface here. An empty box stands for each."),
    )
