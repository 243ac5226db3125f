"""What the documentation shows is what comes out."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "change.alternatives",
        "change.comparing",
        "change.cutoffs",
        "change.hageman_arrindell",
        "change.outcomes",
        "change.reliable",
        "change.series",
        "change.student",
        "agreement",
        "case_blocks",
        "case_mix",
        "changes",
        "control_chart",
        "daily",
        "daily_panel",
        "discoveries",
        "dispersion",
        "effects",
        "funnel",
        "omega",
        "proportions",
        "single_case",
        "sudden_gains",
        "suppression",
        "talking_therapies",
        "therapists",
        "trend",
        "turning",
    ],
)
def test_examples_hold(name):
    module = importlib.import_module(f"rapport.science.{name}")

    found = doctest.testmod(module)

    assert found.attempted
    assert not found.failed
