"""The desk's pages about inquiries: the list by stage, one of them, and entering another."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact.inquiries import actions, leaving, moving, queries
from rapport.contact.inquiries.models import Inquiry
from rapport.contact.inquiries.problems import CannotTake
from rapport.contact.inquiries.promised import Promise
from rapport.contact.referrers import queries as lists
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.meeting.models import AppointmentType
from rapport.meeting.requests import queries as requests
from rapport.people.circle import queries as around
from rapport.people.clients import queries as clients
from rapport.people.practice import queries as practice
from rapport.people.staff import queries as staff
from rapport.web.desk.forms import inquiries as forms
from rapport.web.page import page

from .rows import UNDO, offer_undo, undo_for

ON_A_PAGE = 50
MOST = 5  # lines on Today
FILTERS = ("stage", "whose", "due", "page")


def say(form: Any, problem: Any) -> None:
    """What the room says against it, beside the field it is about."""
    form.add_error(problem.field if problem.field in form.fields else None, str(problem))


def to_inquiry(inquiry: Any) -> HttpResponse:
    """To the inquiry's page."""
    return redirect("desk_inquiry", inquiry_id=inquiry.pk)


@page("inquiry.list")
@require_safe
def listed(request: Any) -> HttpResponse:
    """Inquiries by stage: whose they are, how old, what is due, and the next step."""
    by, today = request.user, clock.today()
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    number = asked.pop("page")
    due = today if asked["due"] else None
    promise = Promise()
    rows = queries.listed(
        by=by, promise=promise, stage=asked["stage"], whose=asked["whose"], due=due
    )
    shown = Paginator(rows, ON_A_PAGE).get_page(number)
    for one in shown:
        one.days = (today - clock.local(one.received_at).date()).days
        one.answer_by = promise.answer_by(one.received_at, one.client.place.region)
    audit.shown("people.client", [one.client_id for one in shown])
    stages = queries.counts(by=by, whose=asked["whose"])
    context = {
        "page": shown, "stages": stages, "today": today, "undo": _undo(request), **asked,
        "open": sum(n for code, _words, n in stages if code in Inquiry.Stage.values[:5]),
        "may_take": policy.allows("inquiry.take", by),
        "may_count": policy.allows("inquiry.count", by),
        "back": urlencode({name: value for name, value in asked.items() if value}),
    }  # fmt: skip
    return render(request, "desk/inquiries/list.html", context)


