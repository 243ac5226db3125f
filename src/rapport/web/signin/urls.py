"""Addresses of the sign-in. Each door includes its own list; names are the same in both.

Names that begin with ``account_`` or ``mfa_`` are those the sign-in library sends people to.
"""

from django.urls import URLPattern, URLResolver, path

from .views import begin, enter, forgotten, lock, mine, prove

Patterns = list[URLPattern | URLResolver]

_signin: Patterns = [
    path("", enter.sign_in, name="account_login"),
    path("passkey/", enter.passkey, name="signin_passkey"),
    path("code/", enter.code, name="mfa_authenticate"),
    path("mail-code/", enter.mail_code, name="account_confirm_login_code"),
    path("out/", enter.sign_out, name="account_logout"),
    path("forgotten/", forgotten.forgotten, name="account_reset_password"),
    path("new-password/", forgotten.new_password, name="signin_new_password"),
    path("begin/", begin.begin, name="signin_begin"),
    path("begin/passkey/", begin.with_passkey, name="signin_begin_passkey"),
    path("begin/password/", begin.with_password, name="signin_begin_password"),
    path("prove/", prove.prove, name="account_reauthenticate"),
    path("prove/options/", prove.options, name="signin_prove_options"),
    path("set-up/", mine.set_up, name="signin_setup"),
    path("mine/", mine.mine, name="mfa_index"),
    path("mine/passkeys/add/", mine.add_passkey, name="signin_add_passkey"),
    path(
        "mine/passkeys/<int:factor_id>/remove/",
        mine.remove_passkey,
        name="signin_remove_passkey",
    ),
    path("mine/app/", mine.add_app, name="mfa_activate_totp"),
    path("mine/app/remove/", mine.remove_app, name="mfa_deactivate_totp"),
    path("mine/codes/first/", mine.first_codes, name="signin_first_codes"),
    path("mine/codes/", mine.new_codes, name="mfa_generate_recovery_codes"),
    path("mine/password/", mine.password, name="account_change_password"),
    path("mine/sessions/others/", mine.end_others, name="signin_end_others"),
    path("mine/sessions/<uuid:session_id>/", mine.end_session, name="signin_end_session"),
]

_lock: Patterns = [
    path("", lock.lock, name="signin_lock"),
    path("open/", lock.open_, name="signin_unlock"),
    path("open/options/", prove.options, name="signin_unlock_options"),
]


def under(prefix: str, patterns: Patterns) -> Patterns:
    """The same addresses under another beginning."""
    return [path(f"{prefix}{one.pattern}", one.callback, name=one.name) for one in patterns]  # type: ignore[union-attr]


desk: Patterns = [*under("desk/signin/", _signin), *under("desk/lock/", _lock)]
portal: Patterns = under("portal/signin/", _signin)
public: Patterns = [path("i/<str:token>/", begin.link, name="signin_link")]
