"""The shipped questionnaires: free to ship, complete in words, agreed with by the scoring."""

from dataclasses import replace

import pytest

from rapport.core import library, shape
from rapport.progress.measures.instruments import INSTRUMENTS, get, with_words, worded
from rapport.progress.measures.published import ChangeOf, CutoffOf, NormOf
from rapport.progress.measures.questionnaire import Instrument  # fmt: skip
from rapport.progress.packs.library import PACKS
from rapport.science.scoring import BadAnswers, score

ALL = sorted(INSTRUMENTS.find())
PUBLISHED = {"name": "x", "source": "somebody", "dated": 2026, "evidence": "known"}


def problems(id, example):
    return list(INSTRUMENTS.checker(get(id), example))


@pytest.mark.parametrize("id", ALL)
def test_it_agrees_with_every_worked_case_and_there_are_enough(id):
    one = get(id).content

    assert len(one.examples) >= 5
    assert [told for example in one.examples for told in problems(id, example)] == []
    statuses = {example.status for example in one.examples}
    assert {"scored", "not_scorable"} <= statuses
    parts = [one.score.total, *one.score.subscales.values()]
    assert ("prorated" in statuses) == any(part.max_missing for part in parts)


@pytest.mark.parametrize("id", [id for id in ALL if get(id).content.has_total])
def test_the_worked_cases_stand_on_every_boundary(id):
    one = get(id).content
    totals = {example.total for example in one.examples if example.status == "scored"}
    above = {x.above_cutoff for x in one.examples if x.total is not None}
    total, edges = one.score.total, set()
    if not total.decimals and total.times == 1 or total.method == "mean" and not total.decimals:
        edges = {edge for band in total.bands for edge in band.range}
        for cutoff in one.cutoffs:
            if cutoff.name == one.cutoffs[0].name:
                edges |= {cutoff.at_least, cutoff.at_least - 1}

    assert edges | set(one.key.span(one.key.total)) <= totals
    assert above >= ({"yes", "no"} if one.cutoffs else {"unknown"})


@pytest.mark.parametrize("id", ALL)
def test_the_parts_are_worked_out_too(id):
    one = get(id).content

    for name, part in one.score.subscales.items():
        worked = [x for x in one.examples if name in x.subscales]
        assert len({x.subscales[name] for x in worked}) >= 2, name
        named = {x.bands.get(name) for x in worked}
        assert {band.name for band in part.bands} <= named, name
        said = {x.above.get(name) for x in worked}
        assert not part.cutoffs or {"yes", "no"} <= said, name
    for found in one.findings:
        assert {"yes", "no"} <= {x.findings.get(found.name) for x in one.examples}, found.name


@pytest.mark.parametrize("id", ALL)
def test_it_may_be_shipped_and_keeps_the_line_of_its_makers(id):
    item = get(id)
    in_packs = [one for pack in PACKS.find().values() for one in pack.content.instruments]

    for licence in (item.content.licence, *(words.licence for words in item.words.values())):
        assert licence.class_ == "A" or not item.words or id in in_packs
        assert licence.attribution
    assert "en" in item.words or not item.words
    for words in item.words.values():
        assert words.translator and words.source


def test_what_has_no_words_can_be_scored_and_is_never_asked():
    shells = [id for id in ALL if not get(id).words]

    assert set(with_words()).isdisjoint(shells)
    for id in [*shells, "no-such-form"]:
        with pytest.raises(library.NotInLibrary):
            worded(id)


@pytest.mark.parametrize("id", ALL)
def test_every_published_number_has_a_name_of_its_own(id):
    one = get(id).content

    for few in (one.changes, one.norms):
        names = [published.name for published in few]
        assert len(set(names)) == len(names)
    facts = [(cutoff.name, tuple(cutoff.facts.items())) for cutoff in one.cutoffs]
    assert len(set(facts)) == len(facts)


