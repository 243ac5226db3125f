"""The clock of the waiting list: who is asked next, and who is asked whether they still look."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System

from . import actions, hours, offering, places, queries, rules
from .models import FreedHour, WaitingEntry

BY = System("clock")


@jobs.cron("waiting.watch", "*/1", zone="UTC")
@jobs.job("waiting.watch")
def watch(*, now: datetime) -> None:
    """Every minute: let each hour on offer go on, offer what is to be offered by itself, and
    count who could take the others. Each hour in a commit of its own; one that cannot go on
    holds up no other.

    Raises:
        ExceptionGroup: after all others, what went wrong with those.
    """
    due = list(queries.to_look_after(now=now))
    wrong = _each(due, lambda hour: offering.pass_on(by=BY, hour=hour, now=now))
    wrong += _each(_by_itself(now), lambda hour: _offer(hour, now))
    hours.recount(now=now)
    if wrong:
        raise ExceptionGroup("hours that could not go on", wrong)


def _by_itself(now: datetime) -> list[FreedHour]:
    """Hours that the practice offers without being asked, but for those of a place that somebody
    is asked about; nobody is woken at night."""
    if not queries.settings().by_itself or rules.is_quiet(clock.local(now)):
        return []
    found = list(queries.free_hours(now=now))
    among = queries.waiting(now=now) if found else []
    kept = places.on_offer(found)
    return [
        one for one in found if one not in kept and queries.fitting(hour=one, now=now, among=among)
    ]


def _offer(hour: FreedHour, now: datetime) -> None:
    try:
        offering.offer(by=BY, hour=hour, now=now, how=queries.settings().how)
    except offering.CannotOffer:
        return  # taken, or nobody waits any more: the next minute sees it so


@jobs.cron("waiting.still_looking", "09:30")
@jobs.job("waiting.still_looking")
def still_looking(*, now: datetime) -> None:
    """Every morning: ask who was not asked for the practice's weeks; who did not answer stands
    on the desk's list as that.

    Raises:
        ExceptionGroup: after all others, what went wrong with those.
    """
    wrong: list[Exception] = []
    for rows, act in (
        (queries.unanswered(now=now), actions.lapse),
        (queries.to_ask(now=now), actions.ask),
    ):
        for some in jobs.chunks(rows.select_related("client")):
            wrong += _each(some, partial(_about, act, now))
    if wrong:
        raise ExceptionGroup("people who could not be asked", wrong)


def _about(act: Callable[..., Any], now: datetime, entry: WaitingEntry) -> None:
    act(by=BY, client=entry.client, entry=entry, now=now)


def _each(rows: Iterable[Any], act: Callable[[Any], Any]) -> list[Exception]:
    """What went wrong, after all of them were tried."""
    wrong: list[Exception] = []
    for row in rows:
        try:
            act(row)
        except Exception as problem:  # noqa: BLE001  whatever it is, the next one goes on
            wrong.append(problem)
    return wrong
