"""Forms about what happened to a client check shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.models import Mark

from .people import Day


class MarkForm(forms.Form):
    """A day, a few words, and whether the client sees them."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Mark.Kind.choices)
    on = forms.DateField(label=_("Day"), widget=Day)
    words = forms.CharField(
        label=_("In a few words"), max_length=300, help_text=_("It stands below the charts.")
    )
    shared = forms.BooleanField(
        label=_("The client sees it in the portal"), required=False,
    )  # fmt: skip
