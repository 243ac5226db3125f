"""The terms of calling off as a client reads and accepts them; public door and portal share it."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapport.meeting.terms.models import Terms
from rapport.people.practice import queries as practice

UNREAD = _("Read the terms, then say that you accept them.")


class Confirm(forms.Form):
    """Taking a time; with the practice's terms, where there are any to accept."""

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


def text(terms: Terms | None) -> tuple[str, str]:
    """What they say in the reader's language or the practice's, and which of the two it is."""
    if terms is None:
        return "", ""
    row = practice.current()
    return terms.read(get_language() or "en", row.locale if row else "en")
