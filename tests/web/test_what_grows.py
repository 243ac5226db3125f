"""Nothing that is asked every day reads a whole table that grows with the years.

The plans of the database itself, on both: an index leads to what is near in time, with an end
on both sides. Only what a night tidies up may look at everything.
"""

import re
from datetime import time as at
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.contact.models import Reminding
from rapport.core import time
from rapport.core.jobs import registry
from rapport.meeting.models import Appointment, Diary, Occupancy, SelfBooking
from rapport.people.models import Account
from tests.factories import (
    AFreedHour,
    AnAccount,
    AnAppointment,
    APlace,
    APractice,
    AStretch,
    AType,
    AWaitingEntry,
    ClientOf,
    Colleague,
)

from .stepping import inside

pytestmark = pytest.mark.django_db

GROW = {"meeting_appointment", "meeting_occupancy", "meeting_change", "contact_delivery",
        "contact_reply"}  # fmt: skip
OPEN = "appointment_asked_for"  # an index of what waits for an answer, and of nothing else
NIGHTLY = {
    "backup.make",
    "expected.learn",
    "outcome.extract",
    "reminder.forget",
    "notice.upkeep",
    "jobs.purge",
}
ALIAS = re.compile(r'"(\w+)" ([A-Z]\d+)\b')
STEP = re.compile(r"(SCAN|SEARCH) (\w+)(.*)|(?:Parallel )?Seq (Scan) on (\w+)")


@pytest.fixture
def house():
    APractice()
    place = APlace()
    ana, front = Colleague(at=[place]), Colleague(roles=["FRONT_DESK"], at=[place])
    Diary.objects.create(staff=ana)
    for weekday in range(1, 8):
        AStretch(staff=ana, weekday=weekday, from_at=at(8), until_at=at(18))
    account = AnAccount(realm=Account.Realm.PORTAL)
    mara = ClientOf(care_team=[ana], place=place, account=account)
    start = time.day_bounds(time.today())[0]
    for days, status in ((-2, "KEPT"), (0, "BOOKED"), (3, "BOOKED"), (4, "REQUESTED")):
        begins = start + timedelta(days=days, hours=12)
        AnAppointment(client=mara, clinician=ana, status=status, starts_at=begins,
                      ends_at=begins + timedelta(minutes=50))  # fmt: skip
    AFreedHour(clinician=ana, starts_at=start + timedelta(days=5, hours=9), could_take=1)
    AWaitingEntry(client=ClientOf(care_team=[ana], place=place))
    SelfBooking.objects.create()
    Reminding.objects.create(changed_at=start)
    return {"ana": inside(ana.account), "front": inside(front.account),
            "mara": inside(Account.objects.get(pk=account.pk), "portal"),
            "type": AType(bookers=["ACTIVE"]), "client": mara}  # fmt: skip


def whole(said):
    """Tables that grow and are read without an end, and how that is done."""
    found = set()
    for query in said.captured_queries:
        if query["sql"].startswith(("SELECT", "UPDATE", "DELETE")):
            tables = {}
            for table, alias in ALIAS.findall(query["sql"]):
                tables.setdefault(alias, set()).add(table)
            for line in plan(query["sql"]):
                step = STEP.search(line)
                if step is None or not unbounded(step):
                    continue
                name = step[2] or step[5]
                if GROW & tables.get(name, {name}):
                    found.add(line)
    return found


def plan(statement):
    """The steps by which the database would answer; on PostgreSQL, where any index fits."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}")
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return [row[3] for row in cursor.fetchall()]


def unbounded(step):
    """Whether a step goes through everything, or through everything before an instant."""
    if step[1] != "SEARCH":
        return True
    by = step[3]
    endless = "starts_at<?" in by and "starts_at>?" not in by and OPEN not in by
    return endless or bool(re.search(r"\((kind|status)=\?\)", by))


@pytest.mark.parametrize("who", ["ana", "front"])
@pytest.mark.parametrize(
    "path",
    ["/desk/", "/desk/also/", "/desk/calendar/", "/desk/calendar/?view=list", "/desk/waiting/",
     "/desk/waiting/hours/", "/desk/requests/", "/desk/inquiries/"],
)  # fmt: skip
def test_a_page_of_the_desk_looks_at_what_is_near(house, who, path):
    with CaptureQueriesContext(connection) as said:
        assert house[who].get(path).status_code == 200
    assert whole(said) == set()


def test_booking_at_the_desk_looks_at_what_is_near(house):
    page = f"/desk/calendar/book/?client={house['client'].pk}"
    with CaptureQueriesContext(connection) as said:
        house["ana"].get(page)
        house["ana"].post(page, {})
    assert whole(said) == set()


def test_choosing_a_day_looks_at_what_is_near(house):
    with CaptureQueriesContext(connection) as said:
        answer = house["mara"].get(f"/portal/book/{house['type'].pk}/")
    assert b'class="times"' in answer.content
    assert whole(said) == set()


@pytest.mark.parametrize("job", sorted({one.job for one in registry.CLOCKS.values()} - NIGHTLY))
def test_a_clock_looks_at_what_is_near(house, job):
    spec = registry.spec(job)
    given = {"now": time.now()} if "now" in spec.wants else {}
    with CaptureQueriesContext(connection) as said:
        spec.run(**given)
    assert whole(said) == set()


def test_a_whole_table_is_noticed(house):

    with CaptureQueriesContext(connection) as said:
        list(Appointment.objects.filter(way="HERE"))
    assert len(whole(said)) == 1
    if connection.vendor == "sqlite":
        with CaptureQueriesContext(connection) as said:
            list(Occupancy.objects.filter(kind="ROOM", starts_at__lt=time.now()))
        assert len(whole(said)) == 1
