"""Reliable and clinically significant change, against figures somebody else worked out."""

import math

import pytest

from rapport.science.change import Z_90, Norm, changed_by, outcome, reliable_change


def test_the_example_of_jacobson_and_truax():
    """Marital satisfaction: SD 7.5, reliability .80, from 32.5 to 47.5 (1991, page 14)."""
    change = reliable_change(32.5, 47.5, norm=Norm(7.5, 0.80))

    assert change.points == 15
    assert round(change.sem, 2) == 3.35
    assert round(change.s_diff, 2) == 4.74
    assert round(change.index, 2) == 3.16
    assert round(change.needed, 2) == 9.30  # 1.96 x 4.743
    assert change.reliable


def test_a_verdict_carries_all_it_was_made_of():
    norm = Norm(5.5, 0.84)

    change = reliable_change(17, 10, norm=norm)

    assert (change.earlier, change.later, change.norm, change.threshold) == (17, 10, norm, 1.96)
    assert change.sem == pytest.approx(2.2)  # 5.5 x 0.4
    assert change.s_diff == pytest.approx(3.111, abs=0.001)  # 2.2 x 1.4142
    assert change.needed == pytest.approx(6.098, abs=0.001)  # x 1.96
    assert change.index == pytest.approx(-2.25, abs=0.001)  # -7 / 3.111
    assert change.reliable


def test_core_10_needs_six_points_at_90_percent_and_seven_at_95():
    """SD 7.7, alpha .90 give 5.66 and 6.75, as published."""
    norm = Norm(7.7, 0.90)

    assert round(reliable_change(0, 0, norm=norm, threshold=Z_90).needed, 2) == 5.66
    assert round(reliable_change(0, 0, norm=norm).needed, 2) == 6.75
    assert not reliable_change(20, 14, norm=norm).reliable
    assert reliable_change(20, 14, norm=norm, threshold=Z_90).reliable


@pytest.mark.parametrize("sd", [0, -1, math.nan, math.inf])
def test_a_spread_that_is_none_is_refused(sd):
    with pytest.raises(ValueError, match="sd must be positive"):
        Norm(sd, 0.8)


@pytest.mark.parametrize("reliability", [-0.1, 1, 1.5, math.nan])
def test_a_reliability_that_is_none_is_refused(reliability):
    with pytest.raises(ValueError, match="reliability must be in"):
        Norm(7.5, reliability)


@pytest.mark.parametrize(
    "earlier, later, changed", [(15, 9, True), (9, 15, True), (15, 10, False), (15, 9.5, False)]
)
def test_a_published_number_of_points_is_reached_or_not(earlier, later, changed):
    assert changed_by(earlier, later, points=6) is changed


@pytest.mark.parametrize(
    "earlier, later, reliable, name, crossed",
    [
        (18, 6, True, "recovered", True),
        (18, 12, True, "improved", False),
        (9, 2, True, "improved", False),  # was not in the clinical range
        (12, 9, False, "unchanged", True),  # crossed, but not by enough
        (12, 11, False, "unchanged", False),
        (9, 16, True, "deteriorated", False),
        (10, 10, True, "unchanged", False),
    ],
)
def test_recovery_is_a_reliable_step_out_of_the_clinical_range(
    earlier, later, reliable, name, crossed
):
    """PHQ-9 with its cut-off 10: 10 is the first clinical score, 9 the last that is not."""
    found = outcome(earlier, later, reliable=reliable, better="lower", cutoff=10)

    assert (found.name, found.crossed) == (name, crossed)
    assert found.only_crossed is (crossed and not reliable)


@pytest.mark.parametrize(
    "earlier, later, name", [(40, 64, "recovered"), (20, 44, "improved"), (64, 40, "deteriorated")]
)
def test_where_higher_is_better_the_signs_turn_round(earlier, later, name):
    """WHO-5 with its cut-off 50: 50 is still clinical."""
    assert outcome(earlier, later, reliable=True, better="higher", cutoff=50).name == name
    assert outcome(50, 51, reliable=True, better="higher", cutoff=50).crossed
    assert not outcome(51, 60, reliable=True, better="higher", cutoff=50).crossed
