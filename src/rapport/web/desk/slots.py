"""A day of the calendar's grid as it is written: forty stretches of time and more on a page."""

import functools
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from rapport.people.staff.models import Staff
from rapport.web import stencil

from .grid import Block, Day

TEMPLATE = "desk/meeting/_slot.html"


def written(day: Day, staff: Staff) -> SafeString:
    """The blocks of a clinician's day, in order; of free time, each leads to booking it."""
    on = date_format(day.on, pgettext("how a weekday is written", "l, j F"))
    return SafeString(
        "".join(
            _free(one, staff, on) if one.what == "free" else _meeting(one)
            if one.appointment is not None else _shut(one)
            for one in day.blocks
        )
    )  # fmt: skip


@functools.cache
def _book() -> str:
    return reverse("desk_appointment_book")


def _free(block: Block, staff: Staff, on: str) -> str:
    drawn = stencil.cut(TEMPLATE, "looks", "address", "starts", "day", "stretch",
                        what="free", gap=block.until is not None)  # fmt: skip
    return drawn.filled(
        looks=block.looks, day=on, starts=block.starts, stretch=block.stretch,
        address=f"{_book()}?at={block.at}&who={staff.pk}",
    )  # fmt: skip


def _shut(block: Block) -> str:
    """Time that is taken, and no more than that, or time away."""
    drawn = stencil.cut(TEMPLATE, *_WHEN, "looks", "why", what=block.what)
    return drawn.filled(looks=block.looks, why=block.why, **_when(block))


def _meeting(block: Block) -> str:
    one: Any = block.appointment
    type, room = one.type, one.room
    drawn = stencil.cut(
        TEMPLATE, *_WHEN, "looks", "address", "hue", "sign", "type", "name", "way", "room",
        "status", what="meeting", typed=type is not None, placed=room is not None,
        settled=one.status != "BOOKED", confirmed=one.confirmed_at is not None,
    )  # fmt: skip
    return drawn.filled(
        looks=block.looks, address=reverse("desk_appointment", args=[one.pk]),
        hue=type.hue if type else "", sign=type.sign if type else "",
        type=type.name if type else "", name=one.client.name, way=block.way,
        room=room.name if room else "", status=block.status, **_when(block),
    )  # fmt: skip


_WHEN = ("since", "starts", "till", "stops")


def _when(block: Block) -> dict[str, str]:
    return {
        "since": block.start.isoformat(), "starts": block.starts,
        "till": block.end.isoformat(), "stops": block.stops,
    }  # fmt: skip
