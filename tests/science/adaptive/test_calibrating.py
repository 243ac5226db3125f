"""A calibration finds what the answers were drawn from, as closely as it says."""

import math
from collections import Counter

import numpy as np
import pytest

from rapport.science.adaptive.calibrating import CannotCalibrate, calibrate
from rapport.science.adaptive.graded import Prior
from rapport.science.adaptive.items import GradedItem
from tests.science.adaptive import banks, slow
from tests.science.adaptive.simulated import NINE, answers, parameters

KEYS = [item.key for item in NINE]
# girth 0.8.0, grm_mml with quadrature_bounds (-6, 6) and quadrature_n 61, on the block below:
# discrimination, then thresholds.
GIRTH = [
    [1.3296, -1.1053, 0.1170, 1.2118],
    [2.3164, -0.3259, 0.5930, 1.4800],
    [1.6721, -0.9587, -0.0697, 0.9999],
    [0.8215, -1.5921, 0.5573, 2.1838],
    [1.9916, 0.0546, 0.8514, 1.7154],
    [1.5091, -0.7396, 0.3300, 1.2488],
    [2.9528, -0.1858, 0.6903, 1.6039],
    [1.1172, -1.3616, -0.2410, 1.5614],
    [1.7863, 0.3467, 1.0728, 2.0977],
]


def errors(found):
    return np.array([[one.discrimination, *one.thresholds] for one in found.errors])


@pytest.fixture(scope="module")
def block():
    return answers(NINE, 2000, seed=2026)


@pytest.fixture(scope="module")
def found(block):
    return calibrate(block, keys=KEYS)


def test_girth_finds_the_same(block, found):
    assert block.sum() == 21236, "the random numbers are others than girth was given"

    assert found.converged
    np.testing.assert_allclose(parameters(found.items), GIRTH, atol=0.05)


def test_what_the_answers_were_drawn_from_is_found(found):
    off = parameters(found.items) - parameters(NINE)

    assert math.sqrt((off**2).mean()) < 0.1
    assert (abs(off) < 3 * errors(found)).all()
    assert (found.rows, len(found.items), dict(found.merged)) == (2000, 9, {})


def test_with_many_rows_every_parameter_is_within_a_tenth():
    found = calibrate(answers(NINE, 20_000, seed=3), keys=KEYS)

    np.testing.assert_allclose(parameters(found.items), parameters(NINE), atol=0.1)


def log_likelihood(items, block, nodes):
    """Of each row: its chance at each node, added up with the weights of a normal curve."""
    weights = [math.exp(-0.5 * theta**2) for theta in nodes]
    total = 0.0
    for row, times in Counter(map(tuple, block.tolist())).items():
        chance = 0.0
        for theta, weight in zip(nodes, weights, strict=True):
            for item, answer in zip(items, row, strict=True):
                if answer >= 0:
                    weight *= slow.chance(item, answer, theta)
            chance += weight
        total += times * math.log(chance / sum(weights))
    return total


def test_nothing_near_has_a_higher_likelihood():
    items = banks.MIXED[:3]
    block = answers(items, 300, seed=5)
    block[::7, 1] = -1
    prior = Prior(points=33)

    found = calibrate(block, keys=[item.key for item in items], prior=prior)

    def at(items):
        return log_likelihood(items, block, prior.nodes.tolist())

    best = at(found.items)
    assert found.log_likelihood == pytest.approx(best, abs=1e-8)
    for n, item in enumerate(found.items):
        for place in range(item.categories):
            for step in (-0.02, 0.02):
                moved = [item.discrimination, *item.thresholds]
                moved[place] += step
                near = list(found.items)
                near[n] = GradedItem(item.key, moved[0], tuple(moved[1:]))
                assert at(near) < best


def test_standard_errors_are_as_wide_as_the_estimates_scatter():
    items = [GradedItem(f"i{n}", a, (-0.4, 1.8)) for n, a in enumerate([1.0, 1.4, 1.8, 2.2, 1.2])]
    off = []
    for seed in range(24):
        found = calibrate(answers(items, 600, seed), keys=[item.key for item in items])
        off.append((parameters(found.items) - parameters(items)) / errors(found))

    of_each_kind = np.sqrt(np.mean(np.square(off), axis=(0, 1)))  # discrimination, thresholds
    assert ((of_each_kind > 0.85) & (of_each_kind < 1.15)).all()
    assert np.mean(np.abs(off) < 1.96) == pytest.approx(0.95, abs=0.025)


