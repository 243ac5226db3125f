"""Adding up ended episodes: hand-worked figures, small numbers, and who is compared with whom."""

import math
from dataclasses import replace

import numpy as np
import pytest

from rapport.progress.measures import instruments
from rapport.progress.measures.judging import Way
from rapport.progress.outcomes import anxiety, goals, rules, showing
from rapport.progress.outcomes.effect import effect
from rapport.progress.outcomes.rules import End, Ended, Judge, Tally
from rapport.science import effects
from rapport.science import talking_therapies as nhs

SIX = Judge("lower", lambda one, other: abs(one - other) >= 6)


def end(total, *, name="a", form=(1, "en"), clinical=None, **more):
    return End(name, total, form, clinical=total >= 10 if clinical is None else clinical, **more)


def ended(first, last, who="ana", **more):
    return Ended(who, first=end(first), last=end(last, name="b"), **more)


def tallied(*rows, judge=SIX):
    tally = Tally()
    for row in rows:
        tally.add(row, judge)
    return tally


def test_a_pair_has_two_sheets_of_one_version_and_language():
    one, other = end(15), end(7, name="b")

    assert Ended("ana", first=one, last=other).pair == (one, other)
    assert Ended("ana", first=one, last=one).pair is None
    assert Ended("ana").pair is None
    for form in ((2, "en"), (1, "de")):
        row = Ended("ana", first=one, last=end(7, name="b", form=form))
        assert row.pair is None
        assert tallied(row).apart == 1


@pytest.mark.parametrize(
    ("first", "last", "better", "reliable", "name"),
    [
        (15, 9, "lower", True, "recovered"),
        (20, 10, "lower", True, "improved"),
        (9, 3, "lower", True, "improved"),
        (15, 14, "lower", False, "unchanged"),
        (15, 15, "lower", True, "unchanged"),
        (9, 15, "lower", True, "deteriorated"),
        (9, 15, "higher", True, "improved"),
        (15, 9, "higher", True, "deteriorated"),
        (15, 9, "lower", None, None),
    ],
)
def test_what_becomes_of_a_pair(first, last, better, reliable, name):
    found = rules.classed(end(first), end(last), better=better, reliable=reliable)

    assert found == name


def test_without_a_cut_off_nobody_recovers():
    one, other = End("a", 15, (1, "en")), End("b", 3, (1, "en"))

    assert rules.classed(one, other, better="lower", reliable=True) == "improved"


def test_sums_are_those_of_the_columns():
    """20 15 18 11 to 12 9 14 8: means 16 and 10.75; the rest as ``effects.paired`` has it."""
    first, last = [20, 15, 18, 11], [12, 9, 14, 8]
    tally = tallied(*map(ended, first, last))

    ends = tally.ends()

    whole = effects.paired(np.array(first, float), np.array(last, float))
    assert (ends["n"], ends["first"], ends["last"]) == (4, 16.0, 10.75)
    for name in ("sd_first", "sd_last", "r"):
        assert math.isclose(ends[name], getattr(whole, name))
    assert dict(tally.classes) == {"improved": 1, "recovered": 1, "unchanged": 2}
    assert math.isclose(effect(tally, better="lower").found.size, 5.25 / whole.sd_first)
    assert effect(tally, better="higher").found.size < 0


@pytest.mark.parametrize(
    "pairs",
    [[(15, 9), (14, 3)], [(15, 9)] * 4, [(9, 15), (10, 15), (11, 15)], [(9, 3), (10, 4), (12, 6)]],
)
def test_from_too_few_or_scores_that_do_not_differ_comes_no_effect(pairs):
    tally = tallied(*(ended(*pair) for pair in pairs))

    assert effect(tally, better="lower") is None


def test_prorated_pairs_are_counted():
    first = Ended("ana", first=end(15, prorated=True), last=end(9, name="b"))
    last = Ended("ana", first=end(15), last=end(9, name="b", prorated=True))

    assert tallied(first, last, ended(15, 9)).prorated == 2


def test_what_nobody_published_a_change_for_is_in_no_class():
    assert not tallied(ended(15, 9), judge=Judge("lower", lambda _one, _other: None)).classes


PHQ = instruments.get("phq-9").content
OF_OCD = instruments.get("y-bocs-sr").content


