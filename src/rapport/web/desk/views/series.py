"""The desk's pages about standing slots: ask, call one action, show the answer."""

import uuid
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.meeting.appointments import rules as clocks
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.appointments.rules import Unfit
from rapport.meeting.availability import doubts
from rapport.meeting.availability import queries as availability
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.series import actions, cancelling, queries, resting, rules, words
from rapport.meeting.series.models import Pause, Series
from rapport.meeting.waiting import places
from rapport.people.clients import queries as clients
from rapport.web.desk.forms import meeting as times
from rapport.web.desk.forms import series as forms
from rapport.web.desk.forms.doubting import of
from rapport.web.desk.views import series_files
from rapport.web.page import page

SESSION = Appointment.Kind.SESSION


@page("series.begin", client=clients.get)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Any, client: Any) -> HttpResponse:
    """A new standing slot: what is taken is shown before anything is booked."""
    by = request.user
    clinicians = diaries.clinicians(by=by)
    offers = availability.choices(by=by, now=clock.now())
    form = forms.Standing(
        request.POST or None, clinicians=clinicians, spots=offers.spots, types=offers.types,
        initial=_start(request, client, clinicians, offers.types),
    )  # fmt: skip
    if form.is_valid() and not _doubtful(by, form, client):
        try:
            made = actions.begin(
                by=by, client=client, wanted=form.wanted(), now=clock.now(),
                without=form.days_left_out(), once=form.cleaned_data["once"],
            )  # fmt: skip
        except CannotBook as problem:
            form.refuse(problem)
        else:
            messages.info(request, _("Booked."))
            return redirect("desk_series", series_id=made.pk)
    context = {"form": form, "client": client}
    return render(request, "desk/series/begin.html", context, status=form.status)


def _doubtful(by: Any, form: forms.Standing, client: Any, series: Series | None = None) -> bool:
    """Whether its first meeting is unusual and nobody said that it is to be all the same."""
    try:
        wanted = form.wanted()
        clock.within_limits(wanted.starts_on)
        start = rules.begins(wanted.starts_on, wanted.at, clock.zone())
        slot = clocks.lasting(start, wanted.minutes)
    except (CannotBook, Unfit, clock.BadDate):
        return False  # the action says what it is
    given = {"clinician": wanted.clinician, "slot": slot, "way": wanted.way, "type": wanted.type,
             "place": wanted.rooms[0].place if wanted.rooms else wanted.place}  # fmt: skip
    booking = of(
        client, given, but_series=series.pk if series else None,
        holidays=wanted.holidays == Series.Holidays.KEEP,
    )  # fmt: skip
    return form.in_doubt(booking, doubts.about(by=by, booking=booking, now=clock.now()))


def _start(
    request: Any, client: Any, clinicians: list[Any], offered: list[Any]
) -> dict[str, Any]:  # fmt: skip
    """What the form starts with: the time of the address, and what is usual."""
    mine = request.GET.get("who", "") or str(getattr(request.user.staff, "pk", ""))
    team = [str(member.staff_id) for member in client.care_team.all() if not member.until_on]
    ids = {str(one.pk): one for one in clinicians}
    who = next((pk for pk in (mine, *team) if pk in ids), "")
    length = diaries.diary_of(ids[who]).minutes if who else 50
    sessions = [str(one.pk) for one in offered if one.kind == SESSION]
    start = {
        "often": "WEEKLY", "holidays": Series.Holidays.SKIP, "clinician": who,
        "type": sessions[0] if len(sessions) == 1 else "",
        "minutes": None if offered else length, "where": f"place:{client.place_id}",
    }  # fmt: skip
    if request.GET.get("rule"):
        return start | series_files.started(request.GET)
    try:
        at = datetime.fromisoformat(request.GET.get("at", ""))
        return start | times.wall(at.astimezone(clock.zone()))
    except (ValueError, OverflowError):
        return start


@page("series.open", series=queries.get)
@require_safe
def opened(request: Any, series: Series) -> HttpResponse:
    """A standing slot: what is ahead, what was left out and why, and its pauses."""
    return _shown(request, series)


