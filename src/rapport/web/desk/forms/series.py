"""Forms about standing slots: how often, from when to when, and on which of them."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.core import time as clock
from rapport.meeting.appointments import rules as clocks
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.diaries.queries import Spot
from rapport.meeting.series import rules
from rapport.meeting.series.actions import Wanted
from rapport.meeting.series.by_hand import MovedByHand
from rapport.meeting.series.making import Clashes
from rapport.meeting.series.models import Series
from rapport.meeting.series.words import CannotBook
from rapport.meeting.types.models import AppointmentType
from rapport.web.times import TimeOfDay

from .doubting import Doubting
from .meeting import NOWHERE, Cancel, Move
from .moved import KeepsMoved, ShowsMoved
from .people import Day
from .typed import OfType

OFTEN = [
    ("WEEKLY", _("weeks")),
    ("MONTHLY", _("months, on the same weekday of the month")),
    ("LAST", _("months, on the last such weekday of the month")),
    ("DAILY", _("days")),
]
FIRST_FEW = 4  # days of a clash that are named before "and 44 more"
ONE, FOLLOWING, ALL = "ONE", "FOLLOWING", "ALL"
SCOPES = [
    (ONE, _("only this one")),
    (FOLLOWING, _("this one and all that follow")),
    (ALL, _("all that are ahead")),
]


class Skipping(ShowsMoved):
    """Days whose hour is taken, and whether they may be left out. Asked once there are any."""

    skip = forms.BooleanField(label=_("Leave these days out and book the others"), required=False)
    without = forms.CharField(required=False, max_length=6000, widget=forms.HiddenInput)
    clashes: tuple[Any, ...] = ()

    def days_left_out(self) -> frozenset[date]:
        """Those that the person saw and leaves out."""
        if not self.cleaned_data.get("skip"):
            return frozenset()
        try:
            return frozenset(map(date.fromisoformat, self.cleaned_data["without"].split()))
        except ValueError:
            return frozenset()

    def grouped(self) -> list[tuple[str, list[Any], list[Any]]]:
        """Clashes that are said in the same words, once: the first few, and all the others."""
        found: dict[str, list[Any]] = {}
        for one in self.clashes:
            found.setdefault(one.words, []).append(one.due.slot.start)
        return [(words, days[:FIRST_FEW], days[FIRST_FEW:]) for words, days in found.items()]

    def ask_only(self) -> None:
        """The question stands there when it was asked already."""
        if not self.data.get("without"):
            del self.fields["skip"]

    def refuse(self, problem: CannotBook) -> None:
        """What the room says against it, beside the field it is about."""
        self.name_moved(problem)
        if isinstance(problem, Clashes):
            self.clashes = tuple(problem.taken)
            self.fields["skip"] = self.base_fields["skip"]
            sent: Any = self.data
            sent = sent.copy()
            sent["without"] = " ".join(one.due.nth_on.isoformat() for one in problem.taken)
            sent.pop("skip", None)
            self.data = sent
        field = SHOWN_AT.get(problem.field, problem.field)
        self.add_error(field if field in self.fields else None, str(problem))


SHOWN_AT = {"starts_on": "on", "rule": "often"}


class Standing(Doubting, Skipping, OfType):
    """A standing slot: new, or all that is ahead of one."""

    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=60, initial=1)
    often = forms.ChoiceField(label=_("Days, weeks or months"), choices=OFTEN)
    on = forms.DateField(label=_("First day"), widget=Day)
    days = forms.TypedMultipleChoiceField(
        label=_("Weekdays"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(n + 1, name) for n, name in sorted(WEEKDAYS.items())],
        help_text=_("Of weeks. None means the weekday of the first day."),
    )  # fmt: skip
    at = TimeOfDay(label=_("Begins"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        widget=forms.NumberInput({"min": clocks.SHORTEST, "max": clocks.LONGEST, "step": 5}),
    )
    until = forms.DateField(label=_("Last day"), required=False, widget=Day)
    times = forms.IntegerField(
        label=_("How many times"), required=False, min_value=1, max_value=rules.MOST_TIMES,
        help_text=_("Neither of these: it goes on until somebody ends it."),
    )  # fmt: skip
    holidays = forms.ChoiceField(label=_("Public holidays"), choices=Series.Holidays.choices)
    clinician = forms.ChoiceField(label=_("Clinician"))
    way = forms.ChoiceField(label=_("Way"), choices=Appointment.Way.choices)
    where = forms.ChoiceField(label=_("Place and room"), required=False)
    then = forms.ChoiceField(
        label=_("In turn with"), required=False, help_text=_("A second room, every other time."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Appointment.Kind.choices, initial=Appointment.Kind.SESSION
    )
    video_url = forms.CharField(
        label=_("Video address for these meetings"), required=False, max_length=2000,
        widget=forms.URLInput({"placeholder": "https://"}),
        help_text=_("Empty: the clinician's own."),
    )  # fmt: skip
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    keep = forms.BooleanField(
        label=_("Keep what was moved or cancelled by hand"), required=False, initial=True
    )
    field_order = (
        "type", "every", "often", "on", "days", "at", "minutes", "until", "times", "holidays",
        "clinician", "way", "where", "then", "kind", "video_url", "keep", "skip",
    )  # fmt: skip

    def __init__(
        self, *args: Any, clinicians: Iterable[Any], spots: list[Spot], changing: bool = False,
        types: Iterable[AppointmentType] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.types = self.by_id(types)
        self.spots = {spot.key: spot for spot in spots}
        self.people = {str(one.pk): one for one in clinicians}
        named = [(key, spot.name) for key, spot in self.spots.items()]
        rooms = [(key, spot.name) for key, spot in self.spots.items() if spot.room]
        self._choose("where", [NOWHERE, *named])
        self._choose("then", [("", _("no other room")), *rooms])
        self._choose("clinician", [(key, who.display_name) for key, who in self.people.items()])
        self.fields["once"].initial = uuid.uuid4
        if not changing:
            del self.fields["keep"]
        if not changing or self.initial.get("type"):
            self.unsaid = ""
        self.offer_types()
        if self.types and not self.unsaid:
            del self.fields["kind"]
            self.fields["type"].required = True
        self.ask_only()

    def _choose(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A second room needs a first; a type is one that is offered so."""
        given = super().clean() or {}
        self.check_type(given)
        given["minutes"] = self.length(given)
        then = given.get("then")
        if then and not given.get("where", "").startswith("room:"):
            self.add_error("where", _("Choose the first of the two rooms."))
        return given

    def rule(self) -> rules.Rule:
        """How often, as it was chosen. Call only after is_valid()."""
        given = self.cleaned_data
        first: date = given["on"]
        ends = {"until": given["until"], "times": given["times"]}
        often = given["often"]
        if often in ("MONTHLY", "LAST"):
            nth = -1 if often == "LAST" or first.day > 28 else (first.day - 1) // 7 + 1
            return rules.Rule("MONTHLY", given["every"], (first.isoweekday(),), nth, **ends)
        if often == "DAILY":
            return rules.Rule("DAILY", given["every"], **ends)
        days = tuple(sorted(given["days"])) or (first.isoweekday(),)
        return rules.Rule("WEEKLY", given["every"], days, **ends)

    def wanted(self) -> Wanted:
        """What the room's action takes. Call only after is_valid().

        Raises:
            CannotBook: two ends at once.
        """
        given = self.cleaned_data
        spot, chosen = self.spots.get(given["where"]), self.chosen(given)
        then = self.spots.get(given["then"])
        rooms = [one.room for one in (spot, then) if one is not None and one.room is not None]
        return Wanted(
            clinician=self.people[given["clinician"]], rule=self.rule(), starts_on=given["on"],
            at=given["at"], minutes=given["minutes"],
            way=given["way"], place=spot.place if spot else None, type=chosen,
            kind=chosen.kind if chosen else given["kind"],
            rooms=tuple(dict.fromkeys(rooms)), holidays=given["holidays"],
            video_url=given["video_url"],
        )  # fmt: skip


