"""How meetings went, counted within what ``by`` may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from rapport.core import time as clock

from ..appointments.models import Appointment
from ..appointments.queries import WENT

Key = tuple[str, str, bool]  # status, who called it off, late


@dataclass(frozen=True)
class Attendance:
    """How many meetings were kept, missed, called off by the client (of them late) or by us."""

    kept: int = 0
    missed: int = 0
    by_client: int = 0
    late: int = 0
    by_us: int = 0

    @property
    def any(self) -> int:
        """How many meetings these are."""
        return self.kept + self.missed + self.by_client + self.by_us

    @property
    def came(self) -> int | None:
        """In how many of a hundred the client came, of those that were kept, missed or called
        off late: in those somebody waited. None where nobody did."""
        waited = self.kept + self.missed + self.late
        return round(100 * self.kept / waited) if waited else None


@dataclass(frozen=True)
class Row:
    """One clinician's month."""

    month: date
    name: str
    went: Attendance


def among(rows: Iterable[Appointment]) -> Attendance:
    """How a client's meetings went so far, from what ``appointments.queries.of_client`` counted
    along with those it brought."""
    for row in rows:
        return Attendance(**{name.removeprefix("went_"): getattr(row, name) for name in WENT})
    return Attendance()


def by_month(*, by: Any, year: int) -> list[Row]:
    """How the meetings of a year (practice-local) went, month by month and by clinician.

    Those of clients whom ``by`` may know of. One statement.
    """
    start, end = clock.day_bounds(date(year, 1, 1))[0], clock.day_bounds(date(year, 12, 31))[1]
    rows = Appointment.objects.visible_to(by).filter(starts_at__gte=start, starts_at__lt=end)
    months = rows.annotate(month=TruncMonth("starts_at", tzinfo=clock.zone())).order_by()
    names = ("month", "clinician__display_name", "clinician", "status", "cancelled_by", "late")
    found: dict[Any, list[tuple[Key, int]]] = {}
    for on, name, who, *key, n in months.values_list(*names).annotate(n=Count("pk")):
        found.setdefault((on.date(), name, str(who)), []).append((tuple(key), n))  # type: ignore[arg-type]
    each = [Row(on, name, _summed(counts)) for (on, name, _who), counts in sorted(found.items())]
    return [row for row in each if row.went.any]


def _summed(counts: Iterable[tuple[Key, int]]) -> Attendance:
    sums = {"kept": 0, "missed": 0, "by_client": 0, "late": 0, "by_us": 0}
    for (status, side, late), n in counts:
        if status in ("KEPT", "MISSED"):
            sums[status.lower()] += n
        elif status == "CANCELLED":
            sums["by_client" if side == "CLIENT" else "by_us"] += n
            sums["late"] += n if late else 0
    return Attendance(**sums)


def total(rows: Iterable[Row]) -> Attendance:
    """All of these together."""
    each = [row.went for row in rows]
    return Attendance(*(sum(getattr(one, name) for one in each)
                        for name in ("kept", "missed", "by_client", "late", "by_us")))  # fmt: skip
