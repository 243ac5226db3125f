"""Jobs made for a test are forgotten after it."""

import pytest

from rapport.core import events
from rapport.core.jobs import registry


@pytest.fixture(autouse=True)
def made_for_the_test(monkeypatch):
    """The registries as the house fills them; what a test adds goes away with it."""
    monkeypatch.setattr(registry, "SPECS", dict(registry.SPECS))
    monkeypatch.setattr(registry, "CLOCKS", {})
    monkeypatch.setattr(events, "_listeners", {})
