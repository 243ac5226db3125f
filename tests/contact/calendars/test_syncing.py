"""Meetings and a real CalDAV calendar kept alike; what differs is asked, never overwritten."""

import re
from datetime import timedelta

import pytest
import vobject

from rapport.contact.calendars import actions, queries, syncing
from rapport.contact.calendars.actions import CannotConnect
from rapport.contact.models import Outside, Pushed
from rapport.core import time as clock
from rapport.core.policy import Denied
from rapport.meeting.appointments import actions as appointments
from rapport.meeting.appointments.rules import Slot
from rapport.meeting.models import Appointment, Busy
from tests.factories import ClientOf, Colleague

from .test_dav import entry
from .test_feeds import HEALTH, when

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def book(ana, mara, at=None, **more):
    at = at or when()
    return appointments.book(
        by=ana.account,
        client=mara,
        clinician=ana,
        slot=Slot(at, at + HOUR),
        now=clock.now(),
        **more,
    )


def move(ana, meeting, at):
    fresh = Appointment.objects.get(pk=meeting.pk)
    return appointments.move(
        by=ana.account, appointment=fresh, slot=Slot(at, at + HOUR), revision=fresh.revision,
        now=clock.now(), clinician=ana, way=fresh.way, place=fresh.place,
    )  # fmt: skip


def cancel(ana, meeting):
    fresh = Appointment.objects.get(pk=meeting.pk)
    return appointments.cancel(
        by=ana.account, appointment=fresh, side="CLIENT", revision=fresh.revision, now=clock.now()
    )


def turn(row):
    fresh = Outside.objects.select_related("staff__account").get(pk=row.pk)
    went = syncing.turn(outside=fresh, now=clock.now())
    return went, fresh.error


def well(row, times=1):
    for _ in range(times):
        assert turn(row) == (True, "")


def shown(text):
    return vobject.readOne(text).vevent


def put_elsewhere(radicale, file, at, until=None):
    """Somebody moves an entry with their calendar program, and writes a note to it."""
    text = radicale.entries()[file]
    text = re.sub(r"DTSTART:\S+", f"DTSTART:{at:%Y%m%dT%H%M%SZ}", text)
    text = re.sub(r"DTEND:\S+", f"DTEND:{until or at + HOUR:%Y%m%dT%H%M%SZ}", text)
    text = re.sub(r"DESCRIPTION:.*\r?\n", "", text)
    radicale.write(file, text.replace("END:VEVENT", "DESCRIPTION:bring the keys\r\nEND:VEVENT"))


def decide(ana, what):
    (one,) = queries.conflicts(by=ana.account)
    found = queries.pushed(by=ana.account, pushed_id=one.pk)
    actions.decide(by=ana.account, pushed=found, what=what, now=clock.now())


def only(radicale):
    ((file, text),) = radicale.entries().items()
    return file, shown(text)


@pytest.fixture
def row(connected):
    return connected()


def test_a_meeting_goes_out_masked_and_once(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row, times=3)

    file, there = only(radicale)
    assert file == f"{Pushed.objects.get().pk}.ics"
    assert there.dtstart.value == meeting.starts_at
    assert there.dtend.value == meeting.ends_at
    assert there.summary.value == "Busy"
    text = "".join(radicale.entries().values())
    assert not HEALTH.search(text) and "Mara" not in text and str(meeting.pk) not in text


def test_initials_go_out_where_they_were_chosen(ana, mara, radicale, connected):
    row = connected(title="INITIALS")
    book(ana, mara)
    well(row)

    assert only(radicale)[1].summary.value == "M. K."


