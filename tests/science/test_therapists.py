"""What may be said of a therapist, and when nothing may."""

import math

import numpy as np
import pytest

from rapport.science.therapists import (
    Caseload,
    Refused,
    Variances,
    clients_needed,
    reliability,
    shrunken,
    therapists,
)

FIVE_PERCENT = Variances(between=5, within=95)


@pytest.mark.parametrize(
    "share, wanted, n",
    [
        (0.05, 0.5, 19),
        (0.05, 0.7, 45),
        (0.05, 0.8, 76),
        (0.08, 0.5, 12),
        (0.08, 0.7, 27),
        (0.08, 0.8, 46),
    ],
)
def test_how_many_clients_a_mean_needs(share, wanted, n):
    """19 x 7 / 3 = 44.3: 44 clients fall short of .7 by a little, so it takes 45."""
    between = Variances(share, 1 - share)

    assert clients_needed(share, for_reliability=wanted) == n
    assert reliability(n, between) >= wanted - 1e-12
    assert reliability(n - 1, between) < wanted


def test_an_effect_is_pulled_towards_none():
    """76 clients: lambda .8; 2 x .8 = 1.6; 1.96 x sqrt(5 x .2) = 1.96."""
    found = shrunken(Caseload(76, 2.0), FIVE_PERCENT)

    assert found.reliability == pytest.approx(0.8)
    assert (found.size, found.low, found.high) == pytest.approx((1.6, -0.36, 3.56), abs=1e-3)


@pytest.mark.parametrize(
    "n, standing",
    [(9, "suppressed"), (10, "too little data"), (18, "too little data"), (19, "shown")],
)
def test_little_data_says_nothing(n, standing):
    found = shrunken(Caseload(n, 4.0), FIVE_PERCENT)

    assert found.standing == standing
    assert (found.size is None) == (standing != "shown")
    assert (found.n is None) == (standing == "suppressed")


def test_ten_clients_may_tell_where_therapists_differ_much():
    """Suppressed below ten, however reliable nine would be."""
    much = Variances(between=50, within=50)

    assert shrunken(Caseload(10, 1.0), much).standing == "shown"
    assert shrunken(Caseload(9, 1.0), much).standing == "suppressed"


def test_intervals_hold_the_truth_as_often_as_they_say():
    chance = np.random.default_rng(12)
    variances = Variances(between=1.5, within=20)
    true = chance.normal(0, math.sqrt(1.5), 4000)
    n = chance.integers(20, 120, 4000)
    means = chance.normal(true, np.sqrt(20 / n))

    found = therapists(
        [Caseload(int(k), float(mean)) for k, mean in zip(n, means, strict=True)], variances
    )

    held = [one.low <= at <= one.high for one, at in zip(found.effects, true, strict=True)]
    sizes = np.array([one.size for one in found.effects])
    assert 0.94 <= np.mean(held) <= 0.96
    assert np.square(sizes - true).mean() < np.square(means - true).mean()


def test_a_small_practice_gets_no_analysis():
    few_clients = [Caseload(40, 0.1)] * 29  # 1160
    few_therapists = [Caseload(70, 0.1)] * 19  # 1330

    assert therapists(few_clients, FIVE_PERCENT) == Refused("too few clients", 1160, 1200)
    assert therapists(few_therapists, FIVE_PERCENT) == Refused("too few therapists", 19, 20)
    assert therapists([Caseload(60, 0.1)] * 20, Variances(0, 95)) == Refused(
        "no variance between therapists", 0, 0
    )


def test_the_order_says_nothing():
    loads = [Caseload(60, 0.1), Caseload(60, 3.0), Caseload(60, -2.0)] * 7

    found = therapists(loads, FIVE_PERCENT)

    assert found.share == pytest.approx(0.05)
    assert found.clients == 1260
    assert [one.size for one in found.effects[:3]] == pytest.approx(
        [one.residual * 60 * 5 / (60 * 5 + 95) for one in loads[:3]]
    )


def test_numbers_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="variances are numbers"):
        Variances(-1, 5)
    with pytest.raises(ValueError, match="variances are numbers"):
        Variances(1, 0)
    with pytest.raises(ValueError, match="a caseload has clients"):
        Caseload(0, 1.0)
    with pytest.raises(ValueError, match="a caseload has clients"):
        Caseload(5, math.nan)
