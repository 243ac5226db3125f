"""Growth models: published fits, lme4's on awkward data, and an independent slow reference."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.science.growth import fitting
from rapport.science.growth.deviance import criterion
from rapport.science.growth.fitting import fit
from rapport.science.growth.model import Growth
from rapport.science.growth.sums import CannotFit, taken
from tests.science.lme4 import CASES, LME4
from tests.science.practices import DROP, ERROR, TRUE, design, practice
from tests.science.published import DYESTUFF, DYESTUFF_2, SLEEPSTUDY

DAYS = np.tile(np.arange(10.0), len(SLEEPSTUDY))
SUBJECTS = np.repeat(list(SLEEPSTUDY), 10)
REACTIONS = np.concatenate(list(SLEEPSTUDY.values()))
PLAIN = np.column_stack([np.ones(180), DAYS])


def sleep(**how):
    return fit(REACTIONS, PLAIN, client=SUBJECTS, time=DAYS, names=["start", "days"], **how)


def levels(batches):
    y = np.concatenate(list(batches.values()))
    one = np.ones(len(y))
    return fit(y, one, client=np.repeat(list(batches), 5), time=one, slope=False)


def test_sleepstudy_with_slopes():
    found = sleep()

    assert found.criterion == pytest.approx(1743.628, abs=5e-4)
    sds = (found.intercept_sd, found.slope_sd, found.correlation, found.residual_sd)
    assert sds == pytest.approx((24.7405, 5.9221, 0.0656, 25.5918), abs=1e-4)
    assert [one.value for one in found.fixed] == pytest.approx([251.4051, 10.4673], abs=1e-4)
    assert [one.error for one in found.fixed] == pytest.approx([6.8246, 1.5458], abs=1e-4)
    assert (found.rows, found.clients, found.singular, found.converged) == (180, 18, (), True)
    assert found.log_likelihood == -found.criterion / 2


def test_sleepstudy_by_maximum_likelihood():
    found = sleep(method="ML")

    assert found.criterion == pytest.approx(1751.939, abs=5e-4)  # AIC 1763.9 less 12
    sds = (found.intercept_sd, found.slope_sd, found.residual_sd)
    assert sds == pytest.approx((23.780, 5.717, 25.592), abs=1e-3)


def test_sleepstudy_without_slopes():
    found = sleep(slope=False)

    assert found.criterion == pytest.approx(1786.465, abs=5e-4)
    assert found.slope_sd == 0 and math.isnan(found.correlation) and not found.singular


def test_dyestuff():
    found = levels(DYESTUFF)

    assert found.criterion == pytest.approx(319.654, abs=5e-4)
    assert (found.intercept_sd, found.residual_sd) == pytest.approx((42.00, 49.51), abs=5e-3)
    assert found.fixed[0].value == 1527.5


def test_dyestuff_that_varies_less_than_chance_is_named():
    found = levels(DYESTUFF_2)

    assert found.criterion == pytest.approx(161.8283, abs=5e-5)
    assert (found.intercept_sd, found.singular) == (0, ("intercept variance is 0",))
    assert found.residual_sd == pytest.approx(3.7157, abs=5e-5)


@pytest.mark.parametrize("case, model, method", LME4)
def test_awkward_practices_come_out_as_in_lme4(case, model, method):
    made = practice(**CASES[case])
    x, f = design(made)

    found = fit(
        made.score, x[:, [0, 1, 2, 4, 3]], client=made.client, time=f, method=method,
        slope=model != "level", therapist=made.therapist if model == "therapist" else None,
    )  # fmt: skip

    value, sds, betas, errors = LME4[case, model, method]
    assert found.criterion == pytest.approx(value, rel=1e-8)
    ours = {
        "slope": (found.intercept_sd, found.slope_sd, found.correlation, found.residual_sd),
        "level": (found.intercept_sd, found.residual_sd),
        "therapist": (
            found.intercept_sd, found.slope_sd, found.correlation, found.therapist_sd,
            found.residual_sd,
        ),
    }[model]  # fmt: skip
    assert ours == pytest.approx(sds, rel=1e-4, abs=1e-5)
    assert [one.value for one in found.fixed] == pytest.approx(betas, rel=1e-4, abs=2e-6)
    assert [one.error for one in found.fixed] == pytest.approx(errors, rel=1e-4, abs=2e-6)
    assert found.converged
    named = {"correlation is 1": 1 in sds[2:3], "correlation is -1": -1 in sds[2:3]}
    assert all((name in found.singular) == (model != "level" and is_so)
               for name, is_so in named.items())  # fmt: skip
    if model == "therapist":
        assert ("therapist variance is 0" in found.singular) == (sds[3] == 0)


def test_the_order_of_the_rows_and_the_kind_of_the_labels_do_not_matter():
    mixed = np.random.RandomState(0).permutation(180)

    found = fit(REACTIONS[mixed], PLAIN[mixed], client=SUBJECTS[mixed], time=DAYS[mixed])

    assert found.criterion == pytest.approx(sleep().criterion, rel=1e-12)


def test_large_means_and_calendar_years_cost_no_digits():
    years = DAYS + 2020
    moved = fit(REACTIONS + 1e6, np.column_stack([np.ones(180), years]), client=SUBJECTS,
                time=years)  # fmt: skip

    assert moved.criterion == pytest.approx(sleep().criterion, abs=1e-5)
    assert moved.slope_sd == pytest.approx(sleep().slope_sd, rel=1e-5)
    assert moved.residual_sd == pytest.approx(sleep().residual_sd, rel=1e-6)


def dense(y, x, client, therapist, time, d, k):
    """-2 log restricted likelihood with the whole matrix, profiled over sigma."""
    n, p = x.shape
    same = client[:, None] == client[None, :]
    z = np.column_stack([np.ones(n), time])
    v = np.eye(n) + same * (z @ d @ z.T) + k * (therapist[:, None] == therapist[None, :])
    inverse = np.linalg.inv(v)
    a = x.T @ inverse @ x
    left = y - x @ np.linalg.solve(a, x.T @ inverse @ y)
    r2 = left @ inverse @ left
    logs = np.linalg.slogdet(v)[1] + np.linalg.slogdet(a)[1]
    return logs + (n - p) * (1 + math.log(2 * math.pi * r2 / (n - p)))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000), equal=st.booleans(), k=st.floats(0, 3),
    entries=st.tuples(st.floats(0, 3), st.floats(-2, 2), st.floats(0, 2)),
)  # fmt: skip
def test_the_criterion_and_its_slope_are_those_of_the_whole_matrix(seed, equal, k, entries):
    made = practice(clients=30, seed=seed, sessions=4, therapists=4, missing=0 if equal else 0.3,
                    irregular=not equal)  # fmt: skip
    x, f = design(made)
    who, whose = (np.unique(one, return_inverse=True)[1] for one in (made.client, made.therapist))
    sums = taken(made.score, x, client=who, clients=who.max() + 1, time=f, therapist=whose,
                 therapists=whose.max() + 1)  # fmt: skip
    a, b, c = entries
    d = np.array([[a * a, a * b], [a * b, b * b + c * c]])
    inner = (f - sums.centre) / sums.scale

    found = criterion(sums, d, k)

    assert found.value == pytest.approx(dense(made.score, x, who, whose, inner, d, k), rel=1e-9)
    tiny = 1e-5
    for way in (np.diag([1.0, 0]), np.diag([0, 1.0]), np.array([[0, 1.0], [1.0, 0]])):
        inside = d + 1e-2 * np.eye(2)
        up, down = (criterion(sums, inside + s * tiny * way, k).value for s in (1, -1))
        slope = (criterion(sums, inside, k).by_d * way).sum()
        assert slope == pytest.approx((up - down) / (2 * tiny), rel=1e-4, abs=1e-3)
    up, down = (criterion(sums, d, k + 1 + s * tiny).value for s in (1, -1))
    assert criterion(sums, d, k + 1).by_k == pytest.approx((up - down) / (2 * tiny),
                                                           rel=1e-4, abs=1e-3)  # fmt: skip


def test_known_truth_lies_in_the_intervals_about_as_often_as_they_say():
    inside = {"drop": 0, "mix": 0, "sigma": 0}
    for seed in range(1000, 1100):
        made = practice(clients=60, seed=seed, irregular=True, missing=0.2, therapist_sd=0.0)
        f = np.log1p(made.session)
        x = np.column_stack([np.ones(made.rows), f, made.mix])
        found = fit(made.score, x, client=made.client, time=f)
        _, drop, mix = (one.interval() for one in found.fixed)
        inside["drop"] += drop[0] <= DROP <= drop[1]
        inside["mix"] += mix[0] <= 0.8 <= mix[1]
        df = made.rows - 2 * 60
        inside["sigma"] += abs(found.residual_sd / ERROR - 1) < 1.96 / math.sqrt(2 * df)

    # of 100; chance alone leaves these limits in less than one run of a hundred
    assert all(89 <= count <= 99 for count in inside.values()), inside


def test_known_variances_are_found_in_a_large_practice():
    made = practice(clients=8_000, seed=11, therapists=400)
    f = np.log1p(made.session)
    x = np.column_stack([np.ones(made.rows), f, made.mix])

    found = fit(made.score, x, client=made.client, time=f, therapist=made.therapist)

    assert found.residual_sd == pytest.approx(ERROR, rel=0.01)
    assert found.intercept_sd == pytest.approx(TRUE["level_sd"], rel=0.03)
    # a slope follows the level: -0.1 points for each point of it
    assert found.slope_sd == pytest.approx(math.hypot(TRUE["slope_sd"], 0.4), rel=0.04)
    assert found.therapist_sd == pytest.approx(TRUE["therapist_sd"], rel=0.2)


def test_a_singular_slope_can_be_left_out():
    made = practice(**CASES["one session"])
    x, f = design(made)
    given = dict(client=made.client, time=f)
    assert fit(made.score, x, **given).singular == ("correlation is 1",)

    found = fit(made.score, x, **given, drop_singular_slope=True)

    assert found == fit(made.score, x, **given, slope=False)


@pytest.mark.parametrize("edge", [(0.0, 0.0, 0.0, 0.0), (0.9, 0.0, 0.0, 0.0), (0.0, 0.0, 0.5, 0.0)])
def test_a_search_that_begins_on_an_edge_leaves_it(monkeypatch, edge):
    monkeypatch.setattr(fitting, "STARTS", (edge,))
    made = practice(**CASES["therapists"])
    x, f = design(made)

    found = fit(made.score, x, client=made.client, time=f, therapist=made.therapist)

    value, *_ = LME4["therapists", "therapist", "REML"]
    assert found.criterion == pytest.approx(value, rel=1e-8) and found.converged


@pytest.mark.parametrize(
    "broken, why",
    [
        ({"y": [1, 2, 3]}, "same number of rows"),
        ({"y": np.append(REACTIONS[:-1], np.nan)}, "score is missing"),
        ({"design": np.where(PLAIN == 9, np.inf, PLAIN)}, "design is missing or infinite"),
        ({"y": ["many"] * 180}, "are numbers"),
        ({"y": np.full(180, 7.0)}, "does not vary"),
        ({"y": 3 + 2 * DAYS}, "does not vary beyond"),
        ({"design": np.column_stack([PLAIN, 2 * DAYS - 1])}, "column 3 .* follows"),
        ({"design": np.column_stack([PLAIN, np.zeros(180)])}, "column 3 .* 0 throughout"),
        ({"client": np.arange(180)}, "seen often enough"),
        ({"client": np.arange(180) // 2}, "three different times"),
        ({"client": np.zeros(180)}, "one client"),
        ({"client": np.full(180, np.nan)}, "without a client"),
        ({"client": [1, 2]}, "one client"),
        ({"client": [None, *SUBJECTS[1:]]}, "client labels are of one kind"),
        ({"time": np.ones(180)}, "time does not vary"),
        ({"therapist": np.ones(180)}, "one therapist"),
        ({"therapist": np.arange(180) % 2}, "two therapists"),
        ({"method": "OLS"}, "REML or ML"),
        ({"names": ["one"]}, "2 columns have 1 names"),
    ],
)
def test_rows_that_determine_nothing_are_refused_with_the_reason(broken, why):
    given = {"y": REACTIONS, "design": PLAIN, "client": SUBJECTS, "time": DAYS} | broken

    with pytest.raises(ValueError, match=why):
        fit(given.pop("y"), given.pop("design"), **given)


def test_three_clients_with_one_row_each_are_too_few():
    with pytest.raises(CannotFit, match="too few"):
        fit([1, 2, 4], np.column_stack([np.ones(3), [0, 1, 2]]), client=list("abc"), time=[0, 1, 2])
    with pytest.raises(CannotFit, match="seen often enough"):
        fit([1, 2, 4], np.ones(3), client=list("abc"), time=np.zeros(3), slope=False)


def test_a_fit_survives_being_stored():
    for found in (sleep(), sleep(slope=False)):
        again = Growth.of(found.as_data())

        assert again.as_data() == found.as_data()
        assert math.isnan(again.correlation) == math.isnan(found.correlation)
    with pytest.raises(ValueError, match="no growth model"):
        Growth.of({"fixed": []})
    with pytest.raises(ValueError, match="numbers that are none"):
        Growth.of(sleep().as_data() | {"slope_sd": math.inf})
