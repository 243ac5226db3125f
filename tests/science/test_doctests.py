"""What the docstrings show is what happens."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "adaptive.calibrating",
        "adaptive.choosing",
        "adaptive.graded",
        "adaptive.items",
        "adaptive.marginal",
        "adaptive.sheets",
        "adaptive.simulating",
        "adaptive.sums",
    ],
)
def test_the_examples_in_docstrings_hold(name):
    found = doctest.testmod(importlib.import_module(f"rapport.science.{name}"))

    assert found.attempted
    assert not found.failed
