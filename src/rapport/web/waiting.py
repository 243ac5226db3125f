"""The waiting list in words, for every door: what somebody could take, and why an hour fits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.models import FreedHour, Offer, WaitingEntry
from rapport.meeting.waiting import rules


def wishes(entry: WaitingEntry) -> list[str]:
    """What somebody could take, each a few words. Nothing is everything."""
    said = [
        _names(WEEKDAYS[day - 1] for day in sorted(entry.weekdays)),
        _names(WaitingEntry.Part(part).label for part in _in_order(entry.parts)),
        _hours(entry),
        _names(Appointment.Way(way).label for way in rules.WAYS if way in entry.ways),
        _names(one.name for one in entry.types.all()),
        _names(one.display_name for one in entry.clinicians.all()),
        _names(one.name for one in entry.places.all()),
    ]
    return [words for words in said if words] or [_("any time, with anybody")]


def _in_order(parts: Iterable[str]) -> list[str]:
    return [name for name in rules.PARTS if name in set(parts)]


def _names(names: Iterable[Any]) -> str:
    return ", ".join(str(name) for name in names)


def _hours(entry: WaitingEntry) -> str:
    begins = entry.from_at and time_format(entry.from_at, "TIME_FORMAT")
    ends = entry.until_at and time_format(entry.until_at, "TIME_FORMAT")
    if begins and ends:
        return _("from %(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
    if begins:
        return _("from %(begins)s") % {"begins": begins}
    return _("until %(ends)s") % {"ends": ends} if ends else ""


def because(hour: FreedHour, offer: Offer | rules.Fit, kind: str = "") -> str:
    """Why an hour suits somebody: "fits: Tuesday afternoon, by video"."""
    asked, start = set(offer.because), clock.local(hour.starts_at)
    day = str(WEEKDAYS[start.weekday()]) if asked & {"weekday", "part", "hours"} else ""
    said = [
        _("%(day)s %(part)s") % {"day": day, "part": part_of(start)} if day else _("any time"),
        str(Appointment.Way(offer.way).label),
        kind if "kind" in asked else "",
        hour.clinician.display_name if "clinician" in asked else "",
        hour.place.name if "place" in asked and hour.place else "",
    ]
    return _("fits: %(what)s") % {"what": ", ".join(words for words in said if words)}


def part_of(start: datetime) -> str:
    """The part of the day that clocks show."""
    minute = start.hour * 60 + start.minute
    name = next(part for part, (_begins, ends) in rules.PARTS.items() if minute < ends)
    return {"MORNING": _("morning"), "AFTERNOON": _("afternoon"), "EVENING": _("evening")}[name]


def waited(entry: WaitingEntry, now: datetime) -> str:
    """For how long somebody has waited."""
    days = max(0, (clock.local(now).date() - clock.local(entry.since).date()).days)
    if not days:
        return _("since today")
    if days < 14:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return ngettext("%(n)s week", "%(n)s weeks", days // 7) % {"n": days // 7}


def could_take(hour: FreedHour) -> str:
    """How many could take an hour, as it was counted last."""
    many = hour.could_take
    if not many:
        return _("Nobody on the waiting list could take this hour")
    return ngettext(
        "%(n)s person could take this hour", "%(n)s people could take this hour", many
    ) % {"n": many}
