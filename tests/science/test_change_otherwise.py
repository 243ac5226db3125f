"""The other ways to judge a change, against figures worked out by hand."""

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rapport.science.change import (
    Norm,
    Sample,
    Sheet,
    Spread,
    Twice,
    comparable,
    criteria,
    edwards_nunnally,
    gulliksen_lord_novick,
    hageman_arrindell,
    hageman_arrindell_group,
    hageman_arrindell_place,
    idiographic_change,
    means_change,
    own_error,
    practice_corrected,
    regression_based,
    reliable_change,
    remission,
    response,
    student,
)

SAMPLE = Sample(sd=5, reliability=0.84, mean=16)  # SEM 5 x 0.4 = 2
TREATED = Twice(earlier=Spread(20, 5), later=Spread(12, 5), correlation=0.5, n=60)


def test_edwards_and_nunnally_pull_the_first_score_to_the_mean():
    """0.84 x (26 - 16) + 16 = 24.4; two errors of 2 either side: 20.4 to 28.4."""
    found = edwards_nunnally(26, 20, sample=SAMPLE)

    assert (found.expected, found.error, found.low, found.high) == pytest.approx(
        (24.4, 2, 20.4, 28.4)
    )
    assert found.index == pytest.approx(-2.2)
    assert found.reliable
    assert not edwards_nunnally(26, 20.5, sample=SAMPLE).reliable
    assert found.shown == {"mean": 16, "sd": 5, "reliability": 0.84}


def test_gulliksen_lord_and_novick_count_the_error_of_both_scores():
    """sqrt(1 - 0.84^2) = 0.5426, times 5 = 2.713; (20 - 24.4) / 2.713 = -1.622."""
    found = gulliksen_lord_novick(26, 20, sample=SAMPLE)

    assert found.error == pytest.approx(2.713, abs=0.001)
    assert found.index == pytest.approx(-1.622, abs=0.001)
    assert not found.reliable
    assert gulliksen_lord_novick(26, 19, sample=SAMPLE).reliable  # -1.990


def test_who_starts_at_the_mean_need_not_drift():
    assert edwards_nunnally(16, 10, sample=SAMPLE).expected == 16
    assert gulliksen_lord_novick(16, 10, sample=SAMPLE).expected == 16


def test_hageman_and_arrindell_pull_a_difference_to_the_groups():
    """SE 2; r_dd = 1 - 2 x 4 / 25 = 0.68, as the differences have the variance 25+25-25.

    (-8 x 0.68 - 8 x 0.32) / (0.82462 x 2.82843) = -8 / 2.33238 = -3.430;
    and for somebody who did not move (0 - 2.56) / 2.33238 = -1.098.
    """
    found = hageman_arrindell(24, 16, group=TREATED, reliability=0.84)

    assert found.shown["r_dd"] == pytest.approx(0.68)
    assert found.index == pytest.approx(-3.430, abs=0.001)
    assert found.reliable
    assert hageman_arrindell(24, 24, group=TREATED, reliability=0.84).index == pytest.approx(
        -1.098, abs=0.001
    )


def test_hageman_and_arrindell_know_unequal_spreads():
    """SD 5 then 4, r12 .6: variance of differences 25+16-24 = 17, SE 2, r2 = 1 - 4/16 = 0.75.

    r_dd from its definition: (25 x .84 + 16 x .75 - 24) / 17 = 9 / 17.
    """
    group = Twice(earlier=Spread(20, 5), later=Spread(12, 4), correlation=0.6, n=60)

    found = hageman_arrindell(24, 16, group=group, reliability=0.84)
    place = hageman_arrindell_place(4, group=group, reliability=0.84, better="lower", cutoff=10)

    assert found.shown["r_dd"] == pytest.approx(9 / 17)
    assert place.true == pytest.approx(12 + 0.75 * (4 - 12))
    assert place.index == pytest.approx((10 - 6) / (math.sqrt(0.75) * 2))


@pytest.mark.parametrize("later, side", [(4, "functional"), (11, None), (20, "clinical")])
def test_a_place_near_the_cutoff_is_left_open(later, side):
    place = hageman_arrindell_place(
        later, group=TREATED, reliability=0.84, better="lower", cutoff=11
    )

    assert place.side == side