def test_missing_answers_are_left_out():
    block = answers(NINE, 2000, seed=8)
    block[np.random.default_rng(1).random(block.shape) < 0.3] = -1
    block[:5] = -1

    found = calibrate(block, keys=KEYS)

    assert (found.converged, found.rows) == (True, 1995)
    off = parameters(found.items) - parameters(NINE)
    assert (abs(off) < 3.5 * errors(found)).all()
    assert math.sqrt((off**2).mean()) < 0.15


def test_items_may_have_different_numbers_of_answers():
    items = (*banks.MIXED, GradedItem("six", 1.4, (-2.0, -1.0, 0.0, 0.8, 1.9)))
    found = calibrate(answers(items, 3000, seed=4), keys=[item.key for item in items])

    assert [item.categories for item in found.items] == [2, 3, 4, 5, 6]
    for item, error, true in zip(found.items, found.errors, items, strict=True):
        assert abs(item.discrimination - true.discrimination) < 3.5 * error.discrimination
        off = np.subtract(item.thresholds, true.thresholds)
        assert (abs(off) < 3.5 * np.array(error.thresholds)).all()


def test_a_category_that_nobody_chose_is_named():
    block = answers(NINE, 500, seed=2)
    block[block[:, 2] == 1, 2] = 2

    with pytest.raises(CannotCalibrate, match="i3: nobody chose 1; merge it"):
        calibrate(block, keys=KEYS)
    with pytest.raises(CannotCalibrate, match="i1: nobody chose 4; "):
        calibrate(block, keys=KEYS, categories=[5, *[4] * 8])


@pytest.mark.parametrize(
    "gone, stays, becomes", [(1, 2, (0, 0, 1, 2)), (0, 1, (0, 0, 1, 2)), (3, 2, (0, 1, 2, 2))]
)
def test_on_request_an_empty_category_is_merged_and_said(gone, stays, becomes):
    block = answers(NINE, 500, seed=2)
    block[block[:, 2] == gone, 2] = stays

    found = calibrate(block, keys=KEYS, categories=[4] * 9, merge_empty=True)

    assert dict(found.merged) == {"i3": becomes}
    assert found.items[2].categories == 3
    closed = block.copy()
    closed[:, 2] = np.array([*becomes, -1])[block[:, 2]]
    assert found.items == calibrate(closed, keys=KEYS).items


def test_a_fit_that_is_given_up_says_so():
    found = calibrate(answers(NINE, 500, seed=2), keys=KEYS, most_iterations=1)

    assert (found.converged, found.iterations) == (False, 1)


def test_an_item_that_goes_against_the_others_is_named():
    block = answers(NINE, 800, seed=5)
    block[:, 3] = 3 - block[:, 3]

    with pytest.raises(CannotCalibrate, match="i4: goes against the other items"):
        calibrate(block, keys=KEYS)


@pytest.mark.parametrize(
    "spoil, complaint",
    [
        (lambda b: b.astype(float), "int8"),
        (lambda b: b[:, :8], "9 columns"),
        (lambda b: b[:0], "no row"),
        (lambda b: b[:30], "different sheets are too few for 36"),
        (lambda b: np.where(np.arange(9) == 4, -2, b).astype(np.int8), "i5: answers run"),
        (lambda b: np.where(np.arange(9) == 4, 1, b).astype(np.int8), "i5: everybody"),
        (lambda b: np.where(np.arange(9) == 4, -1, b).astype(np.int8), "i5: everybody"),
        (lambda b: b[:, [0, 1, 2, 3, 4, 5, 6, 7, 4]], "i5 and i9 are always answered alike"),
    ],
)
def test_answers_that_tell_nothing_are_refused(spoil, complaint):
    with pytest.raises(CannotCalibrate, match=complaint):
        calibrate(spoil(answers(NINE, 400, seed=6)), keys=KEYS)


@pytest.mark.parametrize("keys", [["a", "b"], ["a", "b", "a"]])
def test_fewer_than_three_items_are_refused(keys):
    with pytest.raises(CannotCalibrate, match="at least 3"):
        calibrate(np.zeros((9, len(keys)), np.int8), keys=keys)
