"""Setting a gateway, with the agreement there is; and giving it up."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from rapport.core import outbound
from rapport.core.action import action

from . import queries
from .models import BY_WEB, Agreed, Gateway, Outbox, Reaches

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,59}")
_TAKEN = {"content-type", "content-length", "host", "connection", "transfer-encoding",
          "idempotency-key"}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]-]{0,59}")
_HOLE = re.compile(r"\{[a-z_]+\}")
HOLES = ("{to}", "{text}", "{words}", "{id}", "{language}")
"""What stands in a field for something of each message."""
MOST_FIELDS = 20


class CannotSet(Exception):
    """A setting that cannot be. ``field`` names it; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@action("gateway.set")
def set_gateway(
    *, by: Any, url: str, form: str, fields: Mapping[str, str], header: str, secret: str | None,
    knows_again: bool, inside: bool, reaches: str, agreed_with: str, agreed_on: date | None,
    now: datetime,
) -> Gateway:  # fmt: skip
    """Write down through which gateway texts go out, or calls.

    Args:
        reaches: TEXT or CALL; each has a gateway of its own.
        secret: of the header; None keeps the one that is there, as long as the address's
            host and the header stay: a kept secret never travels to somebody else.
        agreed_with, agreed_on: with whom and when an agreement was made. Without both the
            gateway is written down and not used.
        inside: it stands in the practice's own network, and exactly it may be asked there.

    Raises:
        CannotSet: a setting cannot be.
    """
    _checked(url, header, fields)
    _agreement(agreed_with, agreed_on, now)
    if form not in Gateway.Form.values:
        raise CannotSet("form", _("Choose one from the list."))
    if reaches not in BY_WEB:
        raise CannotSet("reaches", _("Choose one from the list."))
    row = queries.gateway(reaches) or _new()
    moved = (_origin(row.url), row.header) != (_origin(url), header)
    if secret is not None:
        if not secret.isprintable() or not secret.isascii():
            raise CannotSet("secret", _("Use one line of plain signs."))
        row.keep_secret(secret)
    elif row.header_secret is not None and moved:
        raise CannotSet("secret", _("Type the secret again: the gateway has changed."))
    if bool(header) != (row.header_secret is not None):
        raise CannotSet("secret", _("A header and its secret belong together."))
    row.url, row.form, row.fields, row.header = url, form, dict(fields), header
    row.knows_again, row.inside, row.changed_at = knows_again, inside, now
    row.reaches, row.agreed_with, row.agreed_on = reaches, " ".join(agreed_with.split()), agreed_on
    row.save()
    return row


@action("gateway.set")
def forget_gateway(*, by: Any, reaches: str) -> None:
    """Send no texts, or no calls, through their gateway any more, and forget its secret."""
    Gateway.objects.filter(reaches=reaches).delete()


@action("gateway.set")
def use_outbox(
    *, by: Any, reaches: str, agreed_with: str, agreed_on: date | None, now: datetime
) -> Outbox:
    """Write messages into the practice's folder ``outbox``, for whom there is an agreement.

    Raises:
        CannotSet: a setting cannot be.
    """
    _agreement(agreed_with, agreed_on, now)
    if reaches not in Reaches.values:
        raise CannotSet("reaches", _("Choose one from the list."))
    row: Agreed = queries.outbox() or Outbox(pk=1)
    row.reaches, row.agreed_with, row.agreed_on = reaches, " ".join(agreed_with.split()), agreed_on
    row.changed_at = now
    row.save()
    return row  # type: ignore[return-value]


@action("gateway.set")
def forget_outbox(*, by: Any) -> None:
    """Write nothing into the folder any more. What lies there stays."""
    Outbox.objects.all().delete()


def _new() -> Gateway:
    """Another row; its secret is bound to the number, so that one never changes."""
    return Gateway(pk=2 if Gateway.objects.filter(pk=1).exists() else 1)


def _agreement(who: str, on: date | None, now: datetime) -> None:
    if bool(who.strip()) != (on is not None):
        field = "agreed_on" if who.strip() else "agreed_with"
        raise CannotSet(field, _("Write with whom the agreement was made, and on which day."))
    if on is not None and on > now.date():
        raise CannotSet("agreed_on", _("That day has not come yet."))


def _origin(url: str) -> str:
    return outbound.target(url).origin if url else ""


def _checked(url: str, header: str, fields: Mapping[str, str]) -> None:
    try:
        outbound.target(url)
    except outbound.NotReached as problem:
        raise CannotSet("url", problem.words) from problem
    if header and (not _HEADER.fullmatch(header) or header.lower() in _TAKEN):
        raise CannotSet("header", _("Write a header's name, for example Authorization."))
    if not 1 <= len(fields) <= MOST_FIELDS:
        raise CannotSet("fields", _("Write one field a line, for example: to = {to}"))
    for name, value in fields.items():
        if not _NAME.fullmatch(name) or len(value) > 500 or not value.isprintable():
            raise CannotSet("fields", _("Write one field a line, for example: to = {to}"))
    whole = " ".join(fields.values())
    if "{to}" not in whole or not ("{text}" in whole or "{words}" in whole):
        raise CannotSet("fields", _("The fields have to hold {to}, and {text} or {words}."))
    if strange := [hole for hole in _HOLE.findall(whole) if hole not in HOLES]:
        raise CannotSet("fields", _("Nothing is known by the name %(hole)s. There are %(holes)s.")
                        % {"hole": strange[0], "holes": ", ".join(HOLES)})  # fmt: skip
