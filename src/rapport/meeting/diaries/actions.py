"""Setting one's hours, and adding and closing rooms."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.practice.models import Place
from rapport.people.staff.models import Staff

from ..appointments import rules
from ..appointments.actions import CannotBook, fit
from ..appointments.models import Diary, Room
from ..availability.actions import own
from . import rules as limits

LONGEST_NAME = 60


@action("diary.edit")
def set_diary(*, by: Any, staff: Staff, **said: Any) -> Diary:
    """Say how long a usual session is, where one meets by video, and what a day may hold.

    Args:
        said: minutes, video_url, buffer_before, buffer_after, notice_minutes, horizon_days,
            most_a_day, most_in_a_row, heavy_a_day, lunch_from, lunch_until, step,
            keeps_holidays. What is not said stays.

    Raises:
        CannotBook: one of these cannot be.
    """
    diary = own(staff)
    try:
        limits.check(said, week=[(row.from_at, row.until_at) for row in staff.working_hours.all()])
        if "video_url" in said:
            said["video_url"] = rules.check_address(said["video_url"])
    except rules.Unfit as problem:
        raise fit(problem) from problem
    for name, value in said.items():
        setattr(diary, name, value)
    diary.save()
    return diary


@action("room.edit")
def add_room(*, by: Any, place: Place, name: str) -> Room:
    """Add a room at a place.

    Raises:
        CannotBook: no name, or one that another room there has.
    """
    called = named("name", name)
    try:
        with transaction.atomic():
            return Room.objects.create(place=place, name=called)
    except IntegrityError as problem:
        raise CannotBook("name", _("Another room there has this name.")) from problem


def named(field: str, text: str) -> str:
    """What a room or piece of equipment is called, in one line.

    Raises:
        CannotBook: nothing, or too long.
    """
    called = " ".join(text.split())
    if not any(sign.isalnum() for sign in called) or len(called) > LONGEST_NAME:
        raise CannotBook(field, _("Use 1 to %(n)s characters.") % {"n": LONGEST_NAME})
    return called


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
