"""Forms of the sign-in: shape only."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from rapport.people.accounts import rules
from rapport.people.accounts.models import Account

CURRENT = {"autocomplete": "current-password", "spellcheck": "false"}
FRESH = {"autocomplete": "new-password", "spellcheck": "false", "minlength": "12"}
CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is filled from: the posted fields, also when there are none, else nothing."""
    return request.POST if request.method == "POST" else None


class Mail(forms.Form):
    """Asks where to send a link."""

    mail = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )

    def clean_mail(self) -> str:
        return rules.tidy_mail(self.cleaned_data["mail"])


class SignIn(Mail):
    """The second way in; a passkey needs no form."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs=CURRENT),
    )


class Code(forms.Form):
    """Six digits from the app, or a recovery code."""

    code = forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=CODE))


class Passkey(forms.Form):
    """What the browser answered, as JSON, and how the person calls this passkey."""

    credential = forms.JSONField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of this passkey"), max_length=60, required=False, strip=True
    )


class NewPassword(forms.Form):
    """A new password, typed once: it can be looked at, so nothing is gained by twice."""

    password = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs=FRESH),
        help_text=_("At least 12 characters. A sentence is good; no special signs are needed."),
    )

    def __init__(self, *args: Any, account: Account, **given: Any) -> None:
        super().__init__(*args, **given)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password


class ChangePassword(NewPassword):
    """The old password beside the new one, where there is an old one."""

    field_order = ("old", "password")
    old = forms.CharField(
        label=_("Password until now"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs=CURRENT),
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if not self.account.has_usable_password():
            del self.fields["old"]


class Proof(forms.Form):
    """Password, code or passkey, whichever the person has at hand."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs=CURRENT),
    )
    code = forms.CharField(
        label=_("Code from the app, or a recovery code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=CODE | {"required": True}),
    )
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not any(given.get(name) for name in self.fields):
            raise forms.ValidationError(_("Show who you are in one of these ways."))
        return given
