"""Taking time from people and what they share: whose it is, who waits for whom, and hold of it."""

import contextlib
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, DateField, F, QuerySet, Value

from rapport.core.prepared import prepared
from rapport.core.writing import insert
from rapport.people.clients.models import Client, GroupMember
from rapport.people.episodes.models import Episode

from .models import Appointment, Hold, Occupancy

Thing = tuple[str, uuid.UUID]
KEPT_FOR = timedelta(minutes=5)  # while somebody books


def around(client: Client) -> tuple[list[uuid.UUID], uuid.UUID | None]:
    """Everybody whom a meeting of the client takes, and the episode it belongs to."""
    people, episode = [client.pk], None
    for what, found, _opened_on in _members_and_episodes(client=client.pk):
        if what == "member":
            people.append(found)
        else:
            episode = found
    return people, episode


@prepared
def _members_and_episodes(*, client: Any) -> QuerySet[Any]:
    """The episode that was opened last comes last. One statement."""
    members = GroupMember.objects.filter(client=client).annotate(
        what=Value("member", CharField()), found=F("member_id"), since=Value(None, DateField())
    )
    episodes = Episode.objects.filter(client=client, closed_on=None).annotate(
        what=Value("episode", CharField()), found=F("pk"), since=F("opened_on")
    )
    columns = ("what", "found", "since")
    both = members.values_list(*columns).union(episodes.values_list(*columns), all=True)
    return both.order_by("since")


def things(
    people: Iterable[uuid.UUID], clinician_id: uuid.UUID, room_id: uuid.UUID | None
) -> list[Thing]:
    """What a meeting occupies, in the order in which everybody takes hold of it."""
    taken: list[Thing] = [(Occupancy.Kind.CLIENT, one) for one in people]
    taken.append((Occupancy.Kind.CLINICIAN, clinician_id))
    if room_id is not None:
        taken.append((Occupancy.Kind.ROOM, room_id))
    return sorted(set(taken))


def wait_for(wanted: Iterable[Thing]) -> None:
    """Wait until nobody else is booking these things; until this transaction ends they wait.

    Two who insert overlapping rows into PostgreSQL at once wait for each other for ever.
    So whoever books, moves or takes back takes these locks first, all in one order. They
    are locks of the database on numbers, not on rows: whoever edits a client's name waits
    for no booking. SQLite has one writer, who has waited already.
    """
    if connection.vendor != "postgresql":
        return
    keys = sorted({_number(thing) for thing in wanted})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS wanted (key)", [keys]
        )


def _number(thing: Thing) -> int:
    """A random id's first eight bytes: two that are alike by chance wait once more, no worse."""
    return int.from_bytes(thing[1].bytes[:8], "big", signed=True)


def take(appointment: Appointment, wanted: Iterable[Thing]) -> None:
    """Hold the appointment's time on all of these.

    Raises:
        IntegrityError: one of them is taken at that time.
    """
    insert(
        Occupancy(
            kind=kind, thing=thing, starts_at=appointment.starts_at, ends_at=appointment.ends_at,
            appointment=appointment,
        )
        for kind, thing in wanted
    )  # fmt: skip


def only(appointment: Appointment, people: Iterable[uuid.UUID]) -> None:
    """Hold it on these people alone; whose time is taken elsewhere is passed over."""
    kind = Occupancy.Kind.CLIENT
    held = Occupancy.objects.filter(appointment=appointment, kind=kind)
    wanted = set(people)
    held.exclude(thing__in=wanted).delete()
    for one in sorted(wanted - set(held.values_list("thing", flat=True))):
        with contextlib.suppress(IntegrityError), transaction.atomic():
            take(appointment, [(kind, one)])


def held_by(appointment: Appointment) -> list[Thing]:
    """Whose time it takes at present."""
    held = Occupancy.objects.filter(appointment=appointment)
    return list(held.values_list("kind", "thing"))


def pieces(held: Iterable[Thing]) -> list[Thing]:
    """The equipment among these."""
    return [one for one in held if one[0] == Occupancy.Kind.EQUIPMENT]


def held_by_each(appointments: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Thing]]:
    """The same of several, by their ids. One statement."""
    found: dict[uuid.UUID, list[Thing]] = {}
    rows = Occupancy.objects.filter(appointment__in=set(appointments))
    for pk, kind, thing in rows.values_list("appointment", "kind", "thing"):
        found.setdefault(pk, []).append((kind, thing))
    return found


def give_back(appointment: Appointment) -> None:
    """Let go of all its time."""
    Occupancy.objects.filter(appointment=appointment).delete()


# Holds ------------------------------------------------------------------------------------


def keep(hold: Hold, wanted: Iterable[Thing]) -> None:
    """Save a hold and keep its time on all of these. Called by whoever waited for them.

    Raises:
        IntegrityError: one of them is taken at that time. Nothing was kept.
    """
    with transaction.atomic():
        hold.save(force_insert=True)
        Occupancy.objects.bulk_create(
            Occupancy(kind=kind, thing=thing, starts_at=hold.starts_at, ends_at=hold.ends_at,
                      hold=hold)
            for kind, thing in wanted
        )  # fmt: skip


def let_expired_go(wanted: Iterable[Thing], *, now: datetime) -> bool:
    """Remove the holds on these things whose time to decide is over; whether there were any."""
    things = {thing for _kind, thing in wanted}
    over = Hold.objects.filter(expires_at__lte=now, occupancies__thing__in=things)
    gone, _of_each = Hold.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
    return bool(gone)


def whole(write: Callable[[], None], wanted: Iterable[Thing], *, now: datetime) -> None:
    """Write all of it or nothing. Where expired holds stand in the way, they go first.

    They are looked for only then: as a rule the time is free, and booking asks for no more.

    Raises:
        IntegrityError: the time is taken. Nothing was written.
    """
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        if not let_expired_go(wanted, now=now):
            raise
    with transaction.atomic():
        return write()
