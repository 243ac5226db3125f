"""Addresses of the sign-in. Each door includes its own list; names are the same in both.

Names that begin with ``account_`` or ``mfa_`` are those the sign-in library sends people to.
"""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, path

from .views import begin, enter, forgotten, lock, mine, prove

Patterns = list[URLPattern | URLResolver]
Pages = list[tuple[str, Callable[..., HttpResponse], str]]

_signin: Pages = [
    ("", enter.sign_in, "account_login"),
    ("passkey/", enter.passkey, "signin_passkey"),
    ("code/", enter.code, "mfa_authenticate"),
    ("mail-code/", enter.mail_code, "account_confirm_login_code"),
    ("awake/", lock.awake, "signin_awake"),
    ("out/", enter.sign_out, "account_logout"),
    ("forgotten/", forgotten.forgotten, "account_reset_password"),
    ("new-password/", forgotten.new_password, "signin_new_password"),
    ("begin/", begin.begin, "signin_begin"),
    ("begin/passkey/", begin.with_passkey, "signin_begin_passkey"),
    ("begin/password/", begin.with_password, "signin_begin_password"),
    ("prove/", prove.prove, "account_reauthenticate"),
    ("prove/options/", prove.options, "signin_prove_options"),
    ("set-up/", mine.set_up, "signin_setup"),
    ("mine/", mine.mine, "mfa_index"),
    ("mine/passkeys/add/", mine.add_passkey, "signin_add_passkey"),
    ("mine/passkeys/<int:factor_id>/remove/", mine.remove_passkey, "signin_remove_passkey"),
    ("mine/app/", mine.add_app, "mfa_activate_totp"),
    ("mine/app/remove/", mine.remove_app, "mfa_deactivate_totp"),
    ("mine/codes/first/", mine.first_codes, "signin_first_codes"),
    ("mine/codes/", mine.new_codes, "mfa_generate_recovery_codes"),
    ("mine/password/", mine.password, "account_change_password"),
    ("mine/sessions/others/", mine.end_others, "signin_end_others"),
    ("mine/sessions/<uuid:session_id>/", mine.end_session, "signin_end_session"),
]

_lock: Pages = [
    ("", lock.lock, "signin_lock"),
    ("open/", lock.open_, "signin_unlock"),
    ("open/options/", prove.options, "signin_unlock_options"),
]


def under(prefix: str, pages: Pages) -> Patterns:
    """The same pages under a door's prefix."""
    return [path(f"{prefix}{route}", view, name=name) for route, view, name in pages]


desk: Patterns = [*under("desk/signin/", _signin), *under("desk/lock/", _lock)]
portal: Patterns = under("portal/signin/", _signin)
public: Patterns = [path("i/<str:token>/", begin.link, name="signin_link")]