@pytest.mark.parametrize(
    "id, cutoff, total, above",
    [("gad-7", "nhs", 8, True), ("gad-7", "developers", 8, False), ("phq-2", "sensitive", 2, True)],
)
def test_a_practice_may_choose_another_cut_off(id, cutoff, total, above):
    key = get(id).content.key_by(cutoff)
    threes, rest = divmod(total, 3)
    answers = dict(zip(key.values, [3] * threes + [rest], strict=False))

    full = {item: answers.get(item, 0) for item in key.total.items}
    assert score(key, full).above_cutoff is above


def test_a_cut_off_nobody_published_is_refused():
    with pytest.raises(KeyError):
        get("phq-9").content.key_by("mine")


def test_a_part_whose_items_are_missing_has_no_total_and_the_others_do():
    answers = {str(n): 1 for n in range(1, 21)} | {"6": None}

    parts = score(get("pcl-5").content.key, answers).subscales

    assert {name: part.total for name, part in parts.items()} == {
        "intrusion": 5, "avoidance": None, "mood": 7, "arousal": 6,
    }  # fmt: skip


def test_the_question_on_difficulty_is_read_and_never_counted():
    key = get("phq-9").content.key
    full = {str(n): 1 for n in range(1, 10)}

    assert score(key, full | {"10": 3}).total == score(key, full).total == 9
    with pytest.raises(BadAnswers, match="Item 10"):
        score(key, full | {"10": 4})


def test_nobody_is_told_of_risk_by_a_total():
    """Everything but item 9 at its worst: severe, and no risk."""
    found = score(get("phq-9").content.key, {str(n): 3 for n in range(1, 9)} | {"9": 0})

    assert (found.band, found.risk_flag) == ("severe", False)


PHQ_2 = get("phq-2").content
BANDS = [{"range": [0, 2], "name": "low"}, {"range": [3, 6], "name": "high"}]


FOUND = {"name": "found", "source": "x"}
COUNTED = {"from": {"1": 1, "2": 1}}


def written(**total):
    """A small questionnaire as the parser of TOML gives it."""
    return {
        "id": "small", "version": 1, "title": "Small", "short": "S", "measures": "size",
        "period": "now", "seconds": 1, "better": "lower", "values": [0, 1, 2, 3],
        "items": [{"key": "1"}, {"key": "2"}, {"key": "3", "scored": False}],
        "score": {"total": {"of": ["1", "2"]} | total},
        "licence": {"class": "OWN", "text": "as Rapport", "rights_holder": "the authors",
                    "source": "this test", "checked_on": PHQ_2.licence.checked_on},
    }  # fmt: skip


def test_a_small_one_is_read():
    one = shape.read(Instrument, written(bands=BANDS, bands_source="somebody"))

    assert one.key.total.bands[1].name == "high"
    assert one.key.cutoffs == ()
    assert one.key.span(one.key.total) == (0, 6)


