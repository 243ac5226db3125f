"""The desk's pages about adaptive tests: asking one, and how its result came about."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapport.contact import notices
from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.progress.adapting import actions, queries, rules
from rapport.progress.measures import asking
from rapport.science.change import Z_95
from rapport.web import courses
from rapport.web import measures as said
from rapport.web.desk.adaptive import Change
from rapport.web.desk.forms.adaptive import AdaptiveForm
from rapport.web.page import page

from .measures import put_to


@page("measure.ask", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any, client: Any) -> HttpResponse:
    """Which bank, which way, and when it stops; what is missing before another can be asked."""
    by = request.user
    offers = queries.offers()
    ready = [(one.item.id, _named(one)) for one in offers if one.is_ready]
    portal = client.account is not None and client.account.is_active
    mails = notices.can_send() and bool(around.safe_mail(by=by, client=client))
    form = AdaptiveForm(request.POST or None, banks=ready, portal=portal, mails=mails)
    if form.is_valid():
        try:
            return _asked(request, client, form, mails)
        except asking.CannotAsk as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    context = {
        "client": client, "form": form, "mails": mails, "ready": ready,
        "lacking": [one for one in offers if not one.is_ready],
        "may_type": policy.allows("form.edit", by),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/progress/adaptive_ask.html", context, status=status)


def _named(one: queries.Offer) -> str:
    words = ngettext(
        "%(name)s: chooses among %(n)s question", "%(name)s: chooses among %(n)s questions",
        one.there,
    )  # fmt: skip
    return words % {"name": one.item.content.short, "n": one.there}


def _asked(request: Any, client: Any, form: AdaptiveForm, mails: bool) -> HttpResponse:
    given = form.cleaned_data
    way = given["way"]
    send = mails and way != "DESK" and not given.get("hand_over")
    put = actions.ask(
        by=request.user, client=client, bank=given["bank"], way=way, stops=form.stops(),
        now=clock.now(), send=send,
    )  # fmt: skip
    return put_to(request, client, [put], told=way == "PORTAL" or send, send=send)


def opened(request: Any, sheet: Any, item: Any) -> HttpResponse:
    """One test: its result, its answers in the order asked, and how it came about.

    Args:
        item: the bank with its words as they were asked, or None where they are not there.
    """
    client, by = sheet.client, request.user
    result = queries.result(sheet=sheet)
    context = {
        "client": client, "sheet": sheet, "score": sheet.score, "result": result,
        "short": said.short(sheet.instrument), "said": said.in_words(sheet.score),
        "lines": _lines(sheet, result, item),
    }  # fmt: skip
    if result is not None:
        scored = sheet.score.total is not None
        before = queries.before(by=by, client=client, sheet=sheet) if scored else None
        alike = before is not None and item is not None and item.content.alike(before[0].version)
        context |= {
            "ended": _ended(result), "stops": _stops(result.stops),
            "bank": item.content.bank if item is not None else None,
            "shares": [(low, high, 100 * share)
                       for low, high, share in rules.shares(result.sitting)],
            "parameters": [(one.key, one.discrimination, one.thresholds)
                           for one in result.items.values()],
            "compared": [_change(*before, result)] if before is not None and alike else [],
        }  # fmt: skip
    return render(request, "desk/progress/adaptive.html", context)


def _change(sheet: Any, earlier: queries.Result, later: queries.Result) -> Change:
    title = _("Since %(day)s, the one before") % {"day": courses.day(sheet.answered_at)}
    return Change(title, earlier, later)


def _lines(sheet: Any, result: queries.Result | None, item: Any) -> list[dict[str, Any]]:
    """What was asked, in the order asked; without its words by the keys of the items."""
    given = {key: one for key, one in sheet.answers.items() if one is not None}
    steps = result.steps if result else [
        {"key": key, "answer": answer, "counts": False} for key, answer in given.items()
    ]  # fmt: skip
    words = item.words.get(sheet.language) or said.words(item) if item is not None else None
    return [
        {
            "text": (words.items.get(one["key"]) if words else "") or one["key"],
            "answer": one["answer"],
            "label": words.labels[one["key"]].get(str(one["answer"]), one["answer"])
            if words else one["answer"],
            "t": 50 + 10 * one["theta"] if one["counts"] else None,
            "reach": 10 * Z_95 * one["se"] if one["counts"] else None,
        }
        for one in steps
    ]  # fmt: skip


def _ended(result: queries.Result) -> str:
    given = {"se": number_format(result.stops.below_se), "most": result.stops.most}
    words = {
        "precise": _("The standard error fell below %(se)s."),
        "long enough": _("%(most)s questions were asked, the most there may be."),
        "nothing left": _("No question was left that had words here."),
    }
    return words[result.ended] % given


def _stops(stops: rules.Stops) -> str:
    given = {"se": number_format(stops.below_se), "least": stops.least, "most": stops.most}
    return _("below a standard error of %(se)s, after at least %(least)s and at most %(most)s "
             "questions") % given  # fmt: skip