def test_where_higher_is_better_places_and_shares_turn_round():
    low = Twice(earlier=Spread(20, 5), later=Spread(28, 5), correlation=0.5, n=60)

    place = hageman_arrindell_place(36, group=low, reliability=0.84, better="higher", cutoff=29)
    shares = hageman_arrindell_group(low, reliability=0.84, better="higher", cutoff=29)

    mirrored = hageman_arrindell_group(TREATED, reliability=0.84, better="lower", cutoff=11)
    assert place.side == "functional"
    assert shares == mirrored


def test_a_groups_shares_come_from_its_true_scores():
    """8 / (5 sqrt .68) = 1.940, which 97.4 % lie below; -1 / (5 sqrt .84) = -0.218: 41.4 %."""
    found = hageman_arrindell_group(TREATED, reliability=0.84, better="lower", cutoff=11)

    assert (round(found.improved, 3), round(found.functional, 3)) == (0.974, 0.414)


def test_differences_that_are_all_error_are_refused():
    twins = Twice(earlier=Spread(20, 5), later=Spread(20, 5), correlation=0.9, n=60)

    with pytest.raises(ValueError, match="the differences scatter no more"):
        hageman_arrindell(24, 16, group=twins, reliability=0.84)
    with pytest.raises(ValueError, match="the later scores scatter no more"):
        floor = Twice(earlier=Spread(20, 5), later=Spread(2, 1.5), correlation=0.1, n=60)
        hageman_arrindell(24, 16, group=floor, reliability=0.84)


def test_regression_foretells_the_second_score_of_the_untreated():
    """b = .6 x 6 / 5 = 0.72; 14 + 0.72 x 5 = 17.6; the error as Crawford and Garthwaite give it."""
    waiting = Twice(earlier=Spread(15, 5), later=Spread(14, 6), correlation=0.6, n=52)

    found = regression_based(20, 7, untreated=waiting)

    scatter = 6 * math.sqrt(0.64 * 51 / 50)
    assert found.expected == pytest.approx(17.6)
    assert found.error == pytest.approx(scatter * math.sqrt(1 + 1 / 52 + 25 / (25 * 51)))
    assert found.threshold == pytest.approx(stats.t.ppf(0.975, 50))
    assert found.reliable


def test_its_error_is_that_of_a_new_observation_in_a_fitted_line():
    """The same from raw data, by the textbook's matrix: s sqrt(1 + x' (X'X)^-1 x)."""
    np = pytest.importorskip("numpy")
    chance = np.random.default_rng(4)
    one = chance.normal(15, 5, 30)
    other = 3 + 0.7 * one + chance.normal(0, 3, 30)
    group = Twice(
        earlier=Spread(one.mean(), one.std(ddof=1)),
        later=Spread(other.mean(), other.std(ddof=1)),
        correlation=np.corrcoef(one, other)[0, 1],
        n=30,
    )

    found = regression_based(22, 9, untreated=group)

    design = np.column_stack([np.ones(30), one])
    line, left, *_ = np.linalg.lstsq(design, other, rcond=None)
    new = np.array([1, 22])
    error = math.sqrt(left[0] / 28 * (1 + new @ np.linalg.inv(design.T @ design) @ new))
    assert found.expected == pytest.approx(new @ line)
    assert found.error == pytest.approx(error)


def test_practice_is_taken_off():
    """Again without treatment: two points lower. S_diff = 1.4142 x 5 x sqrt(.2) = 3.162."""
    again = Twice(earlier=Spread(15, 5), later=Spread(13, 5), correlation=0.8, n=40)

    found = practice_corrected(20, 13, untreated=again)

    assert found.expected == 18
    assert found.error == pytest.approx(3.162, abs=0.001)
    assert found.index == pytest.approx(-1.581, abs=0.001)
    assert not found.reliable
    assert reliable_change(20, 13, norm=Norm(5, 0.8)).reliable
    assert practice_corrected(20, 13, untreated=again, reliability=0.91).reliable


@pytest.mark.parametrize("df", [1, 2, 3, 6, 7, 40, 1201])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_t_is_what_a_statistics_library_says(df, level):
    assert student.critical(df, level) == pytest.approx(stats.t.ppf((1 + level) / 2, df), rel=1e-9)


