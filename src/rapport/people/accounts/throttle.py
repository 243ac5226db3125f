"""Counting failures, so that guessing is slow and the rightful person still gets in.

A bucket is counted before the guess is looked at, in one transaction with its row locked,
so that parallel guesses cannot slip past the limit. Names of buckets are keyed hashes:
the table holds neither mail addresses nor network addresses.
"""

import hashlib
import hmac
from datetime import datetime

from django.db import transaction
from django.db.models import F

from rapport.core import practice

from . import rules
from .models import Throttle


def name(kind: str, *parts: str) -> str:
    """The bucket's name: an HMAC over its kind and what it counts for."""
    key = practice.current().keyring.derive("throttle")
    text = "\x1f".join((kind, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def take(*buckets: tuple[str, str], now: datetime) -> bool:
    """Count one try in each ``(kind, what)``; False when any of them is already full.

    A refused try is not counted, so a bucket empties at the end of its window however
    often somebody goes on knocking.
    """
    named = sorted((name(kind, what), rules.LIMITS[kind]) for kind, what in buckets)
    with transaction.atomic():
        rows = [(_current(bucket, limit, now), limit) for bucket, limit in named]
        if any(row.failures >= limit.failures for row, limit in rows):
            return False
        for row, _limit in rows:
            Throttle.objects.filter(pk=row.pk).update(failures=F("failures") + 1)
    return True


def give_back(*buckets: tuple[str, str]) -> None:
    """Take one try out again: it turned out to be the right person."""
    for kind, what in buckets:
        Throttle.objects.filter(bucket=name(kind, what), failures__gt=0).update(
            failures=F("failures") - 1
        )


def _current(bucket: str, limit: rules.Limit, now: datetime) -> Throttle:
    Throttle.objects.bulk_create(
        [Throttle(bucket=bucket, failures=0, window_ends_at=now + limit.window)],
        ignore_conflicts=True,
    )
    row = Throttle.objects.select_for_update().get(bucket=bucket)
    if row.window_ends_at <= now:
        row.failures, row.window_ends_at = 0, now + limit.window
        row.save()
    return row


def forget(now: datetime) -> int:
    """Delete buckets whose window has passed; how many."""
    return Throttle.objects.filter(window_ends_at__lt=now).delete()[0]
