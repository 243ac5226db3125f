"""What was changed in a real calendar elsewhere is asked, never overwritten either way."""

import re

import pytest

from rapport.contact.calendars import actions, queries
from rapport.contact.calendars.actions import CannotConnect
from rapport.contact.models import Pushed
from rapport.core import time as clock
from rapport.core.policy import Denied
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.models import Appointment
from tests.factories import ClientOf, Colleague

from .steps import book, cancel, decide, move, only, put_elsewhere, well
from .test_feeds import when

pytestmark = pytest.mark.django_db


def test_moved_there_is_a_question_and_nothing_is_overwritten(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    file, _ = only(radicale)
    put_elsewhere(radicale, file, when(hours=1))
    well(row, times=3)

    (one,) = queries.conflicts(by=ana.account)
    assert (one.what, one.theirs) == ("MOVED", (when(hours=1), when(hours=2)))
    assert only(radicale)[1].dtstart.value == when(hours=1)
    assert Appointment.objects.get(pk=meeting.pk).starts_at == when()
    (line,) = queries.attention(by=ana.account)
    assert (line.what, line.theirs, line.ours) == ("MOVED", when(hours=1), when())


def test_take_theirs_moves_the_appointment(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(hours=1))
    well(row)
    decide(ana, "THEIRS")
    well(row, times=2)

    assert Appointment.objects.get(pk=meeting.pk).slot == Slot(when(hours=1), when(hours=2))
    assert only(radicale)[1].dtstart.value == when(hours=1)
    assert queries.conflicts(by=ana.account) == []


def test_take_ours_writes_it_back_and_keeps_the_note(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(hours=1))
    well(row)
    decide(ana, "OURS")
    well(row, times=2)

    there = only(radicale)[1]
    assert there.dtstart.value == when() == Appointment.objects.get(pk=meeting.pk).starts_at
    assert there.description.value == "bring the keys"
    assert queries.conflicts(by=ana.account) == []


def test_what_is_left_as_it_is_asks_no_more_and_is_not_touched(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(hours=1))
    well(row)
    decide(ana, "LEAVE")
    move(ana, meeting, when(5))
    well(row, times=2)

    assert only(radicale)[1].dtstart.value == when(hours=1)
    assert queries.conflicts(by=ana.account) == []


def test_a_time_that_is_taken_here_is_not_taken_over(ana, mara, radicale, row):
    meeting = book(ana, mara)
    book(ana, ClientOf(care_team=[ana]), at=when(hours=1))
    well(row)
    file = f"{Pushed.objects.get(appointment=meeting).pk}.ics"
    put_elsewhere(radicale, file, when(hours=1))
    well(row)

    with pytest.raises(CannotConnect, match="."):
        decide(ana, "THEIRS")
    assert len(queries.conflicts(by=ana.account)) == 1
    assert Appointment.objects.get(pk=meeting.pk).starts_at == when()


def test_both_moved_to_different_times_is_a_question(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(hours=1))
    move(ana, meeting, when(4))
    well(row, times=2)

    (one,) = queries.conflicts(by=ana.account)
    assert one.theirs == (when(hours=1), when(hours=2))
    assert only(radicale)[1].dtstart.value == when(hours=1)
    decide(ana, "OURS")
    well(row)
    assert only(radicale)[1].dtstart.value == when(4)


def test_both_moved_to_the_same_time_is_agreed(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(4))
    move(ana, meeting, when(4))
    well(row, times=2)

    assert queries.conflicts(by=ana.account) == []
    assert only(radicale)[1].dtstart.value == when(4)


def test_moved_back_there_is_agreed_by_itself(ana, mara, radicale, row):
    book(ana, mara)
    well(row)
    file, _ = only(radicale)
    put_elsewhere(radicale, file, when(hours=1))
    well(row)
    put_elsewhere(radicale, file, when())
    well(row)

    assert queries.conflicts(by=ana.account) == []
    assert Pushed.objects.get().state == "WRITTEN"


def test_deleted_there_is_a_question(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    radicale.delete(only(radicale)[0])
    well(row, times=2)

    (one,) = queries.conflicts(by=ana.account)
    assert (one.what, radicale.entries()) == ("GONE", {})
    assert Appointment.objects.get(pk=meeting.pk).status == "BOOKED"
    with pytest.raises(CannotConnect):
        decide(ana, "THEIRS")
    decide(ana, "OURS")
    well(row)
    assert only(radicale)[1].dtstart.value == when()


def test_deleted_there_and_called_off_here_is_agreed(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    radicale.delete(only(radicale)[0])
    well(row)
    cancel(ana, meeting)
    well(row)

    assert not Pushed.objects.exists()
    assert queries.conflicts(by=ana.account) == []


def test_moved_there_and_called_off_here_is_a_question(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(hours=1))
    cancel(ana, meeting)
    well(row, times=2)

    assert len(queries.conflicts(by=ana.account)) == 1
    assert len(radicale.entries()) == 1
    with pytest.raises(CannotConnect):
        decide(ana, "THEIRS")
    decide(ana, "OURS")
    well(row)
    assert (radicale.entries(), Pushed.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    "line", ["RRULE:FREQ=DAILY;COUNT=3", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20300101"]
)
def test_a_change_whose_time_cannot_be_told_is_a_question(ana, mara, radicale, row, line):
    book(ana, mara)
    well(row)
    file, _ = only(radicale)
    text = radicale.entries()[file]
    if line.startswith("DTSTART"):
        text = re.sub(r"DTSTART:\S+", line, text)
        text = re.sub(r"DTEND:\S+", "DTEND;VALUE=DATE:20300102", text)
    else:
        text = re.sub(r"STATUS:\S+\s+", "", text).replace("END:VEVENT", f"{line}\r\nEND:VEVENT")
    radicale.write(file, text)
    well(row)

    (one,) = queries.conflicts(by=ana.account)
    assert (one.what, one.theirs) == ("UNCLEAR", None)
    decide(ana, "OURS")
    well(row, times=2)
    there = only(radicale)[1]
    assert there.dtstart.value == when()
    assert "rrule" not in there.contents


def test_nobody_decides_for_somebody_else(ana, mara, radicale, row):
    book(ana, mara)
    well(row)
    radicale.delete(only(radicale)[0])
    well(row)
    (one,) = queries.conflicts(by=ana.account)
    ben = Colleague()

    assert queries.conflicts(by=ben.account) == []
    with pytest.raises(Pushed.DoesNotExist):
        queries.pushed(by=ben.account, pushed_id=one.pk)
    with pytest.raises(Denied):
        actions.decide(by=ben.account, pushed=one, what="OURS", now=clock.now())
    with pytest.raises(Denied):
        actions.forget(by=ben.account, outside=row)


def test_deciding_twice_is_deciding_once(ana, mara, radicale, row):
    book(ana, mara)
    well(row)
    put_elsewhere(radicale, only(radicale)[0], when(hours=1))
    well(row)
    (one,) = queries.conflicts(by=ana.account)
    found = queries.pushed(by=ana.account, pushed_id=one.pk)
    for what in ("THEIRS", "OURS", "LEAVE"):
        actions.decide(by=ana.account, pushed=found, what=what, now=clock.now())

    assert Pushed.objects.get().state == "WRITTEN"
