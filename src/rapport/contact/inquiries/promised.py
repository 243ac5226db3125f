"""By when the practice says that it answers: in working days of the place somebody came to."""

from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from rapport.core import time as clock
from rapport.people.clients.models import Client
from rapport.people.practice import queries as practices
from rapport.people.practice import regions
from rapport.people.practice.models import Place, Practice

from . import rules
from .models import Inquiry


class Promise:
    """What the practice promises today: so many working days, or (0) nothing. One statement,
    and one more for what is late.
    """

    def __init__(self) -> None:
        self.today = clock.today()
        row = practices.current() or Practice()
        self.days: int = row.answer_days
        self._country: str = row.country
        self._off: dict[tuple[str, int], set[date]] = {}

    def answer_by(self, received_at: datetime, region: str) -> date | None:
        """The last day on which an answer is in time; None where nothing is promised."""
        if not self.days:
            return None
        received = clock.local(received_at).date()
        return rules.answer_by(received, self.days, partial(self._works, region))

    @cached_property
    def late(self) -> Q:
        """Inquiries that nobody has answered by the day that was promised."""
        found = Q(pk__in=[])
        if not self.days:
            return found
        for region in Place.objects.order_by("region").values_list("region", flat=True).distinct():
            first = rules.oldest_in_time(self.today, self.days, partial(self._works, region))
            since, _end = clock.day_bounds(first)
            found |= Q(client__place__region=region, received_at__lt=since)
        return found & Q(
            stage__in=rules.OPEN, answered_at=None, client__status=Client.Status.INQUIRY
        )

    def _works(self, region: str, day: date) -> bool:
        """Whether ``day`` is a working day in a part of the country."""
        if day.weekday() in regions.weekend(self._country):
            return False
        key = region, day.year
        if key not in self._off:
            year = date(day.year, 1, 1), date(day.year, 12, 31)
            self._off[key] = set(regions.holidays(self._country, region, *year, "en"))
        return day not in self._off[key]


def marked(rows: Any, promise: Promise) -> Any:
    """The same rows, each with ``late``: whether its answer is overdue."""
    late = Case(
        When(promise.late, then=Value(True)), default=Value(False),
        output_field=BooleanField(),
    )  # fmt: skip
    return rows.annotate(late=late)


def overdue(*, by: Any, promise: Promise, most: int) -> list[Inquiry]:
    """Inquiries with somebody responsible whose answer is overdue, the oldest first.

    One's own; the front desk and owners see everybody's, as they can pass them on. Those for
    whom nobody is responsible yet are ``asking.queries.unanswered``.
    """
    rows = Inquiry.objects.visible_to(by).filter(promise.late, responsible__isnull=False)
    if not by.staff.has("FRONT_DESK", "OWNER"):
        rows = rows.filter(responsible=by.staff)
    near = rows.select_related("client", "responsible")
    near = near.defer("seeks", "held_for", "client__address", "client__remark")
    return list(near.order_by("received_at", "pk")[:most])
