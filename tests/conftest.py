"""What every test may lean on."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from hypothesis import settings

from rapport.core import practice, tables
from rapport.core.audit import head
from rapport.people.practice import queries

settings.register_profile("no-clock", deadline=None)  # a busy machine breaks no property
settings.load_profile("no-clock")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A backup of the test's practice is brought back like any other's."""
    with django_db_blocker.unblock():
        tables.stand_for_every_migration(MigrationRecorder(connection))


@pytest.fixture(autouse=True)
def _fresh_audit_note(request):
    """A flushed table starts a new chain, so the note beside the keys starts anew too."""
    yield
    (practice.current().folder / head.NAME).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _own_zone():
    """It is kept at hand for a process: no test lives in the zone of another's practice."""
    queries.remember_zone("UTC")
