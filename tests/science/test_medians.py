"""A median between two values: the tabled ranks, many values, and too few of them."""

import pytest
from scipy.stats import binom

from rapport.science.medians import FEWEST, median


@pytest.mark.parametrize(
    ("n", "low", "high"), [(6, 1, 6), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15)]
)
def test_the_ranks_are_the_tabled_ones(n, low, high):
    found = median({value: 1 for value in range(1, n + 1)})

    assert (found.estimate, found.low, found.high) == ((n + 1) / 2, low, high)


def test_values_that_occur_often_count_as_often():
    found = median({0: 10, 14: 80, 40: 10})

    assert (found.estimate, found.low, found.high) == (14, 14, 14)


@pytest.mark.parametrize("n", [101, 4_000, 1_000_001])
def test_of_many_the_rank_is_the_binomials(n):
    found = median({value: 1 for value in range(1, n + 1)})

    assert found.low == binom.ppf(0.025, n, 0.5)
    assert found.high == n + 1 - found.low


def test_of_too_few_nothing_is_said():
    assert median({3: FEWEST})
    for counts in ({3: FEWEST - 1}, {}):
        with pytest.raises(ValueError, match="too few"):
            median(counts)
    with pytest.raises(ValueError, match="level"):
        median({3: 9}, level=1)
