"""Which ended episodes are looked at, and how they are told apart."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.people.episodes import codes
from rapport.progress.measures import instruments
from rapport.progress.outcomes import periods
from rapport.progress.outcomes.choosing import Choice
from rapport.progress.outcomes.queries import Asked
from rapport.web import measures as said

from .people import Day

YEAR = timedelta(days=364)
USUAL = "phq-9"
WHY = _(
    "Two stretches of time that differ by a day could differ by one person. So you choose whole "
    "years and quarters that have ended. Whoever may open the record of every client whose care "
    "ended chooses days."
)


class Which(forms.Form):
    """Which episodes; what is not said is as usual: the PHQ-9 over a year until today.

    Whoever may not choose days chooses among whole years and quarters that have ended.
    """

    period = forms.ChoiceField(
        label=_("Ended in"),
        error_messages={"invalid_choice": _("Choose a whole year or quarter that has ended.")},
    )  # fmt: skip
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

    def __init__(self, given: Any, *, choice: Choice | None, single: bool = False) -> None:
        """Args:
        choice: what may be chosen; None: any days.
        single: nothing stands side by side.
        """
        self.choice = choice
        self.why = WHY
        data = given.dict()
        usual = _days(data) if choice is None else _whole(data, choice, single=single)
        super().__init__({"instrument": USUAL, **data, **usual})
        every = instruments.measured()
        fields: Any = self.fields
        if choice is None:
            del fields["period"]
        else:
            del fields["since"], fields["until"]
            fields["period"].choices = [(one.code, in_words(one)) for one in choice.offered]
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
        given = dict(self.cleaned_data)
        if self.choice is not None:
            one: Any = periods.read(given.pop("period"))
            given |= {"since": one.since, "until": one.until}
            given["beside"] = one.beside(self.choice.today)
        return Asked(**given)


def _days(given: dict[str, str]) -> dict[str, str]:
    """The days asked for; those of a period, where a colleague's address names one."""
    today = clock.today()
    one = periods.read(given.get("period", ""))
    first, last = (one.since, one.until) if one else (today - YEAR, today)
    usual = {"since": first.isoformat(), "until": last.isoformat()}
    return usual | {name: given[name] for name in usual if name in given}


def _whole(given: dict[str, str], choice: Choice, *, single: bool) -> dict[str, str]:
    """The period asked for; one of just these days, where a colleague's address names days."""
    if "period" in given:
        return {}
    if not given.keys() & {"since", "until"}:
        return {"period": (choice.year if single else choice.usual).code}
    try:
        days = [date.fromisoformat(given.get(name, "")) for name in ("since", "until")]
    except ValueError:
        return {"period": ""}
    one = periods.of_days(*days)
    return {"period": one.code if one else "days"}


def in_words(one: periods.Period) -> str:
    """A year, or a quarter by its months."""
    if not one.quarter:
        return str(one.year)
    months = {"first": date_format(one.since, "F"), "last": date_format(one.until, "F")}
    return gettext("%(year)s, %(first)s to %(last)s") % {"year": one.year, **months}


def bands(item: Any) -> dict[str, str]:
    """The bands of a questionnaire by code, in the reader's language and in their order."""
    words = said.words(item).bands
    return {one.name: words.get(one.name, one.name) for one in item.content.score.total.bands}
