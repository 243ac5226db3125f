"""Forms about meeting: what somebody wrote as a day and a time, made one instant."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.meeting.appointments import rules
from rapport.meeting.appointments.actions import CannotBook, fit
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.diaries.queries import Spot
from rapport.meeting.types.models import AppointmentType
from rapport.web.times import TimeOfDay

from .doubting import Doubting
from .people import Day
from .typed import OfType

NOWHERE = ("", _("not said"))


class When(forms.Form):
    """A day, a time on the practice's clock, a length; and what has to be asked about them.

    ``which`` is asked when clocks show that time twice, ``afterwards`` when it is over.
    """

    on = forms.DateField(label=_("Day"), widget=Day)
    at = TimeOfDay(label=_("Begins"))
    which = forms.ChoiceField(
        label=_("Clocks go back that night. Which one?"), required=False,
        choices=[("first", _("the first time")), ("second", _("the second time, an hour later"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes"),
        widget=forms.NumberInput({"min": rules.SHORTEST, "max": rules.LONGEST, "step": 5}),
    )
    afterwards = forms.BooleanField(label=_("It took place. Enter it afterwards"), required=False)
    slot: Slot | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self._ask_only(dict(self.initial))

    def clean(self) -> dict[str, Any]:
        """Make it a slot; what cannot be is said beside its field."""
        given = super().clean() or {}
        length = self.length(given)
        if length is not None and {"on", "at"} <= given.keys():
            self.slot = self._slot(given | {"minutes": length})
        self._ask_only(given)
        return given

    def length(self, given: dict[str, Any]) -> int | None:
        """How many minutes were meant."""
        return given.get("minutes")

    def _slot(self, given: dict[str, Any]) -> Slot | None:
        second = {"first": False, "second": True}.get(given.get("which", ""))
        try:
            clock.within_limits(given["on"])
            start = rules.on_the_wall(given["on"], given["at"], clock.zone(), second=second)
            return rules.lasting(start, given["minutes"])
        except clock.BadDate as problem:
            self.add_error("on", str(problem))
        except rules.Unfit as problem:
            self.add_error(problem.field, str(fit(problem)))
        return None

    def _ask_only(self, given: dict[str, Any]) -> None:
        """Leave out the questions that the day and time do not raise."""
        on, at = given.get("on"), given.get("at")
        known = on is not None and at is not None
        if not (known and self._comes_twice(on, at)):
            del self.fields["which"]
        if not (self.slot and self.slot.end <= clock.now()):
            del self.fields["afterwards"]

    def _comes_twice(self, on: Any, at: Any) -> bool:
        within = clock.FIRST_YEAR < on.year < clock.LAST_YEAR
        return within and len(rules.instants(on, at, clock.zone())) == 2

    def say(self, field: str, words: str) -> None:
        """What the room says against it, beside the field it is about."""
        if field == "afterwards":
            self.fields["afterwards"] = self.base_fields["afterwards"]
        self.add_error(field if field in self.fields else None, words)


def wall(start: datetime) -> dict[str, Any]:
    """An instant as ``When`` starts with it."""
    shown = clock.local(start)
    return {"on": shown.date(), "at": shown.time().replace(second=0, microsecond=0),
            "which": "second" if shown.fold else "first"}  # fmt: skip


class Move(Doubting, OfType, When):
    """Another time, type, clinician, way or room.

    A type says how long it takes and of what kind it is: a length that is left empty is the
    type's.
    """

    way = forms.ChoiceField(label=_("Way"), choices=Appointment.Way.choices)
    where = forms.ChoiceField(label=_("Place and room"), required=False)
    video_url = forms.CharField(
        label=_("Video address for this meeting"), required=False, max_length=2000,
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text=_("Empty: the clinician's own."),
    )  # fmt: skip
    clinician = forms.ChoiceField(label=_("Clinician"))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order: tuple[str, ...] = (
        "type", "on", "at", "which", "minutes", "afterwards", "clinician", "way", "where",
        "video_url",
    )  # fmt: skip

    def __init__(
        self, *args: Any, clinicians: Any, spots: list[Spot],
        types: Iterable[AppointmentType] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        self.types = self.by_id(types)
        self.people = {str(one.pk): one for one in clinicians}
        self.spots = {spot.key: spot for spot in spots}
        super().__init__(*args, **kwargs)
        where: Any = self.fields["where"]
        where.choices = [NOWHERE, *((key, spot.name) for key, spot in self.spots.items())]
        who: Any = self.fields["clinician"]
        who.choices = [(key, one.display_name) for key, one in self.people.items()]
        self.offer_types()

    def clean(self) -> dict[str, Any]:
        """The type is one that this clinician offers, in this way."""
        given = super().clean()
        self.check_type(given)
        return given

    def refuse(self, problem: CannotBook) -> None:
        """What the room says against it."""
        self.say(problem.field, str(problem))

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        spot = self.spots.get(self.cleaned_data["where"])
        return {
            "slot": self.slot, "clinician": self.people[self.cleaned_data["clinician"]],
            "way": self.cleaned_data["way"], "place": spot and spot.place,
            "room": spot and spot.room, "type": self.types.get(self.cleaned_data.get("type", "")),
            "afterwards": self.cleaned_data.get("afterwards", False),
            "video_url": self.cleaned_data["video_url"] if "video_url" in self.data else None,
        }  # fmt: skip


class Book(Move):
    """A new appointment. Its kind is asked where the practice has no types."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Appointment.Kind.choices)
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("type", "kind", *Move.field_order[1:])
    unsaid = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        self.fields["kind"].initial = Appointment.Kind.SESSION
        if self.types:
            del self.fields["kind"]
            self.fields["type"].required = True
        self.fields["once"].initial = uuid.uuid4

    def given(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        more = {name: self.cleaned_data[name] for name in ("video_url", "once")}
        said = super().given() | more
        chosen = said["type"]
        return said | {"kind": chosen.kind if chosen else self.cleaned_data["kind"]}


class Cancel(forms.Form):
    """Who called it off, and why."""

    side = forms.ChoiceField(
        label=_("Called off"), choices=Appointment.Side.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000,
        help_text=_("Kept sealed with the client."), widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def refuse(self, problem: CannotBook) -> None:
        """What the room says against it, beside the field it is about."""
        self.add_error(problem.field if problem.field in self.fields else None, str(problem))


class Decline(forms.Form):
    """A kind line for whoever asked."""

    words = forms.CharField(
        label=_("A line for the client"), required=False, max_length=2000,
        help_text=_("Kept sealed; they read it in the portal. Mail says only that there is an "
                    "answer."),
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reads:
            self.fields["words"].label = _("A line for the record")
            self.fields["words"].help_text = _(
                "Kept sealed. Whoever asked has no portal to read it in: where it is safe, a mail "
                "says that the time could not be kept, with a link to other times."
            )


class AtAPlace(forms.Form):
    """Something that meetings at a place share."""

    place: Any = forms.ModelChoiceField(label=_("Place"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["place"]
        chosen.queryset = places
        chosen.label_from_instance = lambda place: place.name


class NewRoom(AtAPlace):
    """A room at a place."""

    name = forms.CharField(label=_("Name"), max_length=200)


class NewEquipment(AtAPlace):
    """A piece of equipment at a place, of a kind that is known already or of a new one."""

    kind = forms.CharField(
        label=_("Kind"), max_length=200,
        help_text=_("Such as VR headset or test case. Those of one kind stand in for each other."),
        widget=forms.TextInput({"list": "equipment-kinds", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("What is written on it, such as Headset 2.")
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