@pytest.mark.parametrize(
    "change, advice",
    [
        (written(of=["1", "9"]), "score.total.of: 9 is no scored item"),
        (written(of=["1", "3"]), "score.total.of: 3 is no scored item"),
        (written(max_missing=1), "missing_source: say who allows"),
        (written(bands=BANDS), "bands_source: say who named"),
        (written(bands=BANDS[1:], bands_source="x"), "high must begin at 0"),
        (written(bands=BANDS[:1], bands_source="x"), "the last must end at 6"),
        (written(bands=[{"range": [0, 6], "name": "Two Words"}]), "is a code"),
        (written(bands=[{"range": [0], "name": "one"}]), r"write \[from, to\]"),
        (written() | {"items": [{"key": "1"}, {"key": "1"}]}, "each key stands once"),
        (written() | {"values": [-1, 0]}, "count from 0"),
        (written() | {"risks": [{"when": "7 >= 1", "raise": "x"}]}, "7 stands in a rule"),
        (
            written() | {"skips": [{"when": "1 == 0", "items": ["8"], "source": "x"}]},
            "8 stands in a rule",
        ),
        (written() | {"risks": [{"when": "often", "raise": "x"}]}, "is no rule"),
        (
            written()
            | {
                "skips": [
                    {"when": "1 == 0", "items": ["2"], "source": "x"},
                    {"when": "2 == 0", "items": ["1"], "source": "x"},
                ]
            },
            "whether 1 is asked depends on 1 itself",
        ),
        (
            written() | {"skips": [{"when": "1 == 0", "items": ["1"], "source": "x"}]},
            "whether 1 is asked depends on 1 itself",
        ),
        (written(method="count"), "from: say for each item"),
        (written(**COUNTED), "from: say for each item"),
        (written(parts=["one"]), "parts: name the parts"),
        (written(method="mean-of-parts", parts=["one"], of=[]), "one is no subscale"),
        (
            written(
                method="count", max_missing=1, missing_source="x", **{"from": {"1": 1, "2": 1}}
            ),
            "a count needs every answer",
        ),
        (written() | {"counts": [0, 1]}, "as many points as there are answers"),
        (written() | {"score": {}}, "write a total, subscales or findings"),
        (written() | {"findings": [FOUND | {"when": ["7 >= 1"]}]}, "7 stands in a rule"),
        (written() | {"findings": [FOUND | {"when": ["other"]}]}, "other must be found before"),
        (written() | {"findings": [FOUND | {"when": []}]}, "from 1 to how many"),
        (
            written() | {"findings": [FOUND | {"when": [{"at_least": 3, "of": ["1 >= 1"]}]}]},
            "from 1 to how many",
        ),
        (written() | {"findings": [FOUND | {"when": [7]}]}, "write a rule, a finding"),
        (
            written() | {"gates": [{"fact": "x", "is": "no", "items": ["8"], "source": "x"}]},
            "8 stands in a rule",
        ),
        (
            written(cutoffs=[PUBLISHED | {"at_least": 1, "facts": {"sex": "male"}}]),
            "of a part they depend on no fact",
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_advice(change, advice):
    with pytest.raises(shape.DoesNotFit, match=advice):
        refuse(shape.read(Instrument, change))


def refuse(form):
    """As a file is refused that can be read and makes no sense."""
    if found := list(INSTRUMENTS.sense(form)):
        raise shape.DoesNotFit(found)


def test_a_published_number_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="either at_least or at_most"):
        CutoffOf(**PUBLISHED)
    with pytest.raises(ValueError, match="either at_least or at_most"):
        CutoffOf(**PUBLISHED, at_least=1, at_most=2)
    with pytest.raises(ValueError, match="sd must be positive"):
        NormOf(**PUBLISHED, sd=0, reliability=0.8, reliability_is="alpha", reliability_source="x")
    assert CutoffOf(**PUBLISHED, at_most=50).cutoff.side == "at_most"
    assert ChangeOf(**PUBLISHED, points=5, means="important").points == 5


def test_a_wrong_worked_case_is_told():
    example = get("phq-9").content.examples[1]

    assert problems("phq-9", replace(example, total=5, band="mild", risk="yes")) == [
        "total is 4, not 5", "band is minimal, not mild", "risk is no, not yes",
    ]  # fmt: skip
    assert problems("phq-9", replace(example, answers=[1])) == ["answers: there are 1, and 9 items"]
    assert problems("phq-9", replace(example, answers=[7] * 9))[0].startswith("answers: Item 1 is")
    assert problems("pcl-5", replace(get("pcl-5").content.examples[1], subscales={"sleep": 1})) == [
        "subscales.sleep is None, not 1"
    ]


def test_a_language_that_lacks_words_or_has_too_many_is_told():
    form, words = get("pcl-5").content, get("pcl-5").words["en"]
    bare = replace(words, items={}, labels={"scale": {"0": "no", "9": "yes"}}, subscales={})
    phq = get("phq-9")

    told = list(map(str, INSTRUMENTS.fluent(form, bare)))

    assert "items.20: has no words" in told
    assert "labels.scale.4: has no words" in told
    assert "labels.scale.9: the questionnaire has nothing that these words are for" in told
    assert "subscales.mood: has no words" in told
    assert list(INSTRUMENTS.fluent(form, words)) == []
    unnamed = replace(phq.words["en"], bands={}, labels={})
    told = list(map(str, INSTRUMENTS.fluent(phq.content, unnamed)))
    assert {"bands.severe: has no words", "labels.difficulty: has no words"} <= set(told)


def test_bands_of_a_mean_tile_by_its_decimals():
    tiled = [{"range": [0, 1.49], "name": "low"}, {"range": [1.5, 3], "name": "high"}]
    gap = [{"range": [0, 1.4], "name": "low"}, {"range": [1.5, 3], "name": "high"}]
    mean = {"method": "mean", "decimals": 2, "bands_source": "x"}

    assert shape.read(Instrument, written(bands=tiled, **mean)).key.total.mean
    with pytest.raises(shape.DoesNotFit, match="high must begin at 1.41"):
        refuse(shape.read(Instrument, written(bands=gap, **mean)))


def test_a_wrong_part_finding_or_reach_is_told():
    phq = get("phq-4").content.examples[2]
    wrong = replace(phq, bands={"anxiety": "high"}, above={"anxiety": "no"}, highest=9)
    found = replace(get("cesd-r").content.examples[3], findings={"possible": "yes"})

    assert problems("phq-4", wrong) == [
        "bands.anxiety is None, not high", "above.anxiety is yes, not no", "highest is None, not 9",
    ]  # fmt: skip
    assert problems("cesd-r", found) == ["findings.possible is unknown, not yes"]


SMALL = """id = "small"
version = 1
title = "Small"
short = "S"
measures = "size"
period = "now"
seconds = 1
better = "lower"
values = [0, 1, 2, 3]
items = [
  { key = "1" },
  { key = "2" },
]
[licence]
class = "A"
text = "free"
rights_holder = "nobody"
source = "this test"
checked_on = 2026-11-26
[score.total]
of = ["1", "2"]
bands_source = "somebody"
bands = [
  { range = [0, 2], name = "low" },
  { range = [3, 6], name = "high" },
]
[[examples]]
worked = "by hand"
answers = [1, 2]
total = 3
total_rounded = 3
band = "high"
"""


@pytest.mark.parametrize(
    "right, wrong, told, at",
    [
        ("[3, 6]", "[4, 6]", "score.total.bands[2]: high must begin at 3",
         '  { range = [4, 6], name = "high" },'),
        ('text = "free"\n', "", "licence.text: is missing", "[licence]"),
        ("total = 3", "total = 4", "examples[1]: total is 3, not 4", "total = 4"),
        ('of = ["1", "2"]', 'of = ["1", "9"]', "score.total.of: 9 is no scored item",
         'of = ["1", "9"]'),
        ("[[examples]]", '[[skips]]\nwhen = "1 == 0"\nitems = ["1"]\nsource = "x"\n[[examples]]',
         "skips[1]: whether 1 is asked depends on 1 itself", "[[skips]]"),
        ("seconds = 1", 'seconds = "one"', "seconds: ", 'seconds = "one"'),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_reason_and_the_line(
    tmp_path, monkeypatch, right, wrong, told, at
):
    monkeypatch.setattr(library, "root", lambda: tmp_path)
    (tmp_path / "instruments").mkdir()
    text = SMALL.replace(right, wrong, 1)
    (tmp_path / "instruments" / "small.toml").write_text(text)

    found = [one for one in library.check() if "small.toml" in one]

    assert len(found) == 1 and told in found[0], found
    if at is not None:
        line = text.splitlines().index(at) + 1
        assert found[0].endswith(f" (line {line})")
    assert "(line " in found[0]
