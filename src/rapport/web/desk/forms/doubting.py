"""What is unusual about a booking is asked before it is booked; the button says all the same."""

from typing import Any

from django import forms

from rapport.meeting.availability.doubts import Booking, Doubt


class Doubting(forms.Form):
    """A form that asks first. ``doubts`` is what it asks; ``anyway`` names the answer.

    The answer holds for what was asked: another time or another person is asked about anew.
    """

    doubts: tuple[Doubt, ...] = ()
    anyway = ""

    @property
    def status(self) -> int:
        """Of the page that shows it: 422 while something has to be mended, or answered, first."""
        return 422 if self.errors or self.doubts else 200

    def in_doubt(self, booking: Booking, found: list[Doubt]) -> bool:
        """Whether something has to be asked first, and was not answered yet."""
        asked = key(booking, found)
        if not found or self.data.get("anyway") == asked:
            self.anyway = asked if found else ""
            return False
        self.doubts, self.anyway = tuple(found), asked
        return True


def key(booking: Booking, found: list[Doubt]) -> str:
    """Names what was asked: what, of whom, when."""
    when = f"{booking.slot.start:%Y%m%dT%H%M}-{booking.slot.minutes}"
    return " ".join([str(booking.clinician.pk), when, *(one.code for one in found)])


def of(client: Any, given: dict[str, Any], **more: Any) -> Booking:
    """What is about to be booked, of what an action of ``appointments`` takes."""
    return Booking(
        client=client, clinician=given["clinician"], slot=given["slot"], way=given["way"],
        type=getattr(given.get("type"), "pk", None), place=getattr(given["place"], "pk", None),
        **more,
    )  # fmt: skip
