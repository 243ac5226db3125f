"""The examples in the docstrings of what other programs import."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["findings", "scoring"])
def test_they_say_what_they_show(name):
    done = doctest.testmod(import_module(f"rapport.science.{name}"))

    assert done.attempted > 0
    assert done.failed == 0
