"""Connecting calendars, ending that, and saying which counts where two differ."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import outbound, tokens
from rapport.core import time as clock
from rapport.core.action import action
from rapport.core.outbound import NotReached
from rapport.core.policy import System
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.availability import actions as availability

from . import dav, feeds, queries, writing
from .failures import CannotSync
from .models import Feed, HouseServer, Outside, Pushed, Title

MOST = 10  # calendars of one clinician
EVER = {"first": date(clock.FIRST_YEAR, 1, 1), "last": date(clock.LAST_YEAR, 12, 31)}
What, State = Pushed.What, Pushed.State


class CannotConnect(Exception):
    """It cannot be so. ``field`` names what is wrong; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


# Feeds ------------------------------------------------------------------------------------


@action("feed.set")
def make_feed(*, by: Any, title: str, words: str = "", now: datetime) -> tuple[Feed, str]:
    """A new secret address for the meetings of whoever asks; an earlier one ends.

    Args:
        title: of Title, for clinicians. words: what a client calls a meeting, "" is neutral.

    Returns:
        The feed, and its path. The path is known now and never again.

    Raises:
        CannotConnect: no such title.
    """
    _one_of(title)
    token, digest = tokens.made()
    given = {"token": digest, "title": title, "words": writing.tidy(words), "made_at": now,
             "read_at": None}  # fmt: skip
    feed, _new = Feed.objects.update_or_create(account=by, defaults=given)
    return feed, feeds.path(token)


@action("feed.set")
def name_feed(*, by: Any, title: str, words: str = "") -> None:
    """Call the meetings otherwise at the address that is there already."""
    _one_of(title)
    Feed.objects.filter(account=by).update(title=title, words=writing.tidy(words))


@action("feed.set")
def end_feed(*, by: Any) -> None:
    """The address opens nothing any more, as if it never had."""
    Feed.objects.filter(account=by).delete()


# Calendars elsewhere ----------------------------------------------------------------------


def connect_address(*, by: Any, name: str, address: str, now: datetime) -> Outside:
    """Read a calendar at an address from now on.

    Raises:
        Denied: ``by`` may not. CannotConnect: it is no address that is asked.
    """
    address = address.strip()
    if address.lower().startswith(("webcal://", "webcals://")):
        address = "https://" + address.partition("://")[2]
    return _connect(by=by, kind=Outside.Kind.ICS, name=name, address=address, now=now)


def connect_account(
    *, by: Any, name: str, address: str, username: str, password: str, now: datetime
) -> Outside:
    """Find the calendars of an account; which one is meant is chosen next.

    The conversation with the server happens outside a transaction.

    Raises:
        Denied: ``by`` may not. CannotConnect: there is no such account, or it does not open.
    """
    address = address.strip()
    row = _connect(
        by=by, kind=Outside.Kind.DAV, name=name, address=address, now=now, username=username,
        password=password,
    )  # fmt: skip
    try:
        found = dav.Server(address, username, password, queries.is_allowed).calendars()
    except CannotSync as problem:
        forget(by=by, outside=row)
        field = "password" if problem.code == "refused" else "address"
        raise CannotConnect(field, problem.words) from problem
    row.found = [list(one) for one in found]
    row.save(update_fields=["found"])
    return row


@action("calendar.connect")
def _connect(
    *, by: Any, kind: str, name: str, address: str, now: datetime, username: str = "",
    password: str = "",
) -> Outside:  # fmt: skip
    called = writing.tidy(name)
    if not called:
        raise CannotConnect("name", _("Give it a name, so that you know it again."))
    try:
        host = _host_of(address)
    except NotReached as problem:
        raise CannotConnect("address", problem.words) from problem
    if Outside.objects.filter(staff=by.staff).count() >= MOST:
        raise CannotConnect("", _("That are enough calendars. Remove one first."))
    row = Outside(staff=by.staff, kind=kind, name=called, host=host, username=username,
                  added_at=now, next_at=now)  # fmt: skip
    row.keep(address=address, password=password)
    if kind == Outside.Kind.DAV:
        row.error, row.found = "unchosen", [["", ""]]
    row.save(force_insert=True)
    return row


def _host_of(address: str) -> str:
    """The host of an address that may be asked, as far as that can be told without asking."""
    to = outbound.target(address, house=True)
    to = outbound.target(address, house=queries.is_allowed(to.host, to.port))
    return to.host


