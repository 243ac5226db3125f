"""What happened with a client so far, the latest first. One statement, bounded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from rapport.core import time as clock

from ..care_team.models import BreakGlass, CareTeamMember
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
    """At most ``most`` things, after the latest ``skip`` of them."""
    rows = [
        *(Happened(*row) for row in _stored(client).order_by("-on")[: skip + most]),
        *_of_the_row(client),
    ]
    latest = sorted(rows, key=lambda r: (r.on, FIRST_OF_A_DAY.index(r.what)), reverse=True)
    return latest[skip : skip + most]


def _stored(client: Client) -> QuerySet[Any]:
    episodes = Episode.objects.filter(client=client)
    parts = CareTeamMember.objects.filter(client=client)
    glass = BreakGlass.objects.filter(client=client)
    opened = _rows(episodes, "opened_on", "episode_opened", "responsible__display_name")
    return opened.union(
        _rows(episodes.filter(~Q(closed_on=None)), "closed_on", "episode_closed",
              "responsible__display_name", "close_reason"),
        _rows(parts, "from_on", "joined", "staff__display_name"),
        _rows(parts.filter(~Q(until_on=None)), "until_on", "left", "staff__display_name"),
        _rows(glass, TruncDate("opened_at", tzinfo=clock.zone()), "glass", "staff__display_name"),
        all=True,
    )  # fmt: skip


def _rows(found: Any, on: Any, what: str, who: str, code: str = "") -> QuerySet[Any]:
    meaning = F(code) if code else Value("", output_field=CharField())
    day = F(on) if isinstance(on, str) else on
    return found.annotate(
        on=day, what=Value(what, output_field=CharField()), who=F(who), code=meaning
    ).values_list("on", "what", "who", "code")  # fmt: skip


def _of_the_row(client: Client) -> list[Happened]:
    found = [Happened(clock.local(client.created_at).date(), "admitted")]
    if client.archived_at is not None:
        found.append(Happened(clock.local(client.archived_at).date(), "archived"))
    return found
