"""My sign-in: factors, password, and where I am signed in."""

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.people.accounts import actions, queries
from rapport.web.page import page

from .. import factors, forms, notices
from ..forms import posted
from ..gate import STRONG

SECRET = "signin.app"  # where the visit keeps a secret that is being set up  # noqa: S105


@page("me.factors")
@require_safe
def mine(request: Any) -> HttpResponse:
    """Everything about how the person signs in, on one page."""
    context = {
        "factors": factors.of(request.user),
        "has_password": request.user.has_usable_password(),
        "sessions": queries.sessions_of(by=request.user),
        "here": request.session.row,
    }
    return render(request, "signin/mine.html", context)


@page("me.factors", look=False)
@require_safe
def set_up(request: Any) -> HttpResponse:
    """The only page for somebody without a second factor."""
    if request.session.get(STRONG):
        return redirect("mfa_index")
    if factors.has_any(request.user):  # set up elsewhere meanwhile: show it
        request.session.flush()
        return redirect("account_login")
    return render(request, "signin/set_up.html")


def _may_add(request: Any) -> bool:
    """A visit that never showed a second factor may set up the first one, and no more."""
    return bool(request.session.get(STRONG)) or not factors.has_any(request.user)


@page("me.factors", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: Any) -> HttpResponse:
    """Make one more passkey."""
    if not _may_add(request):
        return redirect("signin_setup")
    form = forms.Passkey(posted(request))
    if form.is_valid():
        try:
            factors.add_passkey(
                request,
                request.user,
                name=form.cleaned_data["name"] or factors.device_name(),
                credential=form.cleaned_data["credential"],
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return _added(request, _("The passkey is kept."))
    context = {"form": form, "options": factors.registration(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "signin/add_passkey.html", context, status=status)


def _added(request: Any, said: str) -> HttpResponse:
    """After a factor was added: the visit is strong, and recovery codes are due once."""
    request.session[STRONG] = True
    messages.success(request, said)
    if factors.of(request.user).codes is None:
        return redirect("signin_first_codes")
    return redirect("mfa_index")


@page("me.factors", step_up=True)
@require_POST
def remove_passkey(request: Any, factor_id: int) -> HttpResponse:
    """Take one passkey away; the last way in stays."""
    return _remove(request, factors.Type.WEBAUTHN, pk=factor_id)


def _remove(request: Any, kind: str, **which: Any) -> HttpResponse:
    found = Authenticator.objects.filter(user_id=request.user.pk, type=kind, **which).first()
    if found is None:
        raise Http404
    try:
        factors.remove(request, found)
    except factors.LastFactor as problem:
        messages.error(request, str(problem))
    return redirect("mfa_index")


@page("me.factors", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add_app(request: Any) -> HttpResponse:
    """Connect an authenticator app by its first code."""
    if not _may_add(request) or factors.of(request.user).app is not None:
        return redirect("signin_setup")
    form = forms.Code(posted(request))
    secret = request.session.get(SECRET)
    if secret is None:
        secret = request.session[SECRET] = factors.new_secret()
    if form.is_valid():
        step = factors.step_of(secret, form.cleaned_data["code"], now=request.session.now)
        if step is not None:
            factors.add_app(request, request.user, secret, step)
            del request.session[SECRET]
            return _added(request, _("The app is connected."))
        form.add_error("code", _("This code does not fit. Check the clock of your phone."))
    context = {"form": form, "secret": _spaced(secret), "picture": _picture(request, secret)}
    return render(request, "signin/add_app.html", context, status=422 if form.is_bound else 200)


def _spaced(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _picture(request: Any, secret: str) -> str:
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


@page("me.factors", step_up=True)
@require_POST
def remove_app(request: Any) -> HttpResponse:
    """Disconnect the authenticator app."""
    return _remove(request, factors.Type.TOTP)


@page("me.factors", step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def first_codes(request: Any) -> HttpResponse:
    """The recovery codes that come with the first factor: GET explains, POST shows them once."""
    if request.method == "POST":
        return _codes(request)
    if factors.of(request.user).codes is not None:
        return redirect("mfa_index")
    return render(request, "signin/first_codes.html")


@page("me.factors", step_up=True)
@require_POST
def new_codes(request: Any) -> HttpResponse:
    """Fresh recovery codes; the old ones stop working."""
    return _codes(request)


def _codes(request: Any) -> HttpResponse:
    if not factors.has_any(request.user):
        return redirect("mfa_index")
    context = {"codes": factors.new_codes(request, request.user)}
    return render(request, "signin/codes.html", context)


@page("me.factors", step_up=True)
@sensitive_post_parameters("old", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Any) -> HttpResponse:
    """Change the password; every other visit ends."""
    form = forms.ChangePassword(posted(request), account=request.user)
    if form.is_valid() and _old_fits(request, form):
        request.session.cycle_key()
        actions.set_password(
            by=request.user,
            account=request.user,
            password=form.cleaned_data["password"],
            keep=request.session.row,
        )
        request.session["_auth_user_hash"] = request.user.get_session_auth_hash()
        messages.success(request, _("The new password is kept. Other devices were signed out."))
        notices.tell(request.user, "password_changed")
        return redirect("mfa_index")
    status = 422 if form.is_bound else 200
    return render(request, "signin/password.html", {"form": form}, status=status)


def _old_fits(request: Any, form: forms.ChangePassword) -> bool:
    old = form.cleaned_data.get("old")
    if old is None or request.user.check_password(old):
        return True
    form.add_error("old", _("This is not your password until now."))
    return False


@page("session.end", session=queries.session)
@require_POST
def end_session(request: Any, session: Any) -> HttpResponse:
    """Sign out one other browser."""
    actions.end_session(by=request.user, session=session)
    messages.success(request, _("That device is signed out."))
    return redirect("mfa_index")


@page("me.sessions")
@require_POST
def end_others(request: Any) -> HttpResponse:
    """Sign out everywhere but here."""
    actions.end_other_sessions(by=request.user, keep=request.session.row)
    messages.success(request, _("Every other device is signed out."))
    return redirect("mfa_index")