@action("calendar.change")
def choose(
    *, by: Any, outside: Outside, number: int, reads: bool, writes: bool, title: str, now: datetime
) -> Outside:
    """Say which calendar of an account is meant, and what it is for.

    Args:
        number: of the calendars that were found.

    Raises:
        CannotConnect: no such calendar, neither reading nor writing, or another is written to.
    """
    if not 0 <= number < len(outside.found) or not outside.found[number][0]:
        raise CannotConnect("number", _("Choose one of the list."))
    if not reads and not writes:
        raise CannotConnect("reads", _("Choose at least one: otherwise it is of no use here."))
    _one_of(title)
    address, name = outside.found[number]
    outside.keep(address=address)
    outside.host = outbound.target(address, house=True).host
    outside.name = writing.tidy(f"{outside.name}: {name}")
    outside.found, outside.error, outside.next_at = [], "", now
    outside.reads, outside.writes, outside.title = reads, writes, title
    try:
        with transaction.atomic():
            outside.save()
    except IntegrityError as problem:
        raise CannotConnect(
            "writes", _("Meetings are written into another calendar of yours already.")
        ) from problem
    return outside


@action("calendar.change")
def forget(*, by: Any, outside: Outside) -> None:
    """Read and write it no more. What was written there stays there; busy times go."""
    availability.set_busy(
        by=System("calendars"), staff=outside.staff, source=outside.pk, spans=[],
        **EVER,
    )  # fmt: skip
    outside.delete()


# Where two differ -------------------------------------------------------------------------


@action("calendar.decide")
def decide(*, by: Any, pushed: Pushed, what: str, now: datetime) -> None:
    """Say which counts.

    Args:
        what: OURS writes Rapport's time over the other, at the next turn. THEIRS moves the
            appointment to the time that stands outside. LEAVE lets both be.

    Raises:
        CannotConnect: there is nothing to take over, or it cannot be: in words.
        Denied: the appointment is not theirs to move.
    """
    row = Pushed.objects.select_for_update(of=("self",)).get(pk=pushed.pk)
    if row.state != State.CONFLICT:
        return  # sent twice
    if what == "THEIRS":
        _take_theirs(by, pushed, now)
        row.starts_at, row.ends_at = pushed.theirs or (row.starts_at, row.ends_at)
        row.state, row.tag = State.WRITTEN, row.theirs_tag
    elif what == "OURS":
        gone = row.what == What.GONE
        row.state, row.tag = (State.NEW, "") if gone else (State.WRITTEN, row.theirs_tag)
        if row.theirs:
            row.starts_at, row.ends_at = row.theirs  # so that it is seen to differ, and written
        elif not gone:
            row.state = State.NEW
    elif what == "LEAVE":
        row.state = State.LEFT
    else:
        raise CannotConnect("", _("Choose one of the list."))
    row.what, row.theirs_starts_at, row.theirs_ends_at, row.theirs_tag = "", None, None, ""
    row.save()
    Outside.objects.filter(pk=row.outside_id).update(next_at=now, tag="")


def _take_theirs(by: Any, pushed: Pushed, now: datetime) -> None:
    """Move the appointment to the time that stands outside."""
    meeting = pushed.appointment
    if pushed.theirs is None or meeting is None or meeting.status != "BOOKED":
        raise CannotConnect("", _("There is no other time to take over."))
    try:
        appointments.move(
            by=by, appointment=meeting, slot=Slot(*pushed.theirs), revision=meeting.revision,
            now=now, clinician=meeting.clinician, way=meeting.way, place=meeting.place,
            room=meeting.room,
        )  # fmt: skip
    except appointments.CannotBook as problem:
        raise CannotConnect("", str(problem)) from problem


# Servers in the house ---------------------------------------------------------------------


@action("calendar.allow")
def allow(*, by: Any, host: str, port: int, now: datetime) -> HouseServer:
    """Let a server inside the practice's own network be asked.

    Raises:
        CannotConnect: no such name or port.
    """
    written = f"[{host}]" if ":" in host else host
    try:
        if set(host) & set("/?#@[]%"):
            raise NotReached("address")
        to = outbound.target(f"http://{written}:{port}/", house=True)
    except NotReached as problem:
        field = "port" if problem.code == "port" else "host"
        raise CannotConnect(field, problem.words) from problem
    row: HouseServer = HouseServer.objects.get_or_create(
        host=to.host, port=to.port, defaults={"allowed_at": now, "allowed_by": by}
    )[0]
    return row


@action("calendar.allow")
def disallow(*, by: Any, server: HouseServer) -> None:
    """Ask it no more."""
    server.delete()


def _one_of(title: str) -> None:
    if title not in Title.values:
        raise CannotConnect("title", _("Choose one of the list."))


def found_names(outside: Outside) -> list[tuple[str, str]]:
    """The calendars to choose from, by number."""
    return [(str(n), name) for n, (address, name) in enumerate(outside.found) if address]
