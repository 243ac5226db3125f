"""Making, rewrapping and destroying data keys. Called by actions, which ask and record."""

from datetime import datetime
from typing import Any

from django.db import transaction

from rapport.core import practice

from .models import Certificate, DataKey, new_secret


def new_key(purpose: str, *, now: datetime) -> DataKey:
    """A saved data key for one client or author."""
    key = DataKey(purpose=purpose, created_at=now)
    key.wrap(new_secret())
    key.save(force_insert=True)
    return key


def destroy(key: DataKey, *, by: Any, now: datetime) -> Certificate:
    """Crypto-shredding: the wrapped key goes, and all it sealed with it."""
    with transaction.atomic():
        DataKey.objects.filter(pk=key.pk).update(wrapped=None, second_wrap=None, destroyed_at=now)
        certificate = Certificate.objects.create(data_key=key.pk, at=now, by=str(by.pk))
    key.wrapped, key.second_wrap, key.destroyed_at = None, None, now
    key.__dict__.pop("_secret", None)
    return certificate


def rewrap(chunk: int = 200) -> int:
    """Put every data key under the newest practice key, a short transaction a chunk.

    Returns:
        How many keys were rewrapped. Running it again after an interruption goes on.
    """
    version, done = practice.current().keyring.version, 0
    while True:
        with transaction.atomic():
            old = list(
                DataKey.objects.select_for_update()
                .filter(wrapped__isnull=False, wrapped_version__lt=version)
                .order_by("pk")[:chunk]
            )
            for key in old:
                key.wrap(key.secret())
            DataKey.objects.bulk_update(old, ["wrapped", "wrapped_version"])
        done += len(old)
        if len(old) < chunk:
            return done
