"""Funnels: limits against the distributions themselves, and what they are for by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from rapport.science import case_mix, discoveries, funnel, suppression
from rapport.science.case_mix import CannotFit
from rapport.science.dispersion import over_dispersion


def test_limits_of_a_share_by_hand():
    """0.5 +- 1.96 x sqrt(0.25 / 100) = 0.402 and 0.598; +- 3.09 x 0.05 = 0.3455 and 0.6545."""
    found = funnel.shares([50, 50], [100, 100], target=0.5, over="none")

    assert found.inner.low[0] == pytest.approx(0.402, abs=1e-4)
    assert found.outer.low[0] == pytest.approx(0.3455, abs=1e-4)
    assert found.outer.high[0] == pytest.approx(0.6545, abs=1e-4)
    assert not found.exact.any()


@pytest.mark.parametrize(
    "count, place", [(34, -2), (35, -1), (40, -1), (41, 0), (59, 0), (60, 1), (65, 1), (66, 2)]
)
def test_a_unit_has_its_place(count, place):
    found = funnel.shares([count, 50], [100, 100], target=0.5, over="none")

    assert found.place[0] == place
    assert found.z[0] == pytest.approx((count - 50) / 5)
    assert found.p[0] == pytest.approx(2 * stats.norm.sf(abs(count - 50) / 5))


@settings(max_examples=300)
@given(st.integers(1, 200), st.floats(0.005, 0.995), st.data())
def test_few_events_are_judged_by_the_binomial_itself(n, p, data):
    """An independent statement of the same: outside where the tail is less than 2.5 %."""
    if min(p, 1 - p) * n >= funnel.SMALL:
        return
    count = data.draw(st.integers(0, n))

    found = funnel.exact_limits(np.array([p]), np.array([float(n)]))

    down, up = stats.binom.cdf(count, n, p), stats.binom.sf(count - 1, n, p)
    if min(abs(down - 0.025), abs(up - 0.025)) > 1e-9:
        assert (count / n < found.low[0]) == (down < 0.025)
        assert (count / n > found.high[0]) == (up < 0.025)
    assert 0 <= found.low[0] < p < found.high[0] <= 1


def test_common_events_mirror_rare_ones():
    one = funnel.shares([1, 9, 4], [20, 20, 20], target=0.2, over="none")
    other = funnel.shares([19, 11, 16], [20, 20, 20], target=0.8, over="none")

    assert one.exact.all() and other.exact.all()
    np.testing.assert_allclose(one.outer.high, 1 - other.outer.low)
    np.testing.assert_allclose(one.z, -other.z, atol=1e-9)
    np.testing.assert_array_equal(one.place, -other.place)


def test_small_units_have_the_mid_p_of_the_binomial():
    found = funnel.shares([7, 2, 0], [20, 20, 20], target=0.2, over="none")

    for n, count in enumerate((7, 2, 0)):
        below = stats.binom.cdf(count, 20, 0.2) - stats.binom.pmf(count, 20, 0.2) / 2
        assert found.z[n] == pytest.approx(stats.norm.ppf(below))
        assert found.p[n] == pytest.approx(2 * min(below, 1 - below))


def test_standardising_holds_a_unit_against_its_own_clients():
    """Both heal 60 of 100. The one was expected to heal 45, the other 75; the whole 0.6."""
    found = funnel.shares([60, 60], [100, 100], expected=[45, 75], over="none")

    assert found.target == pytest.approx(0.6)
    assert found.value == pytest.approx([60 / 45 * 0.6, 60 / 75 * 0.6])
    assert found.z == pytest.approx([15 / math.sqrt(45 * 0.55), -15 / math.sqrt(75 * 0.25)])
    assert found.place.tolist() == [1, -2]


def test_expecting_the_same_of_all_changes_nothing():
    counts, sizes = np.array([12, 50, 3, 70]), np.array([30, 90, 15, 150])
    whole = counts.sum() / sizes.sum()

    plain = funnel.shares(counts, sizes)
    standardised = funnel.shares(counts, sizes, expected=whole * sizes)

    np.testing.assert_allclose(plain.value, standardised.value)
    np.testing.assert_allclose(plain.outer.high, standardised.outer.high)
    np.testing.assert_allclose(plain.p, standardised.p)


def test_over_dispersion_by_hand():
    """z 2, -2, 1, -1 with errors .1: phi 2.5; tau2 = (10 - 3) / (400 - 40000 / 400) = 7 / 300."""
    found = over_dispersion(np.array([2.0, -2, 1, -1]), np.full(4, 0.1), trimmed=0)

    assert found.phi == 2.5
    assert found.tau2 == pytest.approx(7 / 300)


def test_pulling_in_takes_nothing_from_the_truth():
    """Ten thousand units that chance alone tells apart: phi 1; as published it is 0.68."""
    z = np.random.default_rng(9).normal(0, 1, 10_000)

    found = over_dispersion(z, np.ones(10_000))
    published = over_dispersion(z, np.ones(10_000), consistent=False)

    assert found.phi == pytest.approx(1, abs=0.03)
    assert published.phi == pytest.approx(0.679, abs=0.02)


def test_equal_units_show_no_over_dispersion():
    assert over_dispersion(np.array([0.3, -0.3, 0.1]), np.full(3, 0.1)).tau2 == 0


def test_a_few_units_that_differ_do_not_hide_behind_their_own_spread():
    z = np.concatenate([np.linspace(-1.5, 1.5, 40), [12.0, -11.0]])

    pulled = over_dispersion(z, np.full(42, 0.1))
    raw = over_dispersion(z, np.full(42, 0.1), trimmed=0)

    assert pulled.phi < 1.5 < 5 < raw.phi
    assert pulled.tau2 < raw.tau2 / 10


@pytest.mark.parametrize("over, false", [("none", True), ("additive", False)])
def test_large_units_are_not_all_outliers(over, false):
    """Units truly differ by SD 0.05 around 0.5; each has 2000 clients."""
    chance = np.random.default_rng(7)
    sizes = np.full(200, 2000)
    counts = chance.binomial(sizes, chance.normal(0.5, 0.05, 200))

    found = funnel.shares(counts, sizes, over=over)

    outside = np.mean(np.abs(found.place) == 2)
    assert (outside > 0.2) == false
    assert math.sqrt(found.dispersion.tau2) == pytest.approx(0.05, rel=0.25)


def test_a_factor_widens_by_the_root_of_phi():
    counts, sizes = [30, 70, 40, 60, 50], [100] * 5

    plain = funnel.shares(counts, sizes, over="none")
    wider = funnel.shares(counts, sizes, over="multiplicative")

    root = math.sqrt(wider.dispersion.phi)
    assert root > 1
    np.testing.assert_allclose(wider.z, plain.z / root)
    np.testing.assert_allclose(
        wider.inner.high - wider.target, root * (plain.inner.high - plain.target)
    )


def test_by_chance_alone_hardly_anybody_is_found():
    """A hundred practices of 50 equal therapists: some false discovery in at most one in ten."""
    chance = np.random.default_rng(3)
    sizes = chance.integers(5, 120, 50)

    wrong = [
        funnel.shares(chance.binomial(sizes, 0.45), sizes, over="none").discovered.any()
        for _ in range(100)
    ]

    assert np.mean(wrong) <= 0.1


def test_means_have_limits_by_their_size():
    """1 / sqrt(25) = 0.2: 1 +- 0.392 and +- 0.618."""
    found = funnel.means([0.61, 1.62, 1.1], [25, 25, 100], sd=1.0, target=1.0, over="none")

    assert found.inner.low[0] == pytest.approx(0.608, abs=1e-3)
    assert found.outer.high[1] == pytest.approx(1.618, abs=1e-3)
    assert found.place.tolist() == [0, 2, 0]


def test_means_widen_by_the_variance_between_units():
    chance = np.random.default_rng(8)
    sizes = chance.integers(20, 200, 400)
    true = chance.normal(0, 0.2, 400)

    found = funnel.means(chance.normal(true, 1 / np.sqrt(sizes)), sizes, sd=1.0)

    assert found.dispersion.tau2 == pytest.approx(0.04, rel=0.3)
    assert 0.02 < np.mean(found.place != 0) < 0.09


@pytest.mark.parametrize(
    "count, n, more, why",
    [
        ([5], [4], {}, "no more events than clients"),
        ([5.5], [10], {}, "whole numbers"),
        ([0, 0], [10, 10], {}, "between 0 and 1"),
        ([5, math.nan], [10, 10], {}, "missing or infinite"),
        ([5], [10], {"expected": [0]}, "more than no events"),
        ([], [], {}, "columns alike"),
        ([0], [0], {}, "one client or more"),
    ],
)
def test_counts_that_cannot_be_are_refused(count, n, more, why):
    with pytest.raises(ValueError, match=why):
        funnel.shares(count, n, **more)


def test_one_unit_alone_has_limits_too():
    assert funnel.shares([30], [100], target=0.5).place.tolist() == [-2]


def test_the_discoveries_of_benjamini_and_hochberg():
    """Their fifteen p-values: Bonferroni finds three, this finds four (1995, page 295)."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
         0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip

    found = discoveries.discoveries(p[::-1])

    assert found.found.sum() == 4
    assert found.found[-4:].all()
    np.testing.assert_allclose(found.adjusted, stats.false_discovery_control(p[::-1]))


