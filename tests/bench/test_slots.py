"""The benchmark of free times compares ways to the same times."""

from itertools import pairwise

import pytest
from bench import slots


@pytest.mark.parametrize("count", [0, 1, 100, 1000])
def test_the_engine_and_the_loop_without_zones_offer_the_same(count):
    slots.agreed(slots.made(count))


def test_ways_that_differ_are_not_compared():
    work = slots.made(3)
    with pytest.raises(AssertionError):
        slots.agreed(slots.Work(work.clinician, work.busy[1:]))


def test_the_month_has_a_change_of_clocks():
    starts = [one.start for one in slots.ours(slots.made(0))]
    mornings = [later for earlier, later in pairwise(starts) if later - earlier > 60]
    days = {later - earlier for earlier, later in pairwise(mornings)}
    assert days == {24 * 60, 72 * 60, 71 * 60}