def test_a_move_here_moves_it_there_and_keeps_what_they_wrote_to_it(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    file, _ = only(radicale)
    put_elsewhere(radicale, file, meeting.starts_at)  # a note, at the same time
    well(row)
    assert queries.conflicts(by=ana.account) == []
    move(ana, meeting, when(4))
    well(row, times=2)

    there = only(radicale)[1]
    assert there.dtstart.value == when(4)
    assert there.description.value == "bring the keys"
    assert queries.conflicts(by=ana.account) == []


def test_what_is_called_off_here_goes_there(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    cancel(ana, meeting)
    well(row)

    assert radicale.entries() == {}
    assert not Pushed.objects.exists()
    well(row)


def test_a_meeting_that_is_handed_to_a_colleague_leaves_ones_calendar(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    Appointment.objects.filter(pk=meeting.pk).update(clinician=Colleague())
    well(row)

    assert radicale.entries() == {}


def test_a_meeting_whose_record_is_destroyed_leaves_it_too(ana, mara, radicale, row):
    book(ana, mara)
    well(row)
    Appointment.objects.all().delete()
    well(row)

    assert (radicale.entries(), Pushed.objects.count()) == ({}, 0)


def test_what_took_place_stays(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    Appointment.objects.filter(pk=meeting.pk).update(status="KEPT")
    well(row)

    assert len(radicale.entries()) == 1


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


def test_a_change_of_a_moment_ago_is_refused_by_the_server_and_found(ana, mara, radicale, row):
    """Between our look and our write somebody moves it: the write names what it was based on."""
    meeting = book(ana, mara)
    well(row)
    file, _ = only(radicale)
    move(ana, meeting, when(4))
    fresh = Outside.objects.select_related("staff__account").get(pk=row.pk)
    one = syncing._Turn.of(fresh, clock.now())
    written, put = [], one.server.put

    def just_before(address, text, *, tag=""):
        put_elsewhere(radicale, file, when(hours=1))
        written.append(put(address, text, tag=tag))
        return written[-1]

    object.__setattr__(one.server, "put", just_before)
    one.go()
    assert written == [None]
    assert only(radicale)[1].dtstart.value == when(hours=1)
    well(row)

    assert [found.what for found in queries.conflicts(by=ana.account)] == ["MOVED"]


def test_an_answer_that_was_lost_makes_no_second_entry(ana, mara, radicale, row):
    """The entry was written and the worker died before it could note that."""
    book(ana, mara)
    well(row)
    Pushed.objects.update(state="NEW", tag="", written_at=None)
    well(row, times=2)

    assert len(radicale.entries()) == 1
    assert Pushed.objects.get().state == "WRITTEN"
    assert queries.conflicts(by=ana.account) == []


def test_a_move_whose_answer_was_lost_is_agreed(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    before = Pushed.objects.values().get()
    move(ana, meeting, when(4))
    well(row)
    Pushed.objects.update(**{n: before[n] for n in ("starts_at", "ends_at", "tag")})
    Outside.objects.update(tag="")
    well(row)

    assert queries.conflicts(by=ana.account) == []
    assert Pushed.objects.get().starts_at == when(4)


def test_what_is_there_already_makes_busy_and_ours_does_not(ana, mara, radicale, row):
    radicale.write("a.ics", entry("a", f"{when(6):%Y%m%dT%H%M%SZ}", f"{when(6, 1):%Y%m%dT%H%M%SZ}"))
    book(ana, mara)
    well(row, times=3)

    assert [(b.starts_at, b.ends_at, b.source) for b in Busy.objects.all()] == [
        (when(6), when(6, 1), row.pk)
    ]
    assert Outside.objects.get().busy == 1
    radicale.delete("a.ics")
    well(row)
    assert not Busy.objects.exists()


def test_nothing_is_read_again_while_nothing_changed(
    ana, radicale, row, django_assert_max_num_queries
):
    radicale.write("a.ics", entry("a", f"{when(6):%Y%m%dT%H%M%SZ}", f"{when(6, 1):%Y%m%dT%H%M%SZ}"))
    well(row)
    Busy.objects.all().delete()
    well(row)
    assert not Busy.objects.exists()  # the server's mark said that there is nothing new

    Outside.objects.update(read_on=clock.today() - timedelta(days=1))
    well(row)
    assert Busy.objects.count() == 1


def test_a_calendar_that_is_only_read_is_never_written(ana, mara, radicale, connected):
    row = connected(writes=False)
    book(ana, mara)
    well(row, times=2)

    assert radicale.entries() == {}


def test_a_server_that_is_down_is_tried_less_and_less_and_then_all_is_as_it_should_be(
    ana, mara, radicale, row
):
    first = book(ana, mara)
    well(row)
    radicale.stop()
    book(ana, ClientOf(care_team=[ana]), at=when(5))
    pauses = []
    for _ in range(8):
        assert turn(row) == (False, "closed")
        fresh = Outside.objects.get()
        pauses.append(fresh.next_at - fresh.tried_at)
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=30)
    assert pauses[-1] == timedelta(hours=6)
    assert fresh.failures == 8 and fresh.fetched_at < fresh.tried_at
    assert [line.error for line in queries.attention(by=ana.account)] == ["closed"]

    radicale.start()
    well(row, times=2)
    assert len(radicale.entries()) == 2
    assert Outside.objects.get().failures == 0
    assert queries.attention(by=ana.account) == []
    assert Appointment.objects.get(pk=first.pk).starts_at == when()


def test_a_password_that_was_changed_there_is_said(ana, radicale, row):
    (radicale.folder / "users").write_text("ana:other\n")
    radicale.stop()
    radicale.start()
    try:
        assert turn(row) == (False, "refused")
    finally:
        (radicale.folder / "users").write_text("ana:right\n")
        radicale.stop()
        radicale.start()


def test_a_calendar_that_was_removed_there_is_said_and_no_meeting_called_deleted(
    ana, mara, radicale, row
):
    book(ana, mara)
    well(row)
    radicale.ask("DELETE", "ana/private/")

    assert turn(row) == (False, "nothing")
    assert queries.conflicts(by=ana.account) == []


def test_a_hundred_meetings_go_out_in_turns(ana, mara, radicale, row, monkeypatch):
    monkeypatch.setattr(syncing, "MOST_WRITES", 3)
    for hours in range(5):
        book(ana, mara, at=when(hours=2 * hours))
    well(row)
    assert len(radicale.entries()) == 3
    well(row, times=2)

    assert len(radicale.entries()) == 5


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


def test_meetings_are_written_into_one_calendar_only(connected):
    connected()
    with pytest.raises(CannotConnect) as no:
        connected()
    assert no.value.field == "writes"


def test_removing_it_takes_its_busy_times_and_leaves_what_is_there(ana, mara, radicale, row):
    radicale.write("a.ics", entry("a", f"{when(6):%Y%m%dT%H%M%SZ}", f"{when(6, 1):%Y%m%dT%H%M%SZ}"))
    book(ana, mara)
    well(row)
    actions.forget(by=ana.account, outside=Outside.objects.select_related("staff").get())

    assert not Busy.objects.exists() and not Pushed.objects.exists()
    assert len(radicale.entries()) == 2
