"""The latest score of each client by measure, with the one before: what a list can say of it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from rapport.core.library import Item
from rapport.core.prepared import named, prepared
from rapport.people.clients import scopes
from rapport.people.clients.models import Client

from . import instruments, rules
from .models import Score, Sheet
from .questionnaire import Instrument


def points_between(earlier: Score, later: Score) -> float:
    """Later minus earlier of two that have a total, with no more decimals than they are read by."""
    apart = round(float(later.total_rounded or 0) - float(earlier.total_rounded or 0), 2)
    return int(apart) if apart == int(apart) else apart


@dataclass(frozen=True)
class Latest:
    """A score and what it was before.

    Attributes:
        change: latest minus the one before, in scale points; None where there is none, or where
            the two are not compared. apart: why they are not.
    """

    score: Score
    change: float | None
    apart: rules.Apart = ""

    @property
    def short(self) -> str:
        """What the measure is called in short."""
        return instruments.find(self.score.instrument).content.short

    @property
    def fell(self) -> float:
        """How many points it is lower than before, for words such as "6 less"."""
        return max(0, -(self.change or 0))

    @property
    def rose(self) -> float:
        """How many points it is higher than before."""
        return max(0, self.change or 0)


def latest(
    *, by: Any, clients: Iterable[uuid.UUID], instrument: str = ""
) -> dict[uuid.UUID, list[Latest]]:
    """For each of ``clients`` whom ``by`` treats: each measure's latest score, newest first.

    One statement, and those that find questionnaires which were asked in two versions. Sheets
    that were corrected count with their correction alone.

    Args:
        instrument: that measure alone.
    """
    ids = named(sorted(clients))
    if not ids:
        return {}
    what, values = scopes.asker(by)
    asked = {"instrument": instrument} if instrument else {}
    two = list(_last_two(what, **values, **asked, **ids))
    before = {(s.client_id, s.instrument): s for s in two if s.place == 2}
    pairs = [(s, before.get((s.client_id, s.instrument))) for s in two if s.place == 1]
    forms = instruments.these(s.instrument for s, b in pairs if b and b.version != s.version)
    found: dict[uuid.UUID, list[Latest]] = {}
    for score, earlier in sorted(pairs, key=lambda pair: pair[0].at, reverse=True):
        found.setdefault(score.client_id, []).append(_compared(score, earlier, forms))
    return found


def _compared(score: Any, earlier: Any, forms: Mapping[str, Item[Instrument]]) -> Latest:
    if earlier is None:
        return Latest(score, None)
    form = forms.get(score.instrument)
    apart = rules.apart(
        (earlier.version, earlier.language), (score.version, score.language),
        lambda version: form is not None and form.content.alike(version),
    )  # fmt: skip
    return Latest(score, None if apart else points_between(earlier, score), apart)


@prepared
def _last_two(
    what: str, *, mine: Any, today: Any, now: Any, instrument: Any = None, **ids: Any
) -> QuerySet[Score]:
    """``place`` on each: 1 for a measure's latest score of a client, 2 for the one before; and
    in which ``version`` and ``language`` it was answered."""
    these = list(ids.values())
    among = Q(client__pk__in=these)  # who treats them is asked about these alone
    seen = scopes.clinical_to(what, mine=mine, today=today, now=now, among=among)
    theirs = Client.objects.filter(seen, pk__in=these).values("pk")
    # Joined, SQLite would begin with every sheet that was never corrected.
    corrected = Sheet.objects.filter(pk=OuterRef("sheet"), replaced_by__isnull=False)
    rows = Score.objects.filter(
        among, ~Exists(corrected), client__in=theirs, total_rounded__isnull=False
    )
    if instrument is not None:
        rows = rows.filter(instrument=instrument)
    place = Window(RowNumber(), [F("client"), F("instrument")], [F("at").desc(), F("pk").desc()])
    form = {"version": F("sheet__version"), "language": F("sheet__language")}
    return rows.annotate(place=place, **form).filter(place__lte=2).order_by("place")
