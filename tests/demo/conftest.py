"""What a demo leaves behind in the process that made it."""

import pytest

from rapport.people.practice import queries


@pytest.fixture(autouse=True)
def the_next_practice_has_its_own_zone():
    """The demo is at home in New York, which is read once per process."""
    yield
    queries.remember_zone("UTC")
