"""Forms about when somebody works; whether hours can be so is the room's business."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.meeting.appointments import rules
from rapport.meeting.appointments.actions import fit
from rapport.meeting.appointments.models import Appointment, Diary
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability.models import OtherHours, TimeOff, WorkingHours
from rapport.meeting.diaries.rules import DAYS_OF_NOTICE, RANGES, STEPS
from rapport.people.practice.models import Place
from rapport.web.times import TimeOfDay

from .people import Day

PAIRS = 3  # stretches that a single day's form offers
LIMITS = ("minutes", "video_url", "buffer_before", "buffer_after", "horizon_days", "most_a_day",
          "most_in_a_row", "heavy_a_day", "lunch_from", "lunch_until", "step",
          "keeps_holidays")  # fmt: skip


class Until(TimeOfDay):
    """When a stretch of a day ends. The browser's field has no 24:00: its 00:00 is that."""

    def to_python(self, value: Any) -> time | None:
        """24:00 as 0:00, which the room reads as the day's end."""
        last = str(value or "").strip() == "24:00"
        found: time | None = super().to_python("00:00" if last else value)
        return found


class Ways(forms.CheckboxSelectMultiple):
    """Ways of meeting; a button that brings back posts them as one, such as HERE,VIDEO."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Each way by itself."""
        given = super().value_from_datadict(data, files, name) or []
        return [one for said in given for one in said.split(",") if one]


