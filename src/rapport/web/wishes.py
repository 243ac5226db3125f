"""The form in which somebody says what they could take; the desk asks more than the portal."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.meeting.appointments.models import Appointment
from rapport.meeting.models import WaitingEntry

from .times import TimeOfDay

NOTICE = [
    (0, _("none")),
    (1, _("an hour")),
    (3, _("three hours")),
    (24, _("a day")),
    (48, _("two days")),
    (168, _("a week")),
]


class Wishes(forms.Form):
    """When, and in which way. Nothing chosen means that any will do."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(n + 1, name) for n, name in sorted(WEEKDAYS.items())],
        help_text=_("None chosen: any day."),
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label=_("Parts of the day"), required=False, choices=WaitingEntry.Part.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: any time."),
    )  # fmt: skip
    from_at = TimeOfDay(label=_("Not before"), required=False)
    until_at = TimeOfDay(label=_("Over by"), required=False)
    ways = forms.MultipleChoiceField(
        label=_("Ways of meeting"), required=False, choices=Appointment.Way.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: any way."),
    )  # fmt: skip
    notice_hours = forms.TypedChoiceField(
        label=_("Notice needed"), coerce=int, choices=NOTICE, initial=3,
        help_text=_("How long before it begins they have to know."),
    )  # fmt: skip

    PLAIN = ("weekdays", "parts", "from_at", "until_at", "ways", "notice_hours")

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        return dict(self.cleaned_data)

    @classmethod
    def start(cls, entry: WaitingEntry | None) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(entry, name) for name in cls.PLAIN} if entry else {}


class OwnWishes(Wishes):
    """The same as the client reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice_hours"].help_text = _("How long before it begins you have to know.")
