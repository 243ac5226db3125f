"""Bringing a practice back into PostgreSQL: what stands there stays. Collected there alone."""

import psycopg
import pytest

from rapport.core.backup import making, restoring
from rapport.core.backup.problems import DamagedBackup, TargetInUse
from tests.settings import SHEET

from .test_restoring import NIGHT, altered_practice, file

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["file"]


def test_a_database_with_tables_takes_nothing_and_a_failure_leaves_it_empty(
    file, tmp_path, empty_database
):
    address = empty_database()
    with psycopg.connect(address) as server:
        server.execute("CREATE TABLE mine (n int)")
    target = {"sheet": SHEET, "target_folder": tmp_path / "back", "database_url": address}
    with pytest.raises(TargetInUse, match="holds tables"):
        restoring.restore(file, **target)

    with psycopg.connect(address) as server:
        server.execute("DROP TABLE mine")
    altered_practice()
    with pytest.raises(DamagedBackup, match="altered before"):
        restoring.restore(making.make(now=NIGHT.replace(hour=4)), **target)
    with psycopg.connect(address) as server:
        found = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchall() == []
