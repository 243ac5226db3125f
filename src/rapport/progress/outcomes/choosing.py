"""Which stretches of time somebody may choose, by whose records they may open."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import ExtractQuarter, ExtractYear

from rapport.people.clients.models import Client
from rapport.people.episodes.models import Episode

from . import periods


@dataclass(frozen=True)
class Choice:
    """Whole years and quarters that may be chosen.

    Attributes:
        usual, year: what is shown where nothing was chosen, and where it takes many.
    """

    offered: tuple[periods.Period, ...]
    usual: periods.Period
    year: periods.Period
    today: date


def choice(*, by: Any, today: date) -> Choice | None:
    """What ``by`` may choose among; None: any days.

    Two ranges that differ by a day differ by one person. So days are for those who could open the
    record of every client whose care ended anyway. Two statements at most.
    """
    ended = Episode.objects.filter(closed_on__isnull=False)
    if not ended.exclude(client__in=Client.objects.clinical_to(by).values("pk")).exists():
        return None
    apart = {"year": ExtractYear("closed_on"), "quarter": ExtractQuarter("closed_on")}
    found = ended.order_by().annotate(**apart).values(*apart)
    rows = list(found.annotate(n=Count("pk"), first=Min("closed_on")))
    counts = Counter({(row["year"], row["quarter"]): row["n"] for row in rows})
    offered = periods.ended(min(row["first"] for row in rows), today=today)
    usual = periods.usual(offered, counts)
    return Choice(offered, usual, periods.usual(offered, counts, years=True), today)
