"""The database itself forbids double booking, whoever writes to it."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from rapport.core import verify
from rapport.meeting.appointments import actions, enforcement, holding, rules
from rapport.meeting.models import Appointment, Hold, Occupancy
from tests.factories import NOW, AnAppointment, APlace, APractice, ARoom, ClientOf, Colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    ana = Colleague()
    AnAppointment(client=ClientOf(care_team=[ana]), clinician=ana)
    return Occupancy.objects.get(kind="CLINICIAN")


def insert(row, start, end):
    """By hand, past everything that Django knows."""
    given = Occupancy(kind=row.kind, thing=row.thing, starts_at=start, ends_at=end)
    fields = Occupancy._meta.local_concrete_fields
    values = [f.get_db_prep_save(f.pre_save(given, add=True), connection) for f in fields]
    names = ", ".join(f.column for f in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO meeting_occupancy ({names}) VALUES ({', '.join(['%s'] * len(fields))})",
            values,
        )


def said():
    """What ``rapport verify`` says of the calendar."""
    checks = (verify.CHECKS[name] for name in ("never twice", "appointments"))
    return sorted((problem.kind, problem.where) for check in checks for problem in check())


DROPS = {
    "sqlite": [f"DROP TRIGGER {name}" for name in enforcement.TRIGGERS],
    "postgresql": [
        f"ALTER TABLE meeting_occupancy DROP CONSTRAINT {name}" for name in enforcement.CONSTRAINTS
    ],
}


def dropped():
    """Take down what forbids double booking; give the names."""
    drops = DROPS[connection.vendor]
    connection.check_constraints()  # PostgreSQL alters no table with questions still open
    with connection.cursor() as cursor:
        for statement in drops:
            cursor.execute(statement)
    return sorted(statement.split()[-1] for statement in drops)


@pytest.mark.parametrize(("start", "end"), [(0, 50), (-10, 1), (49, 60), (10, 20), (-10, 100)])
def test_an_overlap_by_hand_is_refused(held, start, end):
    with pytest.raises(DatabaseError, match="occupancy_never_twice"):
        insert(held, NOW + timedelta(minutes=start), NOW + timedelta(minutes=end))


@pytest.mark.parametrize(("start", "end"), [(50, 100), (-50, 0)])
def test_touching_by_hand_is_taken(held, start, end):
    insert(held, NOW + timedelta(minutes=start), NOW + timedelta(minutes=end))
    assert Occupancy.objects.filter(kind="CLINICIAN").count() == 2


def test_moving_a_row_onto_another_by_hand_is_refused(held):
    insert(held, NOW + timedelta(hours=2), NOW + timedelta(hours=3))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE meeting_occupancy SET starts_at = %s WHERE starts_at > %s",
            [NOW + timedelta(minutes=10), NOW + timedelta(hours=1)],
        )


def test_nothing_takes_longer_than_a_day(held):
    """The search for overlaps looks back one day and no further."""
    with pytest.raises(DatabaseError, match="occupancy_within_a_day"):
        insert(held, NOW + timedelta(days=2), NOW + timedelta(days=4))


def test_what_was_taken_down_is_named_and_put_up_again(held):
    assert said() == []
    names = dropped()
    assert said() == [("removed or changed", name) for name in names]

    enforcement.renew()
    assert said() == []
    with pytest.raises(DatabaseError):
        insert(held, NOW, NOW + timedelta(minutes=5))


def test_an_overlap_that_slipped_in_meanwhile_is_named(held):
    dropped()
    insert(held, NOW + timedelta(minutes=10), NOW + timedelta(minutes=20))

    assert "taken twice" in {kind for kind, _where in said()}


def test_a_time_that_is_not_its_meetings_is_named(held):
    Occupancy.objects.filter(pk=held.pk).update(ends_at=NOW + timedelta(minutes=55))

    assert said() == [("moved", f"occupancy {held.pk}")]


def test_a_meeting_without_its_time_and_a_cancelled_one_with_it_are_named(held):
    held.delete()
    lone = Appointment.objects.get()
    assert said() == [("holds no time, or time it gave back", f"appointment {lone.pk}")]

    insert_for = {"appointment": lone, "starts_at": lone.starts_at, "ends_at": lone.ends_at}
    Occupancy.objects.create(kind="CLINICIAN", thing=lone.clinician_id, **insert_for)
    assert said() == []
    Appointment.objects.update(status="CANCELLED", cancelled_by="CLIENT")
    assert said() == [("holds no time, or time it gave back", f"appointment {lone.pk}")]


@pytest.mark.parametrize("kind", ["CLINICIAN", "CLIENT", "ROOM"])
def test_whosever_time_was_given_back_behind_our_back_the_meeting_is_named(kind):
    APractice()
    house = APlace()
    one = AnAppointment(
        client=ClientOf(), clinician=Colleague(), place=house, room=ARoom(place=house)
    )
    assert said() == []
    Occupancy.objects.filter(kind=kind).update(thing=uuid.uuid4())
    assert said() == [("holds no time, or time it gave back", f"appointment {one.pk}")]
    Occupancy.objects.filter(kind=kind).delete()
    assert said() == [("holds no time, or time it gave back", f"appointment {one.pk}")]


def test_a_hold_keeps_its_time_and_gives_it_up_when_it_expires(held):
    ana = Colleague()
    when = {"starts_at": NOW, "ends_at": NOW + timedelta(minutes=50)}
    hold = Hold(clinician=ana, way="HERE", made_at=NOW, expires_at=NOW + holding.KEPT_FOR, **when)
    wanted = holding.things([], ana.pk, None)
    holding.keep(hold, wanted)

    holding.let_expired_go(wanted, now=NOW + timedelta(minutes=4))
    with pytest.raises(DatabaseError, match="occupancy_never_twice"):
        insert(Occupancy(kind="CLINICIAN", thing=ana.pk), NOW, NOW + timedelta(minutes=10))
    holding.let_expired_go(wanted, now=NOW + holding.KEPT_FOR)
    assert not Hold.objects.exists()
    assert Occupancy.objects.filter(thing=held.thing).exists()


def test_an_expired_hold_stands_in_no_ones_way(held):
    ana = Colleague()
    mara = ClientOf(care_team=[ana])
    slot = rules.Slot(NOW + timedelta(hours=3), NOW + timedelta(hours=4))
    when = {"starts_at": slot.start, "ends_at": slot.end, "way": "HERE", "clinician": ana}
    hold = Hold(made_at=NOW, expires_at=NOW + holding.KEPT_FOR, **when)
    holding.keep(hold, holding.things([], ana.pk, None))
    given = {"by": ana.account, "client": mara, "clinician": ana, "slot": slot}

    with pytest.raises(actions.CannotBook, match="That time is taken"):
        actions.book(now=NOW, **given)
    assert actions.book(now=NOW + holding.KEPT_FOR, **given).status == "BOOKED"
    assert not Hold.objects.exists()


def test_whoever_held_the_time_books_it(held):
    ana = Colleague()
    mara = ClientOf(care_team=[ana])
    slot = rules.Slot(NOW + timedelta(hours=3), NOW + timedelta(hours=4))
    when = {"starts_at": slot.start, "ends_at": slot.end, "way": "HERE", "clinician": ana}
    hold = Hold(made_at=NOW, expires_at=NOW + holding.KEPT_FOR, **when)
    holding.keep(hold, holding.things([mara.pk], ana.pk, None))

    actions.book(by=ana.account, client=mara, clinician=ana, slot=slot, now=NOW, hold=hold)
    assert not Hold.objects.exists()
    assert Occupancy.objects.filter(thing=ana.pk).count() == 1
