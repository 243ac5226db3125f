"""Filling the demo practice: everybody's plan first, then day after day as it comes."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from rapport.core import audit, events
from rapport.core import time as clock
from rapport.core.policy import System
from rapport.demo import (
    arrivals,
    askings,
    assessed,
    bookings,
    cast,
    dailies,
    elsewhere,
    expected,
    founding,
    informants,
    inquiries,
    opening,
    own_words,
    standing,
    today,
    told,
    visitors,
    waits,
    writings,
)
from rapport.demo.cases import Case
from rapport.demo.days import Days
from rapport.demo.week import Shape
from rapport.people.circle import actions as circle

ZONE = "America/New_York"
TERMS_SINCE = timedelta(days=100)


def fill(*, clients: int, years: int, seed: int, step: Callable[[str], Any]) -> None:
    """Make the practice as it is at this moment.

    Args:
        step: told what there is by now, in figures.
    """
    shape = Shape(clock.now(), clock.zone_named(ZONE))
    before = shape.today - timedelta(days=31)
    began = before.replace(year=before.year - years, day=1)
    with clock.at(datetime.combine(began, time(9), tzinfo=shape.zone)), audit.unit():
        house = founding.found(System("demo"), began, shape)
    step(f"{len(house.staff)} colleagues")
    people = cast.clients(clients, seed=seed, today=shape.today, days=(shape.today - began).days)
    cases = [Case(house, n, person, seed) for n, person in enumerate(people)]
    days = Days(shape.now)
    booked = _plan(cases, days)
    inquiries.plan(house, days)
    _schedule(cases, days)
    days.pass_by(step, until=today.answered_at(shape.now))
    risk = today.risk(cases, booked, shape.now)
    days.pass_by(step)
    with events.untold():
        founding.soon(house)
    elsewhere.connect(house)
    assessed.somebody(cases)
    if past := years > 0 and clients >= expected.SMALL:
        expected.former(house, seed)
    expected.compare(cases, learns=past)
    if risk:
        step("and answers of this morning that call for somebody")


def _plan(cases: list[Case], days: Days) -> dict[int, dict[int, bookings.Booked]]:
    """What everybody is going to do, and the appointments of each client."""
    for case in sorted(cases, key=lambda one: (one.n != cast.RISK, one.n != 0)):
        case.lay()  # whose hour has to be on a certain day chooses first
    standing.cast(cases)
    fates = today.fates(cases, days.now)
    booked = {}
    for case in cases:
        case.plan(days)
        booked[case.n] = bookings.plan(case, days)
        askings.plan(case, booked[case.n], days)
        writings.plan(case, booked[case.n], days, fates.get(case.n, {}))
    today.rules(cases, days)
    today.thoughts(cases, days)
    _belong(cases, days)
    return booked


def _schedule(cases: list[Case], days: Days) -> None:
    """What became of standing slots, who waits, who books by themselves, who is told."""
    if not cases:
        return
    days.at(days.now - TERMS_SINCE, lambda now: opening.agree(cases[0].house.by, 24, now))
    for case in cases:
        if case.part == "RESTS":
            days.at(days.now - timedelta(hours=26), partial(standing.rests, case))
    monthly = next((one for one in cases if standing.is_steady(one, "clara")), None)
    if monthly is not None:
        standing.monthly(monthly, days)
    own_words.plan(cases, days)
    if cases:
        dailies.plan(cases[0], days)
    waits.plan(cases, days)
    visitors.plan(cases, days)
    told.plan(cases, days)
    informants.plan(cases, days)
    arrivals.plan(cases, days)


def _belong(cases: list[Case], days: Days) -> None:
    """Couples and families know who belongs to them."""
    for main, members in cast.TOGETHER.items():
        for n in members:
            if n < len(cases):
                at = cases[main].admitted + timedelta(minutes=15)
                days.at(at, partial(_add_member, cases[main], cases[n]))


def _add_member(of: Case, one: Case, _now: datetime) -> None:
    circle.add_member(by=of.house.by, client=of.client, member=one.client)