def started(series: Series, pattern: rules.Pattern, first: date) -> dict[str, Any]:
    """How the form starts that changes all of a series from its day ``first`` on."""
    usual = series.type is not None and series.type.minutes == series.minutes
    rule = rules.rest_of(pattern.rule, pattern.starts_on, first)
    where = f"place:{series.place_id}" if series.place_id else ""
    gone = next((n for n, _day in rules.days(pattern.rule, pattern.starts_on, first, first)), 0)
    rooms = [f"room:{pk}" for pk in rules.in_turn(series.rooms, gone)]
    return {
        **of_rule(rule), "on": first, "at": series.at,
        "minutes": None if usual else series.minutes,
        "holidays": series.holidays, "clinician": str(series.clinician_id), "way": series.way,
        "where": rooms[0] if rooms else where, "then": rooms[1] if len(rooms) > 1 else "",
        "kind": series.kind, "type": str(series.type_id or ""), "video_url": series.video_url,
        "revision": series.revision,
    }  # fmt: skip


def of_rule(rule: rules.Rule) -> dict[str, Any]:
    """How the fields that say how often start."""
    return {
        "every": rule.every, "often": "LAST" if rule.nth == -1 else rule.freq,
        "days": list(rule.days) if len(rule.days) > 1 else [], "until": rule.until,
        "times": rule.times,
    }  # fmt: skip


