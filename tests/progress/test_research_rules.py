"""Nobody stands alone: every group that is left has k rows, and no more is taken than must be."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.progress.research import rules

ROW = st.fixed_dictionaries({
    "age": st.sampled_from(["18-29", "30-39", "40-49", ""]),
    "problem": st.sampled_from(["MOOD", "ANXIETY", "TRAUMA"]),
    "modality": st.sampled_from(["CBT", "EMDR"]),
    "year": st.sampled_from(["2027", "2028", "2029"]),
})  # fmt: skip


def group(row):
    return tuple(row[name] for name in rules.COARSER)


def row(age="30-39", problem="MOOD", modality="CBT", year="2029"):
    return {"age": age, "problem": problem, "modality": modality, "year": year}


@given(rows=st.lists(ROW, max_size=120), k=st.integers(rules.LEAST, 15))
def test_every_group_that_leaves_has_k_or_more(rows, k):
    found = rules.anonymous(rows, k=k)

    sizes = Counter(group(one) for one in found.rows if one is not None)
    assert all(n >= k for n in sizes.values())
    assert found.smallest == min(sizes.values(), default=0)


@given(rows=st.lists(ROW, max_size=80))
def test_nothing_is_made_up(rows):
    for before, after in zip(rows, rules.anonymous(rows, k=5).rows, strict=True):
        assert after is None or all(after[n] in (before[n], rules.ANY) for n in rules.COARSER)


def test_a_group_that_is_large_enough_loses_nothing():
    found = rules.anonymous([row()] * 10 + [row(age="40-49")] * 3, k=10)

    assert found.rows[:10] == (row(),) * 10
    assert found.rows[10:] == (None,) * 3


def test_the_year_goes_first_and_the_age_last():
    rows = [row(year=str(year)) for year in range(2020, 2030)]

    found = rules.anonymous(rows, k=10)

    assert found.rows == (row(year=""),) * 10
    assert found.coarsened == {"year": 10, "modality": 0, "problem": 0, "age": 0}


def test_fewer_than_k_are_all_left_out():
    chance = Random(1)
    rows = [row(age=chance.choice(["18-29", "30-39"])) for _ in range(9)]

    assert rules.anonymous(rows, k=10).rows == (None,) * 9
    assert rules.anonymous([], k=10) == rules.Anonymous(
        (), {"year": 0, "modality": 0, "problem": 0, "age": 0}, 0
    )


@pytest.mark.parametrize("k", [rules.LEAST - 1, rules.MOST + 1])
def test_k_has_bounds(k):
    with pytest.raises(ValueError, match="k must be"):
        rules.anonymous([], k=k)


def test_bands_meet_without_a_gap():
    assert [rules.age_band(years) for years in (0, 17, 18, 29, 30, 69, 70, 104, None)] == [
        "under 18", "under 18", "18-29", "18-29", "30-39", "60-69", "70 and over", "70 and over",
        "",
    ]  # fmt: skip
    assert [rules.sessions_band(n) for n in (0, 1, 4, 5, 9, 10, 19, 20, 39, 40, 400)] == [
        "0", "1-4", "1-4", "5-9", "5-9", "10-19", "10-19", "20-39", "20-39", "40 and more",
        "40 and more",
    ]  # fmt: skip
