"""Whose day sheet opens with which key. The passphrase itself is kept nowhere."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core import offline, practice, vault
from rapport.core.keys import aead

from . import rules

PURPOSE = "day sheet"


class DaySheet(models.Model):
    """What somebody's sheet shows, the key that seals it, and when it was made last."""

    class Names(models.TextChoices):
        FULL = "FULL", _("names")
        INITIALS = "INITIALS", _("initials")

    field_classes: ClassVar[dict[str, str]] = {
        "id": "id", "staff": "link", "days": "setting", "names": "setting", "reach": "setting",
        "salt": "code", "iterations": "code", "key": "secret", "key_version": "code",
        "locked_at": "time", "fetched_at": "time", "written_at": "time",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.OneToOneField("people.Staff", models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField(default=rules.USUAL, help_text="Today among them.")
    names = models.CharField(max_length=8, choices=Names, default=Names.FULL)
    reach = models.BooleanField(default=True, help_text="With numbers and mail addresses.")
    salt = models.BinaryField(max_length=16)
    iterations = models.PositiveIntegerField()
    key = models.BinaryField(help_text="Made of the passphrase; under the practice key.")
    key_version = models.PositiveSmallIntegerField()
    locked_at = models.DateTimeField(help_text="When the passphrase was made.")
    fetched_at = models.DateTimeField(null=True, help_text="Last taken along by hand.")
    written_at = models.DateTimeField(null=True, help_text="Last written into the folder.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=rules.SHORTEST, days__lte=rules.LONGEST),
                name="day_sheet_shows_some_days",
            ),
        ]

    def __str__(self) -> str:
        return f"day sheet {self.pk}"

    @property
    def made_at(self) -> datetime | None:
        """When its newest file was made, by hand or at night."""
        return max((one for one in (self.fetched_at, self.written_at) if one), default=None)

    def keep(self, lock: offline.Lock) -> None:
        """Put the lock's key under the newest practice key, bound to whose it is."""
        kept = practice.current().keyring.wrap(lock.key, purpose=PURPOSE, aad=self._place)
        self.salt, self.iterations = lock.salt, lock.iterations
        self.key, self.key_version = kept.blob, kept.version

    def lock(self) -> offline.Lock:
        """What its passphrase opens.

        Raises:
            KeyProblem: the key was changed, or is another's.
        """
        key = practice.current().keyring.unwrap(
            bytes(self.key), purpose=PURPOSE, aad=self._place, version=self.key_version
        )
        return offline.Lock(key, bytes(self.salt), self.iterations)

    @property
    def _place(self) -> bytes:
        return aead.bound(PURPOSE, str(self.staff_id))


def _left(version: int) -> int:
    return DaySheet.objects.filter(key_version__lt=version).count()


def _rewrap(version: int, chunk: int) -> int:
    with transaction.atomic():
        old = DaySheet.objects.select_for_update().filter(key_version__lt=version)
        rows = list(old.order_by("pk")[:chunk])
        for row in rows:
            row.keep(row.lock())
        DaySheet.objects.bulk_update(rows, ["key", "key_version"])
    return len(rows)


vault.keeps_wrapped("day sheets", left=_left, rewrap=_rewrap)
