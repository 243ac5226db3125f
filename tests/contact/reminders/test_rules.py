"""When somebody is told: pure arithmetic, on every wall."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.contact.reminders import rules
from rapport.contact.reminders.rules import Quiet, due, may_go, moment

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["America/New_York", "America/Phoenix", "Australia/Lord_Howe", "America/St_Johns",
         "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "Europe/London",
         "America/Sao_Paulo", "Pacific/Auckland"]  # fmt: skip
NIGHT = Quiet(time(21), time(8), BERLIN)
BEFORE = Quiet(time(21), time(8), BERLIN, before=True)
TEN = datetime(2030, 1, 8, 10, tzinfo=BERLIN)


def there(day, hour, minute=0):
    return datetime(2030, 1, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "starts, offset, quiet, goes",
    [
        (TEN, 1440, None, there(7, 10)),
        (TEN, 1440, NIGHT, there(7, 10)),
        (TEN, 11 * 60, NIGHT, there(8, 8)),
        (TEN, 11 * 60, BEFORE, there(7, 20, 45)),
        (there(8, 8, 30), 60, NIGHT, there(8, 8)),
        (there(8, 8), 60, NIGHT, there(7, 20, 45)),
        (there(8, 7), 60, NIGHT, there(7, 20, 45)),
        (there(7, 23), 60, NIGHT, there(7, 20, 45)),
        (there(7, 21, 30), 60, NIGHT, there(7, 20, 30)),
    ],
)
def test_a_reminder_in_quiet_hours_goes_out_before_or_after_them(starts, offset, quiet, goes):
    assert moment(starts, offset, quiet) == goes


def test_quiet_hours_within_a_day_end_the_same_day():
    noon = Quiet(time(12), time(14), BERLIN)
    assert moment(there(8, 15), 150, noon) == there(8, 14)
    assert noon.around(there(8, 14)) is None and noon.around(there(8, 11, 59)) is None


def test_quiet_hours_that_end_when_they_begin_are_none():
    with pytest.raises(ValueError):
        Quiet(time(9), time(9), BERLIN)


days = st.datetimes(datetime(2026, 1, 2), datetime(2030, 12, 30))
walls = st.times()


@settings(deadline=None)
@given(at=days, offset=st.integers(5, rules.LONGEST), begin=walls, end=walls,
       zone=st.sampled_from(ZONES), before=st.booleans())  # fmt: skip
def test_a_reminder_always_goes_out_before_the_meeting(at, offset, begin, end, zone, before):
    if begin == end:
        return
    starts = at.replace(tzinfo=UTC)
    goes = moment(starts, offset, Quiet(begin, end, ZoneInfo(zone), before))
    assert goes < starts


@settings(deadline=None)
@given(at=days, begin=walls, end=walls, zone=st.sampled_from(ZONES))
def test_a_quiet_stretch_holds_the_instant_it_was_asked_about(at, begin, end, zone):
    if begin == end:
        return
    instant = at.replace(tzinfo=UTC)
    found = Quiet(begin, end, ZoneInfo(zone)).around(instant)
    if found is not None:
        start, until = found
        assert start <= instant < until <= start + timedelta(hours=26)


def test_nothing_is_due_before_its_moment_nor_once_it_has_begun():
    assert due([1440], TEN, there(7, 9, 59), told=None) is None
    assert due([1440], TEN, there(7, 10), told=None) == 1440
    assert due([1440], TEN, there(8, 9, 59), told=None) == 1440
    assert due([1440], TEN, TEN, told=None) is None


def test_of_several_that_are_due_only_the_nearest_goes_out():
    assert due([2880, 1440, 120], TEN, there(8, 9), told=None) == 120


def test_who_was_told_since_its_moment_is_not_told_again():
    assert due([1440, 120], TEN, there(7, 11), told=there(7, 10)) is None
    assert due([1440, 120], TEN, there(8, 8), told=there(7, 10)) == 120
    assert due([1440], TEN, there(8, 8), told=there(8, 7, 30)) is None


def test_in_quiet_hours_nothing_goes_unless_they_end_too_late():
    assert not may_go(there(7, 22), TEN, NIGHT)
    assert may_go(there(8, 8), TEN, NIGHT)
    assert may_go(there(7, 22), there(8, 8), NIGHT)
    assert due([1440], TEN, there(7, 23), told=None, quiet=NIGHT) is None
    assert due([1440], TEN, there(8, 8), told=None, quiet=NIGHT) == 1440


def test_the_clients_choice_beats_the_types_and_the_types_the_practices():
    assert rules.applying([1440], [60], [30]) == [30]
    assert rules.applying([1440], [60], []) == []
    assert rules.applying([1440], [60], None) == [60]
    assert rules.applying([1440], [], None) == []
    assert rules.applying([1440], None, None) == [1440]


def test_channels_are_tried_in_order_each_once():
    assert rules.in_order(["mail", "web"], []) == ["mail", "web"]
    assert rules.in_order(["mail"], ["web", "web", "mail"]) == ["web", "mail"]
    assert rules.next_channel(["mail", "web"], {"mail"}, {"mail", "web"}) == "web"
    assert rules.next_channel(["mail", "web"], {"mail"}, {"mail"}) is None


@pytest.mark.parametrize("wrong", [[0], [4], [-5], [rules.LONGEST + 1], [5, 6, 7, 8, 9]])
def test_offsets_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError):
        rules.checked(wrong)


def test_offsets_stand_each_once_the_farthest_first():
    assert rules.checked([60, 1440, 60]) == [1440, 60]


def test_the_first_channel_has_half_of_the_time():
    assert not rules.gives_up(there(8, 8), TEN, there(8, 8, 59))
    assert rules.gives_up(there(8, 8), TEN, there(8, 9))
