"""Forms about the waiting list: what somebody waits for, an hour that is free, how it is done."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.diaries.queries import Spot
from rapport.meeting.models import WaitingEntry, WaitingSettings
from rapport.meeting.waiting import places
from rapport.web.wishes import Wishes

from .meeting import NOWHERE, When
from .people import Day

LINKED = ("clinicians", "types", "places")


class Wanted(Wishes):
    """Everything the practice knows of what somebody waits for."""

    urgency = forms.TypedChoiceField(
        label=_("Urgency"), coerce=int, choices=WaitingEntry.Urgency.choices,
        initial=WaitingEntry.Urgency.CAN_WAIT, widget=forms.RadioSelect,
    )  # fmt: skip
    clinicians = forms.MultipleChoiceField(
        label=_("Clinicians"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any. Whoever gives them the hour joins the care team."),
    )  # fmt: skip
    types = forms.MultipleChoiceField(
        label=_("Kinds of appointment"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: an hour as long as the one that falls free."),
    )  # fmt: skip
    places = forms.MultipleChoiceField(
        label=_("Places"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For meeting in person. None chosen: any."),
    )  # fmt: skip
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Kept sealed with the client."),
    )  # fmt: skip

    field_order = ["urgency", *Wishes.PLAIN, *LINKED, "remark"]

    def __init__(
        self, *args: Any, clinicians: Iterable[Any], types: Iterable[Any], places: Iterable[Any],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.known = {
            "clinicians": {str(one.pk): one for one in clinicians},
            "types": {str(one.pk): one for one in types},
            "places": {str(one.pk): one for one in places},
        }
        for name, rows in self.known.items():
            field: Any = self.fields[name]
            field.choices = [(key, getattr(one, "display_name", "") or one.name)
                             for key, one in rows.items()]  # fmt: skip
            if not rows:
                del self.fields[name]

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        chosen = super().given()
        for name, rows in self.known.items():
            if name in chosen:
                chosen[name] = [rows[key] for key in chosen[name]]
        return chosen

    @classmethod
    def start(cls, entry: WaitingEntry | None) -> dict[str, Any]:
        """What the form starts with."""
        if entry is None:
            return {}
        ids = {name: [str(one.pk) for one in getattr(entry, name).all()] for name in LINKED}
        return super().start(entry) | ids | {"urgency": entry.urgency, "remark": entry.remark}


class Put(Wanted):
    """The same, with since when."""

    since = forms.DateField(
        label=_("Waits since"), required=False, widget=Day, help_text=_("Empty: since today.")
    )
    field_order = ["urgency", "since", *Wishes.PLAIN, *LINKED, "remark"]

    def clean_since(self) -> Any:
        """The beginning of that day, not later than now."""
        day = self.cleaned_data["since"]
        if day is None:
            return None
        try:
            clock.within_limits(day)
        except clock.BadDate as problem:
            raise forms.ValidationError(str(problem)) from problem
        if day > clock.today():
            raise forms.ValidationError(_("Choose today or a day before."))
        return clock.day_bounds(day)[0]


class FreeHour(When):
    """An hour that somebody has free."""

    ways = forms.MultipleChoiceField(
        label=_("Ways of meeting"), required=False, choices=Appointment.Way.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: any way."),
    )  # fmt: skip
    again = forms.TypedChoiceField(
        label=_("How often it is free"), required=False, coerce=int,
        choices=[("", _("this once")), ("1", _("every week from then on")),
                 ("2", _("every second week from then on"))],
        help_text=_("Again and again: its place can be offered as well, as a standing slot."),
    )  # fmt: skip
    where = forms.ChoiceField(label=_("Place and room"), required=False)
    clinician = forms.ChoiceField(label=_("Clinician"))

    def __init__(self, *args: Any, clinicians: Any, spots: list[Spot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spots = {spot.key: spot for spot in spots}
        self.people = {str(one.pk): one for one in clinicians}
        where: Any = self.fields["where"]
        where.choices = [NOWHERE, *((key, spot.name) for key, spot in self.spots.items())]
        who: Any = self.fields["clinician"]
        who.choices = [(key, one.display_name) for key, one in self.people.items()]

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        spot, every = self.spots.get(self.cleaned_data["where"]), self.cleaned_data["again"]
        return {
            "slot": self.slot, "staff": self.people[self.cleaned_data["clinician"]],
            "ways": self.cleaned_data["ways"], "place": spot and spot.place,
            "room": spot and spot.room,
            "rule": places.weekly(self.cleaned_data["on"], every) if every else "",
        }  # fmt: skip


class Settings(forms.Form):
    """How hours are offered here, and when people are asked again."""

    by_itself = forms.TypedChoiceField(
        label=_("When an hour falls free"), coerce=lambda value: value == "yes",
        choices=[("no", _("show it on Today, and offer it when somebody says so")),
                 ("yes", _("offer it by itself"))], widget=forms.RadioSelect,
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("It is offered"), choices=WaitingSettings.How.choices, widget=forms.RadioSelect
    )
    answer_minutes = forms.IntegerField(
        label=_("Minutes to answer"),
        help_text=_("From 5 minutes to two days. Between 9 p.m. and 8 a.m. nobody's time runs."),
    )
    most_at_once = forms.IntegerField(label=_("At most so many at once"))
    confirm_weeks = forms.IntegerField(
        label=_("Ask again after so many weeks"),
        help_text=_("Whoever waits is asked whether they still look."),
    )
