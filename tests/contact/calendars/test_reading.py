"""When a foreign calendar says that somebody is taken, and what is not even tried to read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.contact.calendars import failures, reading, slim
from rapport.contact.calendars.slim import Unreadable

BERLIN = ZoneInfo("Europe/Berlin")
START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def calendar(*events, more=""):
    body = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{more}{body}END:VCALENDAR\r\n".encode()


def event(start="DTSTART:20261020T080000Z", end="DTEND:20261020T090000Z", *more, uid="a"):
    return "\r\n".join([f"UID:{uid}", "SUMMARY:Dentist", start, end, *more])


def taken(*texts, start=START, end=END, zone=BERLIN, **more):
    found = reading.taken(texts, start=start, end=end, zone=zone, **more)
    return [(a.isoformat()[:16], b.isoformat()[:16]) for a, b in found.spans], found.left_out


def refused(*texts):
    with pytest.raises(Unreadable) as no:
        taken(*texts)
    assert failures.in_words(no.value.code) == str(failures.WORDS[no.value.code])
    return no.value.code


def test_when_and_nothing_of_what():
    spans, left_out = taken(calendar(event()))

    assert spans == [("2026-10-20T08:00", "2026-10-20T09:00")]
    assert left_out == 0


@pytest.mark.parametrize(
    ("start", "end", "spans"),
    [
        ("DTSTART;TZID=Europe/Berlin:20261024T100000", "DTEND;TZID=Europe/Berlin:20261024T110000",
         [("2026-10-24T08:00", "2026-10-24T09:00")]),
        ("DTSTART;TZID=Europe/Berlin:20261026T100000", "DURATION:PT1H",
         [("2026-10-26T09:00", "2026-10-26T10:00")]),
        ('DTSTART;TZID="America/New_York":20261026T100000', "DURATION:PT30M",
         [("2026-10-26T14:00", "2026-10-26T14:30")]),
        ("DTSTART;TZID=/mozilla.org/20070129_1/Europe/Berlin:20261026T100000", "DURATION:PT1H",
         [("2026-10-26T09:00", "2026-10-26T10:00")]),
        ("DTSTART:20261026T100000", "DTEND:20261026T110000",
         [("2026-10-26T09:00", "2026-10-26T10:00")]),
        ("DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261027",
         [("2026-10-25T23:00", "2026-10-26T23:00")]),
        ("DTSTART;VALUE=DATE:20261025", "TRANSP:OPAQUE",
         [("2026-10-24T22:00", "2026-10-25T23:00")]),
        ("DTSTART;TZID=Nowhere/Land:20261026T100000", "DURATION:PT1H",
         [("2026-10-26T09:00", "2026-10-26T10:00")]),
        ("DTSTART:20261020T080000Z", "DTEND:20261020T080000Z", []),
        ("DTSTART:20261020T080000Z", "DTEND:20261020T070000Z",  # read the other way round
         [("2026-10-20T07:00", "2026-10-20T08:00")]),
        ("DTSTART:20261020T080000Z", "TRANSP:TRANSPARENT", []),
        ("DTSTART:20260901T080000Z", "DTEND:20260901T090000Z", []),
        ("DTSTART:99991231T080000Z", "DURATION:PT1H", []),
        ("DTSTART:20260930T230000Z", "DTEND:20261001T010000Z",
         [("2026-10-01T00:00", "2026-10-01T01:00")]),
    ],
)  # fmt: skip
def test_times_are_instants(start, end, spans):
    assert taken(calendar(event(start, end)))[0] == spans


def test_a_calendar_says_which_zone_its_plain_times_are_in():
    text = calendar(event("DTSTART:20261026T100000", "DTEND:20261026T110000"),
                    more="X-WR-TIMEZONE:America/New_York\r\n")  # fmt: skip

    assert taken(text)[0] == [("2026-10-26T14:00", "2026-10-26T15:00")]


def test_the_wall_clock_is_kept_over_a_change_of_clocks():
    spans, _ = taken(
        calendar(
            event("DTSTART;TZID=Europe/Berlin:20261019T100000", "DURATION:PT1H",
                  "RRULE:FREQ=WEEKLY;COUNT=3")
        )
    )  # fmt: skip

    assert [a for a, _ in spans] == ["2026-10-19T08:00", "2026-10-26T09:00", "2026-11-02T09:00"]


def test_one_of_a_series_that_was_moved_or_left_out_is_so_here():
    series = event("DTSTART:20261005T080000Z", "DTEND:20261005T090000Z",
                   "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261012T080000Z")  # fmt: skip
    moved = event("DTSTART:20261020T100000Z", "DTEND:20261020T110000Z",
                  "RECURRENCE-ID:20261019T080000Z")  # fmt: skip
    off = event("DTSTART:20261026T080000Z", "DTEND:20261026T090000Z",
                "RECURRENCE-ID:20261026T080000Z", "STATUS:CANCELLED")  # fmt: skip

    spans, _ = taken(calendar(series, moved, off))

    assert [a for a, _ in spans] == ["2026-10-05T08:00", "2026-10-20T10:00"]


def test_a_zone_that_a_calendar_brings_is_used_under_a_name_of_its_own():
    """Two calendars may call two zones the same."""

    def brought(offset):
        zone = (
            "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            f"TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        )
        return calendar(
            event("DTSTART;TZID=Ours:20261026T100000", "DURATION:PT1H", uid=offset), more=zone
        )

    assert taken(brought("+0500"))[0] == [("2026-10-26T05:00", "2026-10-26T06:00")]
    assert taken(brought("+0100"))[0] == [("2026-10-26T09:00", "2026-10-26T10:00")]
    assert len(taken(brought("+0500"), brought("+0100"))[0]) == 2


def test_what_touches_is_one_stretch_and_ours_is_left_out():
    texts = [
        calendar(event()),
        calendar(event("DTSTART:20261020T090000Z", "DTEND:20261020T093000Z", uid="b")),
        calendar(event("DTSTART:20261021T090000Z", "DTEND:20261021T093000Z", uid="ours")),
    ]

    assert taken(*texts, but=frozenset({"ours"}))[0] == [("2026-10-20T08:00", "2026-10-20T09:30")]


def test_what_people_wrote_is_never_parsed():
    broken = (
        event()
        + '\r\nATTENDEE;CN="x:mailto:y\r\nGEO:nonsense\r\nDTSTAMP:never\r\n'
        + ("BEGIN:VALARM\r\nTRIGGER:nonsense\r\nEND:VALARM\r\nDESCRIPTION:BEGIN:VEVENT")
    )

    assert taken(calendar(broken)) == ([("2026-10-20T08:00", "2026-10-20T09:00")], 0)


@pytest.mark.parametrize(
    "bad",
    [
        event("DTSTART:nonsense"),
        event("DTSTART:20261350T080000Z"),
        event("DTSTART;VALUE=DATE:x", "DTEND:y"),
        event("X-NOTHING:1", "X-NOTHING:2"),
        event("DTSTART:20261020T080000Z", "DURATION:long"),
        event("DTSTART:20261020T080000Z", "DTEND:20261020T090000Z", "RRULE:FREQ=WEEKLY;UNTIL=x"),
        event("DTSTART:20261020T080000Z", "DTEND:20261020T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=XX"),
        event("DTSTART:00010101T080000Z", "DTEND:00010101T090000Z", "RECURRENCE-ID:x"),
    ],
)
def test_one_entry_that_cannot_be_read_spoils_no_other(bad):
    good = event("DTSTART:20261021T080000Z", "DTEND:20261021T090000Z", uid="good")
    spans, left_out = taken(calendar(bad, good))

    assert ("2026-10-21T08:00", "2026-10-21T09:00") in spans
    assert len(spans) == 1
    assert left_out <= 1


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=HOURLY", "freq=secondly", "FREQ=DAILY;"
     "BYSECOND=1,2", "FREQ=DAILY;BYMINUTE=1", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=DAILY;INTERVAL=0",
     "FREQ=WEEKLY;INTERVAL=-1", "INTERVAL=1", "", "FREQ=NEVER"],
)  # fmt: skip
def test_what_recurs_too_often_is_refused_in_words(rule):
    one = event("DTSTART:20261020T080000Z", "DTEND:20261020T090000Z", f"RRULE:{rule}")

    assert refused(calendar(one)) == "often"


def test_ten_thousand_exceptions_are_refused_in_words():
    days = [f"EXDATE:{20000101 + n}T080000Z" for n in range(10_000)]
    many = ",".join(f"{20000101 + n}T080000Z" for n in range(2_001))

    assert refused(calendar(event(*days))) == "many_exceptions"
    assert refused(calendar(event(f"RDATE:{many}"))) == "many_exceptions"


def test_too_many_entries_are_refused_in_words():
    events = [event(uid=str(n)) for n in range(slim.MOST_EVENTS + 1)]

    assert refused(calendar(*events)) == "many_events"
    half = [calendar(*events[:2100]), calendar(*events[:2100])]
    assert refused(*half) == "many_events"


@pytest.mark.parametrize(
    "text",
    [b"", b"<html>sign in</html>", b"BEGIN:VCARD\r\nEND:VCARD", b"\xff\xfe\x00\x01", b"PK\x03\x04",
     "BEGIN:VCALENDAR".encode("utf-16")],
)  # fmt: skip
def test_what_is_no_calendar_is_said(text):
    assert refused(text) == "no_calendar"


def test_an_empty_calendar_takes_no_time():
    assert taken(calendar()) == ([], 0)
    assert taken(b"\xef\xbb\xbf" + calendar()) == ([], 0)
    assert taken() == ([], 0)


def test_a_calendar_that_ends_in_the_middle_gives_what_is_whole():
    text = calendar(event(), event("DTSTART:20261021T080000Z", "DTEND:20261021T090000Z", uid="b"))

    assert len(taken(text[:-60])[0]) == 1


def test_a_line_without_end_is_refused():
    assert refused(calendar(event(f"DTSTART:{'1' * 200_000}"))) in ("garbled", "many_exceptions")
    assert refused(calendar("UID:a\r\n" + " x\r\n" * 200_000)) == "garbled"


def test_rules_that_take_too_long_to_work_out_are_refused_in_words(monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_READING", 0.1)
    never = [
        event("DTSTART:20200101T080000Z", "DTEND:20200101T090000Z",
              "RRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", uid=str(n))
        for n in range(300)
    ]  # fmt: skip

    assert refused(calendar(*never)) == "slow_to_read"


LINES = st.sampled_from([
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE",
    "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "BEGIN:VALARM", "END:VALARM", "UID:a",
    "UID:b", "DTSTART:20261020T080000Z", "DTSTART;VALUE=DATE:20261020", "DTSTART:20261020T080000",
    "DTSTART;TZID=Europe/Berlin:20261020T080000", "DTSTART;TZID=X:20261020T080000",
    "DTEND:20261020T090000Z", "DTEND;VALUE=DATE:20261021", "DTEND;TZID=X:20261020T080000",
    "DURATION:PT1H", "DURATION:-PT1H", "DURATION:P9999999D", "RRULE:FREQ=DAILY;COUNT=3",
    "RRULE:FREQ=WEEKLY;UNTIL=20261101", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2",
    "RRULE:FREQ=YEARLY;BYMONTH=13", "EXDATE:20261020T080000Z", "EXDATE;VALUE=DATE:20261021",
    "RDATE;VALUE=PERIOD:20261020T080000Z/PT1H", "RDATE:20261022T080000", "TZID:X",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:nonsense", "RECURRENCE-ID:20261020T080000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20261021T080000Z", "SEQUENCE:x", "STATUS:CANCELLED",
    "TRANSP:TRANSPARENT", " folded", "nonsense", ":", ";;", "X-WR-TIMEZONE:Europe/Paris",
    "DTSTART:99991231T235959Z", "DTSTART:00000000T000000Z", "SEQUENCE:3",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_whatever_stands_in_it_it_is_read_or_refused_in_words(lines):
    text = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    try:
        found = reading.taken([text.encode()], start=START, end=END, zone=BERLIN)
    except Unreadable as no:
        assert no.code in failures.WORDS
        return
    assert all(START <= begins < ends <= END for begins, ends in found.spans)
    assert all(b < c for (_, b), (c, _) in zip(found.spans, found.spans[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_anything(said):
    for text in (said, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + said):
        try:
            reading.taken([text], start=START, end=END, zone=BERLIN)
        except Unreadable as no:
            assert no.code in failures.WORDS


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(-5, 100)), max_size=30))
def test_merging_keeps_every_minute_and_adds_none(pairs):
    minute = timedelta(minutes=1)
    spans = [(START + a * minute, START + (a + n) * minute) for a, n in pairs if n > 0]
    window = START + 50 * minute, START + 450 * minute
    found = reading.merged(spans, *window)

    def minutes(some):
        return {
            int((a - START) / minute) + n for a, b in some for n in range(int((b - a) / minute))
        }

    assert minutes(found) == {n for n in minutes(spans) if 50 <= n < 450}
    assert all(b < c for (_, b), (c, _) in zip(found, found[1:], strict=False))