class Somewhere(forms.Form):
    """Where and how one is met."""

    place: Any = forms.ModelChoiceField(
        label=_("Place"), queryset=None, required=False, empty_label=_("any place")
    )
    ways = forms.MultipleChoiceField(
        label=_("How"), required=False, choices=Appointment.Way.choices, widget=Ways,
        help_text=_("None ticked: every way."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["place"]
        chosen.queryset = places
        chosen.label_from_instance = lambda place: place.name

    @staticmethod
    def kept(places: Any, own: Place | None) -> Any:
        """The places that are offered, and the one it has, perhaps closed by now."""
        return places if own is None else places | Place.objects.filter(pk=own.pk)


def _weekdays() -> list[tuple[int, Any]]:
    return [(n + 1, name) for n, name in sorted(WEEKDAYS.items())]


class NewStretch(Somewhere):
    """The same hours on one or more days of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), coerce=int, widget=forms.CheckboxSelectMultiple, choices=_weekdays,
        error_messages={"required": _("Choose at least one day.")},
    )  # fmt: skip
    from_at = TimeOfDay(label=_("From"))
    until_at = Until(label=_("Until"), help_text=_("00:00 is the end of the day."))
    field_order = ("weekdays", "from_at", "until_at", "place", "ways")


class OneStretch(Somewhere):
    """One stretch of the week."""

    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=_weekdays)
    from_at = TimeOfDay(label=_("From"))
    until_at = Until(label=_("Until"), help_text=_("00:00 is the end of the day."))
    field_order = ("weekday", "from_at", "until_at", "place", "ways")

    @classmethod
    def of(cls, row: WorkingHours, data: Any, places: Any) -> "OneStretch":
        """The form, started from what is."""
        start = {name: getattr(row, name) for name in cls.field_order}
        return cls(data, initial=start, places=cls.kept(places, row.place))


class SingleDay(Somewhere):
    """One day with hours of its own, or none."""

    HOURS, OFF = "HOURS", "OFF"

    on = forms.DateField(label=_("Day"), widget=Day)
    what = forms.ChoiceField(
        label=_("That day"), initial=HOURS, widget=forms.RadioSelect,
        choices=[(HOURS, _("other hours than usual")), (OFF, _("no hours at all"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, PAIRS + 1):
            names = {"n": n}
            begins = _("From") if n == 1 else _("From (stretch %(n)s)") % names
            ends = _("Until") if n == 1 else _("Until (stretch %(n)s)") % names
            self.fields[f"from_{n}"] = TimeOfDay(label=begins, required=False)
            self.fields[f"until_{n}"] = Until(label=ends, required=False)
        self.order_fields(["on", "what", *self.pairs(), "place", "ways"])

    @staticmethod
    def pairs() -> list[str]:
        """Names of the fields that say from when until when."""
        return [f"{what}_{n}" for n in range(1, PAIRS + 1) for what in ("from", "until")]

    def clean(self) -> dict[str, Any]:
        """Whole stretches, at least one unless there are to be none."""
        given = super().clean() or {}
        stretches: list[tuple[time, time]] = []
        for n in range(1, PAIRS + 1):
            begins, ends = given.get(f"from_{n}"), given.get(f"until_{n}")
            if begins is not None and ends is not None:
                stretches.append((begins, ends))
            elif begins is not None or ends is not None:
                missing = f"from_{n}" if begins is None else f"until_{n}"
                if missing not in self.errors:
                    self.add_error(missing, _("Write both times, or neither."))
        if given.get("what") == self.OFF:
            stretches = []
        elif not stretches and not self.errors:
            self.add_error("from_1", _("Write from when until when."))
        return given | {"stretches": stretches}

    def said(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        return {name: self.cleaned_data[name] for name in ("on", "stretches", "place", "ways")}

    @classmethod
    def of(cls, row: OtherHours | None, data: Any, places: Any) -> "SingleDay":
        """The form, started from a day that has hours of its own."""
        start: dict[str, Any] = {}
        if row is not None:
            start = {"on": row.on, "place": row.place_id, "ways": row.ways,
                     "what": cls.HOURS if row.stretches else cls.OFF}  # fmt: skip
            for n, (begins, ends) in enumerate(row.hours[:PAIRS], 1):
                start |= {f"from_{n}": begins, f"until_{n}": ends}
        return cls(data, initial=start, places=cls.kept(places, row.place if row else None))


def _minutes(label: Any, help_text: Any = "", *, most: int, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, widget=forms.NumberInput({"step": 5}),
        min_value=least, max_value=most,
    )  # fmt: skip


NO_LIMIT = _("Empty: no limit.")


def _most(label: Any, field: str, help_text: Any = NO_LIMIT) -> forms.IntegerField:
    least, most = RANGES[field]
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=least, max_value=most
    )


def _steps() -> list[tuple[int, Any]]:
    lengths = [(n, _("every %(n)s minutes") % {"n": n}) for n in STEPS if n]
    return [*lengths, (0, _("as long as the type takes"))]


class Limits(forms.Form):
    """How one works, and what a day may hold."""

    minutes = _minutes(
        _("Minutes of a usual session"), most=rules.LONGEST, least=rules.SHORTEST,
        help_text=_("For what has no type."),
    )  # fmt: skip
    video_url = forms.CharField(
        label=_("Video address"), required=False, max_length=2000,
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text=_("Where one meets by video until Rapport has rooms of its own. Only https."),
    )  # fmt: skip
    buffer_before = _minutes(_("Minutes free before a meeting"), most=RANGES["buffer_before"][1])
    buffer_after = _minutes(
        _("Minutes free after a meeting"), most=RANGES["buffer_after"][1],
        help_text=_("For notes, and to breathe. A type may ask for more or less."),
    )  # fmt: skip
    lunch_from = TimeOfDay(label=_("Lunch from"), required=False)
    lunch_until = TimeOfDay(label=_("Lunch until"), required=False)
    most_a_day = _most(_("Most meetings a day"), "most_a_day")
    most_in_a_row = _most(_("Most meetings in a row"), "most_in_a_row")
    heavy_a_day = _most(
        _("Most heavy meetings a day"), "heavy_a_day",
        _("Of types that are marked as heavy. Empty: no limit."),
    )  # fmt: skip
    notice_hours = forms.IntegerField(
        label=_("Hours of notice"), min_value=0, max_value=DAYS_OF_NOTICE * 24,
        help_text=_("How long before its start clients may still book."),
    )  # fmt: skip
    horizon_days = forms.IntegerField(
        label=_("Days ahead"), min_value=RANGES["horizon_days"][0],
        max_value=RANGES["horizon_days"][1], help_text=_("How far ahead clients may book."),
    )  # fmt: skip
    step = forms.TypedChoiceField(label=_("Times are offered"), coerce=int, choices=_steps)
    keeps_holidays = forms.BooleanField(
        label=_("Does not work on public holidays"), required=False,
        help_text=_("A single day with hours of its own is worked all the same."),
    )  # fmt: skip

    @classmethod
    def of(cls, diary: Diary, data: Any) -> "Limits":
        """The form, started from a diary."""
        start = {name: getattr(diary, name) for name in LIMITS}
        return cls(data, initial=start | {"notice_hours": diary.notice_minutes // 60})

    def said(self) -> dict[str, Any]:
        """What the room's action takes. Call only after is_valid()."""
        given = {name: self.cleaned_data[name] for name in LIMITS}
        return given | {"notice_minutes": self.cleaned_data["notice_hours"] * 60}


class Off(forms.Form):
    """From when until when somebody is away, and why.

    ``seen`` is the stretch whose meetings the person was shown: only that one is taken.
    """

    from_on = forms.DateField(label=_("First day"), widget=Day)
    from_at = TimeOfDay(label=_("From"), required=False, help_text=_("Empty: the whole day."))
    until_on = forms.DateField(
        label=_("Last day"), widget=Day, required=False, help_text=_("Empty: the same day.")
    )
    until_at = Until(label=_("Until"), required=False, help_text=_("Empty: the whole day."))
    why = forms.ChoiceField(
        label=_("Why"), choices=TimeOff.Why.choices, widget=forms.RadioSelect,
        initial=TimeOff.Why.HOLIDAY, help_text=_("Colleagues see it; clients do not."),
    )  # fmt: skip
    slot: Slot | None = None

    def clean(self) -> dict[str, Any]:
        """Make it one stretch; what cannot be is said beside its field."""
        given = super().clean() or {}
        if not self.errors:
            self.slot = self._slot(given)
        return given

    def _slot(self, given: dict[str, Any]) -> Slot | None:
        first, last = given["from_on"], given["until_on"] or given["from_on"]
        ends = (("from_on", first, given["from_at"]), ("until_on", last, given["until_at"]))
        found = []
        for field, day, at in ends:
            try:
                clock.within_limits(day)
                found.append(_edge(day, at, last=field == "until_on"))
            except clock.BadDate as problem:
                self.add_error(field, str(problem))
            except rules.Unfit as problem:
                self.add_error(field.replace("_on", "_at"), str(fit(problem)))
        if len(found) == 2 and found[0] >= found[1]:
            late = "until_at" if first == last else "until_on"
            self.add_error(late, _("Choose an end after the beginning."))
            return None
        return Slot(*found) if len(found) == 2 else None

    @property
    def mark(self) -> str:
        """The stretch as the page that showed its meetings sends it back."""
        return f"{self.slot.start.isoformat()}/{self.slot.end.isoformat()}" if self.slot else ""


def _edge(day: Any, at: time | None, *, last: bool) -> Any:
    """An end of time off: midnight, or a time on the wall, the wider one where it comes twice."""
    if at is None or (last and at == time(0)):
        return clock.day_bounds(day)[last]
    return rules.on_the_wall(day, at, clock.zone(), second=last)


class Chosen(forms.Form):
    """Which meetings are to be called off, and why."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000,
        help_text=_("Kept sealed with each client."), widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip

    @staticmethod
    def seen(posted: Iterable[str]) -> dict[Any, int]:
        """Ids with the revision the person saw, of ticks such as ``id:3``."""
        found = {}
        for said in posted:
            one, _colon, revision = said.partition(":")
            if revision.isascii() and revision.isdigit() and len(revision) < 10:
                found[one] = int(revision)
        return found