def _shown(request: Any, series: Series, problem: str = "") -> HttpResponse:
    by, now = request.user, clock.now()
    said = queries.pattern(series)
    found = queries.opened(by=by, series=series, now=now)
    may = policy.allows("series.change", by, series=series)
    context = {
        "series": series, "client": series.client, "found": found, "problem": problem,
        "words": words.in_words(said.rule, series.at, series.ended_on), "may": may,
        "zone": series.zone if series.zone != clock.zone().key else "", "today": clock.today(),
        "taken": [one for one in found.left_out if one.why == "TAKEN" and one.seen_at is None],
        "over": series.ended_on is not None and not found.ahead,
        "place": places.freed_by(series, now=now),
        "single": series.ended_on is not None and not places.rule_of(series),
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "desk/series/opened.html", context, status=status)


@page("series.change", series=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any, series: Series) -> HttpResponse:
    """All that is ahead, otherwise."""
    by, now = request.user, clock.now()
    first = queries.next_named(series, now)
    later_id = queries.follower(series) if first is None else None
    if later_id is not None:
        return redirect("desk_series", series_id=later_id)  # sent twice
    if first is None:
        return _shown(request, series, _("Nothing of it is ahead."))
    offers = availability.choices(by=by, now=now)
    back = queries.as_before(series, now) if request.GET.get("as") == "before" else None
    like, on = back or (series, first)
    form = forms.Standing(
        request.POST or None, spots=offers.spots, changing=True,
        types=offers.with_one(like.type),
        clinicians=diaries.clinicians(by=by, also=like.clinician_id),
        initial=forms.started(like, queries.pattern(like), on) | {"revision": series.revision},
    )  # fmt: skip
    if form.is_valid() and not _doubtful(by, form, series.client, series):
        given = form.cleaned_data
        try:
            later = actions.change_all(
                by=by, series=series, wanted=form.wanted(), revision=given["revision"] or 0,
                now=now, keep=given["keep"], without=form.days_left_out(), once=given["once"],
                moved=form.answer(),
            )  # fmt: skip
        except CannotBook as problem:
            form.refuse(problem)
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_series", series_id=later.pk)
    context = {"form": form, "client": series.client, "series": series, "back_to": bool(back)}
    return render(request, "desk/series/change.html", context, status=form.status)


@page("series.pause", series=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: Any, series: Series) -> HttpResponse:
    """Some weeks without, and the slot is kept."""
    start = {"from_on": queries.next_named(series, clock.now()), "revision": series.revision}
    form = forms.Rest(request.POST or None, initial=start)
    if form.is_valid():
        given = form.cleaned_data
        try:
            resting.pause(
                by=request.user, series=series, from_on=given["from_on"], until_on=form.until(),
                offered=given["offered"], revision=given["revision"] or 0, now=clock.now(),
                moved=form.answer(),
            )  # fmt: skip
        except CannotBook as problem:
            form.refuse(problem)
        else:
            messages.info(request, _("Paused."))
            return redirect("desk_series", series_id=series.pk)
    context = {"form": form, "client": series.client, "series": series}
    status = 422 if form.errors else 200
    return render(request, "desk/series/pause.html", context, status=status)


@page("series.pause", pause=queries.pause)
@require_POST
def resume(request: Any, pause: Pause) -> HttpResponse:
    """Go on: from today, or as if there had been no pause that is ahead."""
    by = request.user
    try:
        resting.resume(by=by, pause=pause, on=max(clock.today(), pause.from_on), now=clock.now())
    except CannotBook as problem:
        fresh = queries.get(by=by, series_id=pause.series_id)
        return _shown(request, fresh, str(problem))
    return redirect("desk_series", series_id=pause.series_id)


@page("series.end", series=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Any, series: Series) -> HttpResponse:
    """No more of it from a day on."""
    form = forms.End(request.POST or None, initial={"revision": series.revision})
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.end(by=request.user, series=series, on=given["on"],
                        revision=given["revision"] or 0, moved=form.answer(),
                        now=clock.now())  # fmt: skip
        except CannotBook as problem:
            form.refuse(problem)
        else:
            messages.info(request, _("Ended."))
            return redirect("desk_series", series_id=series.pk)
    context = {"form": form, "client": series.client, "series": series}
    status = 422 if form.errors else 200
    return render(request, "desk/series/end.html", context, status=status)


@page("series.end", series=queries.get)
@require_POST
def reopen(request: Any, series: Series) -> HttpResponse:
    """Take the end back."""
    seen = _number(request.POST.get("revision", ""))
    return _done(request, series, actions.reopen, revision=seen)


@page("series.change", series=queries.get)
@require_POST
def put_back(request: Any, series: Series) -> HttpResponse:
    """Meet after all on a day that was left out."""
    try:
        day = date.fromisoformat(request.POST.get("day", "")[:10])
    except ValueError:
        return _shown(request, series, _("Choose one of the days that were left out."))
    return _done(request, series, actions.put_back, day=day)


