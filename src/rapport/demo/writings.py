"""The demo's notes: opened when the hour is over, written, signed; the intern's co-signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rapport.demo.bookings import Booked
from rapport.demo.cases import Case
from rapport.demo.courses import Contact
from rapport.demo.days import Days
from rapport.progress.models import Score
from rapport.record.notes import actions, signing

WHOLE = timedelta(days=182)  # since then every contact has its note; before, some are left out
KINDS = {"KEPT": "SESSION", "CANCELLED": "OTHER"}
DRAWN = 0.5
ADDED = 0.03
LATE = 0.015
ADDITIONS = (
    "The client rang the day after to say that the doctor's appointment is on Thursday, not on "
    "Tuesday as written above.",
    "Correction: the sister mentioned under the plan is the younger one.",
    "After the hour a call from the family doctor, with a release on file: no change of "
    "medicine for now.",
    "Read again before the next hour: the client also said that the nights had been better. It "
    "belongs here.",
)
REMARK = (
    "Well observed, and I can see the hour. Two things before I sign: the plan says what the "
    "client will do and not what you will do, and you asked about safety without writing what "
    "the answer was. One sentence each."
)


@dataclass
class Written:
    """A note on its way, as it stands."""

    row: Any = None
    kept: int = 0


@dataclass(frozen=True)
class Fate:
    """What is different about a note of the last days."""

    unsigned: bool = False
    waits: bool = False
    returned_at: datetime | None = None


def plan(case: Case, booked: dict[int, Booked], days: Days, fates: dict[int, Fate]) -> None:
    """Every note about a client.

    Args:
        fates: of some of the last notes, by the contact's place in ``case.contacts``.
    """
    for n, contact in enumerate(case.contacts):
        told = contact.told
        if told is None or not any(told.note.values()):
            continue
        recent = contact.at > days.now - WHOLE
        if recent or not told.between or n % 3 == 0:
            _write(case, contact, booked.get(n), days, fates.get(n, Fate()))


def _write(case: Case, contact: Contact, row: Booked | None, days: Days, fate: Fate) -> None:
    told = contact.told
    assert told is not None
    note = Written()
    opened = contact.ends if told.what != "MISSED" else contact.at + timedelta(minutes=16)
    if told.late or (told.between and not case.supervised and case.dice.random() < LATE):
        opened += timedelta(days=4, minutes=30)
    days.at(opened, lambda now: _open(case, contact, row, note, now))
    pause = case.dice.choice((7, 12, 24, 55, 110)) if told.what == "KEPT" else 5
    done = opened + timedelta(minutes=pause)
    if fate.unsigned and not told.late:
        days.at(done, lambda now: _begin(case, contact, note, now))
        return
    returned = told.returned if case.supervised else None
    first = {**told.note, **returned.was} if returned else told.note
    days.at(done, lambda now: _sign(case, contact, note, first, now), "notes")
    if case.supervised:
        _supervised(case, contact, note, days, done, fate)
    elif case.dice.random() < ADDED:
        days.at(done + timedelta(days=1, hours=1), lambda now: _add(case, note, now), "additions")


def _open(case: Case, contact: Contact, row: Booked | None, note: Written, now: datetime) -> None:
    told = contact.told
    assert told is not None
    linked = row.row if row is not None and told.what in ("KEPT", "MISSED") else None
    note.row = actions.open_(
        by=case.carer, client=case.client, kind=KINDS.get(told.what, told.what), now=now,
        appointment=linked, template=told.template, late=told.late,
        happened_on=contact.at.astimezone(case.house.shape.zone).date(),
    )  # fmt: skip
    _near(case, note)


def _near(case: Case, note: Written) -> None:
    note.row.client, note.row.author = case.client, case.staff


def _save(case: Case, contact: Contact, note: Written, words: dict[str, str], now: Any) -> None:
    told = contact.told
    assert told is not None
    times = None
    if told.what not in ("MISSED", "CANCELLED"):
        began = contact.at.astimezone(case.house.shape.zone)
        minutes = min(told.minutes or contact.minutes, contact.minutes + 5)
        times = began.time(), (began + timedelta(minutes=max(minutes, 5))).time()
    saved = actions.save(
        by=case.carer, note=note.row, sections=words, revision=note.row.revision,
        window=note.row.pk, now=now, times=times,
    )  # fmt: skip
    note.row = saved.note


def _begin(case: Case, contact: Contact, note: Written, now: datetime) -> None:
    """Some words, and then the telephone rang."""
    told = contact.told
    assert told is not None
    key, text = next(iter(told.note.items()))
    _save(case, contact, note, {key: text}, now)


def _sign(
    case: Case, contact: Contact, note: Written, words: dict[str, str], now: datetime
) -> None:
    _save(case, contact, note, words, now)
    told = contact.told
    if told is not None and told.scores and case.dice.random() < DRAWN:
        _draw(case, contact, note, now)
    note.row = signing.sign(by=case.carer, note=note.row, revision=note.row.revision, now=now)
    _near(case, note)


def _draw(case: Case, contact: Contact, note: Written, now: datetime) -> None:
    since = contact.at - timedelta(days=2)
    found = Score.objects.filter(client=case.client, at__gt=since, at__lte=now)
    for score in found.select_related("sheet").order_by("instrument"):
        note.row = actions.draw_in(by=case.carer, note=note.row, score=score, now=now)
        _near(case, note)


def _add(case: Case, note: Written, now: datetime) -> None:
    signing.add(by=case.carer, note=note.row, text=case.dice.choice(ADDITIONS), now=now)


# Supervised ---------------------------------------------------------------------------------


def _supervised(
    case: Case, contact: Contact, note: Written, days: Days, done: datetime, fate: Fate
) -> None:
    """The supervisor reads in the next days: signs too, or gives it back with remarks."""
    told = contact.told
    assert told is not None
    if fate.waits:
        return
    read = max(done + timedelta(days=2), done.replace(hour=17, minute=20) + timedelta(days=1))
    if fate.returned_at is not None:
        days.at(fate.returned_at, lambda now: _return(case, note, REMARK, now), "returned")
        return
    if told.returned is not None:
        remark = told.returned.remark
        days.at(read, lambda now: _return(case, note, remark, now), "returned")
        again = read + timedelta(days=1)
        days.at(again, lambda now: _sign(case, contact, note, told.note, now))
        read = again + timedelta(days=1)
    days.at(read, lambda now: _cosign(case, note, now), "co-signed")


def _return(case: Case, note: Written, remark: str, now: datetime) -> None:
    by = case.house.account("sam")
    note.row = signing.return_(by=by, note=note.row, remarks=remark)
    _near(case, note)


def _cosign(case: Case, note: Written, now: datetime) -> None:
    by = case.house.account("sam")
    row = signing.cosign(by=by, note=note.row, revision=note.row.revision, now=now)
    note.row = row
    _near(case, note)
