"""Answers that add up: every total a questionnaire can have, and no other."""

import pytest

from rapport.demo.stories import answers
from rapport.demo.stories.answers import SCALES

RANGES = {
    "phq-9": (9, 3), "gad-7": (7, 3), "phq-2": (2, 3), "gad-2": (2, 3), "pcl-5": (20, 4),
    "audit-c": (3, 4),
}  # fmt: skip


def test_every_questionnaire_of_the_day_has_a_scale():
    assert {name: (one.items, one.top) for name, one in SCALES.items()} == RANGES


@pytest.mark.parametrize("name", RANGES)
def test_every_total_is_reached_exactly_within_the_scale(name):
    items, top = RANGES[name]
    most = items * top - (3 if name == "phq-9" else 0)
    for total in range(most + 1):
        for seed in range(5):
            given = answers(name, total, seed)
            assert list(given) == [str(n + 1) for n in range(items)]
            assert sum(given.values()) == total
            assert all(0 <= one <= top for one in given.values())


@pytest.mark.parametrize("item_nine", [0, 1, 2, 3])
def test_item_nine_is_what_the_story_says_and_nothing_else(item_nine):
    for total in range(item_nine, 25 + item_nine):
        given = answers("phq-9", total, 7, item_nine=item_nine)
        assert given["9"] == item_nine
        assert sum(given.values()) == total


@pytest.mark.parametrize(
    "name, total, item_nine",
    [("phq-9", 25, 0), ("phq-9", 1, 2), ("phq-9", 28, 3), ("gad-7", 22, 0), ("audit-c", -1, 0)],
)
def test_a_total_out_of_reach_is_refused(name, total, item_nine):
    with pytest.raises(ValueError, match="add up to"):
        answers(name, total, 1, item_nine=item_nine)


def test_an_answer_to_item_nine_above_its_scale_is_refused():
    with pytest.raises(ValueError, match="add up to"):
        answers("phq-9", 20, 1, item_nine=4)


def test_the_same_seed_answers_the_same_and_another_differs():
    assert answers("pcl-5", 44, 3) == answers("pcl-5", 44, 3)
    assert len({tuple(answers("pcl-5", 44, seed).values()) for seed in range(20)}) > 15


def test_who_drinks_at_all_says_how_often():
    for total in range(1, 13):
        assert answers("audit-c", total, total)["1"] >= 1
