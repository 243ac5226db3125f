"""What happened with a client so far, the latest first. One statement, bounded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from rapport.core import time as clock
from rapport.core.prepared import prepared

from ..care_team.models import BreakGlass
from ..episodes.models import Episode
from .models import Client

MOST = 50
FIRST_OF_A_DAY = ("admitted", "episode_opened", "joined", "glass", "left", "episode_closed",
                  "archived")  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """One thing: the day, what (a word of ``FIRST_OF_A_DAY``), who, and a code's meaning."""

    on: date
    what: str
    who: str = ""
    code: str = ""

    @property
    def reason(self) -> str:
        """Why an episode ended, in words."""
        return str(Episode.Reason(self.code).label) if self.code else ""


def of(*, by: Any, client: Client, most: int = MOST, skip: int = 0) -> list[Happened]:
    """At most ``most`` things, after the latest ``skip`` of them.

    The care team is read from ``client``, where it is at hand.
    """
    rows = [
        *_stored(str(clock.zone()), skip + most, client=client.pk),
        *_of_the_team(client),
        *_of_the_row(client),
    ]
    latest = sorted(rows, key=lambda r: (r.on, FIRST_OF_A_DAY.index(r.what)), reverse=True)
    return latest[skip : skip + most]


def _stored(zone: str, most: int, *, client: Any) -> Iterator[Happened]:
    """The latest episodes and looks through broken glass, at most ``most`` of them."""
    for on, until, who, code, what, _latest in _episodes_and_glass(zone, most, client=client):
        yield Happened(on, what, who)
        if until is not None:
            yield Happened(until, "episode_closed", who, code)


@prepared
def _episodes_and_glass(zone: str, most: int, *, client: Any) -> QuerySet[Any]:
    day = TruncDate("opened_at", tzinfo=clock.zone_named(zone))
    nothing, no_day = Value("", CharField()), Value(None, DateField())
    episodes = Episode.objects.filter(client=client).annotate(
        on=F("opened_on"), until=F("closed_on"), who=F("responsible__display_name"),
        code=F("close_reason"), what=Value("episode_opened", CharField()),
        latest=Coalesce("closed_on", "opened_on"),
    )  # fmt: skip
    glass = BreakGlass.objects.filter(client=client).annotate(
        on=day, until=no_day, who=F("staff__display_name"), code=nothing,
        what=Value("glass", CharField()), latest=day,
    )  # fmt: skip
    columns = ("on", "until", "who", "code", "what", "latest")
    both = episodes.values_list(*columns).union(glass.values_list(*columns), all=True)
    return both.order_by("-latest")[:most]


def _of_the_team(client: Client) -> Iterator[Happened]:
    for member in client.care_team.all():
        yield Happened(member.from_on, "joined", member.staff.display_name)
        if member.until_on is not None:
            yield Happened(member.until_on, "left", member.staff.display_name)


def _of_the_row(client: Client) -> list[Happened]:
    found = [Happened(clock.local(client.created_at).date(), "admitted")]
    if client.archived_at is not None:
        found.append(Happened(clock.local(client.archived_at).date(), "archived"))
    return found
