"""What care came to is read at nine o'clock of one day, from the rows and from an extract."""

import pytest

from rapport.core import time
from rapport.core.policy import System
from rapport.progress.extract import making
from rapport.progress.outcomes import queries
from tests.factories import NOW, APlace, APractice, Colleague


@pytest.fixture
def nine_o_clock(db):
    APractice(time_zone="UTC")
    with time.at(NOW):
        yield


@pytest.fixture(params=["rows", "columns"])
def read_from(request, monkeypatch):
    """What the page reads: the rows themselves, or an extract of this very moment."""
    if request.param == "columns":
        monkeypatch.setattr(queries, "_extract", lambda: making.make(by=System("cron"), now=NOW))
    return request.param


@pytest.fixture
def house():
    return APlace()


@pytest.fixture
def ana(house):
    return Colleague(at=[house])
