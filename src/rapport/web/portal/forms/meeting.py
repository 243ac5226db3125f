"""Forms of a client who books by themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

UNREAD = _("Read the terms, then say that you accept them.")


class Confirm(forms.Form):
    """Taking a time; with the practice's terms, where there are any."""

    accepted = forms.BooleanField(
        label=_("I have read this and accept it."), error_messages={"required": UNREAD}
    )
    terms = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, terms: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.asks = terms is not None
        if terms is None:
            del self.fields["accepted"], self.fields["terms"]
        else:
            self.fields["terms"].initial = terms.version

    def read(self, terms: Any) -> Any:
        """The terms that were read and accepted: those in force, if they are what was shown."""
        return terms if terms is None or self.cleaned_data["terms"] == terms.version else None


class CallOff(forms.Form):
    """Calling a meeting off; whether the page said that it counts as late."""

    late = forms.BooleanField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
