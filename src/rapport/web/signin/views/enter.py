"""Signing in and out: passkey first, then password and code."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.logout import logout
from allauth.account.stages import LoginByCodeStage
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.people.accounts import queries, throttle
from rapport.web.headers import SIGNED_OUT, SIGNED_OUT_WITH_DRAFTS
from rapport.web.page import PUBLIC, page

from .. import audit, entry, factors, forms, gate, keep
from ..forms import posted

Bucket = tuple[str, str]


def too_often() -> str:
    """What somebody reads who tried too often, whether or not the account exists."""
    return _("Too many tries. Wait a quarter of an hour, or use your passkey now.")


def not_fitting() -> str:
    """What somebody reads whose address or password is wrong; it does not say which."""
    return _("Mail address and password do not fit together. Look at both and try again.")


@page(PUBLIC)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """The door's first page."""
    go_on = keep.safe_next(request, f"/{request.door}/")
    if request.user.is_authenticated:
        return redirect(go_on)
    form = forms.SignIn(posted(request))
    if form.is_valid():
        answer = _password(request, form, go_on)
        if answer is not None:
            return answer
    status = 429 if form.has_error("__all__", "throttled") else 422 if form.is_bound else 200
    context = {"form": form, "next": go_on}
    return render(request, "signin/sign_in.html", context, status=status)


def _password(request: Any, form: forms.SignIn, go_on: str) -> HttpResponse | None:
    mail, password = form.cleaned_data["mail"], form.cleaned_data["password"]
    buckets = _password_buckets(request, mail)
    if not throttle.take(*buckets, now=request.session.now):
        form.add_error(None, ValidationError(too_often(), code="throttled"))
        return None
    realm = gate.realm_of(request)
    account = authenticate(request, realm=realm, mail=mail, password=password)
    if account is None:
        audit.password_refused(request, mail=mail)
        form.add_error(None, not_fitting())
        return None
    throttle.give_back(*buckets)
    return entry.by_password(request, account, go_on=go_on)


def _password_buckets(request: Any, mail: str) -> list[Bucket]:
    """A browser the account knows has a bucket of its own, so strangers cannot fill it."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if entry.device_cookie(request) in request.COOKIES:
        account = queries.by_mail(realm=gate.realm_of(request), mail=mail)
        device = entry.known_device(request, account)
        if device:
            return [("password.device", device)]
    return [
        ("password.account", f"{request.door} {mail}"),
        ("password.account_address", f"{request.door} {mail} {address}"),
        ("password.address", address),
    ]


@page(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: Any) -> HttpResponse:
    """GET hands the challenge to a script, POST takes the answer."""
    if request.method == "GET":
        return JsonResponse(factors.challenge(None))
    go_on = keep.safe_next(request, f"/{request.door}/")
    form = forms.Passkey(request.POST)
    address = ("passkey.address", str(request.META.get("REMOTE_ADDR", "")))
    if not throttle.take(address, now=request.session.now):
        form.add_error(None, ValidationError(_("Too many tries. Wait five minutes.")))
    if form.is_valid():
        try:
            found = factors.by_passkey(
                form.cleaned_data["credential"], account=None, realm=gate.realm_of(request)
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            throttle.give_back(address)
            return entry.by_passkey(request, found, go_on=go_on)
    context = {"form": forms.SignIn(), "passkey_form": form, "next": go_on}
    return render(request, "signin/sign_in.html", context, status=422)


@page(PUBLIC)
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Any) -> HttpResponse:
    """The second step after a password: app, recovery code or passkey."""
    stage = request._login_stage
    account = stage.login.user
    form = forms.Proof(posted(request))
    form.fields.pop("password")
    if form.is_valid():
        found = prove(request, form, account)
        if found is not None:
            post_authentication(request, found)
            return entry.finish(request, stage.exit())
    context = {
        "form": form,
        "factors": factors.of(account),
        "options": factors.challenge(account),
    }
    return render(request, "signin/code.html", context, status=422 if form.is_bound else 200)


def prove(request: Any, form: forms.Proof, account: Any) -> Any:
    """The factor that the filled-in form proves, or None with an error on the form."""
    device = entry.known_device(request, account)
    bucket = ("code.account", f"{account.pk} {device}")
    if not throttle.take(bucket, now=request.session.now):
        form.add_error(None, ValidationError(too_often(), code="throttled"))
        return None
    given = form.cleaned_data
    found = None
    if given.get("credential"):
        try:
            found = factors.by_passkey(given["credential"], account=account, realm=account.realm)
        except ValidationError as problem:
            form.add_error(None, problem)
    elif given.get("code"):
        found = factors.by_code(account, given["code"], now=request.session.now)
        if found is None:
            form.add_error(
                "code", _("This code does not fit. A code works once; wait for the next one.")
            )
    if found is None:
        audit.factor_refused(request, account)
    else:
        throttle.give_back(bucket)
    return found


@page(PUBLIC)
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
def mail_code(request: Any) -> HttpResponse:
    """The second step of a client without a factor of their own: a code by mail."""
    stage = request._login_stage
    process = LoginCodeVerificationProcess.resume(stage)
    if process is None:
        return redirect("account_login")
    form = forms.Code(posted(request))
    if form.is_valid():
        if compare_user_code(actual=form.cleaned_data["code"], expected=process.code):
            return entry.finish(request, process.finish(stage.login.redirect_url))
        audit.factor_refused(request, stage.login.user)
        if not process.record_invalid_attempt():
            return redirect("account_login")
        form.add_error("code", _("This code does not fit. Look at the newest mail."))
    status = 422 if form.is_bound else 200
    return render(request, "signin/mail_code.html", {"form": form}, status=status)


@page("me.signin", look=False)
@require_POST
def sign_out(request: Any) -> HttpResponse:
    """End this visit here and on the server."""
    logout(request)
    answer = HttpResponseRedirect(f"/{request.door}/signin/")
    kept = request.POST.get("keep")  # sealed words of a draft wait in this browser
    answer.headers["Clear-Site-Data"] = SIGNED_OUT_WITH_DRAFTS if kept else SIGNED_OUT
    return answer
