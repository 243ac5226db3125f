"""What a docstring shows is what happens."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "case_blocks",
        "control_chart",
        "daily",
        "daily_panel",
        "single_case",
        "sudden_gains",
        "trend",
        "turning",
    ],
)
def test_the_examples_of_the_docstrings_hold(name):
    module = importlib.import_module(f"rapport.science.{name}")

    ran = doctest.testmod(module)

    assert ran.attempted and not ran.failed
