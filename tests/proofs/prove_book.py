"""10,000 people want the same hours at once: each hour is sold once, and none is left unsold.

Run: rapport prove book
RAPPORT_ATTEMPTS   how many, 10,000 unless said otherwise
RAPPORT_SEED       who wants what in which order; printed, so that a run can be repeated

Two processes with eight threads each send the booking form through the whole desk: sign-in,
permission, audit, conflict check. They meet at the same hours at the same moment. Clients in the
portal keep an hour and then confirm it, against the desk and against each other.
"""

import logging
import os
import random
import threading
import uuid
from collections import Counter, defaultdict
from datetime import time as dawn
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection, connections

from rapport.core import time, verify
from rapport.meeting.appointments import enforcement
from rapport.meeting.models import Appointment, Diary, Hold, Occupancy, SelfBooking
from rapport.people.models import Account, GroupMember
from tests.factories import (
    AnAccount,
    APlace,
    APractice,
    ARoom,
    AStretch,
    AType,
    ClientOf,
    Colleague,
)
from tests.meeting.test_enforcement import dropped
from tests.web.stepping import inside

from . import killing

ATTEMPTS = int(os.environ.get("RAPPORT_ATTEMPTS", "10000"))
SEED = int(os.environ.get("RAPPORT_SEED", "20301107"))
PROCESSES, THREADS = 2, 8
RIVALS = 10  # for one hour
BOOK = "/desk/calendar/book/?client="
KEEP = "/portal/book/{}/?zone=UTC"
SAID = ("meet then", "have the room then", "That time is taken", "The room is taken",
        "That time was just taken")  # fmt: skip


@pytest.fixture
def house(transactional_db):
    """Ten clinicians, ten clients, ten rooms, a couple, and the front desk that books for all."""
    APractice()
    place = APlace()
    clinicians = [Colleague(at=[place]) for _ in range(RIVALS)]
    accounts = [AnAccount(realm=Account.Realm.PORTAL) for _ in clinicians]
    clients = [
        ClientOf(care_team=[one], place=place, account=account)
        for one, account in zip(clinicians, accounts, strict=True)
    ]
    Diary.objects.create(staff=clinicians[0], notice_minutes=0, horizon_days=3650)
    for weekday in range(1, 8):
        AStretch(staff=clinicians[0], weekday=weekday, from_at=dawn(0, 0),
                    until_at=dawn(23, 59))  # fmt: skip
    SelfBooking.objects.create(any_clinician=True, most_ahead=ATTEMPTS)
    offered = AType(bookers=["ACTIVE"])
    couple = ClientOf(kind="COUPLE", care_team=clinicians[:1], place=place)
    for member in clients[:2]:
        GroupMember.objects.create(client=couple, member=member)
    rooms = [ARoom(place=place) for _ in range(RIVALS)]
    desk = Colleague(roles=["FRONT_DESK"], at=[place])
    portal = list(Account.objects.filter(pk__in=[one.pk for one in accounts]))
    return {"clinicians": clinicians, "clients": clients, "couple": couple, "rooms": rooms,
            "desk": desk, "portal": portal, "offered": offered}  # fmt: skip


# Who wants what ---------------------------------------------------------------------------


def hour_of(n):
    """When the n-th contest is about; every contest has hours of its own."""
    day, hour = divmod(n, 12)
    midnight = time.day_bounds(time.today() + timedelta(days=day + 1))[0]
    return midnight + timedelta(hours=2 * hour)


def want(house, n, client=0, clinician=0, room=None, shift=0, once=None):
    """One attempt at the desk: for whom, and the form."""
    start = hour_of(n) + timedelta(minutes=shift)
    who = client if hasattr(client, "pk") else house["clients"][client]
    return n, who.pk, {
        "kind": "SESSION", "on": f"{start:%Y-%m-%d}", "at": f"{start:%H:%M}", "minutes": "50",
        "way": "HERE", "clinician": str(house["clinicians"][clinician].pk), "video_url": "",
        "where": f"room:{house['rooms'][room].pk}" if room is not None else "",
        "once": str(once) if once else "",
    }  # fmt: skip


def keep(house, n, client):
    """One attempt in the portal: the hour is kept, then confirmed."""
    start = hour_of(n)
    who = f"{start:%Y-%m-%dT%H:%M}+00:00|{house['clinicians'][0].pk}"
    return n, house["portal"][client], {"start": who, "type": str(house["offered"].pk)}


def contests(house):
    """Ways in which ten want what one can have."""
    ten = range(RIVALS)
    couple = house["couple"]
    return {
        "one clinician": lambda n: [want(house, n, client=k) for k in ten],
        "one client": lambda n: [want(house, n, clinician=k) for k in ten],
        "one room": lambda n: [want(house, n, client=k, clinician=k, room=n % RIVALS)
                               for k in ten],
        "a couple and one of it": lambda n: [
            want(house, n, client=couple if k % 2 else 0, clinician=k) for k in ten
        ],
        "overlapping hours": lambda n: [want(house, n, client=k, shift=k * 4) for k in ten],
        "a room crosswise": lambda n: [
            want(house, n, client=k % 2, clinician=1 - k % 2, room=n % RIVALS) for k in ten
        ],
        "holds alone": lambda n: [keep(house, n, k) for k in ten],
        "holds and bookings": lambda n: [
            keep(house, n, k) if k % 2 else want(house, n, client=k) for k in ten
        ],
        "one form sent ten times": lambda n: [want(house, n, once=uuid.UUID(int=n + 1))] * RIVALS,
    }  # fmt: skip


