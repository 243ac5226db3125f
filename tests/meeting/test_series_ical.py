"""A standing slot in RFC 5545's words, read by somebody else and by ourselves."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.meeting.appointments.rules import Slot, Unfit, lasting
from rapport.meeting.series import ical, rules
from rapport.meeting.series.rules import Pattern, Rule

from . import wall

STAMP = datetime(2026, 1, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2030, 1, 7)


def written(said, dues, **more):
    return ical.calendar(ical.events(said, dues, uid="1", title="M.", stamp=STAMP, **more))


def expanded(text, first, last):
    """The instants that an independent reader finds."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(
        datetime.combine(first, time(), tzinfo=UTC), datetime.combine(last, time(), tzinfo=UTC)
    )
    return sorted((one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_somebody_else_finds_the_same_instants_and_we_read_the_same_back(data):
    zone = data.draw(wall.zones)
    first, at = data.draw(wall.days_near_changes(zone)), data.draw(wall.times)
    rule = rules.fitting(data.draw(wall.rules(first)), first)
    said = Pattern(rule, first, at, ZoneInfo(zone), 50)
    last = first + timedelta(200)
    dues = rules.planned(said, first, last)
    named = [due.nth_on for due in dues]
    out = data.draw(st.sets(st.sampled_from(named), max_size=4))
    shifted = data.draw(st.sets(st.sampled_from(named), max_size=4)) - out
    moved = {day: lasting(said.slot(day).start + timedelta(minutes=95), 80) for day in shifted}
    ended = data.draw(st.sampled_from([None, None, first + timedelta(90)]))

    text = written(said, dues, left_out=out, moved=moved, ended_on=ended)

    stand = [day for day in named if day not in out and (ended is None or day < ended)]
    wanted = [moved.get(day, said.slot(day)) for day in stand]
    until = last - timedelta(3)
    found = expanded(text, first - timedelta(3), until)
    cut = datetime.combine(until, time(), tzinfo=UTC)
    assert found == sorted((s.start, s.end) for s in wanted if s.start < cut)
    back = ical.read(text)
    assert (back.pattern.at, back.pattern.zone.key, back.pattern.minutes) == (at, zone, 50)
    assert back.left_out == {day for day in out if ended is None or day < ended}
    assert back.moved.items() >= {d: s for d, s in moved.items() if d in stand}.items()
    again = [due.nth_on for due in rules.planned(back.pattern, first, last)]
    assert again == [day for day in named if ended is None or day < ended]


@pytest.mark.parametrize(
    ("zone", "day", "at"),
    [
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 10)),  # half an hour comes twice
        ("Australia/Lord_Howe", date(2026, 10, 4), time(1, 20)),  # half an hour is left out
        ("America/New_York", date(2026, 11, 1), time(1, 10)),
        ("America/New_York", date(2026, 3, 8), time(1, 30)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30)),
    ],
)
def test_a_session_during_which_clocks_change_is_as_long_elsewhere(zone, day, at):
    said = Pattern(rules.fitting(Rule("WEEKLY"), day), day, at, ZoneInfo(zone), 50)
    dues = rules.planned(said, day, day + timedelta(14))

    found = expanded(written(said, dues), day - timedelta(1), day + timedelta(8))

    assert [end - start for start, end in found] == [timedelta(minutes=50)] * len(found)
    assert found[0] == (said.slot(day).start, said.slot(day).end)


def test_a_slot_that_ended_before_it_began_is_no_event():
    said = Pattern(Rule("WEEKLY", days=(1,)), MONDAY, time(9), BERLIN, 50)

    assert ical.events(said, [], uid="1", title="", stamp=STAMP, ended_on=MONDAY) == []


def test_a_line_break_in_a_title_breaks_no_line():
    said = Pattern(Rule("WEEKLY", days=(1,)), MONDAY, time(9), BERLIN, 50)
    text = ical.calendar(ical.events(said, [], uid="1", stamp=STAMP, title="M.\r\nATTENDEE:x"))

    assert b"\r\nATTENDEE" not in text
    assert b"SUMMARY:M. ATTENDEE:x" in text


EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin:20300107T090000
DURATION:PT50M
RRULE:FREQ=WEEKLY;BYDAY=MO
END:VEVENT
END:VCALENDAR
"""


def read(text):
    return ical.read(text.replace("\n", "\r\n").encode())


def test_what_others_write_is_read():
    other = """BEGIN:VEVENT
UID:1
RECURRENCE-ID:20300114T080000Z
DTSTART:20300115T080000Z
DTEND:20300115T090000Z
END:VEVENT
BEGIN:VEVENT
UID:1
RECURRENCE-ID;TZID=Europe/Berlin:20300128T090000
DTSTART;TZID=Europe/Berlin:20300128T090000
DURATION:PT50M
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR"""
    text = EVENT.replace("END:VCALENDAR", other).replace(
        "RRULE", "EXDATE;TZID=Europe/Berlin:20300121T090000\nRRULE"
    )

    found = read(text)

    assert (found.pattern.at, found.pattern.zone.key) == (time(9), "Europe/Berlin")
    assert found.left_out == {date(2030, 1, 21), date(2030, 1, 28)}
    nine = datetime(2030, 1, 15, 8, tzinfo=UTC)
    assert found.moved == {date(2030, 1, 14): Slot(nine, nine + timedelta(hours=1))}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "unreadable"),
        ("BEGIN:VCALENDAR", "unreadable"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no_event"),
        (EVENT.replace("RRULE:FREQ=WEEKLY;BYDAY=MO\n", ""), "no_event"),
        (EVENT.replace("FREQ=WEEKLY;BYDAY=MO", "FREQ=SECONDLY"), "too_often"),
        (EVENT.replace("BYDAY=MO", "UNTIL=99991231T000000Z"), "ends_late"),
        (EVENT.replace("BYDAY=MO", "BYDAY=TU"), "not_named"),
        (EVENT.replace(";TZID=Europe/Berlin", ""), "no_zone"),
        (EVENT.replace("20300107T090000", "20300107").replace(";TZID=Europe/Berlin", ""),
         "no_zone"),
        (EVENT.replace("PT50M", "PT0M"), "length"),
        (EVENT.replace("PT50M", "-PT50M"), "length"),
        (EVENT.replace("DURATION:PT50M\n", ""), "unreadable"),
        (EVENT.replace("20300107T090000", "20301307T090000"), "unreadable"),
        (EVENT.replace("UID:1", "SUMMARY:" + "x" * 300_000), "large"),
        (EVENT.replace("RRULE", "EXDATE;TZID=Europe/Berlin:" + ",".join(
            ["20300107T090000"] * 10_000) + "\nRRULE"), "exceptions"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(text, why):
    with pytest.raises(Unfit) as refused:
        read(text)
    assert refused.value.code == why
