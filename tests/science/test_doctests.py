"""The examples in the docstrings come out as they say."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "growth.model",
        "growth.fitting",
        "growth.course",
        "growth.learning",
        "growth.bands",
        "growth.heldout",
        "growth.signals",
        "growth.quality",
    ],
)
def test_the_examples_hold(name):
    found = doctest.testmod(importlib.import_module(f"rapport.science.{name}"))

    assert found.attempted and not found.failed
