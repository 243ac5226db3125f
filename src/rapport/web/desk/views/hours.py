"""The desk's pages about when a clinician works: the week, single days, what a day may hold."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions, queries
from rapport.meeting.availability.models import usual_week
from rapport.meeting.diaries import actions as diaries
from rapport.meeting.diaries.queries import diary_of
from rapport.people.practice import queries as practice
from rapport.web.desk.forms import hours as forms
from rapport.web.page import page

from .rows import offer_undo, undo_for

SOON = timedelta(days=120)  # holidays that are named


@page("hours.open", staff=queries.clinician)
@require_safe
def opened(request: Any, staff: Any) -> HttpResponse:
    """When somebody works: the week, what is different soon, and what a day may hold."""
    return _shown(request, staff)


@page("diary.open")
@require_safe
def mine(request: Any) -> HttpResponse:
    """One's own hours."""
    return _shown(request, request.user.staff)


def _shown(request: Any, staff: Any) -> HttpResponse:
    by, now, today = request.user, clock.now(), clock.today()
    diary = diary_of(staff)
    context = {
        "staff": staff, "diary": diary, "own": by.staff == staff,
        "week": _by_day(_week(by, staff)), "said": not diary._state.adding,
        "days": queries.single_days(by=by, staff=staff, first=today),
        "times_off": queries.times_off(by=by, staff=staff, now=now),
        "holidays": _holidays(staff, diary), "notice": diary.notice_minutes // 60,
        "undo": undo_for(request, staff),
        "may_edit": policy.allows("hours.edit", by, staff=staff),
        "may_limit": policy.allows("diary.edit", by, staff=staff),
        "may_set": policy.allows("day.set", by, staff=staff),
        "may_take": policy.allows("time_off.take", by, staff=staff),
    }  # fmt: skip
    return render(request, "desk/meeting/hours.html", context)


def _week(by: Any, staff: Any) -> list[Any]:
    """Their stretches; the usual ones while they have said nothing."""
    rows = queries.week(by=by, staff=staff)
    return rows or (usual_week(staff) if diary_of(staff)._state.adding else [])


def _by_day(rows: list[Any]) -> list[tuple[Any, list[Any]]]:
    return [(name, [r for r in rows if r.weekday == n + 1]) for n, name in sorted(WEEKDAYS.items())]


def _holidays(staff: Any, diary: Any) -> list[tuple[Any, str]]:
    """The next ones where they work, if they keep them."""
    if not diary.keeps_holidays:
        return []
    found: dict[Any, str] = {}
    today = clock.today()
    for place in list(staff.places.all()) or [None]:
        found |= queries.holidays(place, today, today + SOON)
    return sorted(found.items())


# The week ---------------------------------------------------------------------------------


@page("hours.edit", staff=queries.clinician)
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: Any, staff: Any) -> HttpResponse:
    """The stretches of a week, and a form for more of them."""
    by = request.user
    form = forms.NewStretch(request.POST or None, places=practice.places(by=by))
    if form.is_valid():
        try:
            actions.add_hours(by=by, staff=staff, **form.cleaned_data)
        except CannotBook as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_hours_week", staff_id=staff.pk)
    context = {
        "form": form, "staff": staff, "week": _by_day(_week(by, staff)),
        "undo": undo_for(request, staff), "said": not diary_of(staff)._state.adding,
    }  # fmt: skip
    return render(request, "desk/meeting/week.html", context, status=422 if form.errors else 200)


@page("hours.edit", stretch=queries.stretch)
@require_http_methods(["GET", "HEAD", "POST"])
def stretch(request: Any, stretch: Any) -> HttpResponse:
    """Another day, other times, another place."""
    by = request.user
    form = forms.OneStretch.of(stretch, request.POST or None, practice.places(by=by))
    if form.is_valid():
        try:
            actions.change_hours(by=by, stretch=stretch, **form.cleaned_data)
        except CannotBook as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_hours_week", staff_id=stretch.staff_id)
    context = {
        "form": form, "staff": stretch.staff, "title": _("Change these hours"),
        "back": reverse("desk_hours_week", args=[stretch.staff_id]),
    }  # fmt: skip
    return _form(request, form, context)


