"""What each method says of a change, with numbers worked by hand."""

from dataclasses import replace
from types import SimpleNamespace as Some

import pytest

from rapport.progress.measures import instruments, judging
from rapport.progress.measures.judging import Way
from rapport.progress.measures.published import GroupOf, NormOf, ResponseOf

PHQ = instruments.get("phq-9").content
ABOUT = {"source": "by hand", "dated": 2030, "evidence": "seen", "name": "made"}
JT = replace(
    PHQ, changes=[], norms=[NormOf(sd=7.5, reliability=0.8, reliability_is="retest",
                                   reliability_source="the same", **ABOUT)],
)  # fmt: skip
WAITED = GroupOf(
    treated=False, n=52, earlier_mean=15, earlier_sd=5, later_mean=14, later_sd=6,
    correlation=0.6, **ABOUT,
)  # fmt: skip
AGAIN = replace(WAITED, n=40, later_mean=13, later_sd=5, correlation=0.8)
TREATED = GroupOf(
    treated=True, n=60, earlier_mean=20, earlier_sd=5, later_mean=12, later_sd=5,
    correlation=0.5, reliability=0.84, reliability_source="by hand", **ABOUT,
)  # fmt: skip


def by(method, level=95, form=PHQ, **more):
    return replace(form, way=Way(method, level, **more))


def test_jacobson_and_truax_by_their_own_example():
    """SD 7.5, r .80: SEM 3.35, of a difference 4.74; from 32.5 to 47.5 an index of 3.16."""
    found = judging.verdict(JT, [32.5], [47.5])
    assert (found.method, found.reliable) == ("jacobson-truax", True)
    assert round(found.found.error, 2) == 4.74 and round(found.found.index, 2) == 3.16
    assert round(found.low, 2) == 32.5 - 9.3 and round(found.high, 2) == 32.5 + 9.3


@pytest.mark.parametrize(
    ("form", "earlier", "stays", "changed"),
    [
        # 6 points or more
        (by(""), 20, 15, 14),
        # SEM 5.5 sqrt(.16) = 2.2, of a difference 3.111: 6.10 at 95 and 5.12 at 90 %
        (by("jacobson-truax"), 20, 14, 13),
        (by("jacobson-truax", 90), 20, 15, 14),
        # foretold 15.4 + .84 x 4.6 = 19.264, and two SEM below it 14.864; 1.645 SEM 15.645
        (by("edwards-nunnally"), 20, 15, 14),
        (by("edwards-nunnally", 90), 20, 16, 15),
        # error 5.5 sqrt(1 - .7056) = 2.984: 19.264 - 5.849 = 13.415; at 90 % 14.355
        (by("gulliksen-lord-novick"), 20, 14, 13),
        (by("gulliksen-lord-novick", 90), 20, 15, 14),
        # foretold 17.6, error 4.94, t of 50: 2.009 and 1.676, so 7.67 and 9.31
        (by("regression-based", form=replace(PHQ, groups=[WAITED])), 20, 8, 7),
        (by("regression-based", 90, form=replace(PHQ, groups=[WAITED])), 20, 10, 9),
        # 20 - 2, error 3.162: 18 - 6.20 = 11.80
        (by("practice-corrected", form=replace(PHQ, groups=[AGAIN])), 20, 12, 11),
        # r_dd .68, shift -8: foretold 24 + 8 x .32 / .68 = 27.76, error 2.828 / .825 = 3.430:
        # 22.11 at 95, and 23.37 at 90 % of one side
        (by("hageman-arrindell", form=replace(PHQ, groups=[TREATED])), 24, 23, 22),
        (by("hageman-arrindell", 90, form=replace(PHQ, groups=[TREATED])), 24, 24, 23),
    ],
    ids=lambda one: f"{one.way.method or 'first'}-{one.way.level}" if hasattr(one, "way") else None,
)  # fmt: skip
def test_each_method_by_hand_at_its_border(form, earlier, stays, changed):
    assert judging.in_use(form) == (form.way.method or "published")
    assert judging.reliable(form, [earlier], [stays]) is False
    assert judging.reliable(form, [earlier], [changed]) is True


def test_who_moved_less_than_foretold_has_not_changed_the_other_way():
    """SD 2, r .3, mean 15.4: from 27 foretold 18.88, SEM 1.673, at most 22.23; 25 is above."""
    drifts = replace(PHQ.norms[0], sd=2, reliability=0.3)
    form = by("edwards-nunnally", form=replace(PHQ, norms=[drifts]))
    found = judging.verdict(form, [27], [25])
    assert round(found.high, 2) == 22.23 and found.found.reliable and not found.reliable
    assert judging.reliable(form, [27], [14]) is True


