"""Forms about daily questions and phases check shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.progress.daily import rules
from rapport.progress.models import DailyQuestion, Phase

from .own import Kept
from .people import Day

BOTH = {"dir": "auto"}


def _time(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=rules.SHORT,
                           widget=forms.TextInput(BOTH), **more)  # fmt: skip


class Begin(Kept):
    """From when to when, and how often a day."""

    from_on = forms.DateField(label=_("First day"), widget=Day)
    until_on = forms.DateField(
        label=_("Last day"), widget=Day, required=False,
        help_text=_("Empty: until one of you ends it."),
    )  # fmt: skip
    time_1 = _time(
        _("First time of a day"),
        help_text=_("Once a day needs no times. For two or three times a day, name each: morning, "
                    "midday, evening."),
    )  # fmt: skip
    time_2 = _time(_("Second time of a day"))
    time_3 = _time(_("Third time of a day"))

    def times(self) -> list[str]:
        """What the times of a day are called."""
        return [self.cleaned_data[f"time_{n}"] for n in (1, 2, 3)]


class Until(Kept):
    """Until when."""

    until_on = forms.DateField(
        label=_("Last day"), widget=Day, required=False,
        help_text=_("Empty: until one of you ends it."),
    )  # fmt: skip


class Question(Kept):
    """One thing to rate or to count each day."""

    title = forms.CharField(
        label=_("What is rated or counted"), max_length=rules.LONGEST,
        widget=forms.TextInput(BOTH), help_text=_("As the client reads it: How tense was I?"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("It is answered with"), choices=DailyQuestion.Kind.choices,
                             widget=forms.RadioSelect, initial="RATING")  # fmt: skip
    low = _time(_("What 0 means, of a number from 0 to 10"))
    high = _time(_("What 10 means, of a number from 0 to 10"))
    better = forms.ChoiceField(
        label=_("Which way is better"), choices=DailyQuestion.Better.choices,
        widget=forms.RadioSelect, help_text=_("Of yes or no, yes is the higher one."),
    )  # fmt: skip


class PauseForm(Kept):
    """Days on which nothing is asked."""

    from_on = forms.DateField(
        label=_("First day of the pause"), widget=Day,
        help_text=_("Days that have passed can be paused, too. What was answered on them stays."),
    )  # fmt: skip
    back_on = forms.DateField(
        label=_("First day it is asked again"), widget=Day, required=False,
        help_text=_("Empty: until you go on."),
    )  # fmt: skip


class PhaseForm(Kept):
    """The first day of a phase."""

    letter = forms.ChoiceField(label=_("Phase"), choices=Phase.Letter.choices)
    on = forms.DateField(label=_("Its first day"), widget=Day)
    words = forms.CharField(
        label=_("In a few words"), max_length=rules.LONGEST, required=False,
        widget=forms.TextInput(BOTH), help_text=_("What begins: going outside each morning."),
    )  # fmt: skip
