"""The desk's pages about colleagues: who works here, with which links, supervised by whom."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact import notices
from rapport.core import audit, policy
from rapport.core import time as clock
from rapport.people.accounts import actions as accounts
from rapport.people.accounts import invitations
from rapport.people.accounts import queries as account_queries
from rapport.people.care_team import queries as care_team
from rapport.people.models import Invitation, Staff
from rapport.people.practice import queries as practice
from rapport.people.staff import actions, queries
from rapport.people.staff.models import CLINICAL, Role
from rapport.web.desk.forms import staff as forms
from rapport.web.page import page

ON_A_PAGE = 50


@page("staff.list")
@require_safe
def staff(request: Any) -> HttpResponse:
    """Who works here."""
    shown = Paginator(queries.listed(by=request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "may_engage": policy.allows("staff.engage", request.user)}
    return render(request, "desk/practice/staff.html", context)


@page("staff.open", staff=queries.get)
@require_safe
def colleague(request: Any, staff: Any) -> HttpResponse:
    """A colleague's page."""
    account, today = staff.account, clock.today()
    waiting = account_queries.waiting(
        account=account, purpose=Invitation.Purpose.STAFF, now=clock.now()
    ).first()
    context = {
        "staff": staff,
        "roles": [(Role(role).label, forms.MEANS[Role(role)]) for role in staff.roles],
        "works_here": staff.works_on(today),
        "today": today,
        "never_in": account.last_login is None and not account.has_usable_password(),
        "waiting": waiting,
        "carried": care_team.carried_by(staff).count(),
        "may_hand_over": policy.allows("care_team.hand_over", request.user, leaving=staff),
        "supervised_by": staff.supervised_by.select_related("supervisor").order_by("-from_on")[:20],
        "supervises": staff.supervises.select_related("supervisee").order_by("-from_on")[:20],
        "may_edit": policy.allows("staff.edit", request.user, staff=staff),
        "may_hours": staff.has(*CLINICAL)
        and policy.allows("hours.open", request.user, staff=staff),
        "may_end": policy.allows("staff.end", request.user, staff=staff),
        "may_supervise": policy.allows("supervision.set", request.user, staff=staff),
    }
    return render(request, "desk/practice/colleague.html", context)


@page("staff.engage")
@require_http_methods(["GET", "HEAD", "POST"])
def engage(request: Any) -> HttpResponse:
    """Add a colleague; the page then shows the link to hand over."""
    by = request.user
    form = forms.Engage(request.POST or None, places=practice.places(by=by))
    if form.is_valid():
        try:
            new = actions.engage(by=by, started_on=clock.today(), **form.cleaned_data)
        except actions.CannotEngage as problem:
            form.add_error(problem.field, str(problem))
        except accounts.CannotOpen as problem:
            form.add_error("email", str(problem))
        else:
            return _link(request, new)
    context = {"form": form, "title": _("Add a colleague"), "back": "desk_staff"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


def _link(request: Any, staff: Staff) -> HttpResponse:
    now, account = clock.now(), staff.account
    with audit.unit():
        made, path = invitations.make(
            by=request.user, account=account, purpose=Invitation.Purpose.STAFF, now=now
        )
        sent = notices.can_send()
        if sent:
            notices.send(kind="invitation", account=account, link_path=path, now=now)
    link = request.build_absolute_uri(path)
    context = {"staff": staff, "until": made.expires_at, "sent": sent}
    if not sent:
        context |= {"link": link, "picture": notices.qr_data(link)}
    return render(request, "desk/practice/link.html", context)


@page("staff.edit", staff=queries.get)
@require_POST
def invite(request: Any, staff: Any) -> HttpResponse:
    """A fresh link for a colleague who has not signed in yet."""
    try:
        return _link(request, staff)
    except invitations.CannotInvite as problem:
        messages.error(request, str(problem))
        return redirect("desk_colleague", staff_id=staff.pk)


@page("staff.edit", staff=queries.get)
@require_POST
def withdraw(request: Any, staff: Any) -> HttpResponse:
    """The link that was handed over opens nothing any more."""
    invitations.withdraw(
        by=request.user,
        account=staff.account,
        purpose=Invitation.Purpose.STAFF,
        now=clock.now(),
    )
    messages.success(request, _("Withdrawn. That link opens nothing any more."))
    return redirect("desk_colleague", staff_id=staff.pk)


@page("staff.edit", staff=queries.get)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, staff: Any) -> HttpResponse:
    """Change a colleague's names, roles and places."""
    start = {"legal_name": staff.legal_name, "display_name": staff.display_name,
             "roles": staff.roles, "places": staff.places.all()}  # fmt: skip
    form = forms.Colleague(
        request.POST or None, initial=start, places=practice.places(by=request.user)
    )
    if form.is_valid():
        try:
            actions.change(by=request.user, staff=staff, **form.cleaned_data)
        except actions.CannotEngage as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect("desk_colleague", staff_id=staff.pk)
    context = {"form": form, "title": _("Change a colleague"), "back": "desk_staff"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)
