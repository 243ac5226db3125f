"""Who waits: put on the list, changed, asked again, taken off it. Nothing drops off silently."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import events, tokens
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.clients.models import Client

from ..appointments.models import Appointment
from ..events import WaitingAsked
from . import links, queries, rounds, rules
from .models import WaitingEntry, WaitingSettings

LONGEST_REMARK = 2000
State = WaitingEntry.State
PLAIN = ("ways", "weekdays", "parts", "from_at", "until_at", "notice_hours")
LINKED = ("clinicians", "types", "places")


class CannotWait(Exception):
    """It cannot be so. ``field`` names what is wrong; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("waiting.put")
def put(
    *, by: Any, client: Client, now: datetime, since: datetime | None = None, remark: str = "",
    urgency: int = WaitingEntry.Urgency.CAN_WAIT, **wishes: Any,
) -> WaitingEntry:  # fmt: skip
    """Put a client on the waiting list.

    Args:
        since: they have waited since then already. wishes: of PLAIN and LINKED; none of a
            kind means that they do not mind.

    Raises:
        CannotWait: on it already, or a wish that cannot be met at any time.
    """
    _possible(wishes, remark, urgency)
    if client.archived_at is not None:
        raise CannotWait("", _("This client is in the archive. Bring the client back first."))
    first = client.status in (Client.Status.INQUIRY, Client.Status.WAITING)
    today, weeks = clock.local(now).date(), queries.settings().confirm_weeks
    entry = WaitingEntry(
        client=client, wants="FIRST" if first else "HOUR", urgency=_urgency(by, urgency),
        since=since or now, remark=remark.strip(), confirmed_at=now,
        confirm_on=rules.confirm_on(today, weeks), made_by=None if by.is_system else by,
        **{name: wishes[name] for name in PLAIN if name in wishes},
    )  # fmt: skip
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as problem:
        raise CannotWait("", _("This client is on the waiting list already.")) from problem
    _link(entry, wishes)
    return entry


@action("waiting.change")
def change(
    *, by: Any, client: Client, entry: WaitingEntry, now: datetime, remark: str | None = None,
    urgency: int | None = None, **wishes: Any,
) -> WaitingEntry:  # fmt: skip
    """Say anew what would suit. What was offered before stays as it is.

    Raises:
        CannotWait: no longer on the list, or a wish that cannot be met at any time.
    """
    _possible(wishes, remark or "", urgency or entry.urgency)
    fresh = _locked(client, entry)
    if not fresh.stands:
        raise CannotWait("", _("Not on the waiting list any more."))
    for name in PLAIN:
        if name in wishes:
            setattr(fresh, name, wishes[name])
    if urgency is not None and by.client is None:
        fresh.urgency = urgency
    if remark is not None:
        fresh.remark = remark.strip()
    fresh.save(update_fields=[*PLAIN, "urgency", "remark"])
    _link(fresh, wishes)
    return fresh


@action("waiting.withdraw")
def withdraw(*, by: Any, client: Client, entry: WaitingEntry, now: datetime) -> WaitingEntry:
    """Take somebody off the list; an hour that is offered to them goes to the next.

    ``put_back`` undoes it. Twice is once.
    """
    rounds.take_back_from(entry, now)
    fresh = _locked(client, entry)
    if fresh.stands:
        fresh.state, fresh.closed_at, fresh.asked_at = State.WITHDRAWN, now, None
        fresh.save(update_fields=["state", "closed_at", "asked_at"])
    return fresh


@action("waiting.withdraw")
def put_back(*, by: Any, client: Client, entry: WaitingEntry, now: datetime) -> WaitingEntry:
    """Undo that somebody was taken off the list, or that they got an hour: they wait on,
    since when they did before.

    Raises:
        CannotWait: on the list by another entry meanwhile.
    """
    fresh = _locked(client, entry)
    if fresh.stands:
        return fresh
    fresh.state, fresh.closed_at = State.WAITING, None
    try:
        with transaction.atomic():
            fresh.save(update_fields=["state", "closed_at"])
    except IntegrityError as problem:
        raise CannotWait("", _("This client is on the waiting list already.")) from problem
    return fresh


# Still looking? ---------------------------------------------------------------------------


@action("waiting.ask")
def ask(*, by: Any, client: Client, entry: WaitingEntry, now: datetime) -> WaitingEntry:
    """Ask whether they still look. Announces WaitingAsked; asked and not answered, it waits."""
    fresh = _locked(client, entry)
    if fresh.state not in (State.WAITING, State.LAPSED) or (by.is_system and fresh.asked_at):
        return fresh
    fresh.asked_at, fresh.asked_how = now, ""
    fresh.save(update_fields=["asked_at", "asked_how"])
    events.announce(WaitingAsked(fresh.pk))
    return fresh


