"""Thousands of people want the same hours at once: each hour is sold once, and none is left unsold.

Run: rapport prove book
RAPPORT_ATTEMPTS   how many, 400 unless said otherwise; 10000 takes minutes
RAPPORT_SEED       who wants what in which order; printed, so that a run can be repeated

Two processes with eight threads each go through the whole of each door: sign-in, permission,
audit, conflict check. The desk books, moves, begins standing slots and changes them from a day
on; clients keep hours and take them or let them go; strangers ask; who waits takes an offer.
They meet at the same hours at the same moment (``contests``), by the ways in ``attempts``.
"""

import logging
import os
import random
import threading
from collections import Counter, defaultdict
from time import monotonic

import pytest
from django.db import connection, connections

from rapport.core import verify
from rapport.meeting.appointments import enforcement
from rapport.meeting.models import Appointment, Hold, Occupancy, Series
from tests.meeting.test_enforcement import dropped

from . import contests, killing
from .attempts import Browsers
from .contests import RIVALS

ATTEMPTS = int(os.environ.get("RAPPORT_ATTEMPTS", "400"))
SEED = int(os.environ.get("RAPPORT_SEED", "20301107"))
PROCESSES, THREADS = 2, 8


@pytest.fixture
def house(transactional_db):
    return contests.house(ATTEMPTS)


def planned(house, attempts, only=None):
    """All attempts in the order in which they are made, and the contests they are about."""
    chance = random.Random(SEED)
    made = contests.contests(house)
    names = list(only or made)
    plan, about = [], {}
    for n in range(max(attempts // RIVALS, len(names))):
        name = names[n % len(names)]
        about[n] = name, made[name](n)
        rivals = list(about[n][1].attempts)
        chance.shuffle(rivals)
        plan += rivals
    return plan, about


def trying(house, mine):
    """What one process does: its threads take the next attempt, one after the other."""

    def work(tell):
        logging.disable(logging.WARNING)  # nine in ten are refused, and each refusal is logged
        ahead, guard = iter(mine), threading.Lock()
        everybody = threading.Barrier(THREADS)

        def through():
            try:
                browsers = Browsers(house.desk)
                everybody.wait()
                while True:
                    with guard:
                        attempt = next(ahead, None)
                    if attempt is None:
                        return
                    began = monotonic()
                    said = browsers.go(attempt)
                    tell(attempt.contest, said, int(1e6 * (monotonic() - began)))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=through) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return work


def rush(house, attempts, only=None):
    """Everybody tries; the outcomes by contest, and what was left in the database."""
    plan, about = planned(house, attempts, only)
    began, running = monotonic(), []
    for p in range(PROCESSES):
        running.append(killing.fork(trying(house, plan[p::PROCESSES])))
    answers, took = defaultdict(list), []
    for child, said in running:
        with said:
            for line in said:
                n, word, micros = line.split()
                answers[int(n)].append(word)
                took.append(int(micros) / 1000)
        assert os.waitpid(child, 0)[1] == 0, "a process fell over"
    lasted = monotonic() - began
    words = Counter(word.split(":")[0] for said in answers.values() for word in said)
    winners = {n: {w for w in said if w.startswith("sold")} for n, said in answers.items()}
    held = {n: contest.who_has_it() for n, (_name, contest) in about.items()}
    twice = sorted(n for n in about if len(winners[n]) > 1 or max(held[n]) > 1)
    unsold = sorted(n for n in about if not winners[n] or min(held[n]) < 1)
    took.sort()
    print(
        f"\nseed {SEED}, {connection.vendor}: {len(plan)} attempts at {len(about)} hours by "
        f"{PROCESSES} processes of {THREADS} threads in {lasted:.0f} s "
        f"({len(plan) / lasted:.0f} a second)\nanswers: {dict(words)}\n"
        f"hours sold {len(about) - len(unsold)}, twice {len(twice)}, unsold {len(unsold)}; "
        f"{Appointment.objects.count()} appointments, {Series.objects.count()} standing slots, "
        f"{Occupancy.objects.count()} times held\n"
        f"ms an attempt: half within {took[len(took) // 2]:.0f}, 99 of 100 within "
        f"{took[len(took) * 99 // 100]:.0f}, the slowest {took[-1]:.0f}"
    )
    strange = [n for n in about if any(odd(word) for word in answers[n])]
    for n in (*twice[:5], *unsold[:5], *strange[:5]):
        said = Counter(word.split(":")[0] for word in answers[n])
        print("  ", about[n][0], dict(said), "in the database", held[n])
    return {"plan": plan, "about": about, "words": words, "twice": twice, "unsold": unsold,
            "answers": answers}  # fmt: skip


def odd(word):
    return word.split(":")[0] not in ("sold", "taken", "let_go")


def problems():
    checks = ("never twice", "appointments", "audit")
    return [str(problem) for name in checks for problem in verify.CHECKS[name]()]


def test_every_hour_is_sold_once(house):
    seen = rush(house, ATTEMPTS)

    assert set(seen["words"]) == {"sold", "taken", "let_go"}, "nothing but yes and no"
    assert sum(seen["words"].values()) == len(seen["plan"]), "everybody was answered"
    assert (seen["twice"], seen["unsold"]) == ([], [])
    for n, (name, contest) in seen["about"].items():
        sold = sum(word.startswith("sold") for word in seen["answers"][n])
        assert sold == RIVALS if contest.same else sold >= 1, name
    nearest = Hold.objects.filter(clinician=house.clinicians[0])
    assert not nearest.exists(), "who kept an hour has it, or let it go"
    assert problems() == []


@pytest.mark.parametrize(
    "only",
    [
        ["one clinician", "one client", "one room", "overlapping hours"],
        ["standing slots and bookings"],
        ["holds and bookings", "strangers, clients and the desk"],
        ["moves"],
    ],
)
def test_a_database_that_forbids_nothing_is_found_out(house, only):
    dropped()
    try:
        seen = rush(house, 40, only)
        assert seen["twice"]
        assert any("taken twice" in one for one in problems())
    finally:
        Appointment.objects.all().delete()
        Series.objects.all().delete()
        Hold.objects.all().delete()
        enforcement.renew()
