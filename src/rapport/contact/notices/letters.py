"""Writing a notice as a mail: plain text and the same as HTML, in the reader's language."""

import os
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from .kinds import Kind

HERE = "http://localhost:8000"  # where serve listens when no public address is declared


class Unwritable(ValueError):
    """An address or name holds what a mail's head must not, such as a line break."""


def address(path: str) -> str:
    """``path`` under the address by which people reach this practice."""
    origins: list[str] = list(getattr(settings, "ORIGINS", []))
    origin = origins[0] if origins else os.environ.get("RAPPORT_HERE", HERE)
    return origin.rstrip("/") + path


def write(
    kind: Kind,
    *,
    id: str,
    to: str,
    from_address: str,
    from_name: str,
    language: str,
    now: datetime,
    link_path: str = "",
    code: str = "",
) -> EmailMessage:
    """The mail. Its Message-ID follows from ``id``: sent twice, it is one mail to the reader.

    Args:
        from_name: the practice's discreet name; empty says nothing.

    Raises:
        Unwritable: ``to``, ``from_address`` or ``from_name`` would break the head.
    """
    with translation.override(language):
        words = {
            "subject": str(kind.subject),
            "body": str(kind.body),
            "more": str(kind.more),
            "link": address(link_path) if link_path else "",
            "link_words": str(kind.link),
            "code": code,
            "from_name": from_name,
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        plain = render_to_string("contact/notice.txt", words)
        html = render_to_string("contact/notice.html", words)
    return put_together(
        id=id, to=to, from_address=from_address, from_name=from_name, subject=words["subject"],
        plain=plain, html=html, now=now,
    )  # fmt: skip


def put_together(
    *, id: str, to: str, from_address: str, from_name: str, subject: str, plain: str, html: str,
    now: datetime,
) -> EmailMessage:  # fmt: skip
    """A letter of these words, with a head that answers nobody and tells nothing.

    Raises:
        Unwritable: ``to``, ``from_address`` or ``from_name`` would break the head.
    """
    letter = EmailMessage(policy=SMTP)
    domain = from_address.rpartition("@")[2]
    try:
        letter["From"] = Address(from_name, addr_spec=from_address)
        letter["To"] = Address(addr_spec=to)
        letter["Message-ID"] = f"<{id}@{domain}>"
    except (ValueError, IndexError) as problem:
        raise Unwritable("an address or name cannot stand in a mail's head") from problem
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(plain.strip() + "\n")
    letter.add_alternative(html, subtype="html")
    return letter
