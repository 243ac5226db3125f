"""Whatever does not fit is named, all of it at once, with what to do."""

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from rapport.core.shape import DoesNotFit, read


@dataclass(frozen=True)
class Leaf:
    kind: Literal["green", "black"]
    grams: float = 2.0


@dataclass(frozen=True)
class Tea:
    name: str
    leaves: list[Leaf]
    class_: str = "plain"
    minutes: int = 3
    sweet: bool = False
    bought_on: date | None = None
    names: dict[str, str] = field(default_factory=dict)
    box: Leaf | None = None
    rest: Any = None

    def __post_init__(self):
        if self.minutes > 10:
            raise ValueError("minutes: more than ten makes it bitter")
        if self.minutes < 0:
            raise ValueError("minutes must be above 0")
        if "Salbei" in self.names.values():
            raise ValueError("names.de: sage is no tea")


def misfits(table, schema=Tea):
    with pytest.raises(DoesNotFit) as problem:
        read(schema, table)
    return str(problem.value).splitlines()


def test_a_table_that_fits_becomes_an_instance():
    tea = read(
        Tea,
        {
            "name": "Sencha", "class": "fine", "leaves": [{"kind": "green", "grams": 3}],
            "bought_on": date(2026, 1, 1), "names": {"de": "Tee"}, "box": {"kind": "black"},
            "rest": [1, "two"],
        },
    )  # fmt: skip

    assert tea.class_ == "fine"
    assert tea.leaves == [Leaf("green", 3)]
    assert (tea.box, tea.rest, tea.bought_on) == (Leaf("black"), [1, "two"], date(2026, 1, 1))


@pytest.mark.parametrize(
    "change, advice",
    [
        ({"name": 3}, 'name: must be text in quotes, for example "words"'),
        ({"name": ""}, "name: must not be empty; leave the key out or fill it in"),
        ({"minutes": "3"}, "minutes: must be a whole number, for example 3"),
        ({"minutes": True}, "minutes: must be a whole number, for example 3"),
        ({"minutes": 11}, "minutes: more than ten makes it bitter"),
        ({"minutes": -1}, "minutes: must be above 0"),
        ({"name": " \t"}, "name: must not be empty; leave the key out or fill it in"),
        (
            {"leaves": [{"kind": "black", "grams": math.nan}]},
            "leaves[1].grams: must be a number, for example 0.5, not nan",
        ),
        (
            {"leaves": [{"kind": "black", "grams": -math.inf}]},
            "leaves[1].grams: must be a number, for example 0.5, not -inf",
        ),
        ({"names": {"de": "Salbei"}}, "names.de: sage is no tea"),
        ({"sweet": 1}, "sweet: must be true or false"),
        ({"bought_on": "2026"}, "bought_on: must be a date, for example 2026-11-24"),
        (
            {"bought_on": datetime(2026, 1, 1, tzinfo=UTC)},
            "bought_on: must be a date, for example 2026-11-24",
        ),
        ({"leaves": "green"}, "leaves: must be a list in [ ]"),
        ({"leaves": [1]}, "leaves[1]: must be a table of keys and values"),
        ({"leaves": [{"kind": "red"}]}, "leaves[1].kind: must be one of green, black"),
        (
            {"leaves": [{"kind": "green", "grams": "2"}]},
            "leaves[1].grams: must be a number, for example 0.5",
        ),
        ({"leaves": [{}]}, "leaves[1].kind: is missing; add kind = … (one of green, black)"),
        ({"names": []}, "names: must be a table of keys and values"),
        ({"names": {"de": 1}}, 'names.de: must be text in quotes, for example "words"'),
        ({"box": 1}, "box: must be a table of keys and values"),
        ({"class_": "x"}, "class_: nobody reads this key; remove it. Did you mean class?"),
        ({"sugar": 1}, "sugar: nobody reads this key; remove it."),
    ],
)
def test_what_does_not_fit_is_named_with_advice(change, advice):
    fits = {"name": "Sencha", "leaves": [{"kind": "green"}]}

    assert misfits({**fits, **change}) == [advice]


def test_everything_is_named_at_once():
    assert sorted(misfits({"minutes": "3", "box": {}})) == [
        "box.kind: is missing; add kind = … (one of green, black)",
        "leaves: is missing; add leaves = … (a list)",
        "minutes: must be a whole number, for example 3",
        'name: is missing; add name = … (text in quotes, for example "words")',
    ]


def test_a_missing_table_says_so():
    @dataclass(frozen=True)
    class Pot:
        leaf: Leaf

    assert misfits({}, Pot) == ["leaf: is missing; add leaf = … (a table)"]


def test_advice_on_the_whole_has_no_path():
    @dataclass(frozen=True)
    class Cold:
        def __post_init__(self):
            raise ValueError("tea is hot")

    assert misfits({}, Cold) == ["tea is hot"]
