"""Broken copies of the library's own files: each is refused with the reason and the line."""

import random
import re
import tomllib
from functools import reduce
from pathlib import Path

import pytest

from rapport.core import shape
from rapport.core.library import BadLibrary, Item, root
from rapport.progress.measures.instruments import INSTRUMENTS
from rapport.progress.measures.questionnaire import Instrument

FAULTS = [
    (id, *fault)
    for id, few in tomllib.loads(Path(__file__).with_name("broken.toml").read_text("utf-8")).items()
    for fault in few
]


def broken(folder, id, right, wrong):
    """A copy of a file of the library with ``wrong`` for ``right``; where it lies, and the line
    of the change."""
    text = root().joinpath("instruments", f"{id}.toml").read_text("utf-8")
    assert right in text
    changed = text.replace(right, wrong, 1)
    file = folder / f"{id}.toml"
    file.write_text(changed, "utf-8")
    same = zip(text.splitlines(), changed.splitlines(), strict=False)
    return file, next(n for n, (old, new) in enumerate(same, 1) if old != new)


@pytest.mark.parametrize(
    ("id", "right", "wrong", "reason"), FAULTS, ids=[f"{one[0]} {one[2]}"[:60] for one in FAULTS]
)
def test_a_broken_copy_is_refused_with_the_reason_and_the_line(tmp_path, id, right, wrong, reason):
    file, line = broken(tmp_path, id, right, wrong)

    with pytest.raises(BadLibrary) as refused:
        INSTRUMENTS.read(file)

    said = str(refused.value).splitlines()
    assert all(re.match(rf"{re.escape(str(file))}: .*\(.*line \d+.*\)$", one) for one in said), said
    near = reason.startswith("~")
    found = next((one for one in said if reason.removeprefix("~") in one), "")
    assert found, said
    at = int(re.search(r"line (\d+)", found)[1])
    assert abs(at - line) <= 4 if near else at == line, found


@pytest.mark.parametrize(
    ("id", "first", "until", "reason"),
    [
        ("phq-9", "[licence]", "[score.total]", "licence: is missing"),
        ("phq-9", "text  ", "rights_holder", "licence.text: is missing"),
        ("phq-9", "missing_source", "bands_source", "score.total.missing_source: say who"),
        ("phq-9", "bands_source", "loinc ", "score.total.bands_source: say who"),
        ("phq-9", "items = [", "[licence]", "items: is missing"),
        ("audit-c", "[[examples]]", "", "examples: is missing; add at least one"),
    ],
)
def test_what_is_left_out_is_named_where_it_belongs(tmp_path, id, first, until, reason):
    text = root().joinpath("instruments", f"{id}.toml").read_text("utf-8")
    start = text.index(f"\n{first}") + 1
    file = tmp_path / f"{id}.toml"
    file.write_text(text[:start] + (text[text.index(f"\n{until}", start) + 1 :] if until else ""))

    with pytest.raises(BadLibrary, match=re.escape(reason)) as refused:
        INSTRUMENTS.read(file)
    assert re.search(r"\(line \d+\)$", str(refused.value).splitlines()[0])


@pytest.mark.parametrize("id", sorted(INSTRUMENTS.find()))
def test_every_file_of_the_library_passes(id):
    item = INSTRUMENTS.get(id)

    assert list(INSTRUMENTS.sense(item.content)) == []
    for words in item.words.values():
        assert list(INSTRUMENTS.fluent(item.content, words)) == []


NONSENSE = [-1, 0, 2.5, 10**12, float("nan"), float("inf"), "", " ", "none", True, [], {}, [1, 1]]


def places(value, path=()):
    """Every place in a table, from the outside in."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, one in value.items() if isinstance(value, dict) else ():
        yield (*path, key)
        yield from places(one, (*path, key))


@pytest.mark.parametrize("id", sorted(INSTRUMENTS.find()))
def test_nonsense_anywhere_is_refused_or_does_no_harm_and_never_a_crash(id):
    text = root().joinpath("instruments", f"{id}.toml").read_text("utf-8")
    chance = random.Random(id)
    every = list(places(tomllib.loads(text)))
    for *way, last in chance.sample(every, 25):
        table = tomllib.loads(text)
        around = reduce(lambda one, key: one[key], way, table)
        around[last] = chance.choice(NONSENSE)
        try:
            form = shape.read(Instrument, table)
        except shape.DoesNotFit:
            continue
        told = list(INSTRUMENTS.sense(form))
        item = Item("instruments", form, {})
        assert told or all(isinstance(one, str) for x in form.examples
                           for one in INSTRUMENTS.checker(item, x))  # fmt: skip
