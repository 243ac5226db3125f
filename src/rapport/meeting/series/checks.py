"""Looking, from outside, whether standing slots have every day their rule names, once."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from rapport.core.verify import Problem, verifies

from ..appointments.models import Appointment
from . import rules
from .models import LeftOut, Series


@verifies("standing slots")
def every_day_once() -> Iterator[Problem]:
    """Each day a rule names has an appointment or a reason for none, and no other day has."""
    stand: dict[Any, set[date]] = defaultdict(set)
    out: dict[Any, set[date]] = defaultdict(set)
    for series, day in Appointment.objects.filter(series__isnull=False).values_list(
        "series", "nth_on"
    ):
        stand[series].add(day)
    for series, day in LeftOut.objects.values_list("series", "nth_on"):
        out[series].add(day)
    for row in Series.objects.exclude(made_until=None).only(
        "rule", "starts_on", "made_until", "ended_on"
    ):
        named = _named(row)
        met, made = stand[row.pk], row.made_until
        left = {day for day in out[row.pk] if made is None or day <= made}
        for day in sorted(named - met - left):
            yield Problem("lost", str(row), f"nothing on {day}")
        for day in sorted((met & left) | (left - named)):
            yield Problem("twice", str(row), f"too much on {day}")


def _named(row: Series) -> set[date]:
    assert row.made_until is not None  # asked for
    last = row.made_until
    said = rules.parse(row.rule)
    return {
        day for _n, day in rules.days(said, row.starts_on, row.starts_on, last)
        if row.ended_on is None or day < row.ended_on
    }  # fmt: skip
