"""Handing a mail to a server: step by step, encrypted, timed, failures in plain words."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TIMEOUT = 15.0  # seconds without an answer
LOCAL = {"localhost", "127.0.0.1", "::1"}


class Step(Enum):
    """What happens on the way, in order."""

    CONNECT = "CONNECT"
    ENCRYPT = "ENCRYPT"
    SIGN_IN = "SIGN_IN"
    HAND_OVER = "HAND_OVER"


@dataclass(frozen=True)
class Server:
    """Where and how to send. Its repr holds no password."""

    host: str
    port: int
    security: str  # STARTTLS, TLS or NONE
    username: str
    password: str = field(repr=False)
    from_address: str


def _nothing(_step: Step) -> None:
    """Nobody wants to know."""


def deliver(server: Server, letter: EmailMessage, done: Callable[[Step], None] = _nothing) -> None:
    """Hand ``letter`` over; returns once the server has taken it.

    Args:
        done: told of each step that went well.

    Raises:
        OSError, smtplib.SMTPException: see ``explain``.
    """
    name = server.from_address.rpartition("@")[2]  # ours would tell the machine's name
    try:
        with contextlib.closing(_connected(server, name)) as line:
            _converse(line, server, letter, done)
    except smtplib.SMTPServerDisconnected as problem:
        # smtplib says so of every broken line; what broke it stands behind, if anything.
        if isinstance(problem.__context__, OSError):
            raise problem.__context__ from None
        raise


def _converse(
    line: smtplib.SMTP, server: Server, letter: EmailMessage, done: Callable[[Step], None]
) -> None:
    done(Step.CONNECT)
    if server.security == "STARTTLS":
        line.starttls(context=ssl.create_default_context())
    if server.security != "NONE":
        done(Step.ENCRYPT)
    try:
        if server.username:
            line.login(server.username, server.password)
            done(Step.SIGN_IN)
        line.send_message(letter)
    except UnicodeError as problem:  # a letter of another script, where SMTP has none
        raise smtplib.SMTPNotSupportedError("not plain ASCII") from problem
    done(Step.HAND_OVER)
    # The mail is taken. A failing goodbye must not count as a failure and send it again.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        line.quit()


def _connected(server: Server, name: str) -> smtplib.SMTP:
    if server.security == "TLS":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=TIMEOUT, context=context
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT)


Sentence = str | Promise

SENTENCES: list[tuple[type[BaseException], Sentence]] = [
    (socket.gaierror, _("No mail server has this name. Check its spelling.")),
    (TimeoutError, _("The mail server did not answer in time. Check name and port.")),
    (ConnectionRefusedError, _("Nothing answers at this port. Check the port number.")),
    (ssl.SSLCertVerificationError,
     _("The mail server's certificate could not be verified, so nothing was sent.")),
    (ssl.SSLError, _("The mail server does not speak TLS at this port. Try the other security.")),
    (smtplib.SMTPNotSupportedError,
     _("The mail server does not offer what is set here. Try the other security.")),
    (smtplib.SMTPAuthenticationError, _("The mail server refused the password.")),
    (smtplib.SMTPSenderRefused, _("The mail server does not let this sender's address send.")),
    (smtplib.SMTPRecipientsRefused, _("The mail server refused the recipient's address.")),
    (smtplib.SMTPServerDisconnected, _("The mail server ended the connection.")),
    (smtplib.SMTPException, _("The mail server answered with an error. Try again later.")),
    (OSError, _("The mail server could not be reached.")),
]  # fmt: skip


def explain(problem: BaseException) -> Sentence:
    """What went wrong, in a sentence that is safe to show."""
    return next(words for kind, words in SENTENCES if isinstance(problem, kind))


def is_final(problem: BaseException) -> bool:
    """Whether the server said that this recipient will never do (RFC 5321: 5yz)."""
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _answer in problem.recipients.values())
