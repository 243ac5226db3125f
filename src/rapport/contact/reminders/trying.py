"""Trying a gateway out: one message to a number that somebody types, and how that went."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.core.action import action
from rapport.people.clients import reach
from rapport.people.clients.actions import SAID
from rapport.people.clients.rules import Unfit
from rapport.people.practice import queries as practices

from .. import channels
from ..channels import Channel, Message, NotSent
from . import reasons


class CannotTry(Exception):
    """It did not go out. The message is safe to show."""


@action("gateway.set")
def _to_try(*, by: Any, channel: str) -> Channel:
    found = channels.ready().get(channel)
    if found is None:
        raise CannotTry(_("No agreement with the gateway is on record."))
    return found


def send(*, by: Any, channel: str, number: str, now: datetime) -> None:
    """Send a message that says it is a test, and nothing of anybody.

    Asks the policy first; the conversation with the gateway happens outside a transaction.

    Args:
        number: as somebody types it; it is not kept.

    Raises:
        Denied: ``by`` may not. CannotTry: it cannot be tried, or the gateway did not take it.
    """
    way = _to_try(by=by, channel=channel)
    try:
        to = reach.tidy("PHONE", number)
    except Unfit as problem:
        raise CannotTry(str(SAID[problem.code])) from problem
    practice = practices.current()
    try:
        way.send(
            Message(
                id=uuid.uuid4(), to=to, subject="", now=now, language=get_language() or "en",
                words=_("A test message. Nothing is to be done."),
                sign=practice.discreet_name if practice else "",
            )
        )  # fmt: skip
    except NotSent as problem:
        raise CannotTry(str(reasons.in_words(problem.code))) from problem
