"""Guesses are counted before they are looked at, and a full bucket empties in time."""

from datetime import UTC, datetime, timedelta

import pytest

from rapport.people.accounts import rules, throttle
from rapport.people.accounts.models import Throttle

pytestmark = pytest.mark.django_db
NINE = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)
ANA = ("reset.mail", "ana")
LIMIT = rules.LIMITS["reset.mail"]


def test_it_fills_and_refuses_and_empties():
    taken = [throttle.take(ANA, now=NINE) for _n in range(LIMIT.failures + 2)]
    assert taken == [True] * LIMIT.failures + [False] * 2
    assert throttle.take(ANA, now=NINE + LIMIT.window)


def test_knocking_on_does_not_prolong_it():
    for n in range(20):
        throttle.take(ANA, now=NINE + timedelta(minutes=n))
    assert throttle.take(ANA, now=NINE + LIMIT.window)


def test_one_full_bucket_refuses_and_counts_nothing_elsewhere():
    other = ("reset.address", "198.51.100.1")
    for _n in range(LIMIT.failures):
        throttle.take(ANA, now=NINE)
    assert not throttle.take(ANA, other, now=NINE)
    assert not Throttle.objects.filter(bucket=throttle.name(*other), failures__gt=0).exists()


def test_what_was_given_back_counts_no_more():
    for _n in range(LIMIT.failures * 3):
        assert throttle.take(ANA, now=NINE)
        throttle.give_back(ANA)
    throttle.give_back(ANA)
    assert Throttle.objects.get().failures == 0


def test_buckets_do_not_mix():
    for _n in range(LIMIT.failures):
        throttle.take(ANA, now=NINE)
    assert throttle.take(("reset.mail", "eva"), now=NINE)
    assert throttle.name("a", "bc") != throttle.name("ab", "c")


def test_the_table_holds_no_address():
    throttle.take(("reset.mail", "ana@example.org"), now=NINE)
    assert "ana" not in str(Throttle.objects.values().get())


def test_old_buckets_are_swept():
    throttle.take(ANA, now=NINE)
    assert throttle.forget(NINE + LIMIT.window - timedelta(seconds=1)) == 0
    assert throttle.forget(NINE + LIMIT.window + timedelta(seconds=1)) == 1
