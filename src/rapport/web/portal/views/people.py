"""The portal's pages: a greeting, who looked at one's record, and how one reads best."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.meeting.appointments import queries as meetings
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.requests import queries as booking
from rapport.meeting.waiting import queries as waits
from rapport.people.accounts import actions as accounts
from rapport.people.models import Staff
from rapport.progress.daily import queries as daily
from rapport.progress.measures import queries as measures
from rapport.web import measures as said
from rapport.web import offers
from rapport.web.appearance import Appearance
from rapport.web.page import page

ON_A_PAGE = 30
NEXT, AHEAD = 3, 12  # sessions on the first page, and on each of their own list
DID = {
    "client.open": gettext_lazy("opened it"),
    "client.break_glass": gettext_lazy("opened it in need"),
    "client.admit": gettext_lazy("began it"),
    "client.edit": gettext_lazy("changed a name, number or address"),
    "client.archive": gettext_lazy("put it in the archive, or took it out"),
    "client.restrict": gettext_lazy("changed who may see it"),
    "client.export": gettext_lazy("made a copy of it"),
    "care_team.assign": gettext_lazy("changed who cares for you"),
    "care_team.end": gettext_lazy("changed who cares for you"),
    "episode.open": gettext_lazy("noted that a time of care began"),
    "episode.close": gettext_lazy("noted that a time of care ended"),
    "waiting.put": gettext_lazy("put you on the waiting list"),
    "waiting.change": gettext_lazy("changed what you wait for"),
    "waiting.withdraw": gettext_lazy("took you off the waiting list, or put you back"),
    "waiting.open": gettext_lazy("looked at what you wait for"),
    "waiting.ask": gettext_lazy("asked whether you still wait for a time"),
    "waiting.confirm": gettext_lazy("noted that you still wait"),
    "offer.answer": gettext_lazy("answered about a time you were offered"),
    "measure.ask": gettext_lazy("asked you something, or took that back"),
    "measure.ask_due": gettext_lazy("asked you something, as was arranged"),
    "measure.answer": gettext_lazy("handed answers in"),
    "measure.enter": gettext_lazy("entered answers of yours"),
    "measure.read": gettext_lazy("read answers of yours"),
    "measure.print": gettext_lazy("printed your answers over time"),
    "mark.note": gettext_lazy("noted what happened, or changed that"),
    "mark.own": gettext_lazy("noted something of your own"),
    "appointment.ask_first": gettext_lazy("asked for a first meeting"),
    "appointment.book": gettext_lazy("booked a meeting"),
    "appointment.move": gettext_lazy("moved a meeting"),
    "appointment.cancel": gettext_lazy("called a meeting off"),
    "appointment.approve": gettext_lazy("confirmed a time you asked for"),
    "appointment.decline": gettext_lazy("could not confirm a time you asked for"),
    "reminder.plan": gettext_lazy("planned a message to you"),
    "reminder.choose": gettext_lazy("chose how you are reminded"),
    "reminder.own": gettext_lazy("chose how you are reminded"),
    "reminder.answer": gettext_lazy("answered a message about a session"),
    "appointment.confirm": gettext_lazy("noted that you will come"),
    "daily.set": gettext_lazy("changed what you are asked each day"),
    "daily.own": gettext_lazy("answered what you are asked each day, or ended it"),
    "phase.mark": gettext_lazy("noted when a part of the work began"),
    "alert.raise": gettext_lazy("called somebody to look at an answer"),
}
TAPS = ("measure.keep", "appointment.hold", "appointment.book_own", "appointment.move_own",
        "appointment.cancel_own")  # fmt: skip
"""Every tap of one's own; what comes of the last four stands beside them under another name."""


@page("portal.open", look=False)
@require_safe
def home(request: Any) -> HttpResponse:
    """The client's own page."""
    by, now = request.user, clock.now()
    client = by.client
    entry, offered = waits.own(by=by, now=now)
    ahead = list(meetings.ahead_of(by=by, client=client, now=now)[: NEXT + 1])
    context = {
        "client": client,
        "entry": entry,
        "offered": offered,
        "again": offers.again(offered),
        "waiting": measures.open_for(client=client, now=now),
        "meetings": ahead[:NEXT],
        "more": len(ahead) > NEXT,
        "zone": clock.zone().key.replace("_", " "),
        "answers": booking.answered(client=client, now=now),
        "may_book": bool(booking.offered(client=client)),
        "daily": daily.waits(client=client, now=now),
        "courses": [(one, said.plain(one)) for one in measures.answered_by(client=client)],
    }
    return render(request, "portal/record/home.html", context)


@page("portal.open", look=False)
@require_safe
def ahead(request: Any) -> HttpResponse:
    """All of one's meetings to come, the nearest first."""
    client = request.user.client
    every = meetings.ahead_of(by=request.user, client=client, now=clock.now())
    shown = Paginator(every, AHEAD).get_page(request.GET.get("page"))
    context = {
        "client": client, "page": shown, "meetings": shown.object_list,
        "zone": clock.zone().key.replace("_", " "),
        "may_book": bool(booking.offered(client=client)),
    }  # fmt: skip
    return render(request, "portal/record/ahead.html", context)


@page("appointment.join", appointment=meetings.own)
@require_safe
def join(request: Any, appointment: Any) -> HttpResponse:
    """Leave for the video address of one's own meeting; where there is none, stay."""
    return HttpResponseRedirect(diaries.video_address(appointment) or reverse("portal_home"))


@page("record.looks")
@require_safe
def looks(request: Any) -> HttpResponse:
    """Who opened or changed one's record, the latest first, by day."""
    mine = AuditEntry.objects.filter(about=request.user.client.pk).order_by("-number")
    mine = mine.exclude(verb__in=TAPS, allowed=True)
    shown = Paginator(mine, ON_A_PAGE).get_page(request.GET.get("page"))
    accounts_shown = {entry.by for entry in shown if "-" in entry.by}
    found = Staff.objects.filter(account__pk__in=accounts_shown)
    names = {str(pk): name for pk, name in found.values_list("account", "display_name")}
    names[str(request.user.pk)] = _("you")
    rows = [
        {"day": clock.local(entry.at).date(), "at": entry.at, "who": _who(entry.by, names),
         "did": DID.get(entry.verb, _("used it")), "refused": not entry.allowed,
         "in_need": entry.verb == "client.break_glass"}
        for entry in shown
    ]  # fmt: skip
    return render(request, "portal/record/looks.html", {"page": shown, "rows": rows})


def _who(by: str, names: dict[str, str]) -> str:
    if by.startswith("system:"):
        return _("Rapport itself")
    if by.startswith("link:"):
        return _("whoever held a link")
    return names.get(by) or _("somebody who has no name here")


@page("me.signin", look=False)
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: Any) -> HttpResponse:
    """Language and colours."""
    me = request.user
    form = Appearance(request.POST or None, initial={"language": me.language, "theme": me.theme})
    if form.is_valid():
        accounts.set_appearance(by=me, account=me, **form.cleaned_data)
        return redirect("portal_appearance")
    status = 422 if form.errors else 200
    return render(request, "portal/record/appearance.html", {"form": form}, status=status)
