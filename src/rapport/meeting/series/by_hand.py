"""Meetings of a standing slot that somebody moved by hand: named before they go with the others."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..appointments.actions import CannotBook
from ..appointments.models import Appointment


@dataclass(frozen=True)
class Answer:
    """What is to become of them. ``seen`` is the mark of those that somebody was shown."""

    seen: str = ""
    keep: bool = False


class MovedByHand(CannotBook):
    """Some were moved by hand and nobody was shown them. Nothing was changed."""

    def __init__(self, moved: list[Appointment]) -> None:
        super().__init__("", _("Some of these meetings were moved by hand. Look at them first."))
        self.moved = moved

    @property
    def mark(self) -> str:
        """Names these meetings at these times; another one is asked about anew."""
        text = " ".join(f"{one.pk}@{one.starts_at:%Y%m%dT%H%M}" for one in self.moved)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def moved_ones(rows: Iterable[Appointment]) -> list[Appointment]:
    """Those that are at another time than their rule has them, in order."""
    return sorted((one for one in rows if one.starts_at != one.due_at),
                  key=lambda one: (one.starts_at, one.pk))  # fmt: skip


def to_go(doomed: list[Appointment], answer: Answer | None) -> list[Appointment]:
    """Those of ``doomed`` that go indeed.

    Args:
        answer: None where nobody is there to be asked: all of them go.

    Raises:
        MovedByHand: see there.
    """
    moved = moved_ones(doomed)
    if answer is None or not moved:
        return doomed
    asked = MovedByHand(moved)
    if answer.seen != asked.mark:
        raise asked
    return [one for one in doomed if one not in moved] if answer.keep else doomed