@pytest.mark.parametrize(
    ("form", "first", "last", "reached"),
    [
        (PHQ, 18, 9, (True, True, False)),  # half of the way, and not below 5
        (PHQ, 18, 10, (True, False, False)),
        (PHQ, 10, 4, (True, True, True)),
        (PHQ, 10, 5, (True, True, False)),
        (PHQ, 9, 0, (False, False, False)),  # began below the cut-off
        (PHQ, 10, 20, (True, False, False)),
        (OF_OCD, 20, 13, (True, True, False)),  # 35 % of the way; no cut-off is published
        (OF_OCD, 20, 14, (True, False, False)),
        (OF_OCD, 13, 12, (True, False, True)),
        (OF_OCD, 12, 0, (False, False, False)),  # began in remission
    ],
)
def test_response_and_remission_of_a_pair(form, first, last, reached):
    clinical = first >= 10 if form is PHQ else None

    found = goals.of(form)(End("a", first, (1, "en"), clinical=clinical), End("b", last, (1, "en")))

    assert found == reached


def test_the_cut_off_in_use_says_who_could_respond():
    chosen = replace(PHQ, way=Way(cutoff="sensitive"))  # 8 or more

    assert goals.of(chosen)(end(8), end(2, name="b")) == (True, True, True)
    assert goals.of(PHQ)(end(8), end(2, name="b")) == (False, False, False)


def test_a_score_of_another_reckoning_is_no_response():
    old = {"form": (7, "en")}

    assert goals.of(PHQ)(end(20, **old), end(2, **old)) == (True, False, False)


def test_a_measure_that_defines_neither_has_neither():
    form = instruments.get("gad-7").content

    assert goals.of(form)(end(20), end(0)) == (True, False, False)


def test_goals_are_counted_among_pairs():
    """18 to 9, 10 to 4, 9 to 0 and 20 to 19: three began high, two responded, one remitted."""
    judge = replace(SIX, reached=goals.of(PHQ))

    tally = tallied(*(ended(*two) for two in ((18, 9), (10, 4), (9, 0), (20, 19))), judge=judge)

    assert (tally.paired, tally.began, tally.responded, tally.remitted) == (4, 3, 2, 1)


def test_an_episode_fits_what_is_asked_for():
    row = Ended("ana", "MOOD", "CBT", end(15, band="moderate"))

    assert rules.fits(row)
    assert rules.fits(row, problem="MOOD", modality="CBT", band="moderate")
    for wrong in ({"problem": "LOSS"}, {"modality": "EMDR"}, {"band": "mild"}):
        assert not rules.fits(row, **wrong)
    assert not rules.fits(Ended("ana"), band="mild")


def test_the_nhs_rules_judge_many_as_they_judge_few(monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 2)
    episodes = [
        nhs.Episode(8, nhs.Scores(16, 7), nhs.Scores(12, 5)),
        nhs.Episode(6, nhs.Scores(15, 14), nhs.Scores(9, 9)),
        nhs.Episode(4, nhs.Scores(5, 4), nhs.Scores(6, 2)),
        nhs.Episode(1, nhs.Scores(20, 9), nhs.Scores(15, 3)),
        nhs.Episode(3, nhs.Scores(20, None), nhs.Scores(15, 3)),
    ]

    tally = tallied(*(Ended("ana", episode=one) for one in episodes))

    assert tally.service == nhs.service(episodes)
    assert tallied(Ended("ana")).service is None


def test_a_last_score_in_another_language_is_no_last_one_for_the_nhs():
    one = end(15)

    assert rules.scores(one, end(7, name="b")) == (15, 7)
    assert rules.scores(one, end(7, name="b", form=(1, "de"))) == (15, None)
    assert rules.scores(None, None) == (None, None)


NONE, HALF, BOTH = nhs.Scores(None, None), nhs.Scores(40, None), nhs.Scores(40, 20)
USUAL = nhs.Scores(12, 5)


