"""The digits of a tablet: typed once to take it back, twice to set them."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


def _digits(label: Any, **given: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=10, widget=forms.PasswordInput(attrs=DIGITS), **given
    )


class Pin(forms.Form):
    """The digits, as somebody takes the tablet back."""

    pin = _digits(_("Digits"))


class NewPin(forms.Form):
    """New digits, and once more, as nobody sees what was typed."""

    pin = _digits(
        _("Six to ten digits"),
        help_text=_("Not those of your bank card or phone, and not a birthday."),
    )
    again = _digits(_("The same digits again"))

    def clean_again(self) -> str:
        """Refuse what differs."""
        again: str = self.cleaned_data["again"]
        if "pin" in self.cleaned_data and again != self.cleaned_data["pin"]:
            raise forms.ValidationError(gettext("The two differ. Type the same digits twice."))
        return again
