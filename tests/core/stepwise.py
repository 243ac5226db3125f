"""``python -m tests.core.stepwise WAY FOLDER``: how a practice comes to its tables, as JSON.

``at_once`` makes them as a new practice does, ``by_migrations`` by every migration in turn. On the
way it writes hours down as an early version kept them, and says what became of them, and what
becomes of new ones on the way back; and what went out while there was one gateway.
"""

import json
import re
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from rapport.cli.setup import migrate, open_practice

BEFORE, AFTER = [("meeting", "0002_scheduling")], [("meeting", "0004_hours_out_of_the_diary")]
ONE_GATEWAY = [("contact", "0014_waiting_messages_to_members")]
A_GATEWAY_EACH = [("contact", "0015_a_gateway_each_and_answers_in_time")]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def by_migrations():
    """Every migration, from the first to the last; the hours there and back again."""
    from django.core.management import call_command

    old = at(BEFORE)
    staff = old.get_model("people", "Staff")
    account = old.get_model("people", "Account")
    ana, ben = (
        staff.objects.create(
            account=account.objects.create(email=f"{name}@example.org", realm="DESK"),
            legal_name=name, display_name=name, roles=[], started_on="2020-01-01",
        )
        for name in ("ana", "ben")
    )  # fmt: skip
    diary = old.get_model("meeting", "Diary")
    diary.objects.create(
        staff_id=ana.pk, day_from=time(8), day_until=time(14, 30), weekdays=[1, 3, 3]
    )
    diary.objects.create(staff_id=ben.pk, weekdays=[])
    hours = at(AFTER).get_model("meeting", "WorkingHours")
    rows = hours.objects.order_by("weekday").values_list("staff_id", "weekday", "from_at",
                                                         "until_at")  # fmt: skip
    became = [[one == ana.pk, *map(str, rest)] for one, *rest in rows]
    hours.objects.create(staff_id=ana.pk, weekday=5, from_at=time(15), until_at=time(18))
    at(BEFORE)
    again = diary.objects.get(staff_id=ana.pk)
    back = [str(again.day_from), str(again.day_until), again.weekdays]
    call_command("migrate", verbosity=0, interactive=False)
    sent = one_gateway()
    call_command("migrate", verbosity=0, interactive=False)
    return {"became": became, "back": back, "sent": sent}


def one_gateway():
    """What went out while one gateway made calls, in a practice that has met somebody."""
    from tests.factories import AnAppointment, ClientOf, Colleague

    old = at(ONE_GATEWAY)
    meeting = AnAppointment(client=ClientOf(), clinician=Colleague())
    names = ("Gateway", "Delivery", "Reminding", "Preference")
    models = {name: old.get_model("contact", name) for name in names}
    gateway = {"url": "https://a.example/", "changed_at": NOON}
    models["Gateway"].objects.create(id=1, reaches="CALL", **gateway)
    for kind, channel in (("REMINDER", "web"), ("BOOKED", "mail")):
        models["Delivery"].objects.create(
            kind=kind, client_id=meeting.client_id, appointment_id=meeting.pk, starts_at=NOON,
            channel=channel, planned_at=NOON,
        )  # fmt: skip
    models["Reminding"].objects.create(id=1, channels=["mail", "web"], changed_at=NOON)
    models["Preference"].objects.create(
        client_id=meeting.client_id, channels=["web"], changed_at=NOON
    )

    new = at(A_GATEWAY_EACH)
    get = {name: new.get_model("contact", name).objects for name in models}
    get["Gateway"].create(id=2, reaches="TEXT", **gateway)
    return {
        "gateways": sorted(get["Gateway"].values_list("reaches", flat=True)),
        "deliveries": sorted(get["Delivery"].values_list("channel", flat=True)),
        "practice": get["Reminding"].get().channels, "client": get["Preference"].get().channels,
    }  # fmt: skip


def at(point):
    """The models as they were at ``point``, with the database brought there."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(point)
    return MigrationExecutor(connection).loader.project_state(point).apps


def at_once():
    """As ``rapport init`` does."""
    migrate()
    return {}


def broken_off():
    """As ``at_once``, but it is stopped when the tables are made."""
    from django.db.migrations.recorder import MigrationRecorder

    from rapport.core import tables

    def fall(*_row, **_named):
        raise SystemExit("broken off")

    MigrationRecorder.record_applied = fall
    tables.bring_up()


def tables():
    """What stands in the database, in no order of columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,"
                " column_default, is_identity FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            )
            found = [list(map(str, row)) for row in cursor.fetchall()]
            cursor.execute("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'")
            found += map(list, cursor.fetchall())
            cursor.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
                " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            )
            return sorted(found + [list(row) for row in cursor.fetchall()])
        cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return sorted([kind, name, table, parts(sql)] for kind, name, table, sql in cursor)


def parts(sql):
    """The columns and conditions of a table, sorted; any other statement as it is."""
    if not sql.startswith("CREATE TABLE"):
        return sql
    depth, one, found = 0, "", []
    for sign in sql[sql.index("(") + 1 : sql.rindex(")")] + ",":
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            found.append(re.sub(r"\s+", " ", one).strip())
            one = ""
        else:
            one += sign
    return sorted(found)


def applied():
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(map(list, MigrationRecorder.Migration.objects.values_list("app", "name")))


if __name__ == "__main__":
    open_practice(Path(sys.argv[2]), new=True)
    said = globals()[sys.argv[1]]()
    print(json.dumps(said | {"tables": tables(), "applied": applied()}))
