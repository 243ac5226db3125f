"""Choosing a time: in which way, with whom, on which day; then it is kept for five minutes."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.appointments.rules import lasting
from rapport.meeting.availability.queries import Opening
from rapport.meeting.models import Appointment, AppointmentType, Hold
from rapport.meeting.requests import queries
from rapport.meeting.requests.actions import Taken
from rapport.meeting.requests.queries import Choice
from rapport.people.clients.models import Client
from rapport.people.models import Staff

from . import month, tokens, zones


@dataclass(frozen=True)
class Way:
    """How somebody came, and where the steps stand.

    Attributes:
        keep: keeps a choice; takes the id of what was kept before.
        confirm: the address of the page after this one. back: of the one before.
        moving: the appointment that is moved; None for a new one. as_it_is: only with the
            same clinician, in the same way; then nobody has to be named.
        zone: in which they read times, where an address names none and their browser is not
            asked. keeps: what addresses keep saying beside the choice.
        page: the template for choosing.
        reach: how the practice is called and reached, as ``web.reach`` says it; asked for where
            nobody is signed in, and where nothing can be booked.
    """

    by: Any
    client: Client | None
    door: str
    base: str
    keep: Callable[[Choice, uuid.UUID | None], Hold]
    confirm: str
    back: str
    reach: Callable[[], dict[str, Any]]
    moving: Appointment | None = None
    as_it_is: bool = False
    zone: str = ""
    keeps: Mapping[str, str] = field(default_factory=dict)
    page: str = "booking/choose.html"

    def people(self, type: AppointmentType) -> list[Staff]:
        """With whom it can be."""
        anybody = self.client is None or queries.settings().any_clinician
        found = queries.clinicians(client=self.client, type=type, anybody=anybody)
        if self.moving is None or not self.as_it_is:
            return found
        return [one for one in found if one.pk == self.moving.clinician_id]

    def ways(self, type: AppointmentType) -> list[str]:
        """In which ways it can be."""
        if self.moving is None or not self.as_it_is:
            return list(type.ways)
        return [one for one in type.ways if one == self.moving.way]


@dataclass(frozen=True)
class Asked:
    """What the address asks for, made fit."""

    type: AppointmentType
    way: str
    who: str
    shown: zones.Shown
    first: date
    day: date | None
    people: list[Staff]
    problem: str
    keeps: Mapping[str, str] = field(default_factory=dict)

    def url(self, **other: Any) -> str:
        """This page with something else chosen."""
        said = {**self.keeps, "way": self.way, "who": self.who, "month": f"{self.first:%Y-%m}"}
        if self.shown.asked and not self.shown.problem:
            said["zone"] = self.shown.name
        return "?" + urlencode({k: v for k, v in (said | other).items() if v})

    @property
    def chosen(self) -> list[Staff]:
        """The clinician who was chosen, or everybody."""
        return [one for one in self.people if self.who in ("", str(one.pk))]


def asked(request: Any, way: Way, type: AppointmentType) -> Asked:
    """Read the address; what cannot be is left out, and said."""
    shown = zones.of(request, way.zone)
    today = clock.now().astimezone(shown.zone).date()
    day = month.day_asked(request.GET.get("day", ""))
    first, problem = month.asked(request.GET.get("month", "")[:20], today)
    if day is not None and "month" not in request.GET:
        first, problem = month.asked(f"{day:%Y-%m}", today)
    wanted = request.GET.get("way", "")
    ways = way.ways(type)
    usual = way.moving.way if way.moving else next(iter(ways), "")
    people = way.people(type)
    who = request.GET.get("who", "")
    known = {str(one.pk) for one in people}
    return Asked(
        type, wanted if wanted in ways else usual, who if who in known else "", shown, first,
        day, people, shown.problem or problem, way.keeps,
    )  # fmt: skip


def choose(request: Any, way: Way, type: AppointmentType) -> HttpResponse:
    """A month of free days and the times of one; a button keeps one of them."""
    what = asked(request, way, type)
    others: list[tuple[str, Opening]] = []
    problem = what.problem
    wrong = False
    if request.method == "POST":
        try:
            choice, hold = kept(way, what, request.POST.get("start", ""), None)
            return redirect(page_of(way, token(way, choice, hold, what.shown.name)))
        except Gone as gone:
            problem, wrong, others = str(gone), True, near(way, gone.choice, what.people)
        except CannotBook as refusal:
            problem, wrong = str(refusal), True
    context = _drawn(way, what) | {
        "problem": problem, "others": others, "ask_zone": request.method != "POST",
    }  # fmt: skip
    with timezone.override(what.shown.zone):
        return render(request, way.page, context, status=422 if wrong else 200)


class Gone(Taken):
    """It was taken a moment ago; ``choice`` is what was wanted."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice


def kept(way: Way, what: Asked, text: str, instead: uuid.UUID | None) -> tuple[Choice, Hold]:
    """Keep the time that a button names.

    Raises:
        Gone: it is taken. CannotBook: no time of this list, or more than may be kept.
    """
    choice = _named(what, text)
    now = clock.now()
    opening = queries.opening_at(by=way.by, choice=choice, now=now, client=way.client)
    if opening is None:
        raise Gone(choice)
    choice = choice.at(opening)
    try:
        hold = way.keep(choice, instead)
    except Taken as problem:
        raise Gone(choice) from problem
    return choice.kept_by(hold), hold


