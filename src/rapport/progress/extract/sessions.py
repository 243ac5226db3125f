"""Sessions of an episode of care that were kept: how many, and the wait for the first."""

from datetime import date, datetime

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment


def kept_sessions() -> Subquery:
    """How many, from the day the episode opened to the day it closed."""
    return Subquery(_kept().annotate(n=Count("pk")).values("n"))


def first_session() -> Subquery:
    """When the first of them began."""
    return Subquery(_kept().annotate(first=Min("starts_at")).values("first"))


UNKNOWN = ("CONTACT", "BEFORE", "SESSION", "ORDER")
"""Why it is not known how long somebody waited; see ``waited``."""


def waited(
    *, asked: date | None, opened: date, made: datetime, first: datetime | None
) -> tuple[int | None, str]:
    """Days from the first contact to the first session, or why nobody knows, of UNKNOWN.

    CONTACT: no day of the first contact is on file. BEFORE: care had begun when the client's record
    was made, and no session from before it is on file, so that the first one there is, if any, may
    not be the first. SESSION: none was kept. ORDER: the first lies before the first contact.

    Args:
        opened: the first day of the episode. made: when the client's record was made.
    """
    if asked is None:
        return None, "CONTACT"
    known, came = clock.local(made).date(), clock.local(first).date() if first else None
    if opened < known and (came is None or known <= came):
        return None, "BEFORE"
    if came is None:
        return None, "SESSION"
    days = (came - asked).days
    return (days, "") if days >= 0 else (None, "ORDER")


def _kept() -> QuerySet[Appointment, dict[str, object]]:
    day = TruncDate("starts_at", tzinfo=clock.zone())
    kept = Appointment.objects.filter(status=Appointment.Status.KEPT).annotate(on_day=day)
    kept = kept.filter(
        client=OuterRef("client"), on_day__gte=OuterRef("opened_on"),
        on_day__lte=OuterRef("closed_on"),
    )  # fmt: skip
    return kept.order_by().values("client")
