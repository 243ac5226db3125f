"""Keeping our meetings and a CalDAV calendar alike, without writing over what anybody changed.

A turn looks first: whatever is not there as we wrote it is a conflict, which a person decides.
Then it writes, and each write names the state it was based on (If-Match), so that a change of
a moment ago is refused by the server and found by the next turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from icalendar import Calendar

from rapport.core import time as clock
from rapport.core.action import action
from rapport.meeting.models import Appointment

from ..notices.secrets import Changed
from . import dav, feeds, fetching, queries, reading, writing
from .failures import CannotSync
from .models import Outside, Pushed

MOST_WRITES = 100  # of one turn; the rest waits for the next
HOLDS = frozenset({Appointment.Status.BOOKED, Appointment.Status.REQUESTED})
State, What = Pushed.State, Pushed.What


@action("calendar.sync")
def asked_for(*, by: object, outside: Outside, now: datetime) -> None:
    """Somebody wants a turn now; the turn itself happens outside a transaction."""


def turn(*, outside: Outside, now: datetime) -> bool:
    """Read and write one calendar elsewhere, and note how that went.

    Returns:
        Whether all went well; if not, the row says what did not.
    """
    try:
        if outside.kind == Outside.Kind.ICS:
            fetching.from_address(outside, now)
        else:
            _Turn.of(outside, now).go()
    except CannotSync as problem:
        fetching.note(outside, now, problem.code)
        return False
    fetching.note(outside, now)
    return True


@dataclass
class _Turn:
    """One turn with a calendar of a CalDAV account."""

    row: Outside
    server: dav.Server
    calendar: str
    now: datetime
    today: date
    written: int = 0
    rows: list[Pushed] = field(default_factory=list)

    @classmethod
    def of(cls, row: Outside, now: datetime) -> "_Turn":
        if not row.chosen:
            raise CannotSync("unchosen")
        try:
            address, password = row.secret()
        except Changed as problem:
            raise CannotSync("changed_key") from problem
        server = dav.Server(address, row.username, password, queries.is_allowed)
        return cls(row, server, address, now, clock.today())

    def go(self) -> None:
        """Look where something changed there, then write what changed here."""
        start, end = fetching.window(self.today)
        state = self.server.state(self.calendar)
        near = ("appointment__client", "outside")
        self.rows = list(self.row.pushed.select_related(*near).order_by("starts_at", "pk"))
        fresh = not state or state != self.row.tag or self.row.read_on != self.today
        if fresh:
            items = self.server.within(self.calendar, start, end)
            self._look({_key(one.address): one for one in items}, start)
            if self.row.reads:
                ours = {_key(self.address(one)) for one in self.rows}
                texts = [one.text for one in items if _key(one.address) not in ours]
                known = frozenset(str(one.pk) for one in self.rows)
                fetching.take_over(self.row, texts, self.today, known)
            self.row.read_on = self.today
        if self.row.writes:
            self._remove()
            self._write(queries.to_hold(self.row, start, end))
        # What we wrote changed the state, and so may somebody else have: look again next time.
        self.row.tag = "" if self.written else state

    def address(self, one: Pushed) -> str:
        """Where an entry of ours lies."""
        return urljoin(self.calendar.rstrip("/") + "/", f"{one.pk}.ics")

    # Looking ------------------------------------------------------------------------------

    def _look(self, items: dict[str, dav.Item], start: datetime) -> None:
        for one in self.rows:
            if one.state in (State.NEW, State.LEFT) or one.ends_at <= start:
                continue
            address = self.address(one)
            item = items.get(_key(address)) or self.server.get(address)
            if item is None:
                self._gone(one)
            elif item.tag != one.tag or one.state == State.CONFLICT:
                self._differs(one, item)

    def _gone(self, one: Pushed) -> None:
        """Deleted there: agreed where it is called off here, else somebody decides."""
        if _holds(one, self.row):
            self._conflict(one, What.GONE, None, "")
        else:
            one.delete()

    def _differs(self, one: Pushed, item: dav.Item) -> None:
        """Changed there. Only its time matters: words of their own may stand there."""
        there, meeting = times(item.text, str(one.pk), clock.zone()), one.appointment
        if there == (one.starts_at, one.ends_at):
            self._agreed(one, item.tag)
        elif there and meeting and _holds(one, self.row) and there == _when(meeting):
            self._agreed(one, item.tag, *there)
        else:
            self._conflict(one, What.MOVED if there else What.UNCLEAR, there, item.tag)

    def _conflict(
        self, one: Pushed, what: str, there: tuple[datetime, datetime] | None, tag: str
    ) -> None:
        one.state, one.what, one.theirs_tag = State.CONFLICT, what, tag[:300]
        one.theirs_starts_at, one.theirs_ends_at = there or (None, None)
        one.save()

    def _agreed(
        self, one: Pushed, tag: str, start: datetime | None = None, end: datetime | None = None
    ) -> None:
        one.state, one.what, one.theirs_tag, one.tag = State.WRITTEN, "", "", tag[:300]
        one.theirs_starts_at = one.theirs_ends_at = None
        one.starts_at, one.ends_at = start or one.starts_at, end or one.ends_at
        one.save()

    # Writing ------------------------------------------------------------------------------

    def _remove(self) -> None:
        """Take out what is called off, or is somebody else's by now."""
        for one in self.rows:
            if one.pk is None or _stays(one, self.row) or self.written >= MOST_WRITES:
                continue
            if one.state == State.LEFT or (one.state, one.what) == (State.CONFLICT, What.GONE):
                one.delete()
            elif one.state != State.CONFLICT:
                self.written += 1
                tag = one.tag
                if not tag:  # whether it was ever written is not known
                    item = self.server.get(self.address(one))
                    tag = item.tag if item else ""
                if self.server.delete(self.address(one), tag=tag):
                    one.delete()

    def _write(self, meetings: list[Appointment]) -> None:
        """Write what is new here, and what has another time by now."""
        known = {one.appointment_id: one for one in self.rows if one.pk is not None}
        waiting = [one for one in meetings if _waits(known.get(one.pk), one)]
        called = feeds.titles(self.row.staff.account, self.row.title, waiting)
        for meeting in waiting:
            if self.written >= MOST_WRITES:
                return
            self.written += 1
            one = known.get(meeting.pk) or self._begun(meeting)
            if one.state == State.NEW:
                self._write_new(one, meeting, called[meeting.pk])
            else:
                self._move(one, meeting)

    def _begun(self, meeting: Appointment) -> Pushed:
        """The row before the entry: an answer that is lost leaves no entry without a row."""
        return Pushed.objects.get_or_create(
            outside=self.row, appointment=meeting,
            defaults={"starts_at": meeting.starts_at, "ends_at": meeting.ends_at},
        )[0]  # fmt: skip

    def _write_new(self, one: Pushed, meeting: Appointment, title: str) -> None:
        text = writing.text([writing.entry(meeting, title, uid=one.pk)])
        tag = self.server.put(self.address(one), text, tag=one.tag)
        if tag is not None:
            self._as_written(one, meeting, tag)
            return
        item = self.server.get(self.address(one))
        if item is None:
            one.tag = ""
            one.save(update_fields=["tag"])
        else:  # written by a turn whose answer was lost, or changed meanwhile
            self._differs(one, item)

    def _move(self, one: Pushed, meeting: Appointment) -> None:
        address = self.address(one)
        item = self.server.get(address)
        if item is None:
            self._gone(one)
            return
        if item.tag != one.tag:
            self._differs(one, item)
            return
        try:
            text = writing.moved(
                item.text, start=meeting.starts_at, end=meeting.ends_at,
                revision=meeting.revision, stamp=self.now,
            )  # fmt: skip
        except reading.BROKEN:
            self._conflict(one, What.UNCLEAR, None, item.tag)
            return
        tag = self.server.put(address, text, tag=item.tag)
        if tag is not None:
            self._as_written(one, meeting, tag)

    def _as_written(self, one: Pushed, meeting: Appointment, tag: str) -> None:
        one.written_at = self.now
        self._agreed(one, tag, meeting.starts_at, meeting.ends_at)


