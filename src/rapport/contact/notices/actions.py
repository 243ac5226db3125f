"""Setting the mail server, and trying it out."""

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core.action import action
from rapport.people.practice import queries as practices

from . import letters, queries, smtp
from .kinds import KINDS
from .models import MailServer
from .secrets import Changed
from .smtp import Step

_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")

DONE = {
    Step.CONNECT: gettext_lazy("Reached the mail server."),
    Step.ENCRYPT: gettext_lazy("Encrypted the connection and verified the certificate."),
    Step.SIGN_IN: gettext_lazy("Signed in."),
    Step.HAND_OVER: gettext_lazy("The server took a test mail to your address."),
}


class CannotSet(Exception):
    """A setting that cannot be. ``field`` names it; the message is safe to show."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Line:
    """One line of a test's report."""

    ok: bool
    words: str


@action("mail.set")
def set_server(
    *,
    by: Any,
    host: str,
    port: int,
    security: str,
    username: str,
    password: str | None,
    from_address: str,
    now: datetime,
) -> MailServer:
    """Write down how mail goes out.

    Args:
        password: None keeps the one that is there, as long as host, port, security and
            user name stay: a kept password never travels to another server.

    Raises:
        CannotSet: a setting cannot be.
    """
    _checked(host, port, security, from_address)
    for field, said in (("username", username), ("password", password or ""),
                        ("from_address", from_address)):  # fmt: skip
        if not said.isascii():
            raise CannotSet(
                field, _("Mail servers take only a to z, digits and simple signs here.")
            )
    row = queries.server() or MailServer(pk=1)
    kept = (row.host, row.port, row.security, row.username)
    row.host, row.port, row.security, row.username = host, port, security, username
    if password is not None:
        row.keep_password(password)
    elif row.password is not None and kept != (host, port, security, username):
        raise CannotSet("password", _("Type the password again: the server has changed."))
    if username and row.password is None:
        raise CannotSet("password", _("Type the password that belongs to this user name."))
    row.from_address, row.changed_at = from_address, now
    row.save()
    return row


def _checked(host: str, port: int, security: str, from_address: str) -> None:
    if not _HOST.fullmatch(host):
        raise CannotSet("host", _("Write the server's name, for example smtp.example.org."))
    if not 1 <= port <= 65535:
        raise CannotSet("port", _("A port is a number from 1 to 65535; usually 587 or 465."))
    if security not in MailServer.Security.values:
        raise CannotSet("security", _("Choose one from the list."))
    if security == "NONE" and host.lower() not in smtp.LOCAL:
        raise CannotSet(
            "security", _("Without encryption only a server on this machine can be used.")
        )
    try:
        validate_email(from_address)
    except ValidationError:
        raise CannotSet(
            "from_address", _("Write a mail address, for example post@example.org.")
        ) from None


@action("mail.set")
def forget_server(*, by: Any) -> None:
    """Stop sending mail. What still waits is then marked as not sent."""
    MailServer.objects.all().delete()


@action("mail.test")
def _server_to_test(*, by: Any) -> MailServer:
    row = queries.server()
    if row is None:
        raise CannotSet("host", _("Set a mail server first."))
    return row


def test(*, by: Any, now: datetime) -> list[Line]:
    """Send a test mail to whoever asks, and tell how each step went.

    Asks the policy first; the conversation with the server happens outside a transaction.

    Raises:
        Denied: ``by`` may not. CannotSet: no mail server is set.
    """
    row = _server_to_test(by=by)
    practice = practices.current()
    report: list[Line] = []
    try:
        letter = letters.write(
            KINDS["test"],
            id=f"test-{now.timestamp():.0f}",
            to=by.email,
            from_address=row.from_address,
            from_name=practice.discreet_name if practice else "",
            language=by.language or (practice.locale if practice else "en"),
            now=now,
        )
        smtp.deliver(
            queries.opened(row), letter, lambda step: report.append(Line(True, str(DONE[step])))
        )
    except (OSError, smtplib.SMTPException) as problem:
        report.append(Line(False, str(smtp.explain(problem))))
    except Changed:
        report.append(Line(False, _("The kept password does not open. Type it again.")))
    except letters.Unwritable:
        report.append(Line(False, _("Your address or the discreet name cannot stand in a mail.")))
    return report
