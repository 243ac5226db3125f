"""Making, removing and destroying what is sealed. Called by actions, which ask and record."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from rapport.core import audit

from .models import Certificate, DataKey, new_secret

REMOVED = ".removed"  # the trail's verb for a row that is rightly gone
_TRIES = 5


def new_key(purpose: str, *, now: datetime) -> DataKey:
    """A saved data key for one client or author."""
    key = DataKey(purpose=purpose, created_at=now)
    key.wrap(new_secret())
    key.save(force_insert=True)
    return key


def remove(row: models.Model, *, by: Any) -> None:
    """Delete a row that holds sealed fields, and say so in the trail.

    ``rapport verify`` reports every other row that the trail names and that is not there.
    """
    label, pk = row._meta.label_lower, row.pk
    with audit.unit():
        audit.record(verb=f"{label}{REMOVED}"[:60], by=by, subject={label: row})
        row.delete()
    row.pk = pk  # Django forgets it; the action around this still names the row in the trail


def destroy(key: DataKey, *, by: Any, now: datetime) -> Certificate:
    """Crypto-shredding: the wrapped key goes, and with it all it sealed. Cannot be undone.

    Returns:
        The numbered certificate; the same one again when the key was destroyed before.
    """
    with transaction.atomic():
        locked = DataKey.objects.select_for_update().get(pk=key.pk)
        if locked.wrapped is None:
            certificate = Certificate.objects.get(data_key=key.pk)
        else:
            gone = {"wrapped": None, "second_wrap": None, "destroyed_at": now}
            DataKey.objects.filter(pk=key.pk).update(**gone)
            certificate = _certified(key, by=str(by.pk), now=now)
    key.wrapped, key.second_wrap, key.destroyed_at = None, None, certificate.at
    key.__dict__.pop("_secret", None)
    return certificate


def _certified(key: DataKey, *, by: str, now: datetime) -> Certificate:
    """The next number, also when two keys are destroyed at the same moment."""
    for _try in range(_TRIES - 1):
        try:
            with transaction.atomic():
                return _saved(key, by=by, now=now)
        except IntegrityError:
            continue  # the number was taken meanwhile; the next one is free
    return _saved(key, by=by, now=now)


def _saved(key: DataKey, *, by: str, now: datetime) -> Certificate:
    certificate = Certificate.next_for(key.pk, at=now, by=by)
    certificate.save(force_insert=True)
    return certificate
