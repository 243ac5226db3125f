"""Bands follow the whole covariance, hold on clients kept out, and go where they do not hold."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science.growth.bands import outlook
from rapport.science.growth.calibration import Calibration, Predicted, judged
from rapport.science.growth.course import Course, columns, moved
from rapport.science.growth.heldout import Episode, calibrated, episodes, predicted
from rapport.science.growth.learning import learn
from rapport.science.growth.model import Fixed, Growth
from tests.science.practices import practice

B = [("constant", 3.0), ("time", -2.0), ("intake", 0.8), ("intake x time", -0.05), ("mix", 1.0)]


def course(*, fixed=B, level=3.0, slope=1.0, correlation=-0.4, therapist=1.0, error=2.5,
           shape="log", least=0, most=27, better="lower"):  # fmt: skip
    growth = Growth(
        tuple(Fixed(name, value, 0.1) for name, value in fixed), level, slope, correlation,
        therapist, error, "REML", 0.0, 5000, 500, 20, (), True, 9,
    )  # fmt: skip
    return Course(growth, shape, tuple(name for name, _ in fixed[4:]), least, most, better)


def recomputed(by, intake, mix, times, scores, ahead):
    """Mean and variance at ``ahead`` from the joint covariance of all scores at once."""
    growth, every = by.growth, [*times, ahead]
    x, f = columns(every, [intake] * len(every), [[mix] * len(every)], shape=by.shape)
    z = np.column_stack([np.ones(len(f)), f])
    d = np.array([
        [growth.intercept_sd**2 + growth.therapist_sd**2, growth.covariance],
        [growth.covariance, growth.slope_sd**2],
    ])  # fmt: skip
    v = z @ d @ z.T + growth.residual_sd**2 * np.eye(len(f))
    mean = x @ [one.value for one in growth.fixed]
    weights = np.linalg.solve(v[:-1, :-1], v[:-1, -1])
    return mean[-1] + weights @ (scores - mean[:-1]), v[-1, -1] - weights @ v[:-1, -1]


@settings(max_examples=60, deadline=None)
@given(
    intake=st.integers(0, 27), correlation=st.floats(-1, 1),
    shape=st.sampled_from(["log", "linear"]), level=st.floats(0, 8), slope=st.floats(0, 3),
    ahead=st.floats(0, 60),
    seen=st.lists(st.tuples(st.floats(0, 40), st.integers(0, 27)), max_size=30),
)  # fmt: skip
def test_an_update_is_what_the_whole_covariance_says(
    intake, correlation, shape, level, slope, ahead, seen
):
    by = course(level=level, slope=slope, correlation=correlation, shape=shape)
    known = outlook(by, intake=intake, case_mix=[1.0])
    for time, score in seen:
        known = known.after(time, score)

    found = known.at(ahead)

    times, scores = [t for t, _ in seen], np.array([float(s) for _, s in seen])
    mean, variance = recomputed(by, intake, 1.0, times, scores, ahead)
    assert found.mean == pytest.approx(mean, rel=1e-8, abs=1e-8)
    assert found.sd == pytest.approx(math.sqrt(variance), rel=1e-8)
    assert known.seen == len(seen)


def test_a_band_is_normal_and_cut_off_at_the_ends_of_the_scale():
    known = outlook(course(fixed=[*B[:4]]), intake=10)
    likely = known.at(8)

    half = known.band(8, level=0.5)
    assert half.low == pytest.approx(likely.mean - 0.6744898 * likely.sd)
    assert half.high == pytest.approx(likely.mean + 0.6744898 * likely.sd)
    assert known.band(60, level=0.9).low == 0
    assert outlook(course(fixed=[*B[:4]]), intake=27).band(0, level=0.9).high == 27
    with pytest.raises(ValueError, match="level"):
        known.band(8, level=80)


@pytest.mark.parametrize("better, scale", [("lower", 1), ("higher", -1)])
def test_chance_of_no_reliable_improvement(better, scale):
    """Turned upside down, a scale gives the same chance. Worked: mean 10, sd 5, needed 9."""
    fixed = [("constant", 0.0), ("time", -1.0 * scale), ("intake", 1.0), ("intake x time", 0.0)]
    by = course(fixed=fixed, level=4, slope=0, correlation=0, therapist=0, error=3, shape="linear",
                least=-27 if scale < 0 else 0, most=0 if scale < 0 else 27,
                better=better)  # fmt: skip
    known = outlook(by, intake=15 * scale)

    assert known.no_improvement(5, points=6) == pytest.approx(0.5792597)  # 1 - Phi(-0.2)
    assert known.no_improvement(5, points=16) is None
    assert known.after(1, 24 * scale).no_improvement(5, points=6) > 0.8
    with pytest.raises(ValueError, match="above 0"):
        known.no_improvement(5, points=0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: outlook(course(), intake=28, case_mix=[0]),
        lambda: outlook(course(), intake=math.nan, case_mix=[0]),
        lambda: outlook(course(), intake=8),
        lambda: outlook(course(), intake=8, case_mix=[math.nan]),
        lambda: outlook(course(), intake=8, case_mix=[0]).after(1, math.nan),
        lambda: outlook(course(), intake=8, case_mix=[0]).after(1, 28),
        lambda: outlook(course(), intake=8, case_mix=[0]).at(-1),
        lambda: outlook(course(), intake=8, case_mix=[0]).at(math.inf),
        lambda: course(fixed=B[:3]),
        lambda: course(least=3, most=3),
        lambda: columns([1, -1], [3, 3]),
        lambda: columns([1], [3, 3]),
        lambda: moved(-0.1, "log"),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong()


def learned(**how):
    """A course from half of a practice, and the other half's episodes."""
    scale = how.pop("scale", (-60, 90))
    made = practice(clients=3000, seed=21, **how)
    inside = made.client < 1500
    ours, theirs = made.of(inside), made.of(~inside)
    by = learn(
        ours.score, client=ours.client, time=ours.session, intake=ours.intake, least=scale[0],
        most=scale[1], better="lower", case_mix={"mix": ours.mix}, therapist=ours.therapist,
    )  # fmt: skip
    kept_out = episodes(theirs.score, client=theirs.client, time=theirs.session,
                        intake=theirs.intake, case_mix=[theirs.mix])  # fmt: skip
    return by, kept_out


