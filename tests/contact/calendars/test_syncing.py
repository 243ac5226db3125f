"""Meetings and a real CalDAV calendar kept alike, also where answers are lost and servers down."""

from datetime import time, timedelta

import pytest

from rapport.contact.calendars import actions, queries, syncing
from rapport.contact.calendars import jobs as calendars
from rapport.contact.calendars.actions import CannotConnect
from rapport.contact.models import Outside, Pushed
from rapport.core import jobs
from rapport.core import time as clock
from rapport.meeting.models import Appointment, Busy
from rapport.meeting.series import actions as series
from rapport.meeting.series import resting
from rapport.meeting.series.rules import Rule
from tests.factories import ClientOf, Colleague

from .steps import book, cancel, move, only, put_elsewhere, turn, well
from .test_dav import entry
from .test_feeds import HEALTH, when

pytestmark = pytest.mark.django_db


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


def standing(ana, mara):
    first = clock.local(when(8)).date()
    wanted = series.Wanted(clinician=ana, rule=Rule("DAILY", every=7, times=6), starts_on=first,
                           at=time(10), holidays="KEEP", way="PHONE")  # fmt: skip
    return first, series.begin(by=ana.account, client=mara, wanted=wanted, now=clock.now())


@pytest.mark.parametrize("left", [6, 4, 2, 0])
def test_what_goes_with_its_standing_slot_goes_there_with_the_next_round(
    ana, mara, radicale, row, left
):
    first, slot = standing(ana, mara)
    well(row)
    assert len(radicale.entries()) == 6
    Outside.objects.update(next_at=clock.now() + timedelta(hours=1))
    if left == 4:
        resting.pause(by=ana.account, series=slot, from_on=first + timedelta(7), offered=False,
                      until_on=first + timedelta(20), revision=1, now=clock.now())  # fmt: skip
    elif left != 6:
        series.end(by=ana.account, series=slot, on=first + timedelta(7 * left), revision=1,
                   now=clock.now())  # fmt: skip
    calendars.go_round(now=clock.now())
    jobs.run_due(clock.now(), loud=True)

    assert len(radicale.entries()) == Pushed.objects.count() == left


def test_one_that_is_left_as_it_is_hides_no_other_that_goes(ana, mara, radicale, row):
    _first, slot = standing(ana, mara)
    well(row)
    last = Pushed.objects.order_by("pk").last()
    Pushed.objects.filter(pk=last.pk).update(state="LEFT")
    Appointment.objects.all().delete()
    row.refresh_from_db()

    assert syncing.waiting_to_be_written([row], clock.today()) == [row]


def test_what_took_place_stays(ana, mara, radicale, row):
    meeting = book(ana, mara)
    well(row)
    Appointment.objects.filter(pk=meeting.pk).update(status="KEPT")
    well(row)

    assert len(radicale.entries()) == 1


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
