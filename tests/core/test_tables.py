"""A new practice has the very tables that every migration in turn leads to."""

import json

import pytest

from rapport.core import keys
from tests.core.backup.conftest import command, emptied_afterwards

UNUSED = ["auth_group_permissions", "id"]  # Django's own; the house has no such groups


@pytest.fixture(scope="module")
def ways(tmp_path_factory):
    """What is there after each way, in a practice of its own."""
    with emptied_afterwards() as make:
        found = {}
        for way in ("at_once", "by_migrations"):
            folder = tmp_path_factory.mktemp(way)
            keys.create(folder, keys.FileProvider(folder / "master.key"))
            done = command("tests.core.stepwise", way, str(folder), database=make())
            assert done.returncode == 0, done.stderr
            found[way] = json.loads(done.stdout)
        yield found


@pytest.mark.parametrize("what", ["tables", "applied"])
def test_both_ways_lead_to_the_same(ways, what):
    at_once, by_migrations = ([str(one) for one in ways[way][what] if one[:2] != UNUSED]
                              for way in ways)  # fmt: skip

    assert len(at_once) > 40
    assert sorted(set(at_once) - set(by_migrations)) == []
    assert sorted(set(by_migrations) - set(at_once)) == []


def test_hours_that_a_diary_said_are_rows_of_the_week_and_the_diarys_again_on_the_way_back(ways):
    found = ways["by_migrations"]

    eight, half_past_two = "08:00:00", "14:30:00"
    assert found["became"] == [[True, "1", eight, half_past_two], [True, "3", eight, half_past_two]]
    assert found["back"] == [eight, "18:00:00", [1, 3, 5]]


def test_an_interrupted_founding_leaves_no_table(tmp_path):
    keys.create(tmp_path, keys.FileProvider(tmp_path / "master.key"))
    with emptied_afterwards() as make:
        database = make()
        done = command("tests.core.stepwise", "broken_off", str(tmp_path), database=database)
        assert "broken off" in done.stderr
        done = command("tests.core.stepwise", "at_once", str(tmp_path), database=database)

    assert done.returncode == 0, done.stderr