def test_bands_hold_on_clients_kept_out():
    by, kept_out = learned(irregular=True, missing=0.2)

    for given_what in ("intake", "scores so far"):
        found = calibrated(by, kept_out, given=given_what)
        assert found.verdict == "holds"
        assert found.before.within == pytest.approx((0.5, 0.8, 0.9), abs=0.02)


def test_at_the_floor_bands_are_widened_and_the_worst_tenth_stays_a_tenth():
    by, kept_out = learned(floor=True, level=8, scale=(0, 27))

    found = calibrated(by, kept_out, given="intake")

    assert found.verdict == "widened"
    assert found.before.worst > 0.15
    assert found.after.worst < found.before.worst
    assert found.after.above == pytest.approx(0.1, abs=0.03)
    assert found.after.below <= 0.12
    known = outlook(by, intake=20, case_mix=[0])
    assert known.band(1, level=0.8, calibration=found) != known.band(1, level=0.8)
    with pytest.raises(ValueError, match="one of the levels"):
        known.band(1, level=0.7, calibration=found)


def test_a_band_that_nothing_mends_is_withheld():
    chance = np.random.RandomState(3)
    client, time = np.repeat(np.arange(1000), 3), np.tile([1.0, 2.0, 3.0], 1000)
    off = np.where(time == 2, 3.0, -1.5) + chance.normal(size=3000)  # wrong by time, not by level
    mean = np.full(3000, 10.0) + 1e-6 * chance.normal(size=3000)
    found = judged(Predicted(client, time, mean + off, mean, np.ones(3000)), least=0, most=27)

    assert found.verdict == "withheld"
    with pytest.raises(ValueError, match="withheld"):
        outlook(course(), intake=9, case_mix=[0]).band(1, level=0.8, calibration=found)


def test_a_few_clients_show_nothing():
    by, kept_out = learned()

    assert calibrated(by, kept_out[:20], given="intake").verdict == "withheld"


def test_what_is_stored_comes_back():
    by, kept_out = learned(floor=True, level=8, scale=(0, 27))
    found = calibrated(by, kept_out, given="intake")

    assert Course.of(json.loads(json.dumps(by.as_data()))) == by
    assert Calibration.of(json.loads(json.dumps(found.as_data()))) == found
    for broken in ({}, {"growth": None}):
        with pytest.raises(ValueError):
            Course.of(broken)
        with pytest.raises(ValueError):
            Calibration.of(broken)


def test_episodes_are_in_order_and_refuse_two_scores_at_once():
    with pytest.raises(ValueError, match="ascend"):
        episodes([1, 2], client=[1, 1], time=[3, 3], intake=[5, 5])


def test_a_page_does_not_need_scipy():
    code = (
        "import sys, rapport.science.growth.bands, rapport.science.growth.signals;"
        "print([m for m in ('scipy', 'django') if m in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_predictions_of_many_clients_are_those_of_each():
    by, kept_out = learned(missing=0.3)
    some = kept_out[:30]

    found = predicted(by, some, given="intake")

    one_by_one = [
        outlook(by, intake=one.intake, case_mix=one.case_mix).at(time)
        for one in some for time in one.times
    ]  # fmt: skip
    assert found.mean == pytest.approx([one.mean for one in one_by_one])
    assert found.sd == pytest.approx([one.sd for one in one_by_one])
    assert found.client.tolist() == [n for n, one in enumerate(some) for _ in one.times]
    with pytest.raises(ValueError, match="same case mix"):
        predicted(by, [some[0], Episode(9, (1,), (8,))], given="intake")
