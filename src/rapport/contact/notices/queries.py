"""Reading the mail server's settings and what became of notices."""

from typing import Any

from django.db.models import QuerySet

from rapport.core.prepared import prepared

from . import smtp
from .models import MailServer, Notice


def server() -> MailServer | None:
    """The mail server, or None where none is set."""
    return next(iter(_server()), None)


@prepared
def _server() -> QuerySet[MailServer]:
    return MailServer.objects.filter(pk=1)


def opened(row: MailServer) -> smtp.Server:
    """The settings with the password.

    Raises:
        secrets.Changed: the password does not open.
    """
    return smtp.Server(
        host=row.host,
        port=row.port,
        security=row.security,
        username=row.username,
        password=row.secret(),
        from_address=row.from_address,
    )


def latest(*, by: Any) -> QuerySet[Notice]:
    """Every notice, the latest first: kind, state and times. No address, no words."""
    return Notice.objects.defer("enclosed").order_by("-created_at")