def test_logistic_regression_is_maximum_likelihood():
    chance = np.random.default_rng(5)
    x = np.column_stack([chance.normal(15, 5, 800), chance.normal(40, 12, 800), chance.random(800)])
    y = chance.random(800) < 1 / (1 + np.exp(-(2 - 0.15 * x[:, 0] + 0.01 * x[:, 1] - x[:, 2])))
    design = np.column_stack([np.ones(800), x])

    def loss(weights):
        return np.logaddexp(0, design @ weights).sum() - y @ (design @ weights)

    found = case_mix.case_mix(y, x)

    weights = np.array([found.start, *found.weights])
    by_search = optimize.minimize(loss, weights + 0.01, method="BFGS", options={"gtol": 1e-6})
    assert loss(weights) <= by_search.fun + 1e-9
    np.testing.assert_allclose(weights, by_search.x, atol=1e-4)
    p = found.chance(x)
    information = design.T @ ((p * (1 - p))[:, None] * design)
    np.testing.assert_allclose(
        found.errors, np.sqrt(np.diag(np.linalg.inv(information))), rtol=1e-5
    )
    assert p.sum() == pytest.approx(y.sum())


def test_units_with_harder_cases_are_not_worse():
    """Everybody works alike; half of them get the clients who heal less often."""
    chance = np.random.default_rng(6)
    unit = np.repeat(np.arange(40), 150)
    intake = chance.normal(np.where(unit % 2, 18, 12), 3)
    healed = chance.random(len(unit)) < 1 / (1 + np.exp(0.2 * (intake - 15)))

    model = case_mix.case_mix(healed, intake[:, None])
    units = case_mix.by_unit(healed, model.chance(intake[:, None]), unit)
    crude = funnel.shares(units.count, units.n, over="none")
    fair = funnel.shares(units.count, units.n, expected=units.expected, over="none")

    assert np.mean(crude.place != 0) > 0.5
    assert np.mean(fair.place != 0) < 0.15
    assert model.weights[0] == pytest.approx(-0.2, abs=3 * model.errors[1])


