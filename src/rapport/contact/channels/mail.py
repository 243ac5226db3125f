"""By mail, over the practice's own SMTP server."""

import smtplib
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ..calendars import writing
from ..notices import letters, queries, smtp
from ..notices.secrets import Changed
from . import Message, NotSent


class Mail:
    """A letter in plain text and HTML. Sent twice, its Message-ID makes it one to the reader."""

    id = "mail"
    name = plain = _("mail")
    again = True

    def ready(self) -> bool:
        """Whether a mail server is set."""
        return queries.server() is not None

    def fits(self, contact: Any) -> bool:
        """An address that is safe to write to."""
        return bool(contact.kind == "MAIL" and contact.safe_to_write)

    def send(self, message: Message) -> None:
        """Hand the letter to the server.

        Raises:
            NotSent: final when the server refused the recipient for good.
        """
        row = queries.server()
        if row is None:
            raise NotSent("NoServer")
        try:
            smtp.deliver(queries.opened(row), _letter(message, row.from_address))
        except letters.Unwritable as problem:
            raise NotSent("Unwritable", final=True, address=True) from problem
        except Changed as problem:
            raise NotSent("Changed") from problem
        except (OSError, smtplib.SMTPException) as problem:
            final = smtp.is_final(problem)
            lost = isinstance(problem, smtplib.SMTPServerDisconnected | TimeoutError)
            code = type(problem).__name__
            raise NotSent(code, final=final, address=final, perhaps=lost) from problem


def _letter(message: Message, from_address: str) -> Any:
    with translation.override(message.language):
        context = {
            "message": message,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        plain = render_to_string("contact/reminder.txt", context)
        html = render_to_string("contact/reminder.html", context)
    letter = letters.put_together(
        id=str(message.id), to=message.to, from_address=from_address, from_name=message.sign,
        subject=message.subject, plain=plain, html=html, now=message.now,
    )  # fmt: skip
    if message.file:
        writing.attach(letter, message.file)
    return letter


channels = (Mail(),)
