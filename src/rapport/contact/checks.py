"""What ``rapport verify`` checks in the contact room."""

from collections.abc import Iterator
from itertools import chain

from rapport.core.verify import Problem, verifies

from .calendars.models import Outside
from .gateways.models import Gateway
from .notices.models import MailServer, Notice
from .notices.secrets import Changed


@verifies("mail")
def mail_secrets() -> Iterator[Problem]:
    """The mail server's password and every unsent link open."""
    servers: list[MailServer | Gateway | Notice] = [
        *MailServer.objects.all(), *Gateway.objects.all()
    ]  # fmt: skip
    for row in chain(servers, Notice.objects.exclude(enclosed=None).iterator()):
        try:
            row.secret()
        except Changed:
            yield Problem("changed", str(row))


@verifies("calendars")
def calendar_secrets() -> Iterator[Problem]:
    """Every kept address and password of a calendar elsewhere opens."""
    for row in Outside.objects.iterator():
        try:
            row.secret()
        except Changed:
            yield Problem("changed", str(row))
