"""What makes double booking impossible in the database itself, on both engines.

PostgreSQL: an exclusion constraint over a range. SQLite: triggers, which Django drops
whenever it rebuilds the table; so both are renewed after every migrate, and ``verify``
looks whether they stand.
"""

from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Exists, F, OuterRef, Q

from rapport.core.verify import Problem, verifies

from .models import Appointment, Occupancy

TABLE = "meeting_occupancy"
NAME = "occupancy_never_twice"
LENGTH = "occupancy_within_a_day"

OVERLAP = f"""
SELECT RAISE(ABORT, '{NAME}') WHERE EXISTS (
  SELECT 1 FROM {TABLE} AS other
  WHERE other.kind = NEW.kind AND other.thing = NEW.thing AND other.id <> NEW.id
    AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
    AND other.starts_at >= datetime(NEW.starts_at, '-1 day', '-1 second'));
SELECT RAISE(ABORT, '{LENGTH}')
WHERE julianday(NEW.ends_at) - julianday(NEW.starts_at) > 1.00001;"""  # noqa: S608  no input

TRIGGERS = {
    f"{NAME}_insert": f"CREATE TRIGGER {NAME}_insert BEFORE INSERT ON {TABLE} BEGIN {OVERLAP} END",
    f"{NAME}_update": f"CREATE TRIGGER {NAME}_update BEFORE UPDATE OF kind, thing, starts_at, "
    f"ends_at ON {TABLE} BEGIN {OVERLAP} END",
}

CONSTRAINTS = {
    NAME: "EXCLUDE USING gist (kind WITH =, thing WITH =, tstzrange(starts_at, ends_at) WITH &&)",
    LENGTH: "CHECK (ends_at - starts_at <= interval '1 day')",
}


class NoExtension(RuntimeError):
    """PostgreSQL lacks btree_gist, and this account may not create it."""


def renew(**_signal: Any) -> None:
    """Put up what is missing. Receives ``post_migrate``.

    Raises:
        NoExtension: with the statement that the database's owner has to run.
    """
    if connection.vendor == "postgresql":
        _extension()
        for name in CONSTRAINTS.keys() - _standing():
            _execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {CONSTRAINTS[name]}")
        return
    standing = _standing_triggers()
    for name, wanted in TRIGGERS.items():
        if standing.get(name) != wanted:
            _execute(f"DROP TRIGGER IF EXISTS {name}")
            _execute(wanted)


def _extension() -> None:
    try:
        _execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    except DatabaseError as problem:
        raise NoExtension(
            "The database needs the extension btree_gist. Let its owner run: "
            "CREATE EXTENSION btree_gist;"
        ) from problem


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _standing() -> set[str]:
    """Constraints of ours that stand, and that hold for every row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND convalidated",
            [TABLE],
        )
        return {name for (name,) in cursor.fetchall()} & CONSTRAINTS.keys()


def _standing_triggers() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
        )
        return dict(cursor.fetchall())


@verifies("never twice")
def never_twice() -> Iterator[Problem]:
    """What forbids double booking stands, and no two times taken overlap."""
    if connection.vendor == "postgresql":
        missing = CONSTRAINTS.keys() - _standing()
    else:
        standing = _standing_triggers()
        missing = {name for name, wanted in TRIGGERS.items() if standing.get(name) != wanted}
    for name in sorted(missing):
        yield Problem("removed or changed", name, "run rapport serve once: it is put up again")
    rows = Occupancy.objects.order_by("kind", "thing", "starts_at", "ends_at")
    before: Any = None
    for row in rows.only("kind", "thing", "starts_at", "ends_at").iterator():
        same = before is not None and (before.kind, before.thing) == (row.kind, row.thing)
        if same and row.starts_at < before.ends_at:
            yield Problem("taken twice", str(row), f"overlaps {before}")
        before = row if not same or row.ends_at > before.ends_at else before


@verifies("appointments")
def every_time_is_held() -> Iterator[Problem]:
    """Every meeting that was not cancelled holds its clinician's, client's and room's time."""
    stray = Occupancy.objects.exclude(appointment=None).exclude(
        starts_at=F("appointment__starts_at"), ends_at=F("appointment__ends_at")
    )
    for row in stray.iterator():
        yield Problem("moved", str(row), f"{row.appointment_id}")
    theirs = Occupancy.objects.filter(appointment=OuterRef("pk"))
    held = {
        kind: Exists(theirs.filter(kind=kind.upper(), thing=OuterRef(f"{kind}_id")))
        for kind in ("clinician", "client", "room")
    }
    whole = Q(held["clinician"]) & Q(held["client"]) & (Q(room=None) | Q(held["room"]))
    for row in Appointment.objects.filter(
        (~Q(status="CANCELLED") & ~whole) | (Q(status="CANCELLED") & Exists(theirs))
    ).only("pk").iterator():  # fmt: skip
        yield Problem("holds no time, or time it gave back", str(row))
