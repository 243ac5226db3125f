"""What somebody's day sheet shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.meeting.day_sheet import rules
from rapport.meeting.models import DaySheet


class Shows(forms.Form):
    """How many days, under which names, and whether people can be reached by it."""

    days = forms.IntegerField(
        label=_("Days, today among them"), min_value=rules.SHORTEST, max_value=rules.LONGEST,
        widget=forms.NumberInput({"class": "short"}),
    )  # fmt: skip
    names = forms.ChoiceField(
        label=_("Clients appear by"), choices=DaySheet.Names, widget=forms.RadioSelect
    )
    reach = forms.BooleanField(
        label=_("With phone numbers, and mail addresses that are safe to write to"),
        required=False,
    )

    @classmethod
    def of(cls, sheet: DaySheet | None, given: Any = None) -> "Shows":
        """The form as the sheet has it."""
        start = sheet or DaySheet()
        return cls(given, initial={name: getattr(start, name) for name in cls.base_fields})
