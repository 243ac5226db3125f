"""The form that records what was done about a signal."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.expected.models import Step

LONGEST = 10_000


class Record(forms.Form):
    """One step, and what is to be known of it."""

    what = forms.ChoiceField(
        label=_("What was done"), choices=Step.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was done.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What came of it. Needed where nothing changes: why not."),
    )  # fmt: skip
    once = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