class FromFile(forms.Form):
    """A calendar with one standing slot in it."""

    file = forms.FileField(
        label=_("Calendar file"), allow_empty_file=True,
        help_text=_("One entry that recurs, as calendar programs save it (.ics)."),
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
        error_messages={"required": _("Choose a file.")},
    )  # fmt: skip


class Scope(Skipping):
    """On the page of one appointment that belongs to a standing slot: what else changes."""

    scope = forms.ChoiceField(
        label=_("It belongs to a standing slot. What do you move?"), choices=SCOPES,
        widget=forms.RadioSelect, initial=ONE,
        help_text=_("What you move with it can be changed back on the page of the standing slot, "
                    "as far as its hours are still free."),
    )  # fmt: skip
    again = forms.BooleanField(
        label=_("Also those that were moved or cancelled by hand"), required=False
    )
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    series_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class MoveOfSeries(Move, Scope):
    """Another time, clinician, way or room, for one or for more."""

    field_order = ("scope", "type", "on", "at", "which", "minutes", "afterwards", "clinician",
                   "way", "where", "video_url", "again", "skip")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4
        self.ask_only()

    def refuse(self, problem: CannotBook) -> None:
        """What the room says against it."""
        if isinstance(problem, Clashes | MovedByHand):
            Skipping.refuse(self, problem)
        else:
            self.say(SHOWN_AT.get(problem.field, problem.field), str(problem))


class CancelOfSeries(KeepsMoved, Cancel):
    """Who called it off and why, for one or for more."""

    scope = forms.ChoiceField(
        label=_("It belongs to a standing slot. What do you cancel?"), choices=SCOPES,
        widget=forms.RadioSelect, initial=ONE,
    )  # fmt: skip


class Rest(KeepsMoved):
    """From when to when a standing slot rests, and whether others may have the hours."""

    from_on = forms.DateField(label=_("First day of the pause"), widget=Day)
    weeks = forms.IntegerField(label=_("Weeks"), required=False, min_value=1, max_value=52)
    until_on = forms.DateField(
        label=_("Last day of the pause"), required=False, widget=Day,
        help_text=_("Instead of weeks."),
    )  # fmt: skip
    offered = forms.TypedChoiceField(
        label=_("The hours meanwhile"), coerce=lambda text: text == "yes",
        choices=[("no", _("are kept")), ("yes", _("may go to others, for these weeks alone"))],
        widget=forms.RadioSelect, initial="no",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two says how long."""
        given = super().clean() or {}
        if given.keys() >= {"weeks", "until_on"}:
            if (given["weeks"] is None) == (given["until_on"] is None):
                self.add_error("weeks", _("Say how many weeks, or the last day."))
        try:
            clock.within_limits(given.get("from_on") or clock.today())
        except clock.BadDate as problem:
            self.add_error("from_on", str(problem))
        return given

    def until(self) -> date:
        """The last day that rests. Call only after is_valid()."""
        given = self.cleaned_data
        if given["until_on"] is not None:
            last: date = given["until_on"]
            return last
        first: date = given["from_on"]
        return first + timedelta(7 * given["weeks"] - 1)


class End(KeepsMoved):
    """From which day on there is none."""

    on = forms.DateField(
        label=_("The first day without"), widget=Day,
        help_text=_("What is booked from that day on is taken away."),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
