"""Long proofs about the door: 10,000 guesses, and 1,000 measured answers.

Run: python -m pytest -s tests/proofs/prove_signin.py
"""

import gc
import math
import random
import statistics
from datetime import timedelta
from time import perf_counter

import pytest
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from rapport.core import time
from tests.web.signin.conftest import give_password, make_staff, plain, sign_in

pytestmark = pytest.mark.django_db
GUESSES = 10_000
SAMPLES = 500
SEED = 20_301_107


def test_ten_thousand_guesses_and_the_known_browser_still_gets_in():
    make_staff()
    hers = Browser()
    sign_in(hers)
    chance = random.Random(SEED)
    seen = {302: 0, 422: 0, 429: 0}
    for n in range(GUESSES):
        thief = Browser(REMOTE_ADDR=f"203.0.113.{chance.randrange(256)}")
        seen[give_password(thief, password=f"guess number {n} of many").status_code] += 1
        if n % 250 == 0:  # she works on meanwhile; a screen nobody touches would lock
            assert hers.get("/desk/signin/mine/").status_code == 200
    print(f"\nseed {SEED}: {GUESSES} guesses answered {seen}")
    assert seen[302] == 0
    assert seen[422] <= 10 * 6, "ten a quarter of an hour are looked at, the rest refused"
    assert hers.get("/desk/signin/mine/").status_code == 200
    assert give_password(hers).status_code == 302, "a browser she knows has its own bucket"
    assert Browser().get("/desk/signin/passkey/").status_code == 200, "passkeys are not throttled"


def rank_p(one, two):
    """Two-sided Mann-Whitney p by the normal approximation, ties averaged."""
    both = sorted([(value, 0) for value in one] + [(value, 1) for value in two])
    ranks, at = [0.0, 0.0], 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        for _value, group in both[at:end]:
            ranks[group] += (at + end + 1) / 2
        at = end
    n, m = len(one), len(two)
    mean, spread = n * m / 2, math.sqrt(n * m * (n + m + 1) / 12)
    score = (ranks[0] - n * (n + 1) / 2 - mean) / spread
    return math.erfc(abs(score) / math.sqrt(2))


WAYS = {
    "sign-in": lambda mail, at: give_password(at, mail, "not the password at all"),
    "forgotten": lambda mail, at: at.post("/desk/signin/forgotten/", {"mail": mail}),
}


@pytest.mark.parametrize("way", WAYS)
def test_known_and_unknown_are_alike(way):
    """500 each, in random order: same status, same text, same size, no difference in time."""
    for n in range(SAMPLES):
        make_staff(f"known-{n:04}@example.org", password=None, app=False)
    template = make_staff("model@example.org", app=False)
    type(template).objects.filter(email__startswith="known").update(password=template.password)
    mails = [f"{kind}-{n:04}@example.org" for n in range(SAMPLES) for kind in ("known", "wrong")]
    random.Random(SEED).shuffle(mails)
    took, texts = {"known": [], "wrong": []}, {"known": set(), "wrong": set()}
    start = time.now()
    for n, mail in enumerate(mails):
        browser = Browser(REMOTE_ADDR=f"10.{n // 250}.{n % 250}.7")
        gc.disable()
        with time.at(start + timedelta(seconds=n)):
            began = perf_counter()
            answer = WAYS[way](mail, browser)
            took[mail[:5]].append(perf_counter() - began)
        gc.enable()
        texts[mail[:5]].add((answer.status_code, plain(answer).replace(mail, "")))
    assert texts["known"] == texts["wrong"]
    assert len(texts["known"]) == 1
    p = rank_p(took["known"], took["wrong"])
    middle = {kind: 1000 * statistics.median(values) for kind, values in took.items()}
    print(f"\n{way}: medians in ms {middle}, Mann-Whitney p = {p:.3f}")
    assert p > 0.01


def test_the_statements_are_alike_too():
    """What a noisy machine cannot hide: the same number of statements."""
    from django.db import connection

    make_staff(app=False)
    for way in WAYS.values():
        way("first@example.org", Browser())  # the trail's first entry makes its head
        counts = set()
        for mail in ("ana@example.org", "nobody@example.org"):
            with CaptureQueriesContext(connection) as seen:
                way(mail, Browser(REMOTE_ADDR=f"10.9.9.{len(mail)}"))
            counts.add(len(seen))
        assert len(counts) == 1
