"""The demo's present: what waits today, and for whom."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rapport.core import audit
from rapport.core import time as clock
from rapport.demo import stories, writings
from rapport.demo.askings import Holder
from rapport.demo.bookings import Booked
from rapport.demo.cases import Case
from rapport.demo.cast import RISK
from rapport.demo.days import Days
from rapport.progress.measures import actions, asking
from rapport.record.process_notes import actions as process_notes

ANSWERED_BEFORE = timedelta(minutes=27)
BEFORE_EACH = (0, 4, 10, 14)  # clients who are asked before each session, by rule


def fates(cases: list[Case], now: datetime) -> dict[int, dict[int, writings.Fate]]:
    """What is different about the last notes, by client and contact.

    One of Ana's is not signed, one of Ines' came back, one waits for Sam.
    """
    made: dict[int, dict[int, writings.Fate]] = defaultdict(dict)
    theirs = _kept(cases, "ana", before=clock.day_bounds(clock.local(now).date())[0])
    if theirs:
        made[theirs[0][1]][theirs[0][2]] = writings.Fate(unsigned=True)
    intern = _kept(cases, "ines", before=now - timedelta(hours=3))
    if intern:
        made[intern[0][1]][intern[0][2]] = writings.Fate(waits=True)
    if len(intern) > 1:
        at = max(intern[1][0] + timedelta(hours=3), now - timedelta(hours=20))
        made[intern[1][1]][intern[1][2]] = writings.Fate(returned_at=min(at, now))
    return made


def _kept(cases: list[Case], name: str, before: datetime) -> list[tuple[datetime, int, int]]:
    """Hours of a clinician that were kept before then, the latest first."""
    found = [
        (contact.ends, case.n, n)
        for case in cases if case.person.clinician == name and case.n != RISK
        for n, contact in enumerate(case.contacts)
        if contact.told is not None and contact.told.what == "KEPT" and contact.ends < before
        and not contact.told.late and contact.told.returned is None
    ]  # fmt: skip
    return sorted(found, reverse=True)


def rules(cases: list[Case], days: Days) -> None:
    """Some are asked before each session."""
    for case in cases:
        asks = case.courses[-1].story.asks if case.courses else []
        if case.n in BEFORE_EACH and asks and case.person.status == "ACTIVE":
            days.at(days.now - timedelta(hours=1), partial(_set_rule, case, asks[:1]))


def _set_rule(case: Case, names: list[str], now: datetime) -> None:
    asking.set_rule(
        by=case.carer, client=case.client, instruments=names, hours_before=24, now=now
    )  # fmt: skip


def thoughts(cases: list[Case], days: Days) -> None:
    """Process notes of some clinicians, each about a client of its own."""
    left = {case.n: case for case in cases if any(one.told for one in case.contacts)}
    for one in stories.privately():
        fits = [c for c in left.values() if c.courses[-1].story.modality == one.modality]
        case = next(iter([*fits, *left.values()]), None)
        if case is None:
            return
        del left[case.n]
        last = [contact for contact in case.contacts if contact.told is not None][-1]
        days.at(last.ends + timedelta(minutes=75), partial(_think, case, one.text))


def _think(case: Case, text: str, now: datetime) -> None:
    process_notes.write(by=case.carer, client=case.client, text=text, now=now)


def answered_at(now: datetime) -> datetime:
    """When the answers of this morning came in."""
    begins = clock.day_bounds(clock.local(now).date())[0]
    return max(now - ANSWERED_BEFORE, begins + timedelta(minutes=1))


def risk(cases: list[Case], booked: dict[int, dict[int, Booked]], now: datetime) -> Any:
    """The answers of this morning. They are told to whoever has to know: this is no past."""
    answered = stories.risk_of_today().answered
    case = next((one for one in cases if one.n == RISK), None)
    if case is None or answered is None:
        return None
    at = answered_at(now)
    ahead = [
        booked[RISK][n].row for n, one in enumerate(case.contacts)
        if one.told is None and n in booked[RISK]
    ]  # fmt: skip
    given = stories.answers(answered.instrument, answered.total, case.seed, answered.item_nine)
    with clock.at(at), audit.unit():
        put = asking.ask(
            by=case.carer, client=case.client, instruments=[answered.instrument], way="LINK",
            now=at - timedelta(hours=13), appointment=next(iter(ahead), None),
        )  # fmt: skip
        asked = put[0].asked
        return actions.answer(
            by=Holder(asked.pk), asked=asked, answers=given, version=asked.version, now=at
        )
