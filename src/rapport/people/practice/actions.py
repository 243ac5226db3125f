"""Founding the practice and changing its settings."""

import re
import zoneinfo
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.action import action

from ..clients.rules import Unfit, tidy_name
from . import queries, regions
from .models import LONGEST_WAIT, TABLET_LEAST, TABLET_MOST, Place, Practice

_PHONE = re.compile(r"(?=(?:\D*\d){3})[+0-9 ()./-]*")


class CannotSet(Exception):
    """A setting that cannot be. ``field`` names it; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _name(text: str) -> str:
    try:
        return tidy_name(text)
    except Unfit as problem:
        raise CannotSet("name", _("Write a name with letters, at most 300.")) from problem


def _checked_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise CannotSet("time_zone", _("Choose a time zone from the list."))
    return name


@action("practice.edit")
def found(*, by: Any, name: str, place: str, **settings: str) -> Practice:
    """Write down a new practice and its first place.

    Raises:
        CannotSet: it exists already, or a setting cannot be.
    """
    if queries.current() is not None:
        raise CannotSet("name", _("This practice exists already."))
    _checked_zone(settings.get("time_zone", "UTC"))
    practice = Practice.objects.create(name=_name(name), **settings)
    Place.objects.create(name=_name(place))
    queries.remember_zone(practice.time_zone)
    return practice


@action("practice.edit")
def change(*, by: Any, practice: Practice, **settings: Any) -> Practice:
    """Change name, discreet name, time zone, locale, country, currency, hours, phone, within
    how many working days inquiries are answered, which consents every client is to have on
    file, or when a tablet covers itself.

    Raises:
        CannotSet: a name nobody can read, a number nobody can call, a time zone there is not,
            or days or minutes out of bounds.
    """
    if "name" in settings:
        settings["name"] = _name(settings["name"])
    if "time_zone" in settings:
        _checked_zone(settings["time_zone"])
    if not TABLET_LEAST <= settings.get("tablet_minutes", TABLET_LEAST) <= TABLET_MOST:
        said = _("Choose from %(least)s to %(most)s minutes.")
        raise CannotSet("tablet_minutes", said % {"least": TABLET_LEAST, "most": TABLET_MOST})
    if settings.get("phone") and not _PHONE.fullmatch(settings["phone"]):
        raise CannotSet("phone", _("Write a number as people dial it, for example "
                                   "+1 555 010 0199."))  # fmt: skip
    if not 0 <= settings.get("answer_days", 0) <= LONGEST_WAIT:
        raise CannotSet("answer_days", _("Use 0 to %(n)s.") % {"n": LONGEST_WAIT})
    for name, value in settings.items():
        setattr(practice, name, value)
    practice.save(update_fields=list(settings))
    queries.remember_zone(practice.time_zone)
    return practice


def _checked_region(code: str) -> str:
    """A part of the practice's country, or "" for none in particular."""
    practice = queries.current()
    if code and code not in regions.codes(practice.country if practice else ""):
        raise CannotSet("region", _("Choose a region of the list."))
    return code


@action("practice.edit")
def open_place(*, by: Any, name: str, address: str = "", region: str = "") -> Place:
    """Add a place.

    Raises:
        CannotSet: another place has this name, or nobody can read it; no such region.
    """
    name = _name(name)
    if Place.objects.filter(name=name).exists():
        raise CannotSet("name", _("Another place has this name."))
    return Place.objects.create(name=name, address=address, region=_checked_region(region))


@action("practice.edit")
def change_place(*, by: Any, place: Place, name: str, address: str, region: str = "") -> Place:
    """Give a place another name, address or region.

    Raises:
        CannotSet: another place has this name, or nobody can read it; no such region.
    """
    name = _name(name)
    if Place.objects.filter(name=name).exclude(pk=place.pk).exists():
        raise CannotSet("name", _("Another place has this name."))
    place.name, place.address, place.region = name, address, _checked_region(region)
    place.save(update_fields=["name", "address", "region"])
    return place


@action("practice.edit")
def close_place(*, by: Any, place: Place, on: date) -> Place:
    """Offer a place no more. Who belongs to it stays as they are.

    Raises:
        CannotSet: it is the only one that is open.
    """
    everywhere = Place.objects.select_for_update().order_by("pk")  # two do not close each other
    if not any(one.closed_on is None and one.pk != place.pk for one in everywhere):
        raise CannotSet("name", _("The practice works somewhere. Add another place first."))
    place.closed_on = on
    place.save(update_fields=["closed_on"])
    return place


@action("practice.edit")
def reopen_place(*, by: Any, place: Place) -> Place:
    """Undo ``close_place``."""
    place.closed_on = None
    place.save(update_fields=["closed_on"])
    return place
