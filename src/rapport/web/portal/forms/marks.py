"""The form of a client who notes what happened."""

from django import forms
from django.utils.translation import gettext_lazy as _


class OwnMark(forms.Form):
    """A day and a few words."""

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What happened, in a few words"), max_length=300,
        help_text=_("Those who care for you can read it."),
    )  # fmt: skip
