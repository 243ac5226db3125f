"""The desk's pages about a client's care: the care team, episodes, what happened."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.people.care_team import actions as care_team
from rapport.people.care_team import queries as parts
from rapport.people.clients import queries as clients
from rapport.people.episodes import actions as episodes
from rapport.people.episodes import queries as runs
from rapport.people.staff import queries as staff
from rapport.people.staff.models import CLINICAL
from rapport.web.desk.forms import care as forms
from rapport.web.page import page

from . import happened
from .rows import offer_undo, theirs, to_client, undo_for


def _form(request: Any, client: Any, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "client": client, "title": title, **more}
    return render(request, "desk/people/form.html", context, status=422 if form.errors else 200)


@page("care_team.assign", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Any, client: Any) -> HttpResponse:
    """Add a colleague to the care team."""
    by, today = request.user, clock.today()
    there = {m.staff_id for m in client.care_team.all() if m.until_on is None} | {by.staff.pk}
    others = [s for s in staff.clinicians(by=by) if s.pk not in there]
    form = forms.Assign(request.POST or None, clinicians=others)
    if form.is_valid():
        chosen = next(s for s in others if str(s.pk) == form.cleaned_data["staff"])
        part = form.cleaned_data["part"]
        try:
            care_team.assign(by=by, client=client, staff=chosen, on=today, part=part)
        except care_team.CannotAssign as problem:
            form.add_error(problem.field, str(problem))
        else:
            return to_client(request, client)
    nothing = "" if others else _("Everybody who could be added is on the care team already.")
    title = _("Add a colleague to the care team")
    return _form(request, client, form, title, nothing=nothing)


@page("care_team.end", client=clients.get, member=parts.part)
@require_POST
def end_part(request: Any, client: Any, member: Any) -> HttpResponse:
    """End somebody's part in the care; the page offers to undo it the same day."""
    theirs(client, member)
    by = request.user
    try:
        care_team.end(by=by, client=client, member=member, on=clock.today())
    except care_team.CannotAssign as problem:
        messages.error(request, str(problem))
        return to_client(request, client)
    words = _("%(name)s's part in the care has ended.") % {"name": member.staff.display_name}
    if policy.allows("care_team.assign", by, client=client, member=member):
        back = reverse("desk_client_part_back", args=[client.pk, member.pk])
        offer_undo(request, client, words, back)
    else:
        messages.info(request, words)
    return to_client(request, client)


@page("care_team.assign", client=clients.get, member=parts.part)
@require_POST
def part_back(request: Any, client: Any, member: Any) -> HttpResponse:
    """Undo the end of somebody's part."""
    theirs(client, member)
    try:
        care_team.reopen(by=request.user, client=client, member=member, on=clock.today())
    except care_team.CannotAssign as problem:
        messages.error(request, str(problem))
    return to_client(request, client)


@page("episode.list", client=clients.get)
@require_safe
def episodes_of(request: Any, client: Any) -> HttpResponse:
    """Open and closed episodes of care."""
    found = runs.of(by=request.user, client=client)
    context = {
        "client": client,
        "open": [e for e in found if e.closed_on is None],
        "closed": [e for e in found if e.closed_on is not None],
        "may_open": policy.allows("episode.open", request.user, client=client),
        "undo": undo_for(request, client),
    }
    return render(request, "desk/people/episodes.html", context)


def _to_episodes(client: Any) -> HttpResponse:
    return redirect("desk_client_episodes", client_id=client.pk)


@page("episode.open", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def open_episode(request: Any, client: Any) -> HttpResponse:
    """Open an episode with somebody from the care team."""
    today = clock.today()
    team = [m.staff for m in client.care_team.all() if m.until_on is None]
    team = [one for one in dict.fromkeys(team) if one.works_on(today)]
    mine = request.user.staff.pk
    initial = {"responsible": str(mine), "on": today}
    came = clock.local(client.created_at).date()
    if came < today and not runs.of(by=request.user, client=client):
        initial["first_contact_on"] = came
    form = forms.OpenEpisode(request.POST or None, team=team, initial=initial)
    if form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("responsible")
        chosen = next(one for one in team if str(one.pk) == wanted)
        try:
            episodes.open_(by=request.user, client=client, responsible=chosen, **given)
        except episodes.CannotOpen as problem:
            form.add_error(problem.field, str(problem))
        else:
            return _to_episodes(client)
    back = reverse("desk_client_episodes", args=[client.pk])
    return _form(request, client, form, _("Open an episode of care"), back=back)


@page("episode.close", client=clients.get, episode=runs.get)
@require_http_methods(["GET", "HEAD", "POST"])
def close_episode(request: Any, client: Any, episode: Any) -> HttpResponse:
    """Close an episode with a reason and a day."""
    theirs(client, episode)
    form = forms.CloseEpisode(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        try:
            episodes.close(by=request.user, client=client, episode=episode, **form.cleaned_data)
        except episodes.CannotOpen as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            undo = reverse("desk_episode_back", args=[client.pk, episode.pk])
            offer_undo(request, client, _("Closed the episode of care."), undo)
            return _to_episodes(client)
    back = reverse("desk_client_episodes", args=[client.pk])
    return _form(request, client, form, _("Close the episode of care"), back=back)


@page("episode.close", client=clients.get, episode=runs.get)
@require_POST
def reopen_episode(request: Any, client: Any, episode: Any) -> HttpResponse:
    """Undo the closing of an episode."""
    theirs(client, episode)
    episodes.reopen(by=request.user, client=client, episode=episode)
    return _to_episodes(client)


@page("client.open", client=clients.get)
@require_safe
def history(request: Any, client: Any) -> HttpResponse:
    """What happened, page by page: the older the further; all of it, or one kind."""
    by, most = request.user, happened.MOST
    asked = request.GET.get("page", "1")
    number = min(max(int(asked), 1), 300) if asked.isdecimal() and len(asked) < 6 else 1
    treats = by.staff.has(*CLINICAL) and policy.allows("measure.read", by, client=client)
    shows, show = happened.shows(treats), request.GET.get("show", "")
    show = show if show in dict(shows) else ""
    skip = (number - 1) * most
    found = happened.rows(by=by, client=client, treats=treats, most=most + 1, skip=skip)
    rows = happened.entries(found, show=show, most=most + 1, skip=skip)
    context = {
        "client": client, "timeline": rows[:most], "number": number, "shows": shows,
        "show": show, "older": number + 1 if len(rows) > most else None, "newer": number - 1,
    }  # fmt: skip
    return render(request, "desk/people/history.html", context)
