"""The form of somebody without an account who asks for a first meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.web.booking import tokens

from .who import Who


class First(Who):
    """Who asks, and that they accept the practice's terms where it has any."""

    accepted = forms.BooleanField(
        label=_("I have read the terms and accept them."),
        error_messages={"required": _("Read the terms, then say that you accept them.")},
    )
    terms = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, terms: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if terms is None:
            del self.fields["accepted"], self.fields["terms"]
        else:
            self.fields["terms"].initial = terms.version

    @classmethod
    def again(cls, data: Any, terms: Any, sources: Any) -> "First":
        """The form with everything that was typed, not judged yet."""
        names = [name for name in cls.base_fields if name != "terms"]
        typed = {name: data.get(name, "") for name in names}
        start = typed | {"stamp": typed["stamp"] or tokens.stamp()}
        return cls(terms=terms, sources=sources, initial=start)
