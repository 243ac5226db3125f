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


@pytest.mark.parametrize("given", [False, True])
def test_a_peer_that_is_not_there_is_said_to_be_missing(given, tmp_path, capsys):
    assert slots.beside_the_peer(slots.made(3), 0.001, tmp_path if given else None)
    assert "Cal.com was not measured" in capsys.readouterr().out


def test_a_limit_that_is_missed_is_named(capsys):
    assert slots.said("engine / loop", 9.9, 10)
    assert not slots.said("engine / loop", 10.1, 10)
    assert not slots.said("peer / engine", 13.9, 14, least=True)
    assert capsys.readouterr().out.count("missed") == 2
