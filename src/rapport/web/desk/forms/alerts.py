"""Forms about alerts: what was done, what was tried, and the practice's clock."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.alerts.models import Done, Tried

LONGEST = 10_000


class Acknowledge(forms.Form):
    """What was done, so that the alert needs no further look."""

    prefix = "done"

    how = forms.ChoiceField(
        label=_("What was done"), choices=Done.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was done.")},
    )  # fmt: skip
    done = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What the next reader needs: what was said, what was agreed, until when."),
    )  # fmt: skip


class Note(forms.Form):
    """What was tried, while the alert goes on waiting."""

    prefix = "tried"

    how = forms.ChoiceField(
        label=_("What happened"), choices=Tried.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )  # fmt: skip
    done = forms.CharField(
        label=_("In words"), required=False, max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip


class Clock(forms.Form):
    """How long alerts wait here, and who stands in."""

    minutes = forms.IntegerField(
        label=_("Minutes for the owner"),
        help_text=_("The client's responsible clinician has this long. From 5 minutes to a day."),
    )
    deputy_minutes = forms.IntegerField(
        label=_("Minutes for the deputy"),
        help_text=_("After that the alert stands on Today of everybody on the care team."),
    )
    deputy = forms.ChoiceField(
        label=_("Deputy"), required=False,
        help_text=_("Where a client's care team names no deputy. Sees that one alert, and the "
                    "client's name and numbers, once it is passed on."),
    )  # fmt: skip

    def __init__(self, *args: Any, clinicians: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), one.display_name) for one in clinicians]
        self.fields["deputy"].choices = [("", _("nobody: straight to the care team")), *named]  # type: ignore[attr-defined]
