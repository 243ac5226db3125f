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


def waited(asked: date | None, first: datetime | None) -> int | None:
    """Days from the first contact to the first session; None: one is not known, or it is wrong."""
    if asked is None or first is None:
        return None
    days = (clock.local(first).date() - asked).days
    return days if days >= 0 else None


def _kept() -> QuerySet[Appointment, dict[str, object]]:
    day = TruncDate("starts_at", tzinfo=clock.zone())
    kept = Appointment.objects.filter(status=Appointment.Status.KEPT).annotate(on_day=day)
    kept = kept.filter(
        client=OuterRef("client"), on_day__gte=OuterRef("opened_on"),
        on_day__lte=OuterRef("closed_on"),
    )  # fmt: skip
    return kept.order_by().values("client")
