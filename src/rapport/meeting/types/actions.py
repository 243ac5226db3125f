"""Saying what the practice offers: adding, changing, closing and ordering appointment types."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.staff.models import Staff

from ..appointments import rules as lengths
from ..appointments.models import Appointment
from . import rules
from .beginning import USUAL
from .models import AppointmentType

SAID = {
    "long": gettext_lazy("Use at most %(longest)s characters."),
    "signs": gettext_lazy("Use letters, digits and signs that can be read."),
    "no_name": gettext_lazy("Write a name with letters."),
    "choose": gettext_lazy("Choose from the list."),
    "many_forms": gettext_lazy("Choose at most %(most)s."),
    "buffer": gettext_lazy("Use 0 to %(longest)s minutes."),
    "length": gettext_lazy("A meeting takes %(shortest)s to %(longest)s minutes."),
}


class CannotSet(Exception):
    """It cannot be so. ``field`` names what is wrong; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("type.edit")
def begin(*, by: Any, language: str = "en") -> list[AppointmentType]:
    """Offer the usual types, in the practice's language; nothing where there is one already."""
    if AppointmentType.objects.exists():
        return []
    with translation.override(language):
        return AppointmentType.objects.bulk_create(
            AppointmentType(
                name=str(one.name), kind=one.kind, minutes=one.minutes, colour=one.colour,
                bookers=list(one.bookers), needs_approval=one.needs_approval, position=place,
            )
            for place, one in enumerate(USUAL, 1)
        )  # fmt: skip


@action("type.edit")
def add(*, by: Any, clinicians: Iterable[Staff] = (), **said: Any) -> AppointmentType:
    """Offer another type, last in order.

    Args:
        said: name, kind, minutes, price_tag, ways, bookers, needs_approval, needs_room,
            equipment, equipment_always, forms, colour, heavy, buffer_before, buffer_after.
        clinicians: who offers it; nobody means all.

    Raises:
        CannotSet: one of these cannot be, or another type has the name.
    """
    last = AppointmentType.objects.aggregate(last=Max("position"))["last"] or 0
    return _kept(AppointmentType(position=last + 1), clinicians, said)


@action("type.edit")
def change(
    *, by: Any, type: AppointmentType, clinicians: Iterable[Staff], **said: Any
) -> AppointmentType:
    """Change a type. What is booked stays as it is.

    Raises:
        CannotSet: as ``add``.
    """
    return _kept(type, clinicians, said)


@action("type.edit")
def close(*, by: Any, type: AppointmentType, on: date) -> AppointmentType:
    """Offer a type no more. What is booked stays as it is."""
    type.closed_on = on
    type.save(update_fields=["closed_on"])
    return type


@action("type.edit")
def reopen(*, by: Any, type: AppointmentType) -> AppointmentType:
    """Undo ``close``."""
    type.closed_on = None
    type.save(update_fields=["closed_on"])
    return type


@action("type.edit")
def order(*, by: Any, type: AppointmentType, up: bool) -> AppointmentType:
    """Let a type change places with the one before it, or after it, among the open ones."""
    order = ("position", "name")
    rows = list(AppointmentType.objects.select_for_update().order_by(*order))
    shown = [one for one in rows if one.closed_on is None or one.closed_on > clock.today()]
    here = next((n for n, one in enumerate(shown) if one.pk == type.pk), None)
    if here is None:
        return type
    there = here - 1 if up else here + 1
    if 0 <= there < len(shown):
        shown[here], shown[there] = shown[there], shown[here]
    closed = [one for one in rows if one not in shown]
    for position, one in enumerate([*shown, *closed], 1):
        one.position = position
    AppointmentType.objects.bulk_update(rows, ["position"])
    return type


def _kept(
    row: AppointmentType, clinicians: Iterable[Staff], said: dict[str, Any]
) -> AppointmentType:
    try:
        for field, value in _fitting(said).items():
            setattr(row, field, value)
    except rules.Unfit as problem:
        words = str(SAID[problem.code]) % problem.given
        raise CannotSet(problem.field, words) from problem
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        raise CannotSet(
            "name", _("Another type has this name, perhaps one that is closed.")
        ) from problem
    row.clinicians.set(clinicians)
    return row


def _fitting(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, as it is kept.

    Raises:
        rules.Unfit: one of it cannot be.
    """
    kept = dict(said)
    checks: dict[str, Any] = {
        "name": rules.name,
        "price_tag": lambda text: rules.tidy(text, "price_tag", rules.LONGEST_TAG),
        "kind": lambda one: _one("kind", one, Appointment.Kind.values),
        "colour": lambda one: _one("colour", one, AppointmentType.Colour.values),
        "ways": lambda some: rules.among("ways", some, Appointment.Way.values),
        "bookers": _bookers,
        "equipment": rules.equipment,
        "forms": rules.forms,
        "minutes": _minutes,
        "buffer_before": lambda n: rules.buffer("buffer_before", n),
        "buffer_after": lambda n: rules.buffer("buffer_after", n),
    }
    for field, check in checks.items():
        if field in kept:
            kept[field] = check(kept[field])
    return kept


def _one(field: str, wanted: str, known: list[str]) -> str:
    return rules.among(field, [wanted], known)[0]


def _bookers(wanted: Iterable[str]) -> list[str]:
    """Who may book it; the practice always may."""
    Booker = AppointmentType.Booker
    return rules.among("bookers", {*wanted, Booker.STAFF}, Booker.values)


def _minutes(minutes: int) -> int:
    shortest, longest = lengths.SHORTEST, lengths.LONGEST
    if not shortest <= minutes <= longest:
        raise rules.Unfit("minutes", "length", shortest=shortest, longest=longest)
    return minutes
