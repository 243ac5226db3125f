"""Taking over when calendars elsewhere say that somebody is taken; trying again, not too often."""

import hashlib
from datetime import date, datetime, timedelta

from rapport.core import outbound
from rapport.core import time as clock
from rapport.core.outbound import Answer, Limits, NotReached
from rapport.core.policy import System
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions as availability

from ..notices.secrets import Changed
from . import queries, reading
from .failures import FINAL, CannotSync
from .models import Outside
from .slim import Unreadable

AHEAD = timedelta(days=180)
EVERY = timedelta(minutes=15)
SELDOM = timedelta(hours=6)  # the longest pause between two attempts
SIZE = Limits(size=5_000_000, seconds=25.0)


def window(today: date) -> tuple[datetime, datetime]:
    """The stretch that is read: from this morning on."""
    return clock.day_bounds(today)[0], clock.day_bounds(today + AHEAD)[1]


def wait_after(failures: int, error: str) -> timedelta:
    """How long to leave a server alone: doubled with each failure in a row, up to six hours."""
    if error in FINAL:
        return SELDOM
    pause: timedelta = min(EVERY * 2 ** min(failures, 10), SELDOM)
    return pause


def note(row: Outside, now: datetime, error: str = "") -> None:
    """Write down how it went, and when to try again."""
    row.failures = min(row.failures + 1, 1000) if error else 0
    row.error, row.tried_at = error, now
    row.fetched_at = row.fetched_at if error else now
    row.next_at = now + wait_after(row.failures, error)
    row.save(update_fields=["failures", "error", "tried_at", "fetched_at", "next_at", "tag",
                            "read_on", "busy", "left_out"])  # fmt: skip


def from_address(row: Outside, now: datetime) -> None:
    """Read the calendar at an address, if it is not as it was.

    Raises:
        CannotSync: it cannot be read; what was taken over before stays.
    """
    today = clock.today()
    known = row.tag if row.read_on == today else ""
    said = _asked(row, known)
    if said.status == 304 and known:
        return
    if said.status != 200:
        raise CannotSync(_code(said))
    tag = said.headers.get("etag", "")[:300] or hashlib.sha256(said.body).hexdigest()
    if tag != known:
        take_over(row, [said.body], today, frozenset())
    row.tag, row.read_on = tag, today


def take_over(row: Outside, texts: list[bytes], today: date, but: frozenset[str]) -> None:
    """Read calendars and keep when somebody is taken, in place of what was kept before.

    Raises:
        CannotSync: they cannot be read.
    """
    start, end = window(today)
    try:
        found = reading.taken(texts, start=start, end=end, zone=clock.zone(), but=but)
    except Unreadable as problem:
        raise CannotSync(problem.code) from problem
    row.busy = availability.set_busy(
        by=System("calendars"), staff=row.staff, source=row.pk,
        spans=[Slot(*span) for span in found.spans], first=today, last=today + AHEAD,
    )  # fmt: skip
    row.left_out = found.left_out


def _asked(row: Outside, known: str) -> Answer:
    try:
        address, _password = row.secret()
        to = outbound.target(address, house=True)
        allowed = queries.is_allowed(to.host, to.port)
        headers = {"Accept": "text/calendar"}
        if known.startswith(('"', "W/")):
            headers["If-None-Match"] = known
        return outbound.ask("GET", address, headers=headers, house=allowed, limits=SIZE)
    except NotReached as problem:
        raise CannotSync(problem.code) from problem
    except Changed as problem:
        raise CannotSync("changed_key") from problem


def _code(said: Answer) -> str:
    if said.moved:
        return "moved"
    codes = {401: "refused", 403: "refused", 404: "nothing", 410: "nothing", 429: "busy",
             503: "busy"}  # fmt: skip
    return codes.get(said.status, "server" if said.status >= 500 else "answer")
