"""Who books by themselves in the demo, Mara in the portal and a stranger at the door; and one
long session with a headset."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from rapport.contact import reactions
from rapport.core import time as clock
from rapport.core.policy import Nobody
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.meeting.appointments import actions as diary
from rapport.meeting.events import FirstConsultationBooked
from rapport.meeting.requests import actions, queries
from rapport.meeting.requests.queries import Choice
from rapport.meeting.terms import queries as terms

ASKED, REVIEWED = timedelta(hours=3, minutes=20), timedelta(minutes=75)  # ago
MIDDLE = range(10, 17)
AHEAD = 21  # days in which a time is looked for
STRANGER = actions.Stranger(
    name="Ngaire Halloran", zone="America/Chicago", language="en",
    contacts=[
        ("MAIL", "stranger@demo.invalid", {"safe_to_write": True}),
        ("PHONE", "+1 312 555 0144", {"safe_to_message": False, "safe_to_text": True}),
    ],
    words="I wake at four and cannot stop counting what went wrong at work.",
)  # fmt: skip


def plan(cases: list[Case], days: Days) -> None:
    """One asks for a first meeting, one for a review; both wait for the practice's yes. One is
    to meet with a headset."""
    if not cases:
        return
    house, mara = cases[0].house, cases[0]
    days.at(days.now - ASKED, lambda now: _asks(house, now))
    if mara.person.status == "ACTIVE":
        days.at(days.now - REVIEWED, lambda now: _reviews(mara, now))
    active = [one for one in cases[1:] if one.person.status == "ACTIVE"]
    first = {one.person.clinician: one for one in reversed(active)}
    brave = [first[name] for name in ("sam", "ana") if name in first]
    days.at(days.now - REVIEWED, lambda now: _exposes(brave, now))


def _asks(house: Any, now: datetime) -> None:
    choice = _free(house.types["FIRST"], "HERE", "sam", house, None, now)
    if choice is None:
        return
    made = actions.ask_first(
        by=Nobody(), choice=choice, hold=None, stranger=STRANGER, now=now, once=_form(house, 1),
        terms=terms.in_force(day=clock.local(now).date()),
    )  # fmt: skip
    reactions.take_who_booked_an_hour(FirstConsultationBooked(made.pk), now)


def _reviews(mara: Case, now: datetime) -> None:
    house, client = mara.house, mara.client
    choice = _free(house.types["REVIEW"], "VIDEO", "ana", house, client, now)
    if choice is not None:
        actions.book_own(
            by=client.account, client=client, choice=choice, hold=None, language="en", now=now,
            once=_form(house, 2), terms=terms.in_force(day=clock.local(now).date()),
        )  # fmt: skip


def _exposes(cases: list[Case], now: datetime) -> None:
    """A long session with a headset, booked by whoever of these has the time for it."""
    for case in cases:
        heavy, name = case.house.types["HEAVY"], case.person.clinician
        choice = _free(heavy, "HERE", name, case.house, case.client, now)
        if choice is not None:
            diary.book(
                by=case.carer, client=case.client, clinician=case.staff, slot=choice.slot, now=now,
                type=heavy, kind=heavy.kind, place=choice.place, room=choice.room,
            )  # fmt: skip
            return


def _free(type_: Any, way: str, name: str, house: Any, client: Any, now: datetime) -> Any:
    """A free time, in the middle of some day if there is one."""
    by, day = getattr(client, "account", None) or Nobody(), clock.local(now).date()
    found = queries.free(
        by=by, type=type_, way=way, people=[house.staff[name]], client=client, now=now,
        first=day + timedelta(days=2), last=day + timedelta(days=AHEAD),
    )  # fmt: skip
    empty = Choice(type_, way, house.staff[name], None)  # type: ignore[arg-type]  # filled below
    late = [one for one in found if clock.local(one.slot.start).hour in MIDDLE]
    return next((empty.at(one) for one in [*late, *found]), None)


def _form(house: Any, number: int) -> uuid.UUID:
    return uuid.uuid5(house.types["FIRST"].pk, str(number))