def _named(what: Asked, text: str) -> Choice:
    start, _bar, who = text[:100].partition("|")
    clinician = next((one for one in what.people if str(one.pk) == who), None)
    try:
        begins = datetime.fromisoformat(start)
        clock.within_limits(begins.date())
        if begins.tzinfo is None:
            raise ValueError("a time without a zone")
        slot = lasting(begins, what.type.minutes)
    except (ValueError, OverflowError):
        clinician = None
    if clinician is None or not what.way:
        raise CannotBook("start", _("Choose one of the times."))
    return Choice(what.type, what.way, clinician, slot)


def token(way: Way, choice: Choice, hold: Hold, zone: str) -> str:
    """What the next page is told of the choice."""
    moves = way.moving.pk if way.moving else None
    return tokens.signed(way.door, choice, hold_id=hold.pk, zone=zone, moves=moves)


def page_of(way: Way, token: str) -> str:
    """The address where a choice is confirmed."""
    return f"{way.confirm}?{urlencode({'at': token, **way.keeps})}"


def near(way: Way, choice: Choice, people: list[Staff]) -> list[tuple[str, Opening]]:
    """The nearest other times, each with how its button names it."""
    found = queries.nearest(
        by=way.by, choice=choice, people=people, now=clock.now(), client=way.client
    )
    return [(button(one), one) for one in found]


def button(opening: Opening) -> str:
    """How a button names an opening."""
    start = opening.slot.start.astimezone(UTC)
    return f"{start:%Y-%m-%dT%H:%M}+00:00|{opening.clinician.pk}"


def _drawn(way: Way, what: Asked) -> dict[str, Any]:
    """The month, the day, and what can be chosen otherwise."""
    zone = what.shown.zone
    now = clock.now()
    last = month.last_of(what.first)
    openings = queries.free(
        by=way.by, type=what.type, way=what.way, people=what.chosen, now=now, client=way.client,
        first=max(what.first - timedelta(1), clock.local(now).date()), last=last + timedelta(1),
    )  # fmt: skip
    days = month.by_day(openings, zone, what.first, last)
    day = what.day if what.day in days else next(iter(sorted(days)), None)
    this, several = what.url(), len(what.chosen) > 1
    cells = month.drawn(
        what.first, days, day, today=now.astimezone(zone).date(),
        url=f"{this}&day=",
        turn=lambda first: what.url(month=f"{first:%Y-%m}"),
    )  # fmt: skip
    times = [
        month.Time(button(one), one.slot.start.astimezone(zone), one, several)
        for one in days.get(day, [])
    ] if day else []  # fmt: skip
    return {
        "way": way, "base": way.base,
        "what": what, "type": what.type, "month": cells, "day": day,
        "gone": what.day if what.day and what.day not in days else None,
        "parts": month.parts(times), "zones": zones.options(zone.key),
        "ways": [(one, Appointment.Way(one).label) for one in way.ways(what.type)],
        "weekdays": month.weekdays(get_language()),
        **(way.reach() if way.client is None or way.as_it_is or not what.people else {}),
    }  # fmt: skip


# After it was kept ------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """What the page that confirms knows of the choice.

    Attributes:
        hold: what keeps it; None when it ran out.
    """

    token: tokens.Kept
    choice: Choice
    shown: zones.Shown
    hold: Hold | None

    @property
    def asked(self) -> Asked:
        """The same as the page before had it."""
        first = self.choice.slot.start.astimezone(self.shown.zone).date().replace(day=1)
        return Asked(self.choice.type, self.choice.way, "", self.shown, first, None, [], "")


def chosen(request: Any, *, door: str, client: Client | None, visitor: str) -> Chosen | None:
    """What the address says was chosen; None when it says nothing that is offered."""
    token = tokens.read(door, request.GET.get("at", ""))
    if token is None:
        return None
    choice = queries.choice_of(
        client=client, type_id=token.type, way=token.way, clinician_id=token.clinician,
        start=token.start, place_id=token.place, room_id=token.room,
    )  # fmt: skip
    if choice is None:
        return None
    hold = queries.live_hold(hold_id=token.hold, visitor=visitor, now=clock.now())
    return Chosen(token, choice, zones.named(token.zone), hold)


def about(found: Chosen) -> dict[str, Any]:
    """What a page says of the choice: when on both clocks, how, with whom, kept until when."""
    slot, ours = found.choice.slot, clock.zone()
    return {
        "choice": found.choice, "shown": found.shown, "hold": found.hold,
        "way_words": Appointment.Way(found.choice.way).label,
        "starts": slot.start.astimezone(found.shown.zone),
        "ends": slot.end.astimezone(found.shown.zone),
        "our_start": None if found.shown.ours else slot.start.astimezone(ours),
        "our_zone": ours.key.replace("_", " "),
    }  # fmt: skip


def instead(way: Way, found: Chosen, text: str) -> tuple[Choice, Hold]:
    """Keep another time than the one that was kept before.

    Raises:
        Gone, CannotBook: as ``kept``.
    """
    base = found.asked
    what = Asked(base.type, base.way, "", base.shown, base.first, None,
                 way.people(base.type), "")  # fmt: skip
    return kept(way, what, text, found.token.hold)
