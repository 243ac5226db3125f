"""A forgotten password: a link by mail, which changes the password and nothing else."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rapport.core import audit
from rapport.people.accounts import actions, invitations, throttle
from rapport.web.page import PUBLIC, page

from .. import forms, gate, notices
from ..forms import posted
from .begin import link_of, spent


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: Any) -> HttpResponse:
    """Ask for a link. The answer is the same whether or not anybody has the address."""
    form = forms.Mail(posted(request))
    if form.is_valid():
        mail = form.cleaned_data["mail"]
        address = str(request.META.get("REMOTE_ADDR", ""))
        buckets = [("reset.mail", f"{request.door} {mail}"), ("reset.address", address)]
        allowed = throttle.take(*buckets, now=request.session.now)
        notices.reset_wanted(realm=gate.realm_of(request), mail=mail if allowed else "")
        return render(request, "signin/forgotten_sent.html", {"can_mail": notices.can_mail()})
    return render(
        request, "signin/forgotten.html", {"form": form}, status=422 if form.is_bound else 200
    )


@page(PUBLIC)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: Any) -> HttpResponse:
    """Set the new password. The second factor stays as it was and is asked for next."""
    link = link_of(request, reset=True)
    if link is None:
        return spent(request)
    form = forms.NewPassword(posted(request), account=link.account)
    if form.is_valid():
        account, password = link.account, form.cleaned_data["password"]
        try:
            with audit.unit():
                invitations.use(by=account, invitation=link, now=request.session.now)
                actions.set_password(by=account, account=account, password=password, keep=None)
                notices.tell(account, "password_reset")
        except invitations.LinkSpent:
            return spent(request)
        request.session.flush()
        said = _("Your new password is kept. Sign in with it.")
        context = {"form": forms.SignIn(), "said": said, "next": f"/{request.door}/"}
        return render(request, "signin/sign_in.html", context)
    context = {"form": form, "mail": link.account.email}
    return render(
        request, "signin/new_password.html", context, status=422 if form.is_bound else 200
    )
