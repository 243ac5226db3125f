"""A new practice has the very tables that every migration in turn leads to."""

import json

import pytest
from django.db import connections

from rapport.core import keys, tables, verify
from rapport.people.models import Practice
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


def test_what_went_by_the_one_gateway_goes_by_the_one_that_calls(ways):
    assert ways["by_migrations"]["sent"] == {
        "gateways": ["CALL", "TEXT"], "deliveries": ["call", "mail"],
        "practice": ["mail", "call"], "client": ["call"],
    }  # fmt: skip


def test_an_interrupted_founding_leaves_no_table(tmp_path):
    keys.create(tmp_path, keys.FileProvider(tmp_path / "master.key"))
    with emptied_afterwards() as make:
        database = make()
        done = command("tests.core.stepwise", "broken_off", str(tmp_path), database=database)
        assert "broken off" in done.stderr
        done = command("tests.core.stepwise", "at_once", str(tmp_path), database=database)

    assert done.returncode == 0, done.stderr


@pytest.fixture
def empty(tmp_path, django_db_blocker):
    """The program at an empty database instead of the suite's own."""
    with emptied_afterwards() as make, django_db_blocker.unblock():
        address, usual = make(), connections["default"]
        name = address.rsplit("/", 1)[-1] if address else str(tmp_path / "practice.db")
        connections["default"] = there = connections.create_connection("default")
        there.settings_dict = usual.settings_dict | {"NAME": name}
        yield
        there.close()
        connections["default"] = usual


def test_an_empty_database_is_whole_at_once_and_a_second_look_changes_nothing(empty):
    tables.bring_up()
    Practice.objects.create(id=1, name="Birch Street")
    tables.bring_up()

    assert Practice.objects.get().name == "Birch Street"
    assert [problem for _name, problem in verify.everything() if problem] == []