@pytest.mark.parametrize(
    ("problem", "instead", "measure", "scores"),
    [
        ("TRAUMA", {"pcl-5": BOTH}, nhs.PCL_5, BOTH),
        ("TRAUMA", {"pcl-5": BOTH, "ies-r": USUAL}, nhs.PCL_5, BOTH),
        ("TRAUMA", {"pcl-5": HALF, "ies-r": BOTH}, nhs.IES_R, BOTH),
        ("TRAUMA", {"pcl-5": HALF, "spin": BOTH, "oci": BOTH}, nhs.GAD_7, USUAL),
        ("ANXIETY", {"pcl-5": BOTH, "ies-r": BOTH, "spin": BOTH, "oci": USUAL}, nhs.SPIN, BOTH),
        ("ANXIETY", {"pcl-5": BOTH, "ies-r": BOTH, "spin": HALF}, nhs.GAD_7, USUAL),
        ("ANXIETY", {"spin": HALF, "oci": BOTH}, nhs.OCI, BOTH),
        ("ANXIETY", {"mobility-inventory": BOTH}, nhs.MOBILITY, BOTH),
        ("ANXIETY", {"pdss-sr": BOTH, "hai-short-week": USUAL}, nhs.PDSS, BOTH),
        ("ANXIETY", {"hai-short-week": BOTH}, nhs.HEALTH_ANXIETY, BOTH),
        ("MOOD", {"pcl-5": BOTH, "spin": BOTH, "oci": BOTH}, nhs.GAD_7, USUAL),
    ],
)
def test_a_measure_of_the_disorder_takes_the_place_of_the_gad_7(problem, instead, measure, scores):
    answered = [instead.get(one.id, NONE) for _about, one in anxiety.INSTEAD]

    assert anxiety.judged_by(problem, USUAL, answered) == (measure, scores)


@pytest.mark.parametrize("measure", [nhs.PHQ_9, nhs.GAD_7, *(one for _, one in anxiety.INSTEAD)])
def test_the_numbers_of_the_nhs_are_those_of_the_library(measure):
    """One number in two places: where an instrument's file is corrected, the rules are too."""
    form = instruments.get(measure.id).content
    cutoffs = {one.name: one.at_least for one in form.cutoffs}
    points = {one.name: one.points for one in form.changes}

    assert (cutoffs["nhs"], points["nhs"]) == (measure.caseness, measure.change)


def test_a_small_group_takes_another_with_it():
    """40 clients less 25 and 12 leaves 3: so the 12 are hidden too, and 15 tell of neither."""
    found = showing.seen({"a": (25, 20), "b": (12, 11), "c": (3, 3)})

    assert found == showing.Seen({"a": True, "b": False, "c": False}, whole=True)


def test_a_group_small_in_pairs_is_hidden_with_its_clients():
    found = showing.seen({"a": (30, 30), "b": (25, 20), "c": (40, 9)})

    assert found.groups == {"a": True, "b": False, "c": False}


def test_few_altogether_are_hidden_altogether():
    assert showing.seen({"": (9, 9)}) == showing.Seen({"": False}, whole=False)
    assert showing.seen({"": (10, 10)}) == showing.Seen({"": True}, whole=True)
    assert not showing.seen({"a": (4, 4), "b": (2, 2)}).whole
    assert not showing.seen({}).whole


def of(**pairs):
    return [ended(15, 9, who) for who, n in pairs.items() for _ in range(n)]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ({"ben": 20, "cleo": 5}, "none"),
        ({"ana": 20}, "all"),
        ({"ana": 9, "ben": 9, "cleo": 9}, "few"),
        ({"ana": 12, "ben": 20}, "few"),  # what is not Ana's is Ben's
        ({"ana": 12, "ben": 5, "cleo": 4}, "few"),
        ({"ana": 12, "ben": 5, "cleo": 5}, "shown"),
    ],
)
def test_ones_own_stand_beside_all_where_nothing_tells_of_a_colleague(pairs, said):
    whole, mine, _groups = rules.grouped(of(**pairs), judge=SIX, by="", me="ana")

    everybody, _lines = showing.lines(whole, {})
    assert showing.beside(mine, everybody, me="ana")[0] == said


def wait(days, who="ana"):
    return Ended(who, wait=days)


def test_how_care_ended_is_counted_where_it_is_said():
    """Whoever is referred on, moves or dies neither finished nor dropped out."""
    reasons = ("COMPLETED", "CLIENT_ENDED", "LOST", "REFERRED", "MOVED", "DIED", "OTHER", "")

    tally = tallied(*(Ended("ana", reason=one) for one in reasons))

    assert (tally.clients, tally.said, tally.planned, tally.dropped) == (8, 7, 1, 2)


