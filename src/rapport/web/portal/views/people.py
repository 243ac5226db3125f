"""The portal's pages: a greeting, and who looked at one's record."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.core.models import AuditEntry
from rapport.people.models import Staff
from rapport.web.page import page

ON_A_PAGE = 30


@page("portal.open", look=False)
@require_GET
def home(request: Any) -> HttpResponse:
    """The client's own page."""
    return render(request, "portal/record/home.html", {"client": request.user.client})


@page("record.looks")
@require_GET
def looks(request: Any) -> HttpResponse:
    """Who opened or changed one's record, the latest first."""
    mine = AuditEntry.objects.filter(about=request.user.client.pk).order_by("-number")
    shown = Paginator(mine, ON_A_PAGE).get_page(request.GET.get("page"))
    accounts = {entry.by for entry in shown if "-" in entry.by}
    found = Staff.objects.filter(account__pk__in=accounts).values_list("account", "display_name")
    names = {str(account): name for account, name in found}
    rows = [(entry, names.get(entry.by, "")) for entry in shown]
    return render(request, "portal/record/looks.html", {"page": shown, "rows": rows})
