"""Which ended episodes are looked at, and how they are told apart."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.people.episodes import codes
from rapport.progress.measures import instruments
from rapport.progress.outcomes.queries import Asked
from rapport.web import measures as said

from .people import Day

YEAR = timedelta(days=364)
USUAL = "phq-9"


class Which(forms.Form):
    """Which episodes; what is not said is as usual: the PHQ-9 over a year until today."""

    since = forms.DateField(label=_("Ended from"), widget=Day)
    until = forms.DateField(label=_("Ended until"), widget=Day)
    instrument = forms.ChoiceField(label=_("Measure"))
    problem = forms.ChoiceField(label=_("Problem"), required=False)
    modality = forms.ChoiceField(label=_("Kind of help"), required=False)
    band = forms.ChoiceField(
        label=_("First score"), required=False,
        error_messages={"invalid_choice": _("This measure has no such band.")},
    )  # fmt: skip
    by = forms.ChoiceField(
        label=_("Side by side"), required=False,
        choices=[("", _("everybody together")), ("problem", _("by problem")),
                 ("modality", _("by kind of help")), ("band", _("by first score"))],
    )  # fmt: skip

    def __init__(self, given: Any, *, single: bool = False) -> None:
        """Args:
        single: nothing stands side by side.
        """
        today = clock.today()
        usual = {"since": (today - YEAR).isoformat(), "until": today.isoformat()}
        super().__init__({**usual, "instrument": USUAL, **given.dict()})
        every = instruments.measured()
        fields: Any = self.fields
        fields["instrument"].choices = sorted((name, said.short(name)) for name in every)
        fields["problem"].choices = [("", _("any")), *codes.Problem.choices]
        fields["modality"].choices = [("", _("any")), *codes.Modality.choices]
        chosen = said.found(self.data["instrument"])
        fields["band"].choices = [("", _("any")), *(bands(chosen).items() if chosen else ())]
        if single:
            del fields["by"]

    def clean_since(self) -> date:
        return self._day("since")

    def clean_until(self) -> date:
        return self._day("until")

    def _day(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        try:
            return clock.within_limits(day)
        except clock.BadDate as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "since" in given and "until" in given and given["until"] < given["since"]:
            self.add_error("until", _("Choose a day that is not before the first."))
        return given

    def asked(self) -> Asked:
        """What was asked for. Call only after is_valid()."""
        return Asked(**self.cleaned_data)


def bands(item: Any) -> dict[str, str]:
    """The bands of a questionnaire by code, in the reader's language and in their order."""
    words = said.words(item).bands
    return {one.name: words.get(one.name, one.name) for one in item.content.score.total.bands}
