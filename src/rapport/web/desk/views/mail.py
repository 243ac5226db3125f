"""The desk's pages about mail: through which server, tried out, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.contact import notices
from rapport.contact.notices import failures
from rapport.contact.notices.kinds import KINDS
from rapport.core import policy
from rapport.core import time as clock
from rapport.web.desk.forms import practice as forms
from rapport.web.page import page

ON_A_PAGE = 50
SETTINGS = ("host", "port", "security", "username", "from_address")


@page("mail.open")
@require_safe
def mail(request: Any) -> HttpResponse:
    """The mail server and what was sent through it."""
    return _shown(request)


def _shown(request: Any, report: list[notices.Line] | None = None) -> HttpResponse:
    latest = notices.latest(by=request.user)
    shown = Paginator(latest, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"notice": one, "said": KINDS[one.kind].body if one.kind in KINDS else "",
         "why": failures.in_words(one.error)}
        for one in shown
    ]  # fmt: skip
    context = {
        "server": notices.server(),
        "page": shown,
        "rows": rows,
        "report": report,
        "may_set": policy.allows("mail.set", request.user),
    }
    return render(request, "desk/practice/mail.html", context)


@page("mail.set", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any) -> HttpResponse:
    """Set the mail server. A password that is kept is never shown."""
    row = notices.server()
    start = {name: getattr(row, name) for name in SETTINGS} if row else {}
    form = forms.Mail(request.POST or None, initial=start)
    if form.is_valid():
        try:
            notices.set_server(by=request.user, now=clock.now(), **form.settings())
        except notices.CannotSet as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("Saved. Send yourself a test letter to see that it works."))
            return redirect("desk_mail")
    context = {"form": form, "title": _("The mail server"), "back": "desk_mail"}
    return render(request, "desk/practice/form.html", context, status=422 if form.errors else 200)


@page("mail.test")
@require_POST
def test(request: Any) -> HttpResponse:
    """Send a letter to whoever asks, and show what the server said to each step."""
    try:
        return _shown(request, notices.test(by=request.user, now=clock.now()))
    except notices.CannotSet as problem:
        messages.error(request, str(problem))
        return redirect("desk_mail")


@page("mail.set", step_up=True)
@require_POST
def forget(request: Any) -> HttpResponse:
    """Stop sending mail."""
    notices.forget_server(by=request.user)
    messages.success(request, _("Rapport sends no mail any more. Links are shown to copy."))
    return redirect("desk_mail")
