"""Which board is asked for, and what fills it: a fixed number of statements, whatever the day."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rapport.core import audit
from rapport.core import time as clock
from rapport.meeting.appointments.models import Appointment
from rapport.meeting.availability import queries as availability
from rapport.meeting.board import queries
from rapport.meeting.diaries import queries as diaries
from rapport.meeting.equipment import queries as equipment
from rapport.web.desk import board, board_equipment, board_week
from rapport.web.desk.asked_day import asked_day
from rapport.web.desk.board import Board, Card, Column

VIEWS = {
    "people": gettext_lazy("By clinician"),
    "rooms": gettext_lazy("By room"),
    "equipment": gettext_lazy("By equipment"),
    "week": gettext_lazy("Week"),
}
MOST = {"people": 30, "rooms": 29, "equipment": 30, "week": 10}
"""Columns or rows of a page."""


@dataclass(frozen=True)
class Wanted:
    """A board as its address names it."""

    view: str
    on: date
    place: str = ""
    number: int = 1
    names: bool = False  # whole names on paper
    column: str = ""  # the one a phone shows
    problem: str = ""
    kind: str = ""  # of equipment

    def query(self, **other: Any) -> str:
        """The address of this board, or of another that differs in something."""
        given = {
            "view": self.view, "on": self.on, "place": self.place, "page": self.number,
            "names": "on" if self.names else "", "column": self.column,
            "kind": self.kind,
        } | other  # fmt: skip
        usual = {"view": "people", "page": 1}
        return urlencode({n: v for n, v in given.items() if v and usual.get(n) != v})


def asked(given: Mapping[str, Any]) -> Wanted:
    """The board that was asked for; today and what is wrong where its day is none."""
    view, number = given.get("view", ""), given.get("page", "")
    on, problem = asked_day(given.get("on", ""))
    return Wanted(
        view if view in VIEWS else "people", on, _id(given.get("place", "")),
        int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 4 else 1,
        given.get("names") == "on", _id(given.get("column", "")), problem,
        given.get("kind", "")[:60],
    )  # fmt: skip


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return "none" if text == "none" else ""


def filled(request: Any, wanted: Wanted, *, quiet: bool = False) -> dict[str, Any]:
    """What the page shows.

    Args:
        quiet: only whether it changed is asked; no look is recorded.
    """
    by, now = request.user, clock.now()
    spots = diaries.spots(by=by)
    places = [one.place for one in spots if one.room is None]
    place = next((one for one in places if str(one.pk) == wanted.place), None)
    context: dict[str, Any] = {
        "wanted": wanted, "now": now, "places": places, "place": place,
        "query": wanted.query(), "today": clock.today(),
    } | _around(wanted)  # fmt: skip
    if wanted.view == "week":
        context |= _week(by, wanted, place, now)
    else:
        context |= _day_of(by, wanted, place, spots, now)
    ids = context.pop("ids")
    context["cut"] = len(ids) if len(ids) == queries.MOST else 0
    if not quiet:
        audit.shown("meeting.appointment", ids)
    return context


def _around(wanted: Wanted) -> dict[str, Any]:
    """Addresses of the days before and after, and of the other views."""
    step = timedelta(7 if wanted.view == "week" else 1)
    found: dict[str, Any] = {"now_url": wanted.query(on=clock.today())}
    found["views"] = [(one, words, wanted.query(view=one, page=1, column=""))
                      for one, words in VIEWS.items()]  # fmt: skip
    for name, day in (("before_url", wanted.on - step), ("after_url", wanted.on + step)):
        if clock.FIRST_YEAR < day.year < clock.LAST_YEAR:
            found[name] = wanted.query(on=day)
    return found


def _paged(wanted: Wanted, rows: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the page that was asked for, and the ways to the others."""
    most = MOST[wanted.view]
    pages = max(-(-len(rows) // most), 1)
    number = min(wanted.number, pages)
    found: dict[str, Any] = {"pages": pages, "number": number}
    if number > 1:
        found["earlier_url"] = wanted.query(page=number - 1, column="")
    if number < pages:
        found["later_url"] = wanted.query(page=number + 1, column="")
    return rows[(number - 1) * most : number * most], found


def _day_of(by: Any, wanted: Wanted, place: Any, spots: Any, now: datetime) -> dict[str, Any]:
    make = {"rooms": _rooms, "equipment": _equipment}.get(wanted.view, _people)
    columns, meetings, paging = make(by, wanted, place, spots, now)
    found = board.drawn(columns, wanted.on, now)
    _choose(found, wanted, by)
    return {"board": found, "seen": found.seen, "ids": [one.pk for one in meetings], **paging}


def _people(by: Any, wanted: Wanted, place: Any, _spots: Any, now: datetime) -> Any:
    """A column for each clinician: their hours, their meetings, what else takes their time."""
    on = wanted.on
    start, end = clock.day_bounds(on)
    everybody = queries.clinicians(by=by, first=on, last=on, place=place)
    staff, paging = _paged(wanted, everybody)
    meetings = queries.of_clinicians(by=by, staff=staff, start=start, end=end)
    others = queries.taken(by=by, kind="CLINICIAN", things=staff, start=start, end=end)
    hours = availability.days_of_each(by=by, staff=staff, first=on, last=on)
    cards = _by(meetings, others, "clinician_id", by, now)
    return [
        board.of_person(one, hours[one.pk][on], board.within(cards.get(one.pk, []), on))
        for one in staff
    ], meetings, paging  # fmt: skip


def _rooms(by: Any, wanted: Wanted, place: Any, spots: Any, now: datetime) -> Any:
    """A column for each room, and one for what has none."""
    on = wanted.on
    start, end = clock.day_bounds(on)
    open_ones = [one.room for one in spots if one.room and place in (None, one.place)]
    rooms, paging = _paged(wanted, open_ones)
    meetings = queries.of_rooms(by=by, rooms=rooms, place=place, start=start, end=end)
    others = queries.taken(by=by, kind="ROOM", things=rooms, start=start, end=end)
    cards = _by(meetings, others, "room_id", by, now)
    whole = len({one.place.pk for one in rooms}) > 1
    columns = [
        Column(str(one.pk), one.name, one, one.place.name if whole else "",
               cards=board.within(cards.get(one.pk, []), on))
        for one in rooms
    ]  # fmt: skip
    for one in columns:
        one.ground = [board.Ground("room", 0, board.A_DAY)]
    here = {one.pk for one in rooms}
    elsewhere = [card for key, some in cards.items() if key not in here for card in some]
    columns.append(Column("none", _("Video, phone, no room"), cards=board.within(elsewhere, on)))
    columns[-1].ground = [board.Ground("room", 0, board.A_DAY)]
    return columns, meetings, paging


def _equipment(by: Any, wanted: Wanted, place: Any, _spots: Any, now: datetime) -> Any:
    """A column for each piece of equipment."""
    found = board_equipment.of(by, wanted.on, place, wanted.kind)
    pieces, paging = _paged(wanted, found.pieces)
    here = {one.pk for one in pieces}
    meetings = {one.meeting.pk: one.meeting for one in found.held if one.thing in here}
    columns = board_equipment.columns(found, pieces, by, now)
    return columns, list(meetings.values()), paging | {"kinds": found.kinds}


def _by(
    meetings: list[Appointment], others: list[queries.Taken], name: str, by: Any, now: datetime
) -> dict[Any, list[Card]]:
    """Cards by whose they are."""
    found: dict[Any, list[Card]] = {}
    needing = [one.pk for one in meetings if one.type and one.type.equipment]
    pieces = equipment.of_meetings(meetings=needing) if needing else {}
    for one in meetings:
        card = board.card(one, by=by, now=now)
        card.equipment = pieces.get(one.pk, ())
        found.setdefault(getattr(one, name), []).append(card)
    for other in others:
        found.setdefault(other.thing, []).append(board.taken(other))
    return found


def _choose(found: Board, wanted: Wanted, by: Any) -> None:
    """The column a phone shows: the one asked for, one's own, or the first with somebody in it."""
    keys = {one.key: one for one in found.columns}
    seen = [one for one in found.columns if any(card.appointment for card in one.cards)]
    first = next(iter(seen or found.columns), None)
    chosen = keys.get(wanted.column) or keys.get(str(by.staff.pk)) or first
    if chosen is not None:
        chosen.chosen = True


def _week(by: Any, wanted: Wanted, place: Any, now: datetime) -> dict[str, Any]:
    """A row for each clinician, a day a column; days at the weekend where there is something."""
    first = wanted.on - timedelta(wanted.on.weekday())
    days = [first + timedelta(n) for n in range(7)]
    start, end = clock.day_bounds(first)[0], clock.day_bounds(days[-1])[1]
    everybody = queries.clinicians(by=by, first=first, last=days[-1], place=place)
    staff, paging = _paged(wanted, everybody)
    given = {"by": by, "start": start, "end": end}
    met = queries.week_of(staff=staff, **given)
    others = queries.taken_of(kind="CLINICIAN", things=staff, **given)
    marks = availability.marks_of_each(by=by, staff=staff, first=first, last=days[-1])
    look = (wanted.names, clock.zone(), get_language())
    weeks = [
        board_week.week(tuple(met.get(one.pk, ())), tuple(others.get(one.pk, ())), *look)
        for one in staff
    ]
    written = [one.at(now) for one in weeks]
    used = [day for n, day in enumerate(days) if n < 5 or any(day in one.days for one in written)]
    heads = [(day, board_week.short(day, get_language())) for day in used]
    of = list(zip(staff, written, strict=True))
    found = {
        "rows": board_week.table(of, heads, marks, on=wanted.on), "first": first,
        "last": used[-1], "heads": board_week.heads(heads, today=clock.today(), place=place),
        "seen": board_week.seen(first, of, marks),
    }  # fmt: skip
    return found | {"ids": [pk for one in weeks for pk in one.ids], **paging}
