"""How two versions of a note meet, and what its times are."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.record.notes import rules

DAY = date(2026, 11, 24)
BERLIN = ZoneInfo("Europe/Berlin")
SECTIONS = st.dictionaries(st.sampled_from("abcd"), st.text(max_size=8))


@pytest.mark.parametrize(
    ("stands", "given", "loses"),
    [
        ({}, {"a": "x"}, False), ({"a": "x"}, {"a": "x"}, False), ({"a": "x"}, {"a": "xy"}, False),
        ({"a": "xy"}, {"a": "x"}, True), ({"a": "x"}, {}, True), ({"a": "x"}, {"a": "y x"}, True),
        ({"a": "", "b": "x"}, {"b": "x"}, False),
    ],
)  # fmt: skip
def test_only_words_that_go_on_lose_nothing(stands, given, loses):
    assert rules.loses_nothing(stands, given) is not loses


@given(SECTIONS, st.lists(st.sampled_from("abcdef"), min_size=1, unique=True))
def test_another_form_keeps_every_word(sections, keys):
    fits = rules.refitted(sections, keys, dict.fromkeys("abcd", "Label"))
    everything = "\n".join(fits.values())

    assert list(fits) == keys
    assert all(text in everything for text in sections.values() if text.strip())


@given(st.text(max_size=8), st.text(max_size=8))
def test_two_texts_are_joined_without_losing_or_repeating_one(one, other):
    both = rules.joined(one, other)

    assert one in both and other in both
    assert rules.joined(both, other) == both


@pytest.mark.parametrize(
    ("start", "stop", "minutes"),
    [(time(9), time(9, 50), 50), (time(23, 30), time(0, 20), 50), (time(20), time(2), 360)],
)  # fmt: skip
def test_a_contact_may_pass_midnight_and_no_more(start, stop, minutes):
    began, ended = rules.stretch(DAY, start, stop, BERLIN)
    assert (ended - began).total_seconds() == minutes * 60


@pytest.mark.parametrize(("start", "stop"), [(time(9), time(9)), (time(20), time(2, 1))])
def test_a_longer_one_is_a_slip(start, stop):
    with pytest.raises(rules.Backwards):
        rules.stretch(DAY, start, stop, BERLIN)


def test_an_hour_that_clocks_skip_is_a_slip_and_no_fault():
    """On 29 March 2026 there was no 02:50; it is 03:50, and 03:10 lies before it."""
    with pytest.raises(rules.Backwards):
        rules.stretch(date(2026, 3, 29), time(2, 50), time(3, 10), BERLIN)
    began, ended = rules.stretch(date(2026, 3, 29), time(1, 50), time(3, 10), BERLIN)
    assert (ended - began).total_seconds() == 20 * 60


def test_one_time_may_be_known_and_not_the_other():
    assert rules.stretch(DAY, None, None, BERLIN) == (None, None)
    began, ended = rules.stretch(DAY, time(9), None, BERLIN)
    assert (began.astimezone(BERLIN).hour, ended) == (9, None)


@pytest.mark.parametrize(("days", "late"), [(0, False), (2, False), (3, True), (400, True)])
def test_a_note_is_late_from_the_third_day_on(days, late):
    assert rules.is_late(date.fromordinal(DAY.toordinal() - days), today=DAY) is late


def test_what_is_too_long_or_unwritten_is_named():
    sections = {"a": "x" * 200_000, "b": "x" * 200_001, "c": " \n "}

    assert rules.too_long(sections) == ["b"]
    assert rules.unwritten(["a", "c", "d"], sections) == ["c", "d"]
