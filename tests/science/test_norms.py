"""Standard scores, intervals and differences, by hand and by other ways to the same number."""

import math
from statistics import NormalDist

import pytest

from rapport.science import norms


@pytest.mark.parametrize(("kind", "value"), [("z", 1.0), ("t", 60), ("iq", 115), ("scaled", 13)])
def test_one_standard_deviation_above_the_mean_on_every_scale(kind, value):
    assert norms.z_of(value, kind) == pytest.approx(1)
    assert norms.standard(1, kind) == pytest.approx(value)
    assert norms.standard(norms.z_of(value - 3, kind), kind) == pytest.approx(value - 3)


def test_percentiles_of_a_printed_table_of_the_normal_curve():
    printed = {-2: 2.28, -1: 15.87, 0: 50.0, 0.5: 69.15, 1: 84.13, 1.645: 95.0, 2.326: 99.0}
    for z, percent in printed.items():
        assert norms.percentile(z) == pytest.approx(percent, abs=0.005)
        assert norms.z_at(norms.percentile(z)) == pytest.approx(z)


def test_a_score_among_a_group():
    assert norms.z_among(12, mean=20, sd=4) == -2
    for sd in (0, -1, math.inf, math.nan):
        with pytest.raises(ValueError, match="above 0"):
            norms.z_among(12, mean=20, sd=sd)


def test_the_interval_around_the_observed_score_has_the_score_in_its_middle():
    spread = norms.around_observed(100, sd=15, reliability=0.96, level=0.9)
    assert spread.error == pytest.approx(3)
    assert (spread.low + spread.high) / 2 == pytest.approx(100)
    assert spread.high - 100 == pytest.approx(1.6448536 * 3)


def test_the_interval_around_the_true_score_is_drawn_to_the_mean_and_narrower():
    observed = norms.around_observed(130, sd=15, reliability=0.8)
    true = norms.around_true(130, mean=100, sd=15, reliability=0.8)
    assert true.around == pytest.approx(124)
    assert true.error == pytest.approx(15 * math.sqrt(0.8 * 0.2))
    assert true.error < observed.error and true.around < observed.around
    low = norms.around_true(70, mean=100, sd=15, reliability=0.8)
    assert low.around == pytest.approx(76)


def test_at_the_ends_a_reliability_tells_everything_or_nothing():
    exact = norms.around_true(130, mean=100, sd=15, reliability=1)
    assert (exact.low, exact.around, exact.high) == (130, 130, 130)
    nothing = norms.around_true(130, mean=100, sd=15, reliability=0)
    assert (nothing.low, nothing.high) == (100, 100)
    assert norms.sem(15, 0) == 15


def test_a_difference_is_that_of_its_two_errors():
    d = norms.difference(60, 48, sd=10, reliabilities=(0.9, 0.85))
    together = math.hypot(norms.sem(10, 0.9), norms.sem(10, 0.85))
    assert (d.points, d.error) == (12, pytest.approx(together))
    assert d.p == pytest.approx(2 * (1 - NormalDist().cdf(12 / together)))
    turned = norms.difference(48, 60, sd=10, reliabilities=(0.85, 0.9))
    assert (turned.points, turned.p) == (-12, pytest.approx(d.p))
    assert norms.difference(50, 50, sd=10, reliabilities=(0.9, 0.9)).p == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: norms.z_of(math.nan, "t"),
        lambda: norms.z_at(0),
        lambda: norms.z_at(100),
        lambda: norms.critical(1),
        lambda: norms.sem(10, 1.01),
        lambda: norms.sem(10, -0.1),
        lambda: norms.sem(10, math.nan),
        lambda: norms.difference(1, 2, sd=10, reliabilities=(1, 1)),
    ],
    ids=["nan", "lowest", "highest", "sure", "above", "below", "unknown", "no error"],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(ValueError, match="above|number|from 0|error"):
        call()


def test_nobody_is_the_very_last_of_ten_or_beyond_all():
    said = [norms.in_ten(percent) for percent in (0.1, 4, 5, 15, 50, 74.9, 75, 94, 99.9)]
    assert said == [1, 1, 1, 2, 5, 7, 8, 9, 9]
