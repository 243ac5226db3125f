"""Showing again who one is, before something that matters."""

from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from rapport.people.accounts import throttle
from rapport.web.page import page

from .. import audit, factors, forms, keep
from ..forms import posted
from .enter import prove as prove_factor
from .enter import too_often


@page("me.signin", look=False)
@require_safe
def options(request: Any) -> HttpResponse:
    """The challenge for a passkey of the person who is signed in."""
    return JsonResponse(factors.challenge(request.user))


@page("me.signin", look=False)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Any) -> HttpResponse:
    """Ask for a proof and go on to where the person was going, with what they typed."""
    go_on = keep.safe_next(request, f"/{request.door}/signin/mine/")
    kept = keep.carried(request)
    form = forms.Proof(posted(request))
    if form.is_valid() and proved(request, form):
        request.session.step_up()
        return onwards(request, go_on, kept)
    context = {"form": form, "next": go_on, "kept": kept}
    return render(request, "signin/prove.html", context, status=422 if form.is_bound else 200)


def onwards(request: Any, go_on: str, kept: list[tuple[str, str]] | None) -> HttpResponse:
    """To the next page; what was being sent waits there behind one button."""
    if kept is None:
        return redirect(go_on)
    context = {"next": go_on, "fields": keep.plain(kept)}
    return render(request, "signin/carry_on.html", context)


def proved(request: Any, form: forms.Proof) -> bool:
    """Whether the filled-in form proves that this is the person who is signed in."""
    password = form.cleaned_data.get("password")
    if not password:
        found = prove_factor(request, form, request.user)
        if found is not None:
            post_authentication(request, found, reauthenticated=True)
        return found is not None
    bucket = ("proof.account", str(request.user.pk))
    if not throttle.take(bucket, now=request.session.now):
        form.add_error(None, ValidationError(too_often(), code="throttled"))
        return False
    if not request.user.check_password(password):
        audit.factor_refused(request, request.user)
        form.add_error("password", _("This is not your password. Try again."))
        return False
    throttle.give_back(bucket)
    return True
