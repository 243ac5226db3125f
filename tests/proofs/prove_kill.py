"""A thousand times the writing process is killed (kill -9), and nothing acknowledged is lost.

Run: python -m pytest -s tests/proofs/prove_kill.py   RAPPORT_KILLS and RAPPORT_SEED choose
how many and where. A process is killed here, not the machine: what a power cut leaves is
the disk's word, which SQLite's synchronous=FULL and PostgreSQL's fsync ask for.
"""

import json
import os
import subprocess
import sys
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

KILLS = int(os.environ.get("RAPPORT_KILLS", "1000"))
SEED = int(os.environ.get("RAPPORT_SEED", "20301107"))


def killed(*words, kills=KILLS):
    """What was found after ``kills`` kills, on the database the suite runs on."""
    call = [sys.executable, "-m", "tests.proofs.killing", f"--kills={kills}", f"--seed={SEED}"]
    given = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    given["RAPPORT_MODE"] = "serve"
    address = os.environ.get("DATABASE_URL")
    name = f"kill_{uuid4().hex}"
    if address:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        given["DATABASE_URL"] = make_conninfo(address, dbname=name)
    done = subprocess.run([*call, *words], env=given, stdout=subprocess.PIPE, check=True)
    if address:
        with psycopg.connect(address, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    found = json.loads(done.stdout.splitlines()[-1])
    print("\n" + ", ".join(f"{what}: {number}" for what, number in found.items()))
    return found


def test_nothing_acknowledged_is_lost_and_nothing_is_half_written():
    found = killed()
    assert found["acknowledged"] > KILLS // 2, "the kills met a process at work"
    assert found["lost"] == 0
    assert found["half"] == {}
    assert found["twice"] == 0
    assert found["none"] == 0
    assert found["verify"] == []


def test_a_change_that_is_acknowledged_too_early_would_be_noticed():
    assert killed("--early", kills=150)["lost"] > 0


def test_an_effect_apart_from_its_job_would_be_noticed():
    assert killed("--outside", kills=300)["twice"] > 0