@page("series.change", series=queries.get)
@require_POST
def seen(request: Any, series: Series) -> HttpResponse:
    """Hours that were taken were looked at."""
    return _done(request, series, actions.seen)


def _done(request: Any, series: Series, act: Any, **given: Any) -> HttpResponse:
    """Call an action that a button asks for; go back to the page, or say why not."""
    try:
        act(by=request.user, series=series, now=clock.now(), **given)
    except CannotBook as problem:
        fresh = queries.get(by=request.user, series_id=series.pk)
        return _shown(request, fresh, str(problem))
    return redirect("desk_series", series_id=series.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


# On the pages of one appointment ----------------------------------------------------------


def sent_before(request: Any) -> HttpResponse | None:
    """The standing slot that a form made when it was sent first: the appointment on whose page
    it stood is gone with the former rule."""
    try:
        once = uuid.UUID(request.POST.get("once", ""))
    except ValueError:
        return None
    made = queries.begun_by(by=request.user, once=once)
    return redirect("desk_series", series_id=made.pk) if made is not None else None


def move(request: Any, appointment: Any, form: Any) -> Series:
    """Meet like this from that appointment on, or from the next one on: by the form's scope.

    Raises:
        CannotBook: it cannot be so.
    """
    by, now, given = request.user, clock.now(), form.cleaned_data
    series: Series = queries.get(by=by, series_id=appointment.series_id)
    said, chosen = queries.pattern(series), form.chosen(given)
    from_on = appointment.nth_on
    if given["scope"] == forms.ALL:
        from_on = queries.next_named(series, now) or from_on
    try:
        rule = rules.moved_to(rules.rest_of(said.rule, said.starts_on, from_on),
                              appointment.nth_on, given["on"])  # fmt: skip
        first = _first(rule, from_on, appointment.nth_on, given["on"])
    except Unfit as problem:
        raise words.fit(problem) from problem
    own = form.given()["video_url"]
    wanted = actions.Wanted(
        clinician=form.people[given["clinician"]], rule=rule, starts_on=first,
        at=given["at"], minutes=form.slot.minutes,
        way=given["way"], kind=chosen.kind if chosen else series.kind,
        holidays=series.holidays, type=chosen or series.type,
        video_url=series.video_url if own is None else own, zone="",
        **_where(series, said, from_on, form),
    )  # fmt: skip
    return actions.change_following(
        by=by, series=series, from_on=from_on, wanted=wanted, now=now,
        revision=given["series_revision"] or 0, keep=not given["again"],
        without=form.days_left_out(), once=given["once"], moved=form.answer(),
    )  # fmt: skip


def _first(rule: rules.Rule, from_on: date, old: date, new: date) -> date:
    """The first day of the new rule: as far from the old rule's day as this one is moved."""
    wanted = from_on + (new - old)
    monday = from_on.toordinal() - from_on.weekday()
    if rule.freq != "MONTHLY":
        return wanted
    named = rules.days(rule, date.fromordinal(monday), date.fromordinal(monday), date.max)
    return next((day for _n, day in named), wanted)


def _where(series: Series, said: rules.Pattern, from_on: date, form: Any) -> dict[str, Any]:
    """The rooms in turn, when the room of this one stays; else the one that was chosen."""
    spot = form.spots.get(form.cleaned_data["where"])
    if spot is None or spot.room is None:
        return {"place": spot.place if spot else None}
    rooms = queries.rooms_of(series)
    if str(spot.room.pk) not in rooms:
        return {"rooms": (spot.room,)}
    gone = next((n for n, _d in rules.days(said.rule, said.starts_on, from_on, from_on)), 0)
    return {"rooms": tuple(rooms[pk] for pk in rules.in_turn(series.rooms, gone) if pk in rooms)}


def cancel(request: Any, appointment: Any, form: Any, given: dict[str, Any]) -> None:
    """Call off this one and all that follow, or all that are ahead: by the form's scope.

    Raises:
        CannotBook: it cannot be so.
    """
    series = queries.get(by=request.user, series_id=appointment.series_id)
    whole = form.cleaned_data["scope"] == forms.ALL
    act = cancelling.cancel_all if whole else cancelling.cancel_following
    act(by=request.user, series=series, appointment=appointment, moved=form.answer(),
        now=clock.now(), **given)  # fmt: skip
