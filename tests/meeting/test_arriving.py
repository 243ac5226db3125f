"""The client is here, is not, or called that they are late."""

from datetime import timedelta

import pytest

from rapport.core.models import AuditEntry
from rapport.core.policy import Denied
from rapport.meeting.appointments import actions, arriving, rules
from rapport.meeting.appointments.actions import CannotBook
from rapport.meeting.models import Appointment
from tests.factories import NOW, AnAppointment, ClientOf, Colleague

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def fay(house):
    return Colleague(roles=["FRONT_DESK"], at=[house])


@pytest.fixture
def ana(house):
    return Colleague(at=[house])


@pytest.fixture
def meeting(house, ana):
    return AnAppointment(client=ClientOf(care_team=[ana], place=house), clinician=ana)


def arrive(meeting, by, minutes=-5):
    now = NOW + minutes * MINUTE
    return arriving.arrive(by=by.account, appointment=meeting, now=now)


def expect(meeting, by, minutes, now=NOW):
    return arriving.expect(by=by.account, appointment=meeting, minutes=minutes, now=now)


def test_said_twice_or_in_two_windows_the_first_time_counts(meeting, fay, ana):
    arrive(meeting, fay, -9)
    arrive(meeting, ana, -2)

    meeting.refresh_from_db()
    assert meeting.arrived_at == NOW - 9 * MINUTE
    assert meeting.revision == 1
    assert AuditEntry.objects.filter(verb="appointment.arrive").count() == 2


def test_taken_back_twice_nobody_is_here(meeting, fay):
    arrive(meeting, fay)
    for _ in range(2):
        arriving.take_back(by=fay.account, appointment=meeting, now=NOW)

    meeting.refresh_from_db()
    assert meeting.arrived_at is None


def test_who_called_is_expected_later_until_they_are_here(meeting, fay):
    expect(meeting, fay, 10)
    assert expect(meeting, fay, 10).expected_at == NOW + 10 * MINUTE
    arrive(meeting, fay, 12)

    with pytest.raises(CannotBook, match="here already"):
        expect(meeting, fay, 20)
    arriving.take_back(by=fay.account, appointment=meeting, now=NOW)
    assert expect(meeting, fay, 0).expected_at is None


@pytest.mark.parametrize("minutes", [-5, 121])
def test_nobody_waits_that_long(meeting, fay, minutes):
    with pytest.raises(CannotBook, match="Use 0 to 120 minutes"):
        expect(meeting, fay, minutes)


@pytest.mark.parametrize("status", ["KEPT", "MISSED", "CANCELLED", "REQUESTED"])
def test_only_who_is_booked_is_waited_for(meeting, fay, status):
    side = "CLIENT" if status == "CANCELLED" else ""
    Appointment.objects.update(status=status, cancelled_by=side)
    for say in (lambda: arrive(meeting, fay), lambda: expect(meeting, fay, 10)):
        with pytest.raises(CannotBook, match="not booked any more"):
            say()


@pytest.mark.parametrize("hours", [-5, 13])
def test_it_is_said_on_the_day(meeting, fay, hours):
    with pytest.raises(CannotBook, match="on the day"):
        arrive(meeting, fay, hours * 60)


def test_a_stranger_and_a_biller_say_nothing(meeting, house):
    for one in (Colleague(at=[house]), Colleague(roles=["BILLER"], at=[house])):
        with pytest.raises(Denied):
            arrive(meeting, one)
    meeting.refresh_from_db()
    assert meeting.arrived_at is None


def test_moved_on_the_same_day_the_client_stays_here_and_on_another_is_not(meeting, fay):
    expect(meeting, fay, 10)
    arrive(meeting, fay)

    def move(minutes):
        fresh = Appointment.objects.get()
        return actions.move(
            by=fay.account, appointment=fresh, slot=rules.lasting(NOW + minutes * MINUTE, 50),
            revision=fresh.revision, now=NOW, clinician=fresh.clinician, way="HERE",
        )  # fmt: skip

    later = move(60)
    assert (later.arrived_at, later.expected_at) == (NOW - 5 * MINUTE, None)
    move(24 * 60)
    assert Appointment.objects.get().arrived_at is None


def test_saying_it_does_not_stand_in_the_way_of_whoever_settles_it_meanwhile(meeting, fay, ana):
    arrive(meeting, fay)
    actions.settle(by=ana.account, appointment=meeting, what="KEPT", revision=1, now=NOW)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.arrived_at) == ("KEPT", NOW - 5 * MINUTE)