def test_waits_are_counted_by_days():
    tally = tallied(*map(wait, (0, 42, 43, 126, 127, None)))

    assert tally.waited() == 5
    assert (tally.waited(rules.SOON), tally.waited(rules.LATE)) == (2, 4)


def lined(by, *rows):
    whole, _mine, groups = rules.grouped(rows, judge=SIX, by=by, me="")
    everybody, lines = showing.lines(whole, groups)
    return everybody, {line.name: line for line in lines}


def test_how_care_ended_is_shown_without_a_single_score():
    everybody, _lines = lined("", *(Ended("ana", reason="LOST") for _ in range(10)))

    assert everybody.ended and everybody.any
    assert not (everybody.shown or everybody.waited)
    assert not lined("", *(Ended("ana", reason="LOST") for _ in range(9)))[0].any


def test_a_group_with_few_known_waits_takes_another_with_it():
    rows = [Ended("ana", problem, reason="LOST", wait=3 if n < known else None)
            for problem, clients, known in (("MOOD", 30, 30), ("LOSS", 25, 20), ("WORK", 12, 9))
            for n in range(clients)]  # fmt: skip

    everybody, lines = lined("problem", *rows)

    assert everybody.waited
    assert [name for name, line in lines.items() if line.waited] == ["MOOD"]
    assert all(line.ended for line in lines.values())


@pytest.mark.parametrize(("nobody", "shown"), [(0, ["high", "low"]), (3, ["high"])])
def test_who_is_in_no_group_is_not_told_by_a_subtraction(nobody, shown):
    """Three without a first score: all less both bands would tell how each of them ended."""
    rows = [Ended("ana", first=end(15, band=band), reason="LOST")
            for band, n in (("low", 12), ("high", 20)) for _ in range(n)]  # fmt: skip

    _all, lines = lined("band", *rows, *[Ended("ana", reason="COMPLETED")] * nobody)

    assert [name for name, line in lines.items() if line.ended] == shown


@pytest.mark.parametrize(
    ("bands", "shown"),
    [
        # of all who recovered, less the 20, are those of the 3: nobody recovers who began mildly
        ({"mild": (12, 9), "moderate": (3, 12), "severe": (20, 18)}, []),
        ({"mild": (12, 9), "moderate": (10, 12)}, ["mild", "moderate"]),
        ({"minimal": (3, 2), "mild": (12, 9), "moderate": (20, 12)}, ["moderate"]),
        ({"mild": (30, 9), "moderate": (9, 12)}, []),
    ],
    ids=["few began high", "enough", "few began low", "few of two"],
)  # fmt: skip
def test_what_nobody_of_a_band_can_reach_does_not_tell_of_another(bands, shown):
    rows = [Ended("ana", first=end(first, band=band), last=end(first, name="b"))
            for band, (n, first) in bands.items() for _ in range(n)]  # fmt: skip
    judge = replace(SIX, reached=goals.of(PHQ))
    whole, _mine, groups = rules.grouped(rows, judge=judge, by="band", me="")

    everybody, lines = showing.lines(whole, groups, by_band=True)

    assert everybody.shown
    assert [line.name for line in lines if line.shown] == shown


@pytest.mark.parametrize(
    ("whose", "said"), [({"ana": 12, "ben": 20}, False), ({"ana": 12, "ben": 15, "cleo": 5}, True)]
)
def test_ones_own_endings_stand_beside_all_without_scores(whose, said):
    rows = [Ended(who, reason="LOST") for who, n in whose.items() for _ in range(n)]
    whole, mine, _groups = rules.grouped(rows, judge=SIX, by="", me="ana")

    own, line = showing.beside(mine, showing.lines(whole, {})[0], me="ana")

    assert own == "few"
    assert (line is not None and line.ended and not line.shown) is said


def test_groups_are_made_by_what_is_asked():
    rows = [ended(15, 9, problem="MOOD"), ended(15, 9, problem="LOSS"), Ended("ben")]

    for by, names in (("", set()), ("problem", {"MOOD", "LOSS", ""}), ("band", set())):
        whole, _mine, groups = rules.grouped(rows, judge=SIX, by=by, me="ana")
        assert (whole.clients, set(groups)) == (3, names)
