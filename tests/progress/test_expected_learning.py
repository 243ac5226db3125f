"""What a night learns, how good the signals are, and what stands when a night goes wrong."""

import io
import json
import math
from datetime import timedelta

import numpy as np
import pytest

from rapport.core.jobs import queue, registry, run_due
from rapport.core.models import Job
from rapport.progress.expected import counting, fitting, jobs, learning
from rapport.progress.expected.rules import Scale
from rapport.progress.models import Fit
from rapport.science.growth.calibration import Calibration
from rapport.science.growth.course import Course
from rapport.science.growth.heldout import Episode, episodes
from rapport.science.growth.quality import quality
from rapport.science.proportions import wilson
from tests.factories import (
    EXPECTED,
    NORMAL,
    NOW,
    AnEpisode,
    AScore,
    ASheet,
    ClientOf,
    Colleague,
)
from tests.science.practices import practice

PHQ_9 = Scale(0, 27, "lower", 6, 10)
COURSE, CALIBRATION = Course.of(EXPECTED), Calibration.of(NORMAL)


def invented(clients, **more):
    made = practice(clients=clients, seed=11, floor=True, sessions=6, worsening=0.1, **more)
    intake = np.clip(np.round(made.intake), 0, 27)
    return episodes(made.score, client=made.client, time=made.session, intake=intake)


def test_counts_come_to_the_shares_that_the_science_gives():
    some = [*invented(30), Episode(14, (1.0,), (9,)), Episode(20, (), ())]
    limits = counting.limits(PHQ_9, 6.0)
    raised = [
        counting.replayed(one, limits, course=COURSE, calibration=CALIBRATION, near=30)
        for one in some if one.scores
    ]  # fmt: skip

    found = counting.counted(raised, ground="MODEL")
    same = quality([o for o in some if o.scores], limits=limits, course=COURSE,
                   calibration=CALIBRATION)  # fmt: skip

    assert (found["clients"], found["worse"]) == (same.clients, same.worse) == (30, same.worse)
    for name in ("amber", "red"):
        ours, theirs = found[name], getattr(same, "yellow" if name == "amber" else name)
        assert ours["found"] / found["worse"] == theirs.sensitivity
        assert 1 - ours["alarmed"] / (30 - found["worse"]) == pytest.approx(theirs.specificity)
        assert ours["lead"][1] == theirs.lead
        assert ours["low"] < ours["false"] / ours["looks"] < ours["high"]


def test_the_interval_of_a_share_of_scores_is_that_of_clients_who_differ_wholly():
    """Where each client is all yes or all no, so many scores say no more than so many clients."""
    found = counting._shares([(5, 5)] * 12 + [(0, 5)] * 28)

    assert (found["hits"], found["of"]) == (60, 200)
    assert found["low"] == pytest.approx(0.3 - 1.96 * math.sqrt(0.3 * 0.7 / 39), abs=0.001)
    assert found["low"] == pytest.approx(wilson(12, 40).low, abs=0.04)


def test_enough_episodes_give_a_course_with_its_calibration_and_the_quality_of_its_signals():
    told = [learning.Told("moderate", one) for one in invented(310, slope_sd=0.0)]

    found = learning.learned(told, PHQ_9)

    assert found["verdict"] in ("HOLDS", "WIDENED")
    assert (found["episodes"], found["scores"], found["near"]) == (310, 1860, {"moderate": 310})
    assert found["planned"] == 6
    assert set(found["singular"]) <= {"slope variance is 0", "correlation is 1",
                                      "correlation is -1"}  # fmt: skip
    assert Course.of(found["course"]).growth.fixed[1].value < 0
    assert Calibration.of(found["so_far"]).verdict in ("holds", "widened", "withheld")
    counts = found["quality"]
    assert counts["ground"] == "MODEL"
    assert counts["red"]["found"] <= counts["amber"]["found"] <= counts["worse"]
    assert 0.76 < counts["band"]["hits"] / counts["band"]["of"] < 0.87
    json.dumps(found, allow_nan=False)


def test_what_cannot_be_fitted_is_said_as_a_code():
    lines = [json.dumps({"least": 0, "most": 27, "better": "lower", "points": 6})]
    lines += [json.dumps(["low", 10, [1.0, 2.0], [10, 10]])] * 300

    said = io.StringIO()
    assert learning.main(lines, said) == 0
    assert json.loads(said.getvalue()) == {"failed": "CANNOT_FIT"}


def ended(*totals, weeks=1, last=0, opened=40):
    """A client of whom these scores stand between the first and the last day."""
    client, day = ClientOf(), NOW - timedelta(weeks=30)
    AnEpisode(client=client, responsible=Colleague(), close_reason="COMPLETED",
              opened_on=(NOW - timedelta(weeks=opened)).date(),
              closed_on=(NOW - timedelta(weeks=last)).date())  # fmt: skip
    for n, total in enumerate(totals):
        sheet = ASheet(client=client, answered_at=day + timedelta(weeks=weeks * n))
        AScore(sheet=sheet, total=total, total_rounded=total, band="moderate")
    return client


@pytest.mark.django_db
def test_a_night_learns_what_ended_and_keeps_what_stood_when_it_is_killed(monkeypatch):
    ended(14, 9, 7)
    ended(12, 20, 22)
    ended(11, 5, weeks=2, last=29)  # the second score came after the end
    ended(13)
    replaced = ASheet(client=ended(13, 12), answered_at=NOW - timedelta(weeks=3))
    AScore(sheet=replaced, total=27, total_rounded=27)
    newer = ASheet(client=replaced.client, answered_at=replaced.answered_at)
    type(replaced).objects.filter(pk=replaced.pk).update(replaced_by=newer)

    assert jobs.learn_one("phq-9", now=NOW)
    assert registry.CLOCKS["expected.learn"].schedule.minutes is None  # once a day

    fit = Fit.objects.get()
    assert (fit.verdict, fit.episodes, fit.scores) == ("TOO_FEW", 3, 5)
    assert fit.quality["ground"] == "RULE"
    assert (fit.quality["clients"], fit.quality["worse"]) == (2, 1)
    assert fit.quality["amber"]["found"] == 1

    Fit.objects.update(verdict="HOLDS", course=EXPECTED, at_intake=NORMAL, so_far=NORMAL)
    before = Fit.objects.values().get()
    monkeypatch.setattr(fitting, "PROGRAM", "tests.progress.dying")
    queue.enqueue("expected.learn")
    for _again in range(3):
        Job.objects.update(run_at=NOW)
        run_due(NOW)

    job = Job.objects.get()
    assert (job.state, job.error) == ("DEAD", "NotLearned")
    after = Fit.objects.values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"failed_at", "failed_as"}
    assert after["failed_as"] == "STOPPED"


@pytest.mark.django_db
def test_without_a_published_change_there_is_nothing_to_learn():
    sheet = ASheet(client=ClientOf(), instrument="audit")
    AScore(sheet=sheet)
    names = fitting.names()

    assert names == ["audit"]
    assert jobs.learn_one("audit", now=NOW)
    assert Fit.objects.get().verdict == "NO_CHANGE"
