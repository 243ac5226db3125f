"""What holds for every questionnaire of the library, on random sheets with a fixed seed."""

import random

import pytest

from rapport.progress.measures.instruments import INSTRUMENTS, get
from rapport.science.scoring import NOT_APPLICABLE, score

ALL = sorted(INSTRUMENTS.find())
SHEETS = 30


def parts(key):
    """Every total of a form, with a way to read it from a result."""
    if key.total.items:
        yield key.total, lambda result: result
    for name, part in key.subscales.items():
        yield part, lambda result, name=name: result.subscales[name]


def sheets(key, seed):
    """Full sheets; the highest of all raw answers first."""
    chance = random.Random(seed)
    yield {item: max(values) for item, values in key.values.items()}
    for _ in range(SHEETS):
        yield {item: chance.choice(values) for item, values in key.values.items()}


@pytest.mark.parametrize("id", ALL)
def test_more_points_of_one_answer_never_make_a_total_lower(id):
    """Of every item of every part, from its lowest answer to its highest, one by one."""
    key = get(id).content.key
    chance = random.Random(id)
    every = list(sheets(key, id))
    for part, read in parts(key):
        for item in part.items:
            points, sheet = key.points[item], chance.choice(every)
            rising = sorted(key.values[item], key=points.get)
            totals = [read(score(key, sheet | {item: answer})).total for answer in rising]
            assert totals == sorted(totals)
            assert points[rising[0]] == points[rising[-1]] or totals[0] < totals[-1]


@pytest.mark.parametrize("id", ALL)
def test_every_total_lies_in_its_range_and_in_the_one_band_around_it(id):
    key = get(id).content.key
    for sheet in sheets(key, id):
        result = score(key, sheet)
        for part, read in parts(key):
            found = read(result)
            low, high = key.span(part)
            assert low <= found.total <= high
            around = [b.name for b in part.bands if b.least <= found.total_rounded <= b.most]
            assert around == ([found.band] if part.bands else [])


@pytest.mark.parametrize("id", ALL)
def test_bands_follow_one_another_from_the_lowest_to_the_highest_total(id):
    key = get(id).content.key
    for part, _ in parts(key):
        if part.bands:
            step = 1 / 10**part.decimals
            ends = [b.most for b in part.bands]
            starts = [b.least for b in part.bands]
            assert (starts[0], ends[-1]) == key.span(part)
            assert starts[1:] == pytest.approx([end + step for end in ends[:-1]])


@pytest.mark.parametrize("id", ALL)
def test_turned_round_twice_is_what_it_was(id):
    key = get(id).content.key
    for item in key.reverse:
        points = {a: key.points[item][a] for a in key.values[item]}
        assert all(points[points[answer]] == answer for answer in key.values[item])
        assert sorted(points.values()) == sorted(key.values[item])


@pytest.mark.parametrize("id", ALL)
def test_a_total_is_prorated_within_its_limit_and_never_beyond(id):
    """The highest answers throughout: nothing is passed over, and nothing is skipped."""
    key = get(id).content.key
    chance = random.Random(id)
    full = next(sheets(key, id))
    for part, read in parts(key):
        for missing in range(min(len(part.items), part.max_missing + 2) + 1):
            blank = dict.fromkeys(chance.sample(part.items, missing))
            found = read(score(key, full | blank))
            within = missing <= part.max_missing and missing < len(part.items)
            expected = ("prorated" if missing else "scored") if within else "not_scorable"
            assert found.status == expected
            assert (found.total is None) is (found.total_rounded is None) is not within
            assert within or (found.band, found.above_cutoff) == (None, None)
            low, high = key.span(part)
            assert not within or low <= found.total <= high


@pytest.mark.parametrize("id", [id for id in ALL if get(id).content.risks])
def test_the_risk_is_known_even_when_the_total_is_not(id):
    key = get(id).content.key
    asked = {rule.item for rule in key.risks}
    calm = {item: 0 for item in asked}
    for rule in key.risks:
        raised = next(a for a in key.values[rule.item] if rule.holds({rule.item: a}))
        found = score(key, {rule.item: raised})
        assert (found.risk_flag, found.total) == (True, None)
        open_ = {item: None for item in asked - {rule.item}} | {rule.item: raised}
        assert score(key, open_).risk_flag is True
    assert score(key, calm).risk_flag is False
    assert score(key, {}).risk_flag is None


@pytest.mark.parametrize("id", ALL)
def test_an_empty_sheet_says_nothing(id):
    found = score(get(id).content.key, {})

    assert (found.status, found.total, found.above_cutoff) == ("not_scorable", None, None)
    assert not any(found.findings.values())
    assert not any(part.total is not None for part in found.subscales.values())


@pytest.mark.parametrize("id", ALL)
def test_what_may_not_apply_lowers_the_highest_total_and_is_not_missing(id):
    key = get(id).content.key
    full = next(sheets(key, id))
    for item in sorted(key.may_not_apply & set(key.total.items)):
        found = score(key, full | {item: NOT_APPLICABLE})
        assert found.status == "scored"
        assert found.highest <= key.span(key.total)[1]
        assert found.total <= found.highest
