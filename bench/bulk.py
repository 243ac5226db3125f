"""Appointments, sheets and drafts by the thousand: rows as actions leave them, without their way.

Every row is one that an action could have written: times are held, answers are scored by the
library's own key, sealed under the client's key. Only history (trail, jobs) is left out.
"""

import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

A_DAY = 8  # sessions a clinician has on a working day, on the hour
BEGINS = 9
AHEAD = 25  # working days that are booked already, at most
A_PART = 20_000  # appointments that are in memory at once


def pour(rows: Iterable[Any]) -> None:
    """Insert new rows of one model: what ``bulk_create`` does, without composing each statement."""
    from django.db import connection
    from django.db.models import AutoField

    waiting = list(rows)
    if not waiting:
        return
    columns_of = type(waiting[0])._meta.concrete_fields
    fields = [field for field in columns_of if not isinstance(field, AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(type(waiting[0])._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608  names of ours
            [
                [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
                for row in waiting
            ],
        )


def working_days(around: date, before: int, ahead: int) -> list[date]:
    """The ``before`` working days before ``around``, and ``ahead`` from it on, in order.

    ``around`` itself is one, also on a Sunday.
    """

    def walk(day: date, step: int, many: int) -> Iterator[date]:
        while many:
            if day.isoweekday() <= 5 or day == around:
                yield day
                many -= 1
            day += timedelta(days=step)

    past = list(walk(around - timedelta(days=1), -1, before))[::-1]
    return [*past, *walk(around, 1, ahead)]


def appointments(clients: list[Any], staff: list[Any], number: int) -> list[Any]:
    """``number`` appointments, ``A_DAY`` a day for each of ``staff``, each holding its time.

    The first of ``staff`` has a full day today. A part is poured at a time: a million are
    more than memory should hold.

    Returns:
        Those of the first of ``staff``, by time.
    """
    from django.db import transaction

    from rapport.meeting.models import Occupancy

    theirs = []
    made = _made(clients, staff, number)
    while some := list(itertools.islice(made, A_PART)):
        held = (
            Occupancy(kind=kind, thing=thing, starts_at=one.starts_at, ends_at=one.ends_at,
                      appointment=one)
            for one in some
            for kind, thing in (("CLINICIAN", one.clinician_id), ("CLIENT", one.client_id))
        )  # fmt: skip
        with transaction.atomic():
            pour(some)
            pour(held)
        theirs += [one for one in some if one.clinician_id == staff[0].pk]
    return theirs


def _made(clients: list[Any], staff: list[Any], number: int) -> Iterator[Any]:
    from rapport.core import time as clock
    from rapport.meeting.models import Appointment

    now, zone = clock.now(), clock.zone()
    long = -(-number // len(staff) // A_DAY)
    ahead = min(AHEAD, max(1, long // 4))
    days = working_days(clock.today(), max(1, long - ahead), ahead)
    for n in range(number):
        turn, who = divmod(n, len(staff))
        day, hour = days[turn // A_DAY], BEGINS + turn % A_DAY
        starts = datetime.combine(day, time(hour), zone)
        yield Appointment(
            client=clients[n % len(clients)], clinician=staff[who], starts_at=starts,
            ends_at=starts + timedelta(minutes=50), booked_at=now,
            status="BOOKED" if starts > now else "MISSED" if n % 12 == 0 else "KEPT",
            settled_at=None if starts > now else starts,
        )  # fmt: skip


def sheets(clients: list[Any], number: int, *, seed: int = 1) -> int:
    """``number`` PHQ-9 sheets with their scores, a week apart for each client; answers made."""
    from rapport.core import time as clock
    from rapport.progress.measures import instruments
    from rapport.progress.models import Score, Sheet
    from rapport.science import scoring

    dice = random.Random(seed)  # noqa: S311  invention, no secret
    form, now = instruments.get("phq-9").content, clock.now()
    answered, scored = [], []
    for n in range(number):
        ago, who = divmod(n, len(clients))
        level = dice.random()
        answers = {str(i): min(3, int(dice.random() * 4 * level)) for i in range(1, 9)} | {"9": 0}
        found = scoring.score(form.key, answers)
        sheet = Sheet(
            client=clients[who], instrument="phq-9", version=form.version, language="en",
            source="CLIENT", answers=answers, answered_at=now - timedelta(days=7 * ago + 1),
        )  # fmt: skip
        answered.append(sheet)
        scored.append(
            Score(
                client=clients[who], sheet=sheet, whole=sheet, instrument="phq-9",
                at=sheet.answered_at,
                status=found.status.upper(), total=found.total, total_rounded=found.total_rounded,
                band=found.band or "", above_cutoff=found.above_cutoff, risk=found.risk_flag,
            )
        )  # fmt: skip
    pour(answered)
    pour(scored)
    return 9 * number


def drafts(appointments: list[Any], author: Any, number: int) -> None:
    """``number`` drafts of ``author``: about the last kept sessions, and about calls."""
    from rapport.core import time as clock
    from rapport.record.models import Note

    now = clock.now()
    kept = [one for one in appointments if one.clinician_id == author.pk and one.status == "KEPT"]
    pour(
        Note(
            client=one.client, author=author, appointment=one, template="dap",
            happened_on=clock.local(one.starts_at).date(), started_at=one.starts_at,
            ended_at=one.ends_at, sections={"data": "Slept better. " * 40}, created_at=now,
            saved_at=now,
        )
        for one in kept[-number:]
    )  # fmt: skip
    theirs = [one for one in appointments if one.clinician_id == author.pk]
    pour(
        Note(
            client=theirs[n % len(theirs)].client, author=author, kind="PHONE", template="dap",
            happened_on=clock.today(), sections={"data": "Called. " * 40}, created_at=now,
            saved_at=now,
        )
        for n in range(number - len(kept[-number:]))
    )  # fmt: skip
