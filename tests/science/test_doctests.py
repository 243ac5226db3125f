"""What the docstrings show is what comes out."""

import doctest
import importlib
import pkgutil

import pytest

import rapport.science

NAMES = [
    one.name
    for one in pkgutil.walk_packages(rapport.science.__path__, "rapport.science.")
    if not one.ispkg
]


@pytest.mark.parametrize("name", NAMES)
def test_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
