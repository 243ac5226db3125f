"""The demo's people have a past, and the same one for the same seed."""

import json
import subprocess
import sys
from datetime import date

import pytest

from rapport.demo import build, cast
from tests.launcher.conftest import ROOT, environment, rapport

TODAY = date(2030, 3, 1)


@pytest.mark.parametrize("days", [31, 400, 4000])
def test_stays_lie_in_the_past_in_order_and_end_only_for_who_has_left(days):
    for person in cast.clients(300, seed=7, today=TODAY, days=days):
        said = [n for stay in person.stays for n in (stay.since, stay.until) if n is not None]
        assert said == sorted(said, reverse=True)
        assert all(0 <= n < max(days, 3) for n in said)
        going_on = [stay for stay in person.stays if stay.until is None]
        assert len(going_on) == (person.status in ("ACTIVE", "WAITING"))


def test_the_same_seed_invents_the_same_people_however_many_years():
    short = cast.clients(80, seed=3, today=TODAY, days=60)
    long = cast.clients(80, seed=3, today=TODAY, days=3000)
    assert [(p.name, p.born, p.status) for p in short] == [(p.name, p.born, p.status) for p in long]
    assert short == cast.clients(80, seed=3, today=TODAY, days=60)
    assert short != cast.clients(80, seed=4, today=TODAY, days=60)


def test_a_demo_of_five_years_has_episodes_that_long_ago_and_verifies(tmp_path):
    folder = tmp_path / "demo"
    given = ["--folder", str(folder), "--clients", "12", "--years", "5", "--build-only"]
    done = subprocess.run(
        [sys.executable, "-m", "rapport", "demo", *given], cwd=ROOT, env=environment(),
        text=True, capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    asked = """
import sys, json, django
from pathlib import Path
from rapport.cli.setup import open_practice
open_practice(Path(sys.argv[1]), "demo")
from rapport.core import time, verify
from rapport.core.models import AuditEntry
from rapport.people.models import Client, Episode
at = list(AuditEntry.objects.order_by("number").values_list("at", flat=True))
opened = Episode.objects.order_by("opened_on").values_list("opened_on", flat=True)
print(json.dumps({
    "oldest": (time.today() - opened[0]).days,
    "closed": Episode.objects.exclude(closed_on=None).count(),
    "in_order": at[20:] == sorted(at[20:]),
    "status": sorted(Client.objects.values_list("status", flat=True)),
    "problems": [str(p) for _, p in verify.everything() if p],
}))"""
    said = subprocess.run(
        [sys.executable, "-c", asked, str(folder)], cwd=ROOT, env=environment(), text=True,
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    found = json.loads(said.stdout)
    assert found["oldest"] > 365
    assert found["closed"] > 0
    assert found["problems"] == []
    people = cast.clients(12, seed=1, today=TODAY, days=1800)
    assert found["status"] == sorted(p.status for p in people)
    assert found["in_order"]


def lies_in(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


@pytest.mark.parametrize("given", [[], ["--fresh"]])
@pytest.mark.parametrize("place", ["letters", "letters.new"])
def test_a_demo_touches_no_folder_that_is_not_its_own(tmp_path, place, given):
    theirs = tmp_path / place
    (theirs / "kept").mkdir(parents=True)
    (theirs / "kept" / "letter.txt").write_text("mine")
    before = lies_in(tmp_path)
    done = rapport("demo", "--folder", str(tmp_path / "letters"), "--clients", "1", "--port", "0",
                   "--build-only", *given)  # fmt: skip
    assert done.returncode == 1
    assert f"{theirs} is not empty and holds no demo" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert lies_in(tmp_path) == before


def test_a_demo_takes_the_place_of_an_older_one_and_of_an_unfinished_one(tmp_path):
    folder = tmp_path / "demo"
    (build.start(folder) / "practice.db").touch()  # and stopped here
    beside = build.start(folder)
    assert not (beside / "practice.db").exists()
    build.finish(beside, folder)
    first = (folder / "keys.json").read_bytes()
    build.finish(build.start(folder), folder)
    assert (folder / "keys.json").read_bytes() != first
    assert [one.name for one in tmp_path.iterdir()] == ["demo"]
    assert not (folder / build.UNFINISHED).exists()


def test_what_was_put_in_its_place_meanwhile_stays(tmp_path):
    folder = tmp_path / "demo"
    beside = build.start(folder)
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(build.NotOurs, match="nothing in it was touched"):
        build.finish(beside, folder)
    assert (folder / "letter.txt").read_text() == "mine"


def test_a_demo_in_place_of_a_file_or_where_nothing_can_be_made_is_one_sentence(tmp_path):
    file = tmp_path / "file"
    file.write_text("mine")
    for where, said in ((file, "is no folder"), ("/proc/demo", "cannot be made"),
                        (file / "below", "cannot be made")):  # fmt: skip
        done = rapport("demo", "--folder", str(where), "--port", "0", "--build-only")
        assert done.returncode == 1
        assert said in done.stderr and len(done.stderr.splitlines()) == 1
    assert file.read_text() == "mine"
