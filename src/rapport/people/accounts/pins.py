"""The digits that take a tablet back from a client: set by their owner, tried, counted."""

from datetime import datetime
from typing import Any, Literal

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from rapport.core.action import action

from . import rules, throttle
from .models import Account, Pin

Tried = Literal["right", "wrong", "often"]


class CannotSet(Exception):
    """These digits are no good. The message is safe to show."""


@action("me.pin")
def set_pin(*, by: Any, account: Account, pin: str, now: datetime) -> Pin:
    """Keep ``pin`` as the digits of ``account``; earlier ones stop working.

    Raises:
        CannotSet: not six to ten digits, or what anybody tries first.
    """
    words = {
        "digits": _("Use six to ten digits."),
        "guessed": _("Use digits that nobody tries first: not all alike, and not in a row."),
    }
    if weak := rules.weak_pin(pin):
        raise CannotSet(words[weak])
    kept = {"hash": make_password(pin), "set_at": now}
    return Pin.objects.update_or_create(account=account, defaults=kept)[0]


def has_pin(account: Account) -> bool:
    """Whether ``account`` has set digits."""
    return Pin.objects.filter(account=account).exists()


def tried(account: Account, pin: str, *, now: datetime) -> Tried:
    """Whether these are the digits of ``account``; after five wrong ones nobody is asked."""
    bucket = ("pin.account", str(account.pk))
    if not throttle.take(bucket, now=now):
        return "often"
    kept = Pin.objects.filter(account=account).first()
    if kept is None or not check_password(pin, kept.hash):
        return "wrong"
    throttle.give_back(bucket)
    return "right"
