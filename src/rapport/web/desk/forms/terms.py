"""Forms about what clients may book by themselves, the terms of calling off, who accepted them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rapport.meeting.models import Accepted, Terms
from rapport.meeting.terms import rules
from rapport.meeting.terms.actions import LONGEST_TEXT

from .people import Day


class NewTerms(forms.Form):
    """A new version: hours, a text for each language, and its first day."""

    hours = forms.IntegerField(
        label=_("Hours before a meeting"), min_value=0, max_value=rules.LONGEST,
        help_text=_("Called off later than that counts as late. 0: never."),
    )  # fmt: skip
    from_on = forms.DateField(label=_("In force from"), widget=Day)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for code, name in settings.LANGUAGES:
            self.fields[code] = forms.CharField(
                label=name, max_length=LONGEST_TEXT, required=False,
                widget=forms.Textarea({"rows": 4, "lang": code}),
            )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        texts = {code: self.cleaned_data[code] for code, _name in settings.LANGUAGES}
        return {"hours": self.cleaned_data["hours"], "from_on": self.cleaned_data["from_on"],
                "texts": texts}  # fmt: skip


class NoteAccepted(forms.Form):
    """Which version a client accepted, how, and on which day."""

    version = forms.TypedChoiceField(label=_("Version"), coerce=int)
    how = forms.ChoiceField(
        label=_("Accepted"), choices=Accepted.How.choices[1:], widget=forms.RadioSelect,
        initial=Accepted.How.PAPER,
    )  # fmt: skip
    on = forms.DateField(label=_("On"), widget=Day)

    def __init__(self, *args: Any, versions: list[Terms], **given: Any) -> None:
        super().__init__(*args, **given)
        self.versions = {one.version: one for one in versions}
        version: Any = self.fields["version"]
        version.choices = [(number, self._said(one)) for number, one in self.versions.items()]

    @staticmethod
    def _said(terms: Terms) -> str:
        day = date_format(terms.from_on, "DATE_FORMAT")
        return _("Version %(version)s, from %(day)s") % {"version": terms.version, "day": day}

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        chosen = self.cleaned_data
        return {"terms": self.versions[chosen["version"]], "how": chosen["how"],
                "on": chosen["on"]}  # fmt: skip


class SelfBooking(forms.Form):
    """With whom clients may book by themselves, how many meetings ahead, and whether strangers
    may ask without choosing a time."""

    any_clinician = forms.BooleanField(
        label=_("Clients may book with everybody who offers a type"), required=False,
        help_text=_("Otherwise with their own care team alone."),
    )  # fmt: skip
    most_ahead = forms.IntegerField(
        label=_("Meetings ahead that a client may have booked by themselves"), min_value=0,
        max_value=50,
    )  # fmt: skip
    is_open = forms.BooleanField(
        label=_("Strangers may ask for help on the public page without choosing a time"),
        required=False,
        help_text=_("Each becomes an inquiry. By when you answer, and the number to call, are "
                    "said in the practice's settings."),
    )  # fmt: skip
    shows_names = forms.BooleanField(
        label=_("They may say there whom they would like to see, by name"), required=False,
        help_text=_("The page then shows everybody who treats clients here."),
    )  # fmt: skip
