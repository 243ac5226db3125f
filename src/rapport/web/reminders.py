"""Choosing how one is reminded, at the desk and in the portal; and what became of messages."""

import zoneinfo
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.contact import channels
from rapport.contact.reminders import reasons, rules
from rapport.contact.reminders.models import Delivery, Kind, Preference, Reminding
from rapport.core import time as clock

UNITS = {"D": 24 * 60, "H": 60, "M": 1}
UNIT_WORDS = [("D", gettext_lazy("days")), ("H", gettext_lazy("hours")),
              ("M", gettext_lazy("minutes"))]  # fmt: skip
NTH = (gettext_lazy("First reminder"), gettext_lazy("Second reminder"),
       gettext_lazy("Third reminder"), gettext_lazy("Fourth reminder"))  # fmt: skip
WAYS = (gettext_lazy("By"), gettext_lazy("If that does not work"),
        gettext_lazy("And if that does not work either"))  # fmt: skip
TOLD = [(str(Kind.BOOKED), gettext_lazy("a time is booked")),
        (str(Kind.MOVED), gettext_lazy("it is moved")),
        (str(Kind.CANCELLED), gettext_lazy("it is called off"))]  # fmt: skip


class BeforeInput(forms.MultiWidget):
    """A number and its unit."""

    def __init__(self) -> None:
        number = forms.NumberInput(
            {"min": 0, "max": 99, "aria-label": gettext_lazy("how many"), "class": "short"}
        )
        unit = forms.Select({"aria-label": gettext_lazy("of what"), "class": "unit"}, UNIT_WORDS)
        super().__init__([number, unit])

    def decompress(self, value: Any) -> list[Any]:
        """Minutes as the largest unit that fits."""
        if not value:
            return [None, "D"]
        unit = next(code for code, minutes in UNITS.items() if value % minutes == 0)
        return [value // UNITS[unit], unit]


class Before(forms.MultiValueField):
    """How long before a meeting, in minutes; None where nothing was written."""

    widget = BeforeInput

    def __init__(self, **kwargs: Any) -> None:
        number = forms.IntegerField(min_value=0, max_value=rules.LONGEST, required=False)
        unit = forms.ChoiceField(choices=UNIT_WORDS, required=False)
        super().__init__(
            (number, unit), require_all_fields=False,
            required=False, **kwargs,
        )  # fmt: skip

    def compress(self, data_list: Any) -> int | None:
        """Both as minutes."""
        if not data_list or not data_list[0]:
            return None
        return int(data_list[0]) * UNITS[data_list[1] or "D"]


class Times(forms.Form):
    """Rows for how long before; those left empty are none."""

    def add_times(self, start: Sequence[int] | None) -> None:
        """Add the rows, filled with what there is."""
        for n, label in enumerate(NTH[: rules.MOST]):
            first = start[n] if start and n < len(start) else None
            self.fields[f"before_{n}"] = Before(label=label, initial=first)

    def offsets(self) -> list[int]:
        """Minutes, as written. Call only after is_valid()."""
        found = (self.cleaned_data[f"before_{n}"] for n in range(rules.MOST))
        return [one for one in found if one is not None]


class Order(Times):
    """Ways to try one after the other."""

    def add_ways(self, start: Sequence[str], known: Sequence[tuple[str, Any]], none: Any) -> None:
        """Add a choice for each; ``none`` is what the first says when nothing is chosen."""
        for n, label in enumerate(WAYS[: max(1, len(known))]):
            empty = ("", none if n == 0 else gettext_lazy("nothing more"))
            self.fields[f"way_{n}"] = forms.ChoiceField(
                label=label, required=False, choices=[empty, *known],
                initial=start[n] if n < len(start) else "",
            )  # fmt: skip

    def order(self) -> list[str]:
        """Channels as chosen, each once. Call only after is_valid()."""
        names = [f"way_{n}" for n in range(len(WAYS)) if f"way_{n}" in self.fields]
        return list(dict.fromkeys(filter(None, (self.cleaned_data[name] for name in names))))

    def say(self, field: str, words: str) -> None:
        """What the room says against it, beside the field it is about."""
        place = {"offsets": "before_0", "order": "way_0"}.get(field, field)
        self.add_error(place if place in self.fields else None, words)


class Choices(Order):
    """How one client is reminded."""

    says = forms.ChoiceField(
        label=gettext_lazy("What a message says"), choices=Preference.Says.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Others may see a phone or a mailbox. A message never says what "
                               "a meeting is about."),
    )  # fmt: skip
    remind = forms.ChoiceField(
        label=gettext_lazy("Reminders"), widget=forms.RadioSelect,
        choices=[("USUAL", ""), ("OWN", gettext_lazy("at these times")),
                 ("NEVER", gettext_lazy("no reminders"))],
    )  # fmt: skip

    def __init__(self, *args: Any, practice: Reminding | None, own: Preference, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.initial.update(
            {
                "says": own.says,
                "remind": "USUAL" if own.offsets is None else "OWN" if own.offsets else "NEVER",
            }
        )
        remind: Any = self.fields["remind"]
        remind.choices = [("USUAL", _usual(practice)), *remind.choices[1:]]
        self.add_times(own.offsets)
        self.fields["notices"] = forms.MultipleChoiceField(
            label=_("Tell when"), required=False, choices=TOLD, initial=own.notices,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["with_file"] = forms.BooleanField(
            label=_("A calendar file comes with each mail"), required=False,
            initial=own.with_file,
            help_text=_("Opened, it puts the time into a calendar, under the word chosen for "
                        "it, or as “Appointment”."),
        )  # fmt: skip
        self.kept = own.channels
        known = [(id, one.plain) for id, one in channels.ready().items()]
        self.asks_ways = len(known) > 1
        if self.asks_ways:
            self.add_ways(own.channels, known, _("as the practice does"))
        here = _("the practice's: %(zone)s") % {"zone": clock.zone().key}
        zones = [(name, name) for name in sorted(zoneinfo.available_timezones())]
        self.fields["zone"] = forms.ChoiceField(
            label=_("Times as clocks show them in"), required=False, choices=[("", here), *zones],
            initial=own.zone,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One's own times need at least one."""
        given = super().clean() or {}
        times = [given.get(f"before_{n}") for n in range(rules.MOST)]
        wrong = any(f"before_{n}" in self.errors for n in range(rules.MOST))
        if given.get("remind") == "OWN" and not any(times) and not wrong:
            self.add_error("before_0", _("Write how long before."))
        return given

    def given(self) -> dict[str, Any]:
        """What ``choose`` takes. Call only after is_valid()."""
        said = self.cleaned_data
        offsets = {"USUAL": None, "OWN": self.offsets(), "NEVER": []}[said["remind"]]
        return {
            "offsets": offsets, "order": self.order() if self.asks_ways else self.kept,
            "notices": said["notices"], "says": said["says"], "zone": said["zone"],
            "with_file": said["with_file"],
        }  # fmt: skip


def _usual(practice: Reminding | None) -> str:
    if practice is None or not practice.offsets:
        return _("as the practice does: none")
    return _("as the practice does: %(times)s") % {"times": times(practice.offsets)}


def times(offsets: Iterable[int]) -> str:
    """Offsets in words: 1 day before, 2 hours before."""
    return ", ".join(before(one) for one in offsets) or _("none")


def before(minutes: int) -> str:
    """One offset in words."""
    if minutes % UNITS["D"] == 0:
        n = minutes // UNITS["D"]
        return ngettext("%(n)s day before", "%(n)s days before", n) % {"n": n}
    if minutes % UNITS["H"] == 0:
        n = minutes // UNITS["H"]
        return ngettext("%(n)s hour before", "%(n)s hours before", n) % {"n": n}
    return ngettext("%(n)s minute before", "%(n)s minutes before", minutes) % {"n": minutes}


@dataclass(frozen=True)
class Line:
    """One message in a list: what it was, by which way, what became of it."""

    row: Delivery
    what: str
    way: str
    why: str
    bad: bool


def lines(rows: Collection[Delivery], *, plain: bool = True) -> list[Line]:
    """Messages as lists show them.

    Args:
        plain: ways are called by what arrives; else by how it is handed over.
    """
    used = {row.channel for row in rows}
    known = {
        id: str(one.plain if plain else one.name)
        for id, one in channels.found().items()
        if id in used
    }
    return [
        Line(
            row, _what(row), known.get(row.channel, ""), _why(row),
            row.state in (Delivery.State.FAILED, Delivery.State.BOUNCED),
        )
        for row in rows
    ]  # fmt: skip


def _why(row: Delivery) -> str:
    if row.state == Delivery.State.SENT:
        return ""
    if row.state == Delivery.State.UNSURE:
        return _("Nobody knows whether it went out, so it is not sent again.")
    return str(reasons.in_words(row.error))


def _what(row: Delivery) -> str:
    if row.kind == Kind.REMINDER:
        return f"{row.get_kind_display()}, {before(row.offset)}"
    return str(row.get_kind_display())
