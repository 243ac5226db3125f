"""The desk's pages about a client's measures: what waits, what came of it, asking."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact import notices
from rapport.contact.questions import actions as questions
from rapport.core import policy
from rapport.core import time as clock
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.people.clients.models import RelatedPerson
from rapport.people.consents.models import Consent
from rapport.progress.informants import actions as others
from rapport.progress.informants.queries import agreed, named
from rapport.progress.keying import queries as keying
from rapport.progress.measures import asking, queries
from rapport.progress.models import Occasion
from rapport.progress.own.models import ClientForm
from rapport.progress.packs import queries as packs
from rapport.progress.schedules import actions as schedules
from rapport.progress.schedules import queries as scheduled
from rapport.web import informants
from rapport.web import measures as said
from rapport.web import schedules as words
from rapport.web.desk import adaptive, waits
from rapport.web.desk.forms.measures import AskForm
from rapport.web.page import page

from .rows import offer_undo, theirs, undo_for


@page("measure.read", client=clients.get)
@require_safe
def measures(request: Any, client: Any) -> HttpResponse:
    """What was asked and waits, what is asked by itself, and every sheet."""
    by, now = request.user, clock.now()
    waiting = waits.of(by, client, now)
    standing = [
        {"rule": one.rule, "short": said.short(one.rule.instrument),
         "when": words.occasion(one.rule), "coming": words.coming(one),
         "because": words.because(one.rule), "who": informants.who(one.rule.informant)}
        for one in scheduled.of_client(by=by, client=client, now=now)
    ]  # fmt: skip
    may_ask = policy.allows("measure.ask", by, client=client) and not client.is_together
    rows = said.rows(queries.sheets_of(by=by, client=client))
    adaptive.tell(by, client, rows)
    charts = dict.fromkeys((one["sheet"].instrument, one["short"]) for one in rows)
    planned = waits.on_others(client, now)
    context = {
        "planned": planned, "consent": consent_wanted(by, client) if planned["people"] else "",
        "may_edit": policy.allows("client.edit", by, client=client),
        "client": client, "waiting": waiting, "standing": standing, "may_ask": may_ask,
        "tablet": any(one["asked"].informant_id is None for one in waiting),
        "rows": rows, "charts": list(charts), "undo": undo_for(request, client),
        "keyed": [
            (one, said.short(one.instrument), informants.who(one.asked.informant))
            for one in keying.waiting_of(by=by, client=client)
        ],
        "completion": scheduled.completion(by=by, client=client, now=now),
        "own": ClientForm.Kind.choices,
    }  # fmt: skip
    return render(request, "desk/progress/measures.html", context)


@page("measure.ask", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Any, client: Any) -> HttpResponse:
    """Ask now, or from now on before each session or at regular intervals."""
    by = request.user
    portal = client.account is not None and client.account.is_active
    people, can_send = around.related(by=by, client=client), notices.can_send()
    mails = can_send and bool(around.safe_mail(by=by, client=client))
    written = {str(one.pk) for one in people if can_send and one.may_be_written_to}
    every = packs.askable(client).values()
    form = AskForm(
        request.POST or None, client=client, portal=portal, mails=mails or bool(written),
        people=people, tongues=said.tongues(every),
        before=said.answered_in(queries.spoken_before(by=by, client=client), every),
    )  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        whom = answering(given["who"], people)
        try:
            if whom:
                return _asked_others(request, client, given, whom, given["who"] in written)
            return _asked(request, client, given, mails)
        except asking.CannotAsk as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    context = {
        "client": client, "form": form, "title": _("Ask for answers"), "mails": mails,
        "written": [one for one in people if str(one.pk) in written], "people": people,
        "consent": consent_wanted(by, client),
    }  # fmt: skip
    return render(request, "desk/progress/ask.html", context, status=422 if form.errors else 200)


def _asked(request: Any, client: Any, given: dict[str, Any], mails: bool) -> HttpResponse:
    by, now, chosen = request.user, clock.now(), given["instruments"]
    what = {"by": by, "client": client, "instruments": chosen, "now": now,
            "language": given.get("language", "")}  # fmt: skip
    if given["when"] == AskForm.EACH:
        hours = given["hours_before"] or 24
        asking.set_rule(hours_before=hours, **what)
        messages.info(request, _("From now on it is asked before each session."))
        return redirect("desk_measures", client_id=client.pk)
    if given["when"] == AskForm.DAYS:
        days = given["every_days"] or 7
        asking.set_rule(every_days=days, **what)
        messages.info(request, _("From now on it is asked at these intervals."))
        return redirect("desk_measures", client_id=client.pk)
    if given["when"] in schedules.BY_HAND:
        schedules.stand(
            occasion=given["when"], sessions=given["sessions"], weeks=given["weeks"],
            on=given["on"], **what,
        )  # fmt: skip
        messages.info(request, _("From now on it is asked by itself."))
        return redirect("desk_measures", client_id=client.pk)
    way = given["way"] or "LINK"
    send = mails and way != "DESK" and not given.get("hand_over")
    put = asking.ask(way=way, send=send, **what)
    return put_to(request, client, put, told=way == "PORTAL" or send, send=send)


def put_to(
    request: Any, client: Any, put: list[asking.Put], *, told: bool, send: bool
) -> HttpResponse:  # fmt: skip
    """Say that it was asked; where nobody tells the client, show the link."""
    if told:
        sent = _("Asked. A discreet mail is on its way.")
        messages.info(request, sent if send else _("Asked. It waits in the portal."))
        return redirect("desk_measures", client_id=client.pk)
    return links(request, client, put)


def answering(who: str, people: Sequence[RelatedPerson]) -> dict[str, Any]:
    """Who answers instead of the client, as the form read it: a role, or one of ``people``."""
    if not who or who in others.ROLES:
        return {"role": who} if who else {}
    return {"person": next(one for one in people if str(one.pk) == who)}


def consent_wanted(by: Any, client: Any) -> str:
    """Where the consent to asking others is put on file, where it is wanting; "-" for whoever
    may not do that; "" where it stands."""
    if agreed(client.pk):
        return ""
    if not policy.allows("consent.note", by, client=client):
        return "-"
    return f"{reverse('desk_consent_note', args=[client.pk])}?kind={Consent.Kind.OTHERS}"


def _asked_others(
    request: Any, client: Any, given: dict[str, Any], whom: dict[str, Any], mails: bool
) -> HttpResponse:
    """Somebody else is asked: by mail where an address of theirs is safe, else by a link to hand
    on; once, or from now on."""
    now, when = clock.now(), given["when"]
    said = {"by": request.user, "client": client, "forms": given["instruments"],
            "calls": given["calls"], "now": now, "language": given.get("language", ""),
            **whom}  # fmt: skip
    if when == AskForm.NOW:
        if given["way"] == "PORTAL":
            raise asking.CannotAsk("way", _("Only the client has the portal. Choose a link."))
        send = mails and given["way"] != "DESK" and not given.get("hand_over")
        return put_to(request, client, others.ask(send=send, **said), told=send, send=send)
    if when in (AskForm.EACH, AskForm.DAYS):
        occasion = Occasion.SESSION if when == AskForm.EACH else Occasion.DAYS
        others.stand(
            occasion=occasion, hours_before=given["hours_before"] or 24,
            every_days=given["every_days"] or 7, **said,
        )  # fmt: skip
    else:
        others.stand(
            occasion=when, sessions=given["sessions"], weeks=given["weeks"], on=given["on"], **said
        )
    messages.info(
        request,
        _("From now on they are asked by itself, by mail.") if mails else
        _("From now on they are asked by itself. Each time the link waits here to be handed on."),
    )  # fmt: skip
    return redirect("desk_measures", client_id=client.pk)


def links(request: Any, client: Any, put: list[asking.Put]) -> HttpResponse:
    """The link that opens all of it, shown once."""
    link = request.build_absolute_uri(put[0].path)
    opened = [one for one in queries.sitting(asked=put[0].asked) if one.state == one.State.OPEN]
    informant = put[0].asked.informant and named(put[0].asked.informant, client)
    context = {
        "client": client, "link": link, "picture": notices.qr_data(link), "asked": put[0].asked,
        "shorts": [said.short(one.instrument) for one in opened],
        "who": informants.who(informant), "calls": put[0].asked.calls,
    }  # fmt: skip
    return render(request, "desk/progress/link.html", context)


@page("measure.ask", client=clients.get, asked=queries.asked)
@require_POST
def link(request: Any, client: Any, asked: Any) -> HttpResponse:
    """Another link for what waits; the one before stops working."""
    theirs(client, asked)
    try:
        put = asking.new_link(by=request.user, client=client, asked=asked, now=clock.now())
    except asking.CannotAsk as problem:
        messages.error(request, str(problem))
        return redirect("desk_measures", client_id=client.pk)
    return links(request, client, [put])


@page("measure.ask", client=clients.get, asked=queries.asked)
@require_POST
def again(request: Any, client: Any, asked: Any) -> HttpResponse:
    """Mail somebody else who was asked a new link."""
    theirs(client, asked)
    try:
        questions.ask_again(by=request.user, client=client, asked=asked, now=clock.now())
        messages.info(request, _("Asked again. A discreet mail is on its way."))
    except asking.CannotAsk as problem:
        messages.error(request, str(problem))
    return redirect("desk_measures", client_id=client.pk)


@page("measure.ask", client=clients.get, asked=queries.asked)
@require_POST
def withdraw(request: Any, client: Any, asked: Any) -> HttpResponse:
    """Ask it no longer."""
    theirs(client, asked)
    try:
        asking.withdraw(by=request.user, client=client, asked=asked, now=clock.now())
        messages.info(request, _("Withdrawn. Its link no longer works."))
    except asking.CannotAsk as problem:
        messages.error(request, str(problem))
    return redirect("desk_measures", client_id=client.pk)


@page("measure.ask", client=clients.get, rule=queries.rule)
@require_POST
def end_rule(request: Any, client: Any, rule: Any) -> HttpResponse:
    """Ask it by itself no more, or take that back: the button says which."""
    theirs(client, rule)
    by, now = request.user, clock.now()
    if request.POST.get("ended") == "off":
        try:
            schedules.take_up(by=by, client=client, rule=rule, now=now)
        except asking.CannotAsk as problem:
            messages.error(request, str(problem))
        return redirect("desk_measures", client_id=client.pk)
    asking.end_rule(by=by, client=client, rule=rule, now=now)
    undo = reverse("desk_measure_rule_end", args=[client.pk, rule.pk])
    told = _("From now on it is not asked by itself any more.")
    offer_undo(request, client, told, undo, ended="off")
    return redirect("desk_measures", client_id=client.pk)
