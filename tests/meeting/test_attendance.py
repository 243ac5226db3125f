"""How meetings went, counted: per client and per month, within what one may see."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.meeting.appointments import queries as meetings
from rapport.meeting.attendance import queries
from rapport.meeting.attendance.queries import Attendance
from tests.factories import NOW, AnAppointment, APlace, APractice, ClientOf, Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    APractice()
    return Colleague(at=[APlace()], legal_name="Ana Roth")


def went(client, clinician, *given):
    for n, (status, side, late) in enumerate(given):
        AnAppointment(client=client, clinician=clinician, starts_at=NOW + timedelta(hours=n),
                      status=status, cancelled_by=side, late=late)  # fmt: skip


def counted(who, client):
    rows = meetings.of_client(by=who.account, client=client, most=1, counted=True)
    return queries.among(rows)


SIX = (("KEPT", "", False), ("KEPT", "", False), ("MISSED", "", False),
       ("CANCELLED", "CLIENT", True), ("CANCELLED", "CLIENT", False),
       ("CANCELLED", "PRACTICE", False))  # fmt: skip


def test_a_clients_meetings_are_counted_by_how_they_went(ana):
    mara = ClientOf(care_team=[ana])
    went(mara, ana, *SIX, ("BOOKED", "", False), ("REQUESTED", "", False))

    found = counted(ana, mara)

    assert found == Attendance(kept=2, missed=1, by_client=2, late=1, by_us=1)
    assert found.came == 50, "two of the four hours that somebody waited"


def test_who_may_not_see_the_client_counts_nothing(ana):
    mara = ClientOf(care_team=[ana])
    went(mara, ana, *SIX)

    assert not counted(Colleague(), mara).any
    assert queries.by_month(by=Colleague().account, year=2030) == []


def test_months_are_the_practices_and_clinicians_stand_apart(ana):
    ben = Colleague(legal_name="Ben Falk")
    mara = ClientOf(care_team=[ana])
    went(mara, ana, *SIX)
    AnAppointment(client=mara, clinician=ben, status="KEPT",
                  starts_at=datetime(2030, 2, 1, tzinfo=UTC))  # fmt: skip
    AnAppointment(client=mara, clinician=ben, status="KEPT",
                  starts_at=datetime(2031, 1, 1, tzinfo=UTC))  # fmt: skip

    rows = queries.by_month(by=ana.account, year=2030)

    assert [(r.month.month, r.name, r.went.kept) for r in rows] == [
        (1, "Ana Roth", 2), (2, "Ben Falk", 1)
    ]  # fmt: skip
    assert queries.total(rows).kept == 3
