"""Setting one's hours, and adding and closing rooms."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from ..appointments import rules
from ..appointments.actions import CannotBook, fit
from ..appointments.models import Diary, Room

LONGEST_NAME = 60


@action("diary.edit")
def set_diary(
    *, by: Any, staff: Staff, day_from: time, day_until: time, weekdays: Iterable[int],
    minutes: int, video_url: str = "",
) -> Diary:  # fmt: skip
    """Say when somebody works, how long their sessions are, and where they meet by video.

    Args:
        weekdays: 1 Monday to 7 Sunday. minutes: 5 to 480.

    Raises:
        CannotBook: a day that ends before it begins, or none of these.
    """
    days = sorted(set(weekdays))
    if day_until <= day_from:
        raise CannotBook("day_until", _("Choose a time after the day begins."))
    if not days or not set(days) <= set(range(1, 8)):
        raise CannotBook("weekdays", _("Choose at least one day."))
    try:
        address = rules.check_address(video_url)
        if not rules.SHORTEST <= minutes <= rules.LONGEST:
            raise rules.Unfit("minutes", "length", shortest=rules.SHORTEST, longest=rules.LONGEST)
    except rules.Unfit as problem:
        raise fit(problem) from problem
    return Diary.objects.update_or_create(
        staff=staff,
        defaults={
            "day_from": day_from, "day_until": day_until, "weekdays": days, "minutes": minutes,
            "video_url": address,
        },
    )[0]  # fmt: skip


@action("room.edit")
def add_room(*, by: Any, place: Place, name: str) -> Room:
    """Add a room at a place.

    Raises:
        CannotBook: no name, or one that another room there has.
    """
    called = " ".join(name.split())
    if not any(sign.isalnum() for sign in called) or len(called) > LONGEST_NAME:
        raise CannotBook("name", _("Use 1 to %(n)s characters.") % {"n": LONGEST_NAME})
    try:
        with transaction.atomic():
            return Room.objects.create(place=place, name=called)
    except IntegrityError as problem:
        raise CannotBook("name", _("Another room there has this name.")) from problem


@action("room.edit")
def close_room(*, by: Any, room: Room, on: date) -> Room:
    """Offer a room no more. Meetings booked in it stay as they are."""
    room.closed_on = on
    room.save(update_fields=["closed_on"])
    return room


@action("room.edit")
def reopen_room(*, by: Any, room: Room) -> Room:
    """Undo ``close_room``."""
    room.closed_on = None
    room.save(update_fields=["closed_on"])
    return room
