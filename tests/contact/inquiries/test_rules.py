"""Stages, days, names and figures, with no database."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.contact.inquiries import rules
from rapport.contact.inquiries.rules import Fact


def test_every_open_stage_has_one_that_follows_but_the_last():
    assert [rules.next_stage(stage) for stage in rules.OPEN] == [*rules.OPEN[1:], None]
    assert [rules.next_stage(stage) for stage in ("STARTED", "REFERRED", "CLOSED", "x")] == [
        None
    ] * 4


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 26), 1, date(2026, 12, 26)),
        (date(2026, 12, 1), 120, date(2036, 12, 1)),
        (date(2026, 1, 15), -11, date(2025, 2, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, then):
    assert rules.add_months(day, months) == then


@given(st.dates(date(1900, 1, 1), date(2190, 1, 1)), st.integers(1, 120))
def test_months_later_is_always_so_many_months_later(day, months):
    then = rules.add_months(day, months)

    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day <= day.day


@pytest.mark.parametrize(
    ("typed", "name", "same"),
    [
        ("Jonas Weber", "Weber, Jonas", True),
        ("jonas weber", "Jonas Karl Weber", True),
        ("Jürgen Mayer", "Juergen Meier", True),
        ("Jonas Weber", "Jonas Webermann", False),
        ("Jonas Weber", "Weber", False),
        ("Weber", "Jonas Weber", False),
        ("Weber", "Weber", True),
        ("", "", False),
        ("??", "Jonas Weber", False),
    ],
)
def test_a_name_fits_where_all_its_words_are_in_the_other(typed, name, same):
    assert rules.same_person(typed, name) is same


def test_names_are_read_one_a_line_each_once():
    assert rules.names_in("Jonas  Weber\n\njonas weber\r\n --- \n Ada ") == ["jonas weber", "Ada"]


NOON = datetime(2026, 11, 26, 12)


@pytest.mark.parametrize(("later", "minutes"), [(90, 90), (0, 0), (-5, 0)])
def test_time_to_the_first_answer_is_never_negative(later, minutes):
    assert rules.minutes_between(NOON, NOON + timedelta(minutes=later)) == minutes
    assert rules.minutes_between(NOON, None) is None


def fact(source="Web", started=False, minutes=None, month=11):
    return Fact(date(2026, month, 1), source, "", started, minutes)


def test_figures_are_counted_by_key_and_the_median_is_of_those_answered():
    facts = [fact(minutes=10), fact(minutes=30, started=True), fact(), fact("Doctor", minutes=7)]

    lines = rules.counted(facts, lambda one: (one.source,))

    assert [(line.key, line.received, line.started, line.minutes) for line in lines] == [
        (("Doctor",), 1, 0, 7), (("Web",), 3, 1, 20),
    ]  # fmt: skip
    assert rules.counted([fact()], lambda _one: ())[0].minutes is None
    assert rules.counted([], lambda _one: ()) == []


FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  =1", "\n=1", "\ufeff=1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell):
    assert rules.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Web", "", "a=1", "Dr. Amaral"])
def test_other_cells_stay_as_they_are(cell):
    assert rules.harmless(cell) == cell