@page("hours.edit", stretch=queries.stretch)
@require_POST
def stretch_remove(request: Any, stretch: Any) -> HttpResponse:
    """Take a stretch out of the week; the week's page offers to undo it."""
    staff, place = stretch.staff, stretch.place_id
    times = {name: f"{getattr(stretch, name):%H:%M}" for name in ("from_at", "until_at")}
    when = f"{WEEKDAYS[stretch.weekday - 1]} {time_format(stretch.from_at, 'TIME_FORMAT')}"
    words = _("Removed: %(when)s") % {"when": when}
    fields = {"weekdays": stretch.weekday, "place": place or "", "ways": ",".join(stretch.ways)}
    actions.remove_hours(by=request.user, stretch=stretch)
    address = reverse("desk_hours_week", args=[staff.pk])
    offer_undo(request, staff, words, address, **fields, **times)
    return redirect("desk_hours_week", staff_id=staff.pk)


def _form(request: Any, form: Any, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "desk/meeting/hours_form.html", context, status=status)


# Single days ------------------------------------------------------------------------------


@page("day.set", staff=queries.clinician)
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: Any, staff: Any) -> HttpResponse:
    """A day with hours of its own; saved again, it replaces what that day had."""
    by = request.user
    form = forms.SingleDay.of(None, request.POST or None, practice.places(by=by))
    return _day(request, staff, form, _("Other hours on one day"))


@page("day.set", day=queries.other_day)
@require_http_methods(["GET", "HEAD", "POST"])
def day_change(request: Any, day: Any) -> HttpResponse:
    """Change a day that has hours of its own."""
    form = forms.SingleDay.of(day, request.POST or None, practice.places(by=request.user))
    return _day(request, day.staff, form, _("Change that day"))


def _day(request: Any, staff: Any, form: forms.SingleDay, title: str) -> HttpResponse:
    by, now = request.user, clock.now()
    if form.is_valid():
        try:
            made = actions.set_day(by=by, staff=staff, now=now, **form.said())
        except CannotBook as problem:
            form.add_error(
                "from_1" if problem.field == "stretches" else problem.field, str(problem)
            )
        else:
            _say_what_stands(request, staff, made)
            return redirect("desk_hours", staff_id=staff.pk)
    back = reverse("desk_hours", args=[staff.pk])
    return _form(request, form, {"form": form, "staff": staff, "title": title, "back": back})


def _say_what_stands(request: Any, staff: Any, made: Any) -> None:
    """Meetings of that day stay booked: say how many there are."""
    start, end = clock.day_bounds(made.on)
    count = 0
    if start < end:
        by, now = request.user, clock.now()
        booked = queries.affected(by=by, staff=staff, slot=Slot(start, end), now=now)
        count = len(booked.shown) + booked.unseen
    if not count:
        messages.info(request, _("Saved."))
    else:
        words = ngettext(
            "Saved. %(n)s meeting is booked on %(day)s and stays; look at it in the calendar.",
            "Saved. %(n)s meetings are booked on %(day)s and stay; look at them in the calendar.",
            count,
        )  # fmt: skip
        messages.info(request, words % {"n": count, "day": date_format(made.on, "DATE_FORMAT")})


@page("day.set", day=queries.other_day)
@require_POST
def day_remove(request: Any, day: Any) -> HttpResponse:
    """The day is like every week's again; the page of hours offers to undo it."""
    staff = day.staff
    fields = {"on": day.on, "what": "HOURS" if day.stretches else "OFF",
              "place": day.place_id or "", "ways": ",".join(day.ways)}  # fmt: skip
    for n, (begins, ends) in enumerate(day.stretches[: forms.PAIRS], 1):
        fields |= {f"from_{n}": begins, f"until_{n}": ends}
    words = _("Removed: %(when)s") % {"when": date_format(day.on, "DATE_FORMAT")}
    actions.remove_day(by=request.user, day=day)
    offer_undo(request, staff, words, reverse("desk_day", args=[staff.pk]), **fields)
    return redirect("desk_hours", staff_id=staff.pk)


# What a day may hold ----------------------------------------------------------------------


@page("diary.edit", staff=queries.clinician)
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: Any, staff: Any) -> HttpResponse:
    """Buffers, notice, lunch, how much a day may hold, where one meets by video."""
    form = forms.Limits.of(diary_of(staff), request.POST or None)
    if form.is_valid():
        try:
            diaries.set_diary(by=request.user, staff=staff, **form.said())
        except CannotBook as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.info(request, _("Saved."))
            return redirect("desk_hours", staff_id=staff.pk)
    back = reverse("desk_hours", args=[staff.pk])
    context = {"form": form, "staff": staff, "title": _("What a day may hold"), "back": back}
    return _form(request, form, context)
