"""Item banks hold parameters with their source, and what was published about them comes out."""

from dataclasses import replace

import pytest

from rapport.core import library, shape
from rapport.progress.measures import banks

DEPRESSION = banks.get("promis-depression").content
TABLE = {
    "id": "small",
    "version": 1,
    "licence": {
        "class": "FACTS", "text": "facts", "rights_holder": "nobody", "source": "a paper",
        "checked_on": DEPRESSION.licence.checked_on,
    },
    "title": "Small", "measures": "calm", "period": "today", "better": "higher",
    "values": [0, 1], "items": [{"key": "a", "a": 1.5, "b": [0.2]}],
    "source": "a paper", "population": "students", "dated": 2020, "evidence": "seen",
}  # fmt: skip


def test_both_promis_banks_are_there_with_all_their_items():
    found = {id: len(item.content.items) for id, item in banks.BANKS.find().items()}

    assert found == {"promis-anxiety": 29, "promis-depression": 28}
    assert [p for p in library.check() if "item_banks" in p] == []


def test_a_bank_carries_no_words_of_its_items():
    for item in banks.BANKS.find().values():
        assert not item.words
        assert {set(vars(one)) == {"key", "a", "b"} for one in item.content.items} == {True}


def test_an_answer_is_numbered_as_on_the_form():
    assert [DEPRESSION.category(answer) for answer in (1, 5)] == [0, 4]
    with pytest.raises(ValueError, match="1, 2, 3, 4, 5, not 0"):
        DEPRESSION.category(0)


def test_an_example_that_does_not_add_up_is_found():
    (first, *_) = DEPRESSION.examples
    bank = banks.get("promis-depression")

    wrong = list(library.KINDS["item_banks"].checker(bank, replace(first, t=43.0)))

    assert wrong == ["t is 41.97, not 43.0"]
    key = next(iter(first.answers))
    off = replace(first, answers={key: 99})
    assert list(library.KINDS["item_banks"].checker(bank, off)) == [
        "answers are 1, 2, 3, 4, 5, not 99"
    ]


@pytest.mark.parametrize(
    "key, value, complaint",
    [
        ("items", [{"key": "a", "a": -1.0, "b": [0.2]}], "discrimination must be above 0"),
        ("items", [{"key": "a", "a": 1.0, "b": [0.2, 0.1]}], "thresholds must rise"),
        ("items", [{"key": "a", "a": 1.0, "b": [0.2, 0.3]}], "one threshold less"),
        ("items", [{"key": "a", "a": 1.5, "b": [0.2]}] * 2, "two items are called a"),
        ("items", [{"key": "a", "a": 1.5, "b": [0.2], "text": "I felt"}], "text: nobody reads"),
        ("values", [1, 0], "values: write the lowest answer first"),
        ("values", [1, 1], "values: write the lowest answer first"),
        ("risks", ["z"], "z is no item"),
        ("examples", [{"answers": {"y": 1}, "t": 50.0, "se": 9.0, "source": "x"}], "y is no item"),
    ],
)
def test_a_bank_that_cannot_be_is_refused(key, value, complaint):
    with pytest.raises(shape.DoesNotFit, match=complaint):
        shape.read(banks.ItemBank, TABLE | {key: value})
