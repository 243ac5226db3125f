"""How a person reads best, asked at both doors."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.people.models import Account


class Appearance(forms.Form):
    """How a person reads best."""

    language = forms.ChoiceField(
        label=_("Language"), required=False,
        choices=[("", _("as the browser")), *settings.LANGUAGES],
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Colours"), choices=Account.Theme.choices)