@pytest.mark.parametrize(
    "y, x, why",
    [
        ([0, 0, 1, 1, 0], [[1], [2], [3], [4], [2.5]], "foretells the outcome perfectly"),
        ([1, 1, 1, 1], [[1], [2], [3], [4]], "always is the same"),
        ([0, 1, 0, 1], [[1], [1], [1], [1]], "the same for every client"),
        ([0, 1, 0, 1, 1], [[1, 2], [2, 4], [3, 6], [4, 8], [7, 14]], "follows from the others"),
        ([0, 1], [[1], [2]], "too few"),
    ],
)
def test_clients_that_do_not_tell_are_refused(y, x, why):
    with pytest.raises(CannotFit, match=why):
        case_mix.case_mix(y, np.array(x, float))


COUNTS = st.lists(st.one_of(st.integers(0, 14), st.integers(0, 200)), min_size=1, max_size=8)


@given(COUNTS)
def test_no_small_number_is_shown(counts):
    found = suppression.suppressed(counts)

    shown = [cell for cell in found.cells if cell is not None]
    assert all(cell >= 10 for cell in shown)
    assert all(cell in (None, count) for cell, count in zip(found.cells, counts, strict=True))
    if found.total is not None:
        rest = found.total - sum(shown)
        assert rest == 0 or rest >= 10
        assert found.cells.count(None) != 1


@given(COUNTS)
def test_what_is_large_enough_stays(counts):
    if min(counts) >= 10:
        assert suppression.suppressed(counts).cells == tuple(counts)


def test_whoever_knows_the_rule_cannot_work_a_hidden_cell_out():
    """All rows of three or four cells up to 7, with 3 as the smallest number shown."""
    for cells in (2, 3, 4):
        rows = np.stack(np.meshgrid(*[np.arange(8)] * cells), -1).reshape(-1, cells).tolist()
        could_be = {}
        for row in rows:
            could_be.setdefault(suppression.suppressed(row, least=3), []).append(row)
        for shown, behind in could_be.items():
            if shown.total is not None and shown.total > 7:
                continue  # a cell might be larger than those that were tried
            for n, cell in enumerate(shown.cells):
                if cell is None:
                    assert len({row[n] for row in behind}) > 1, (shown, behind)


def test_the_smallest_shown_number_goes_with_a_single_hidden_one():
    assert suppression.suppressed([40, 12, 3, 25]).cells == (40, None, None, 25)
    assert suppression.suppressed([40, 12, 4, 3]).cells == (40, None, None, None)
    assert suppression.suppressed([0, 0, 40]).cells == (None, None, None)
    assert suppression.suppressed([3]).total is None
    assert suppression.suppressed([12, 12, 3, 25]).cells == (None, None, None, 25)
    assert suppression.suppressed([9, 9, 25, 40]).cells == (None, None, None, 40)
    with pytest.raises(ValueError, match="whole numbers"):
        suppression.suppressed([-1])
    with pytest.raises(ValueError, match="at least 2"):
        suppression.suppressed([3], least=1)
