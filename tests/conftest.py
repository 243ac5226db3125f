"""What every test may lean on."""

import pytest

from rapport.core import practice
from rapport.core.audit import head


@pytest.fixture(autouse=True)
def _fresh_audit_note(request):
    """A flushed table starts a new chain, so the note beside the keys starts anew too."""
    yield
    (practice.current().folder / head.NAME).unlink(missing_ok=True)
