"""The demo's appointments: booked weeks before, sometimes moved, kept, missed or cancelled."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rapport.demo import standing
from rapport.demo.cases import Case
from rapport.demo.courses import Contact
from rapport.demo.days import Days
from rapport.meeting.appointments import actions
from rapport.meeting.appointments.rules import Slot

BOOKED_BEFORE = 21  # days
VIDEO = (2, 7)  # of ten clients, who meet by video


class Booked:
    """The appointment of one contact, as it stands."""

    row: Any = None


def plan(case: Case, days: Days) -> dict[int, Booked]:
    """Every appointment of a client: what recurs as a standing slot, the others each by itself.

    Returns:
        What becomes of them, by the contact's place in ``case.contacts``.
    """
    made: dict[int, Booked] = {}
    slot = standing.of(case)
    recurs = set(slot.contacts.values()) if slot is not None else set()
    agreed = days.now
    if slot is not None:
        agreed = min(_when(case, case.contacts[slot.contacts[slot.since]]),
                     days.now - timedelta(minutes=40))  # fmt: skip
        days.at(agreed, partial(_begin, case, slot, made, days))
    for n, contact in enumerate(case.contacts):
        if not contact.meets:
            continue
        made[n] = booked = Booked()
        at = agreed if n in recurs else _when(case, contact)
        if n not in recurs:
            days.at(at, partial(_book, case, contact, booked), "appointments")
        if at > days.now:
            continue
        if contact.moved_from is not None:
            moved = max(at + timedelta(minutes=5), contact.at - timedelta(days=2))
            days.at(moved, partial(_move, case, contact, booked), "moved")
        if contact.told is not None:
            _settled(case, contact, booked, days, at)
    return made


def _begin(
    case: Case, slot: standing.Slot, made: dict[int, Booked], days: Days, now: datetime
) -> None:
    """Agree on the standing hour. What it leaves out, a holiday, and took place all the same
    is booked by itself."""
    rooms = [] if case.n % 10 in VIDEO else [case.house.rooms[case.person.clinician]]
    if case.part == "TURNS":
        rooms.append(case.house.rooms["more"])
    case.series, rows = standing.begin(case, slot, rooms, now)
    for day, n in slot.contacts.items():
        contact = case.contacts[n]
        if day in rows:
            made[n].row = _with(case, rows[day])
        elif contact.told is not None or day == case.house.shape.today:
            _book(case, contact, made[n], now)
    days.count["appointments"] += len(rows)


def _when(case: Case, contact: Contact) -> datetime:
    """When it was booked: some weeks before, in office hours, after the client had come."""
    starts = contact.moved_from or contact.at
    day = case.house.shape.worked(starts.date() - timedelta(days=BOOKED_BEFORE), -1)
    soonest = case.admitted + timedelta(minutes=45)
    return max(case.house.shape.at(day, 0) + timedelta(minutes=case.dice.randint(0, 400)), soonest)


def _book(case: Case, contact: Contact, booked: Booked, now: datetime) -> None:
    house, video = case.house, case.n % 10 in VIDEO and not contact.first
    starts = contact.moved_from or contact.at
    told = contact.told
    kind = "FIRST" if contact.first else "CLOSING" if told and told.ending else "SESSION"
    desk = case.person.clinician not in ("ben", "clara") and not case.person.restricted
    by = house.account("fay") if desk and case.dice.random() < 0.6 else case.carer
    case.client.seen_by = by.pk
    together = kind == "SESSION" and case.person.kind in ("COUPLE", "FAMILY")
    booked.row = actions.book(
        by=by, client=case.client, clinician=case.staff, kind=kind, now=now,
        slot=Slot(starts, starts + timedelta(minutes=contact.minutes)),
        type=house.types["TOGETHER" if together else kind],
        way="VIDEO" if video else "HERE", place=house.place(case.person.clinician),
        room=None if video else house.rooms[case.person.clinician],
    )  # fmt: skip


def _move(case: Case, contact: Contact, booked: Booked, now: datetime) -> None:
    row = booked.row
    booked.row = _with(case, actions.move(
        by=case.carer, appointment=row, slot=Slot(contact.at, contact.ends), now=now,
        revision=row.revision, clinician=case.staff, way=row.way, place=row.place, room=row.room,
    ))  # fmt: skip


def _settled(case: Case, contact: Contact, booked: Booked, days: Days, at: datetime) -> None:
    what = contact.told.what if contact.told else ""
    if what == "CANCELLED":
        gone = max(contact.at - timedelta(hours=2, minutes=case.dice.randint(0, 50)), at)
        days.at(gone, partial(_cancel, case, contact, booked), "cancelled")
    elif what == "MISSED":
        soon = contact.at + timedelta(minutes=16)
        days.at(soon, partial(_settle, case, booked, "MISSED"), "missed")
    else:
        days.at(contact.ends, partial(_settle, case, booked, "KEPT"), "kept")


def _settle(case: Case, booked: Booked, what: str, now: datetime) -> None:
    row = booked.row
    booked.row = _with(case, actions.settle(
        by=case.carer, appointment=row, what=what, revision=row.revision, now=now
    ))  # fmt: skip


def _cancel(case: Case, contact: Contact, booked: Booked, now: datetime) -> None:
    row, told = booked.row, contact.told
    said = " ".join(told.note.values()) if told else ""
    side = "CLIENT" if contact.told and not contact.told.ending else "CLINICIAN"
    booked.row = _with(case, actions.cancel(
        by=case.carer, appointment=row, side=side, revision=row.revision, now=now,
        reason=said.split(". ")[0].rstrip(".") + ".",
    ))  # fmt: skip


def _with(case: Case, row: Any) -> Any:
    """The row with the client that is at hand, care team and all."""
    row.client, row.clinician = case.client, case.staff
    return row
