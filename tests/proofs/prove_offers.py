"""Fifty people take the same hour at the same moment: one has it, and the others are told.

Run: rapport prove offers
RAPPORT_ROUNDS   how many hours are put up, 9 unless said otherwise
RAPPORT_SEED     in which order they come; printed, so that a run can be repeated

Two processes with eight threads each press the button behind their links, through the whole
public door. No hour is sold twice, none is left unsold, and nobody waits in vain for an answer.
"""

import logging
import os
import random
import threading
from collections import Counter, defaultdict
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection, connections
from django.test import Client as Browser

from rapport.core import time, verify
from rapport.core.policy import System
from rapport.meeting.appointments import enforcement
from rapport.meeting.models import (
    Appointment,
    FreedHour,
    Hold,
    Occupancy,
    Offer,
    WaitingEntry,
    WaitingSettings,
)
from rapport.meeting.waiting import answering, offering
from tests.factories import AFreedHour, APlace, APractice, ARoom, AWaitingEntry, ClientOf, Colleague

from . import killing

ROUNDS = int(os.environ.get("RAPPORT_ROUNDS", "9"))
SEED = int(os.environ.get("RAPPORT_SEED", "20301107"))
PROCESSES, THREADS, RIVALS = 2, 8, 50
BY = System("proof")
WAYS = ("fifty people", "one link fifty times", "yes and no by one link")
SAID = {"It is yours": "mine", "a little faster": "late", "Thank you for saying so": "declined",
        "cannot then": "declined"}  # fmt: skip


@pytest.fixture
def house(transactional_db):
    """A clinician, a room, and fifty people who wait for any hour."""
    APractice()
    place = APlace()
    ana = Colleague(at=[place])
    for _ in range(RIVALS):
        AWaitingEntry(client=ClientOf(care_team=[ana], place=place))
    WaitingSettings.objects.create(most_at_once=RIVALS, answer_minutes=2880)
    return {"ana": ana, "room": ARoom(place=place), "place": place}


def put_up(house, number, about):
    """An hour on offer, and the presses on buttons that follow."""
    start = time.day_bounds(time.today() + timedelta(days=10))[0] + timedelta(hours=number)
    hour = AFreedHour(clinician=house["ana"], room=house["room"], place=house["place"],
                      starts_at=start, ways=["HERE", "VIDEO", "PHONE"])  # fmt: skip
    how = "AT_ONCE" if about == "fifty people" else "IN_TURN"
    offering.offer(by=BY, hour=hour, now=time.now(), how=how)
    paths = [answering.link(by=BY, offer=one) for one in hour.offers.filter(state="OFFERED")]
    if how == "IN_TURN":
        paths *= RIVALS
    answers = ["no" if about.startswith("yes and no") and n % 2 else "yes"
               for n in range(len(paths))]  # fmt: skip
    return hour, [(number, path, said) for path, said in zip(paths, answers, strict=True)]


def pressing(mine):
    """What one process does: its threads take the next link, one after the other."""

    def work(tell):
        logging.disable(logging.WARNING)
        ahead, guard = iter(mine), threading.Lock()
        everybody = threading.Barrier(THREADS)

        def through():
            try:
                browser = Browser()
                everybody.wait()
                while True:
                    with guard:
                        attempt = next(ahead, None)
                    if attempt is None:
                        return
                    number, path, said = attempt
                    began = monotonic()
                    tell(number, outcome(browser, path, said), int(1e6 * (monotonic() - began)))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=through) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return work


def outcome(browser, path, said):
    """The answer in one word; what is none of these is said as it is."""
    try:
        answer = browser.post(path, {"answer": said})
    except Exception as problem:
        return f"{type(problem).__name__}:{str(problem)[:60].replace(' ', '_')}"
    text = answer.content.decode()
    if answer.status_code not in (200, 410):
        return f"answer_{answer.status_code}"
    return next((word for words, word in SAID.items() if words in text), "something_else")


def rush(presses):
    """Everybody presses; the outcomes by hour, and how long each waited, in ms."""
    running = []
    for p in range(PROCESSES):
        running.append(killing.fork(pressing(presses[p::PROCESSES])))
    answers, took = defaultdict(list), []
    for child, said in running:
        with said:
            for line in said:
                number, word, micros = line.split()
                answers[int(number)].append(word)
                took.append(int(micros) / 1000)
        assert os.waitpid(child, 0)[1] == 0, "a process fell over"
    return answers, sorted(took)


def test_of_fifty_at_once_one_has_the_hour(house):
    chance, began = random.Random(SEED), monotonic()
    words, took = Counter(), []
    for number in range(ROUNDS):
        about = WAYS[number % len(WAYS)]
        hour, presses = put_up(house, number, about)
        chance.shuffle(presses)
        answers, waited = rush(presses)
        said = Counter(answers[number])
        words, took = words + said, sorted([*took, *waited])
        booked = Appointment.objects.filter(starts_at=hour.starts_at).count()
        given = Offer.objects.filter(hour=hour, state="ACCEPTED").count()
        assert sum(said.values()) == RIVALS, "everybody was answered"
        if about == "fifty people":
            assert (said, booked, given) == ({"mine": 1, "late": RIVALS - 1}, 1, 1), about
        elif about == "one link fifty times":
            assert (said, booked, given) == ({"mine": RIVALS}, 1, 1), about
        else:
            assert set(said) in ({"mine"}, {"declined"}), (about, said)
            assert booked == given == ("mine" in said)
        over(hour)
    lasted = monotonic() - began
    print(
        f"\nseed {SEED}, {connection.vendor}: {ROUNDS} hours, {RIVALS} presses each, by "
        f"{PROCESSES} processes of {THREADS} threads in {lasted:.0f} s\nanswers: {dict(words)}\n"
        f"{Appointment.objects.count()} appointments, {Occupancy.objects.count()} times held\n"
        f"ms a press: half within {took[len(took) // 2]:.0f}, 99 of 100 within "
        f"{took[len(took) * 99 // 100]:.0f}, the slowest {took[-1]:.0f}"
    )
    assert problems() == []


def over(hour):
    """End what is left of a round, so that everybody waits for the next hour."""
    offering.keep(by=BY, hour=FreedHour.objects.get(pk=hour.pk), now=time.now())
    WaitingEntry.objects.exclude(state="WAITING").update(state="WAITING", closed_at=None)
    assert not Hold.objects.exists()


def problems():
    checks = ("never twice", "appointments", "audit")
    return [str(problem) for name in checks for problem in verify.CHECKS[name]()]


def test_a_database_that_forbids_nothing_still_gives_it_once(house):
    """The hour's own row decides before the diary does: two locks, each enough by itself."""
    from tests.meeting.test_enforcement import dropped

    dropped()
    try:
        hour, presses = put_up(house, 0, "fifty people")
        answers, _took = rush(presses)
        assert Counter(answers[0])["mine"] == 1
        assert Appointment.objects.filter(starts_at=hour.starts_at).count() == 1
    finally:
        Appointment.objects.all().delete()
        enforcement.renew()