def test_means_of_both_ends_ask_for_less():
    """SEM 2; sqrt(1/2 + 1/2) = 1, where single scores have 1.414."""
    scores = [20, 18, 15, 12, 13, 17]

    found = means_change(scores, norm=Norm(5, 0.84))

    assert (found.earlier, found.later, found.error) == pytest.approx((19, 15, 2))
    assert found.index == pytest.approx(-2)
    assert found.reliable
    assert not reliable_change(19, 15, norm=Norm(5, 0.84)).reliable
    assert means_change(scores, norm=Norm(5, 0.84), first=3, last=1).error == pytest.approx(
        2 * math.sqrt(1 / 3 + 1)
    )


def test_one_score_at_each_end_is_the_default_method():
    one = means_change([20, 14], norm=Norm(5, 0.84), first=1, last=1)

    assert one.index == pytest.approx(reliable_change(20, 14, norm=Norm(5, 0.84)).index)


def test_ends_that_would_share_a_score_are_refused():
    with pytest.raises(ValueError, match="there are 3 scores; 4 are needed"):
        means_change([1, 2, 3], norm=Norm(5, 0.84))
    with pytest.raises(ValueError, match="each end has a score"):
        means_change([1, 2, 3], norm=Norm(5, 0.84), first=0)


def test_own_error_is_what_scatters_around_the_clients_line():
    """Squares around the mean 19.5, of which 27 x 27 / 42 are the slope's; 2.143 left for 6 df."""
    own = own_error([9, 8, 8, 7, 7, 5, 6, 4])

    assert own.slope == pytest.approx(-27 / 42)
    assert own.start == pytest.approx(6.75 + 3.5 * 27 / 42)
    assert own.error == pytest.approx(math.sqrt((19.5 - 27**2 / 42) / 6))


def test_own_error_knows_when_the_scores_were_given():
    times = [0, 7, 14, 21, 42, 49, 56, 63]
    scores = [9.5, 8.8, 8.1, 7.4, 5.3, 4.6, 3.9, 3.3]

    own = own_error(scores, times=times)

    assert own.slope == pytest.approx(-0.0991, abs=0.0005)
    assert own.error < own_error(scores).error / 5


def test_a_steady_decline_is_no_error():
    """Without taking the line off, its own fall would be held for scatter."""
    chance = [0.2, -0.1, 0.1, -0.2, 0.1, 0.1, -0.2, 0.0]
    scores = [10 - n + noise for n, noise in enumerate(chance)]

    assert own_error(scores).error < 0.25
    assert idiographic_change(scores).reliable


def test_seven_scores_are_too_few_for_an_own_error():
    with pytest.raises(ValueError, match="8 scores or more, got 7"):
        own_error([1, 2, 3, 4, 5, 6, 7])
    with pytest.raises(ValueError, match="on one line"):
        idiographic_change([4.0] * 8)
    with pytest.raises(ValueError, match="on one line"):
        idiographic_change([0.0] * 8)
    with pytest.raises(ValueError, match="all of one time"):
        own_error([1.0] * 8, times=[3] * 8)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_score_that_is_none_is_refused_everywhere(bad):
    for judge in (
        lambda: reliable_change(bad, 3, norm=Norm(5, 0.8)),
        lambda: edwards_nunnally(3, bad, sample=SAMPLE),
        lambda: gulliksen_lord_novick(bad, 3, sample=SAMPLE),
        lambda: regression_based(bad, 3, untreated=TREATED),
        lambda: practice_corrected(3, bad, untreated=TREATED),
        lambda: hageman_arrindell(bad, 3, group=TREATED, reliability=0.84),
        lambda: means_change([1, 2, 3, bad], norm=Norm(5, 0.8)),
        lambda: own_error([1, 2, 3, 4, 5, 6, 7, bad]),
        lambda: response(bad, 3, better="lower", best=0),
        lambda: remission(bad, better="lower", bound=5),
    ):
        with pytest.raises(ValueError, match="must be"):
            judge()


def test_the_criteria_of_jacobson_and_truax():
    """Marital satisfaction, 40 and 60 with SD 7.5: a 55, b 45, c 50 (1991)."""
    found = criteria(better="higher", clinical=Spread(40, 7.5), healthy=Spread(60, 7.5))

    assert (found.a, found.b, found.c) == (55, 45, 50)
    assert (found.overlap, found.chosen, found.cutoff) == (True, "c", 50)