def _when(meeting: Appointment) -> tuple[datetime, datetime]:
    return meeting.starts_at, meeting.ends_at


def _key(address: str) -> str:
    """An address as two ways of writing it agree on."""
    return dav.unquote(address)


def _holds(one: Pushed, row: Outside) -> bool:
    """Whether the meeting is to stand in this calendar."""
    meeting = one.appointment
    return (
        meeting is not None
        and meeting.status in HOLDS
        and meeting.clinician_id == row.staff_id
    )  # fmt: skip


def _stays(one: Pushed, row: Outside) -> bool:
    """Whether its entry is left there: also what took place stands in a calendar."""
    meeting = one.appointment
    if meeting is None or meeting.status == Appointment.Status.CANCELLED:
        return False
    return bool(meeting.clinician_id == row.staff_id)


def _waits(one: Pushed | None, meeting: Appointment) -> bool:
    if one is None or one.state == State.NEW:
        return True
    moved = (one.starts_at, one.ends_at) != _when(meeting)
    return one.state == State.WRITTEN and moved


def times(text: bytes, uid: str, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """When the one event of an entry is; None where that cannot be told: a whole day, a
    recurring one, several, none."""
    try:
        events = list(Calendar.from_ical(text).walk("VEVENT"))
        if len(events) != 1 or str(events[0].get("uid")) != uid:
            return None
        event: Any = events[0]
        if any(event.get(name) is not None for name in ("rrule", "rdate", "recurrence-id")):
            return None
        if str(event.get("status", "")).upper() == "CANCELLED":
            return None
        found = (event.start, event.end)
        if not all(isinstance(one, datetime) for one in found):
            return None
        start, end = (_instant(one, zone) for one in found)
    except reading.BROKEN:
        return None
    return (start, end) if start < end else None


def _instant(when: datetime, zone: ZoneInfo) -> datetime:
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)


def waiting_to_be_written(outsides: Iterable[Outside], today: date) -> list[Outside]:
    """Those among them into which something has to be written or taken out."""
    start, end = fetching.window(today)
    found = []
    for row in outsides:
        written = list(row.pushed.select_related("appointment"))
        lost = any(
            not _stays(one, row) and one.state in (State.NEW, State.WRITTEN) for one in written
        )  # several have no appointment any more
        known = {one.appointment_id: one for one in written}
        if lost or any(_waits(known.get(one.pk), one) for one in queries.to_hold(row, start, end)):
            found.append(row)
    return found
