"""What most files here stand on: a house, who works there, and nine o'clock."""

import pytest

from rapport.core import time as clock
from tests.factories import NOW, APlace, APractice, Colleague


@pytest.fixture
def nine_o_clock(db):
    with clock.at(NOW):
        yield


@pytest.fixture
def house():
    APractice()
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house])