def test_c_lies_nearer_to_the_narrower_population():
    """(6 x 5 + 3 x 20) / 9 = 10; a = 20 - 12, b = 5 + 6."""
    found = criteria(better="lower", clinical=Spread(20, 6), healthy=Spread(5, 3))

    assert (found.a, found.b, found.c, found.chosen) == (8, 11, 10, "c")


def test_populations_that_do_not_overlap_take_b():
    """a = 30 - 4 = 26 is reached long before b = 5 + 4 = 9."""
    found = criteria(better="lower", clinical=Spread(30, 2), healthy=Spread(5, 2))

    assert (found.overlap, found.chosen, found.cutoff) == (False, "b", 9)


def test_one_population_alone_leaves_one_criterion():
    only = criteria(better="lower", clinical=Spread(20, 6))
    other = criteria(better="lower", healthy=Spread(5, 3))

    assert (only.chosen, only.cutoff, only.b, only.c) == ("a", 8, None, None)
    assert (other.chosen, other.cutoff, other.a, other.c) == ("b", 11, None, None)
    assert criteria(better="lower", clinical=Spread(10, 5)).cutoff == 0
    with pytest.raises(ValueError, match="needs a clinical or a healthy"):
        criteria(better="lower")
    with pytest.raises(ValueError, match="must answer better"):
        criteria(better="higher", clinical=Spread(20, 6), healthy=Spread(5, 3))


@settings(deadline=None)
@given(st.floats(1, 100), st.floats(0.1, 20), st.floats(0.1, 20), st.floats(-50, 50))
def test_c_is_as_many_sds_from_either_mean(apart, one, other, low):
    clinical, healthy = Spread(low + apart, one), Spread(low, other)

    c = criteria(better="lower", clinical=clinical, healthy=healthy).c

    assert (clinical.mean - c) / one == pytest.approx((c - healthy.mean) / other, abs=1e-6)


@pytest.mark.parametrize(
    "earlier, later, said",
    [(18, 9, True), (18, 9.1, False), (18, 25, False), (0, 0, None), (0, 4, None)],
)
def test_response_is_half_the_way(earlier, later, said):
    assert response(earlier, later, better="lower", best=0) is said


def test_response_goes_towards_the_best_score():
    """WHO-5 from 40 to 70 is half of the sixty points to 100; from 40 to 69 is not."""
    assert response(40, 70, better="higher", best=100)
    assert not response(40, 69, better="higher", best=100)
    assert response(40, 69, better="higher", best=100, share=0.3)
    with pytest.raises(ValueError, match="cannot be better than"):
        response(18, -1, better="lower", best=0)


def test_remission_is_beyond_the_bound():
    assert remission(4, better="lower", bound=5)
    assert not remission(5, better="lower", bound=5)
    assert remission(51, better="higher", bound=50)


@pytest.mark.parametrize(
    "other, differs",
    [
        (Sheet("gad-7", "1", "en", "at most 2"), ("measure",)),
        (Sheet("phq-9", "2", "en", "none"), ("version", "missing_rule")),
        (Sheet("phq-9", "1", "de", "at most 2", informant="parent"), ("language", "informant")),
        (Sheet("phq-9", "1", "en", "at most 2"), ()),
    ],
)
def test_scores_of_different_forms_are_not_compared(other, differs):
    found = comparable(Sheet("phq-9", "1", "en", "at most 2", prorated=True), other)

    assert found.differs == differs
    assert bool(found) is (not differs)
    assert found.prorated


def test_groups_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="mean must be a number"):
        Sample(sd=5, reliability=0.8, mean=math.nan)
    with pytest.raises(ValueError, match="sd must be positive"):
        Spread(5, 0)
    with pytest.raises(ValueError, match="correlation must be in"):
        Twice(earlier=Spread(5, 1), later=Spread(5, 1), correlation=1, n=20)
    with pytest.raises(ValueError, match="3 people or more"):
        Twice(earlier=Spread(5, 1), later=Spread(5, 1), correlation=0.5, n=2)


def test_a_single_change_is_judged_without_numpy():
    seen = "import sys, rapport.science.change, rapport.science.talking_therapies as t; "
    loaded = "print([n for n in ('numpy', 'scipy', 'django') if n in sys.modules])"

    said = subprocess.run(
        [sys.executable, "-c", seen + loaded], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