def test_means_of_two_err_less_and_need_four_scores():
    """SEM sqrt(1/2 + 1/2) = 2.2, times 1.96: 4.31 points instead of 6.10."""
    form = by("jacobson-truax", ends=2)
    assert judging.ends(form, [20, 18, 17, 15, 14]) == ([20, 18], [15, 14])
    assert judging.ends(form, [20, 18, 14]) == ([20], [14])
    assert judging.reliable(form, [20, 18], [15, 14]) is True  # 19 to 14.5
    assert judging.reliable(form, [20, 18], [16, 14]) is False  # 19 to 15
    published = by("published", ends=2)
    assert judging.reliable(published, [20, 18], [14, 12]) is True
    assert judging.ends(by("edwards-nunnally", ends=2), [20, 18, 15, 14]) == ([20], [14])


def test_without_any_number_nothing_is_judged():
    bare = replace(PHQ, changes=PHQ.changes[1:], norms=[])  # an important change decides nothing
    assert judging.in_use(bare) is None and judging.decides(bare) is None
    assert judging.verdict(bare, [20], [2]) is judging.reliable(bare, [20], [2]) is None
    assert judging.points(bare) is judging.points_by(bare) is None


def test_a_method_that_its_file_cannot_feed_steps_back_to_what_is_there():
    assert judging.in_use(by("regression-based")) == "published"
    no_mean = replace(PHQ, norms=[replace(PHQ.norms[0], mean=None)])
    assert judging.numbers(no_mean, "edwards-nunnally") == []
    with pytest.raises(ValueError, match="mean"):
        _ = no_mean.norms[0].sample


def test_one_number_of_points_for_signals_and_gains():
    assert judging.points(PHQ) == 6
    assert judging.points(by("edwards-nunnally", 90)) == pytest.approx(5.118, abs=0.001)
    only_group = replace(PHQ, norms=[], groups=[WAITED])
    assert judging.points(by("regression-based", form=only_group)) == 6
    assert judging.points(by("regression-based", form=replace(only_group, changes=[]))) is None


def test_the_methods_stand_beside_each_other_with_the_one_in_use():
    found = judging.beside(by("gulliksen-lord-novick"), [20, 14])
    assert [(one.method, one.used) for one in found] == [
        ("published", False), ("jacobson-truax", False), ("jacobson-truax", False),
        ("edwards-nunnally", False), ("edwards-nunnally", False),
        ("gulliksen-lord-novick", True), ("gulliksen-lord-novick", False),
    ]  # fmt: skip
    assert found[0].at[95].reliable and set(found[0].at) == {95}
    first = next(one for one in found if one.method == "jacobson-truax")
    assert (first.at[95].reliable, first.at[90].reliable) == (False, True)
    assert {one.many for one in judging.beside(PHQ, [20, 18, 15, 14])} == {1, 2}


def test_the_cut_off_in_use_is_asked_anew_and_the_files_own_is_as_it_was_kept():
    eight = replace(PHQ, way=Way(cutoff="sensitive"))
    assert judging.clinical(eight, False, 8, 1) is True
    assert judging.clinical(eight, True, 7, 1) is False
    assert judging.clinical(eight, None, None, 1) is None
    assert judging.clinical(eight, False, 8, 2) is False  # of another version it stays
    assert judging.clinical(PHQ, None, 8, 1) is None
    assert judging.clinical_of(eight, Some(above_cutoff=False, total_rounded=9), 1) is True


def test_response_and_remission_as_the_file_defines_them():
    def said(earlier, later, form=PHQ):
        return [(one.kind, one.yes) for one in judging.reached(form, earlier, later)]

    assert said(18, 9) == [("response", True), ("remission", False)]
    assert said(18, 10) == [("response", False), ("remission", False)]
    assert said(8, 4) == [("response", True), ("remission", True)]
    assert said(0, 0) == [("response", None), ("remission", True)]
    ybocs = instruments.get("y-bocs-sr").content
    assert said(20, 13, ybocs) == [("response", True), ("remission", False)]  # 35 % of 20 are 7
    assert said(20, 14, ybocs) == [("response", False), ("remission", False)]
    assert said(20, 12, ybocs) == [("response", True), ("remission", True)]
    higher = replace(
        PHQ, better="higher", remissions=[], responses=[ResponseOf(share=0.5, **ABOUT)]
    )
    assert said(7, 17, higher) == [("response", True)]  # half of the way from 7 to 27


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(TREATED, reliability=None), lambda: replace(TREATED, reliability=0.1),
        lambda: replace(WAITED, n=2), lambda: ResponseOf(share=0, **ABOUT),
        lambda: ResponseOf(share=1.1, **ABOUT),
    ],
    ids=["no reliability", "all of it error", "two people", "no share", "too much"],
)  # fmt: skip
def test_a_file_that_says_what_cannot_be_is_refused(make):
    with pytest.raises(ValueError):
        make()
