"""The types a practice begins with, until it says what it offers itself."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import AppointmentType

Booker, Colour = AppointmentType.Booker, AppointmentType.Colour
BY_CLIENTS = (Booker.STAFF, Booker.ACTIVE)


@dataclass(frozen=True)
class Usual:
    """A type as most practices have it."""

    name: str | Promise
    kind: str
    minutes: int
    colour: str
    bookers: tuple[str, ...] = (Booker.STAFF,)
    needs_approval: bool = False


USUAL = (
    Usual(_("Session"), "SESSION", 50, Colour.TEAL, BY_CLIENTS),
    Usual(_("First consultation"), "FIRST", 50, Colour.AMBER,
          (Booker.STAFF, Booker.WAITING, Booker.PUBLIC), needs_approval=True),
    Usual(_("Couple or family session"), "SESSION", 75, Colour.VIOLET, BY_CLIENTS),
    Usual(_("Assessment"), "ASSESSMENT", 90, Colour.BLUE),
    Usual(_("Review"), "REVIEW", 25, Colour.GREEN),
    Usual(_("Crisis meeting"), "CRISIS", 50, Colour.ROSE),
    Usual(_("Last session"), "CLOSING", 50, Colour.SAND),
)  # fmt: skip