def planned(house, attempts):
    """All attempts in the order in which they are made, and what each contest is about."""
    chance = random.Random(SEED)
    plan, about = [], {}
    ways = contests(house)
    for n in range(max(attempts // RIVALS, len(ways))):
        about[n] = list(ways)[n % len(ways)]
        rivals = ways[about[n]](n)
        chance.shuffle(rivals)
        plan += rivals
    return plan, about


# Booking ----------------------------------------------------------------------------------


def booking(house, mine):
    """What one process does: its threads take the next attempt, one after the other.

    Each thread is a browser of its own in which the front desk has signed in.
    """

    def work(tell):
        logging.disable(logging.WARNING)  # nine in ten are refused, and each refusal is logged
        ahead, guard = iter(mine), threading.Lock()
        everybody = threading.Barrier(THREADS)

        def through():
            try:
                browser, phones = inside(house["desk"].account), {}
                everybody.wait()
                while True:
                    with guard:
                        attempt = next(ahead, None)
                    if attempt is None:
                        return
                    n, who, form = attempt
                    phone = None
                    if "start" in form:
                        phone = phones.get(who.pk) or inside(who, "portal")
                        phones[who.pk] = phone
                    began = monotonic()
                    said = outcome(browser, who, form) if phone is None else kept(phone, form)
                    tell(n, said, int(1e6 * (monotonic() - began)))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=through) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return work


def kept(phone, form):
    """A client keeps the hour and confirms it; the outcome in one word."""
    try:
        answer = phone.post(KEEP.format(form["type"]), {"start": form["start"]})
        if answer.status_code == 302:
            answer = phone.post(answer.headers["Location"])
    except Exception as problem:
        return f"{type(problem).__name__}:{str(problem)[:60].replace(' ', '_')}"
    return in_a_word(answer)


def outcome(browser, client, form):
    """The answer in one word; what is neither sold nor taken is said as it is."""
    try:
        answer = browser.post(f"{BOOK}{client}", form)
    except Exception as problem:
        return f"{type(problem).__name__}:{str(problem)[:60].replace(' ', '_')}"
    return in_a_word(answer)


def in_a_word(answer):
    """Sold, taken, or what else it was."""
    if answer.status_code == 302:
        return "sold:" + answer.headers["Location"].split("/")[-2]
    text = answer.content.decode()
    if answer.status_code == 422 and any(words in text for words in SAID):
        return "taken"
    return f"answer_{answer.status_code}"


def rush(house, attempts):
    """Everybody books; the outcomes by contest, and what was left in the database."""
    plan, about = planned(house, attempts)
    began, running = monotonic(), []
    for p in range(PROCESSES):
        running.append(killing.fork(booking(house, plan[p::PROCESSES])))
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
    twice = sorted(n for n, won in winners.items() if len(won) > 1)
    unsold = sorted(n for n in about if not winners.get(n))
    took.sort()
    print(
        f"\nseed {SEED}, {connection.vendor}: {len(plan)} attempts at {len(about)} hours by "
        f"{PROCESSES} processes of {THREADS} threads in {lasted:.0f} s "
        f"({len(plan) / lasted:.0f} a second)\nanswers: {dict(words)}\n"
        f"hours sold {len(about) - len(unsold)}, twice {len(twice)}, unsold {len(unsold)}; "
        f"{Appointment.objects.count()} appointments, {Occupancy.objects.count()} times held\n"
        f"ms an attempt: half within {took[len(took) // 2]:.0f}, 99 of 100 within "
        f"{took[len(took) * 99 // 100]:.0f}, the slowest {took[-1]:.0f}"
    )
    for n in (*twice[:5], *unsold[:5]):
        print("  ", about[n], Counter(answers[n]))
    return {"plan": plan, "about": about, "words": words, "twice": twice, "unsold": unsold,
            "answers": answers}  # fmt: skip


def problems():
    checks = ("never twice", "appointments", "audit")
    return [str(problem) for name in checks for problem in verify.CHECKS[name]()]


def test_every_hour_is_sold_once(house):
    seen = rush(house, ATTEMPTS)

    assert set(seen["words"]) == {"sold", "taken"}, "nothing but yes and no"
    assert sum(seen["words"].values()) == len(seen["plan"]), "everybody was answered"
    assert (seen["twice"], seen["unsold"]) == ([], [])
    assert Appointment.objects.count() == len(seen["about"])
    for n, about in seen["about"].items():
        sold = sum(word.startswith("sold") for word in seen["answers"][n])
        assert sold == (RIVALS if about == "one form sent ten times" else 1), about
    assert not Hold.objects.exists(), "who kept an hour has it, or let it go"
    assert problems() == []


def test_a_database_that_forbids_nothing_is_found_out(house):
    dropped()
    try:
        seen = rush(house, 70)
        assert seen["twice"]
        assert any("taken twice" in one for one in problems())
    finally:
        Appointment.objects.all().delete()
        enforcement.renew()