@action("waiting.ask")
def link(*, by: Any, client: Client, entry: WaitingEntry) -> str:
    """Make the link of the question. Returns its path; a link before it stops working."""
    fresh = _locked(client, entry)
    token, fresh.token = tokens.made()
    fresh.save(update_fields=["token"])
    return f"{links.STILL}{token}/"


@action("waiting.ask")
def told(*, by: Any, client: Client, entry: WaitingEntry, how: str) -> None:
    """Note how the question reached them, of Told; what was answered meanwhile stays so."""
    asked = WaitingEntry.objects.filter(pk=entry.pk, client=client).exclude(asked_at=None)
    asked.update(asked_how=how)


@action("waiting.confirm")
def confirm(*, by: Any, client: Client, entry: WaitingEntry, now: datetime) -> WaitingEntry:
    """They still look, and are asked again after the practice's weeks.

    Raises:
        CannotWait: no longer on the list.
    """
    fresh = _locked(client, entry)
    if not fresh.stands:
        raise CannotWait("", _("Not on the waiting list any more."))
    weeks = queries.settings().confirm_weeks
    fresh.confirmed_at, fresh.asked_at, fresh.asked_how = now, None, ""
    fresh.confirm_on = rules.confirm_on(clock.local(now).date(), weeks)
    if fresh.state == State.LAPSED:
        fresh.state = State.WAITING
    fresh.save(update_fields=["confirmed_at", "asked_at", "asked_how", "confirm_on", "state"])
    return fresh


@action("waiting.lapse")
def lapse(*, by: Any, client: Client, entry: WaitingEntry, now: datetime) -> WaitingEntry:
    """They did not answer: nothing is offered to them until somebody has looked after it."""
    fresh = _locked(client, entry)
    if fresh.state == State.WAITING and fresh.asked_at is not None:
        fresh.state = State.LAPSED
        fresh.save(update_fields=["state"])
    return fresh


@action("waiting.set")
def set_settings(
    *, by: Any, confirm_weeks: int, answer_minutes: int, by_itself: bool, how: str,
    most_at_once: int,
) -> WaitingSettings:  # fmt: skip
    """Say how hours are offered here, and after how many weeks people are asked again.

    Raises:
        CannotWait: too short, too long, or no such way.
    """
    limits = {
        "confirm_weeks": (confirm_weeks, 1, rules.MOST_WEEKS),
        "answer_minutes": (answer_minutes, rules.SHORTEST_ANSWER, rules.LONGEST_ANSWER),
        "most_at_once": (most_at_once, 2, 50),
    }
    for name, (value, least, most) in limits.items():
        if not least <= value <= most:
            words = _("Choose from %(least)s to %(most)s.")
            raise CannotWait(name, words % {"least": least, "most": most})
    if how not in WaitingSettings.How.values:
        raise CannotWait("how", _("Choose one of the list."))
    given = {name: value for name, (value, *_limits) in limits.items()}
    return WaitingSettings.objects.update_or_create(
        pk=1, defaults=given | {"by_itself": by_itself, "how": how}
    )[0]


# What they share --------------------------------------------------------------------------


def _locked(client: Client, entry: WaitingEntry) -> WaitingEntry:
    rows = WaitingEntry.objects.select_for_update(of=("self",))
    fresh: WaitingEntry = rows.get(pk=entry.pk, client=client)
    fresh.client = client  # its data key is loaded already
    return fresh


def _link(entry: WaitingEntry, wishes: dict[str, Any]) -> None:
    for name in LINKED:
        if name in wishes:
            getattr(entry, name).set(wishes[name])


def _urgency(by: Any, urgency: int) -> int:
    """How urgent it is, the practice says; somebody who joins by themselves can wait."""
    return urgency if by.client is None else WaitingEntry.Urgency.CAN_WAIT


def _possible(wishes: dict[str, Any], remark: str, urgency: int) -> None:
    known: dict[str, set[Any]] = {
        "ways": set(Appointment.Way.values), "parts": set(WaitingEntry.Part.values),
        "weekdays": set(range(1, 8)),
    }  # fmt: skip
    for name, values in known.items():
        if not set(wishes.get(name, ())) <= values:
            raise CannotWait(name, _("Choose from the list."))
    begins, ends = wishes.get("from_at"), wishes.get("until_at")
    if begins is not None and ends is not None and ends <= begins:
        raise CannotWait("until_at", _("Choose a time after the first one."))
    if not 0 <= wishes.get("notice_hours", 0) <= rules.LONGEST_NOTICE:
        words = _("Choose from %(least)s to %(most)s.")
        raise CannotWait("notice_hours", words % {"least": 0, "most": rules.LONGEST_NOTICE})
    if urgency not in WaitingEntry.Urgency.values:
        raise CannotWait("urgency", _("Choose one of the list."))
    if len(remark) > LONGEST_REMARK:
        raise CannotWait("remark", _("Use at most %(n)s characters.") % {"n": LONGEST_REMARK})
