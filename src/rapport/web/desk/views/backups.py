"""The owner's page about backups: how old the newest is, and whether it was opened again."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rapport.core import practice
from rapport.core import time as clock
from rapport.core.backup import actions, making, queries, rules
from rapport.web.page import page

OLD = timedelta(days=2)  # a nightly backup missed twice


@page("backup.list")
@require_safe
def listed(request: Any) -> HttpResponse:
    """The newest backup, and the last tries."""
    newest = queries.newest()
    context = {
        "newest": newest,
        "old": newest is None or clock.now() - newest.made_at > OLD,
        "recent": queries.recent(),
        "folder": practice.current().folder / making.FOLDER,
        "kept": {"days": rules.DAYS, "weeks": rules.WEEKS, "months": rules.MONTHS},
    }
    return render(request, "desk/practice/backups.html", context)


@page("backup.make", look=False)
@require_POST
def make(request: Any) -> HttpResponse:
    """Have one made as soon as the worker is free."""
    actions.ask(by=request.user)
    messages.info(request, _("A backup is being made. This page shows it when it is done."))
    return redirect("desk_backups")
