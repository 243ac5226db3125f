"""The demo's people have a past, and the same one for the same seed."""

import json
import subprocess
import sys
from datetime import date

import pytest

from rapport.demo import cast
from tests.launcher.conftest import ROOT, environment

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
