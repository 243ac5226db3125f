"""The desk's page about the audit trail: who did, saw or was refused what."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rapport.core import policy
from rapport.core import time as clock
from rapport.core.models import AuditEntry
from rapport.people.models import Account, Client
from rapport.people.staff import queries as staff
from rapport.web.desk.forms.trail import Trail
from rapport.web.page import page
from rapport.web.signin.audit import SAID

ON_A_PAGE = 50


@page("audit.read")
@require_safe
def trail(request: Any) -> HttpResponse:
    """The audit trail, the latest first; names only of people one may see."""
    words = {row.permission: str(row.words) for row in policy.table()}
    words |= {verb: str(said) for verb, said in SAID.items()}
    people = list(staff.listed(by=request.user).prefetch_related(None))
    form = Trail(request.GET, people=people, words=words)
    valid = form.is_valid()
    found = _asked(form.cleaned_data) if valid else AuditEntry.objects.none()
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    names, clients = _people(shown), _clients(shown, request.user)
    rows = [
        {"entry": entry, "who": _who(entry.by, names), "client": clients.get(entry.about, ""),
         "what": words.get(entry.verb, ""), "in_need": entry.verb == "client.break_glass"}
        for entry in shown
    ]  # fmt: skip
    context = {"page": shown, "rows": rows, "form": form, "asked": any(request.GET.values())}
    return render(request, "desk/practice/trail.html", context, status=200 if valid else 422)


def _asked(wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.order_by("-number")
    if wanted["who"] == Trail.PROGRAM:
        found = found.filter(by__startswith="system:")
    elif wanted["who"] == Trail.NOBODY:
        found = found.filter(by="")
    elif wanted["who"]:
        found = found.filter(by=wanted["who"])
    if wanted["client"]:
        found = found.filter(about=wanted["client"])
    if wanted["verb"]:
        found = found.filter(verb=wanted["verb"])
    if wanted["outcome"]:
        found = found.filter(allowed=wanted["outcome"] == Trail.DONE)
    if wanted["day"]:
        first, after = clock.day_bounds(wanted["day"])
        found = found.filter(at__gte=first, at__lt=after)
    return found


def _people(shown: Any) -> dict[str, str]:
    accounts = {entry.by for entry in shown if "-" in entry.by}
    found = Account.objects.filter(pk__in=accounts)
    return {
        str(pk): name or _("a client")
        for pk, name in found.values_list("pk", "_staff__display_name")
    }


def _clients(shown: Any, by: Any) -> dict[Any, str]:
    about = {entry.about for entry in shown if entry.about}
    return {c.pk: c.name for c in Client.objects.visible_to(by).filter(pk__in=about)}


def _who(by: str, names: dict[str, str]) -> str:
    if by.startswith("system:"):
        return _("Rapport itself")
    if by.startswith("link:"):
        return _("whoever held a link")
    return names.get(by, by) or _("nobody signed in")