def _undo(request: Any) -> dict[str, Any] | None:
    """What the list offers to undo: a step that was made from it."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if kept is None or not kept["address"].startswith(reverse("desk_inquiries")):
        return None
    del request.session[UNDO]
    return kept


@page("inquiry.open", inquiry=queries.get)
@require_safe
def opened(request: Any, inquiry: Any) -> HttpResponse:
    """One inquiry: who, what they look for, how to reach them safely, what comes next."""
    return shown(request, inquiry)


def shown(request: Any, inquiry: Any, **wrong: Any) -> HttpResponse:
    """The page of one inquiry; ``wrong`` are forms that were not taken."""
    by, client, today = request.user, inquiry.client, clock.today()
    people = queries.answerers(by=by)
    sees = clients.seen(by=by, client_id=client.pk)
    if sees:
        client.seen_by = by.pk  # the scope was asked just now; the policy need not ask again
    context = {
        "inquiry": inquiry,
        "client": client,
        "days": (today - clock.local(inquiry.received_at).date()).days,
        "today": today,
        "answer_by": _answer_by(inquiry),
        "contacts": around.contacts(by=by, client=client),
        "entries": queries.entries(by=by, inquiry=inquiry),
        "tasks": queries.tasks(by=by, inquiry=inquiry),
        "checks": queries.checks(by=by, inquiry=inquiry),
        "referrals": queries.referrals(by=by, inquiry=inquiry),
        "leaves_on": leaving.leaves_on(inquiry),
        "stages": [(one.value, one.label) for one in moving.BY_HAND if one.value != inquiry.stage],
        "close": forms.Close(),
        "log": forms.Log(),
        "task": forms.Task(people=people, initial={"whose": by.staff}),
        "hold": forms.Hold(),
        "answers": policy.allows("inquiry.edit", by, inquiry=inquiry),
        "sees_client": sees,
        "asked": _asked_for(by, client) if sees else None,
        "may_reach": sees and policy.allows("client.edit", by, client=client),
        "may_book": sees and policy.allows("appointment.book", by, client=client),
        "undo": undo_for(request, client),
    } | wrong
    status = 422 if wrong else 200
    return render(request, "desk/inquiries/inquiry.html", context, status=status)


def _answer_by(inquiry: Any) -> Any:
    """The day by which somebody who still waits is to be answered."""
    if inquiry.answered_at or not inquiry.is_open:
        return None
    return Promise().answer_by(inquiry.received_at, inquiry.client.place.region)


def _asked_for(by: Any, client: Any) -> Any:
    """The time they asked for and what they said then, for whoever may answer it."""
    found = requests.said_by(client=client)
    if found and policy.allows("appointment.settle", by, appointment=found.appointment):
        return found
    return None


@page("inquiry.take")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Any) -> HttpResponse:
    """Somebody on the phone, at the door, in a letter: entered by keyboard alone."""
    by = request.user
    places = list(practice.places(by=by))
    own = {place.pk for place in by.staff.places.all()}
    here = next((one for one in places if one.pk in own), places[0] if places else None)
    start = {"place": here, "responsible": by.staff, "came_by": Inquiry.CameBy.PHONE}
    form = forms.Enter(request.POST or None, initial=start)
    form.offer(place=places, **_choices(by))
    form.full_clean()
    alike = _alike(request, form)
    form.ask_about(alike)
    if form.is_valid():
        try:
            inquiry = actions.take(by=by, reaches=form.reaches(), now=clock.now(), **form.given())
        except CannotTake as problem:
            say(form, problem)
        else:
            messages.info(request, _("Entered."))
            if Inquiry.objects.visible_to(by).filter(pk=inquiry.pk).exists():
                return to_inquiry(inquiry)
            return redirect("desk_inquiries")
    context = {"form": form, "alike": alike}
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/enter.html", context, status=status)


def _choices(by: Any) -> dict[str, Any]:
    """What a story is chosen from."""
    return {
        "source": list(lists.sources(by=by)),
        "referrer": list(lists.referrers(by=by)),
        "clinician": staff.clinicians(by=by),
        "responsible": queries.answerers(by=by),
        "type": list(AppointmentType.objects.filter(closed_on=None).order_by("position", "name")),
    }


def _alike(request: Any, form: Any) -> list[Any]:
    """Whom the person may see and who may be the same as the one that is entered."""
    given = getattr(form, "cleaned_data", {})
    if not given.get("name"):
        return []
    reaches = [given.get("phone", ""), given.get("mail", "")]
    found = queries.alike(by=request.user, name=given["name"], reaches=reaches)
    audit.shown("people.client", [one.pk for one in found])
    return found


@page("inquiry.edit", inquiry=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, inquiry: Any) -> HttpResponse:
    """Another story, another wish, somebody else who answers."""
    names = ("came_by", "source", "referrer", "seeks", "clinician", "type", "way", "responsible",
             "revision")  # fmt: skip
    start = {name: getattr(inquiry, name) for name in names}
    form = forms.Change(request.POST or None, initial=start)
    form.offer(inquiry, **_choices(request.user))
    if form.is_valid():
        given = form.cleaned_data | {"revision": form.cleaned_data["revision"] or 0}
        try:
            actions.change(by=request.user, inquiry=inquiry, now=clock.now(), **given)
        except CannotTake as problem:
            say(form, problem)
        else:
            messages.info(request, _("Saved."))
            if not Inquiry.objects.visible_to(request.user).filter(pk=inquiry.pk).exists():
                return redirect("desk_inquiries")  # handed to somebody else
            return to_inquiry(inquiry)
    context = {"form": form, "inquiry": inquiry, "title": _("Change what is known")}
    status = 422 if form.errors else 200
    return render(request, "desk/inquiries/form.html", context, status=status)


@page("inquiry.move", inquiry=queries.get)
@require_POST
def move(request: Any, inquiry: Any) -> HttpResponse:
    """On to the stage that the button says; the answer offers to undo it."""
    stage, why = request.POST.get("stage", ""), request.POST.get("why", "")
    before, close = inquiry.stage, forms.Close(request.POST)
    if stage == Inquiry.Stage.CLOSED and not close.is_valid():
        return shown(request, inquiry, close=close)
    try:
        inquiry = moving.move(
            by=request.user, inquiry=inquiry, stage=stage, why=why, now=clock.now(),
            revision=_revision(request),
        )  # fmt: skip
    except CannotTake as problem:
        messages.error(request, str(problem))
    else:
        if before != inquiry.stage:
            offer_step_back(request, inquiry)
    return _back(request, inquiry)


def offer_step_back(request: Any, inquiry: Any) -> None:
    """Let the next page say where the inquiry stands, and take it back by one button."""
    words = _("%(name)s: %(stage)s") % {
        "name": inquiry.client.name, "stage": inquiry.get_stage_display(),
    }  # fmt: skip
    undo = reverse("desk_inquiry_undo", args=[inquiry.pk])
    fields = {"revision": inquiry.revision, "back": request.POST.get("back", ""),
              "list": request.POST.get("list", "")}  # fmt: skip
    offer_undo(request, inquiry.client, words, undo, **fields)


def _revision(request: Any) -> int:
    said = request.POST.get("revision", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def _back(request: Any, inquiry: Any) -> HttpResponse:
    """To where the button stood: the list, as it was narrowed, or the inquiry."""
    if not request.POST.get("list"):
        return to_inquiry(inquiry)
    pairs = (part.partition("=") for part in request.POST.get("back", "").split("&"))
    asked = {name: value for name, _is, value in pairs if name in FILTERS and value.isalnum()}
    query = f"?{urlencode(asked)}" if asked else ""
    return HttpResponseRedirect(f"{reverse('desk_inquiries')}{query}")


@page("inquiry.undo", inquiry=queries.get)
@require_POST
def undo(request: Any, inquiry: Any) -> HttpResponse:
    """Take back the last step."""
    try:
        moving.undo(by=request.user, inquiry=inquiry, revision=_revision(request), now=clock.now())
    except CannotTake as problem:
        messages.error(request, str(problem))
    return _back(request, inquiry)


@page("inquiry.log", inquiry=queries.get)
@require_POST
def log(request: Any, inquiry: Any) -> HttpResponse:
    """Write down a call, a letter or a remark."""
    form = forms.Log(request.POST)
    if form.is_valid():
        try:
            actions.log(by=request.user, inquiry=inquiry, now=clock.now(), **form.cleaned_data)
        except CannotTake as problem:
            say(form, problem)
        else:
            messages.info(request, _("Written down."))
            return to_inquiry(inquiry)
    return shown(request, inquiry, log=form)


@page("inquiry.log", inquiry=queries.get)
@require_POST
def add_task(request: Any, inquiry: Any) -> HttpResponse:
    """Something to do by a day."""
    form = forms.Task(request.POST, people=queries.answerers(by=request.user))
    if form.is_valid():
        try:
            actions.add_task(by=request.user, inquiry=inquiry, now=clock.now(), **form.cleaned_data)
        except CannotTake as problem:
            say(form, problem)
        else:
            return to_inquiry(inquiry)
    return shown(request, inquiry, task=form)


@page("inquiry.log", inquiry=queries.get, task=queries.task)
@require_POST
def task_done(request: Any, inquiry: Any, task: Any) -> HttpResponse:
    """Done, or not done after all: the button says which; unsaid is done."""
    try:
        actions.finish(
            by=request.user, inquiry=inquiry, task=task, now=clock.now(),
            done=request.POST.get("done") != "off",
        )  # fmt: skip
    except CannotTake as problem:
        messages.error(request, str(problem))
    return to_inquiry(inquiry)
