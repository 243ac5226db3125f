"""Mail that comes back: reading a delivery status report, and whose mail it was (RFC 3464)."""

import email
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from rapport.core.action import action
from rapport.people.clients.models import Contact

from ..notices.models import Notice
from .models import Delivery, Failing

MOST_BYTES = 5_000_000
_OURS = re.compile(r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^<>\s]+>")
_FOR_GOOD = re.compile(r"5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Report:
    """What a report says: which of our messages never arrived, and why, as a code."""

    message: uuid.UUID
    code: str


def read(raw: bytes) -> Report | None:
    """The report in ``raw``; None when it is none, is about a delay, or about no mail of ours."""
    try:
        letter = email.message_from_bytes(raw[:MOST_BYTES], policy=default)
        code = _failed(letter)
        found = _original(letter) if code else None
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return None  # what strangers send may be broken in any way
    return Report(found, code) if found else None


def _parts(letter: Any, kind: str) -> list[Message]:
    return [part for part in letter.walk() if part.get_content_type() == kind]


def _failed(letter: EmailMessage) -> str:
    """The status of a delivery that failed for good; "" for anything else."""
    for status in _parts(letter, "message/delivery-status"):
        blocks: Any = status.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            action_, code = str(block.get("Action", "")), str(block.get("Status", ""))
            fits = _FOR_GOOD.search(code)
            if action_.strip().lower() == "failed" and fits:
                return fits[0]
    return ""


def _original(letter: EmailMessage) -> uuid.UUID | None:
    """The id of our message, which its Message-ID begins with."""
    heads = []
    for part in _parts(letter, "message/rfc822"):
        inner: Any = part.get_payload()
        heads += [str(one.get("Message-ID", "")) for one in inner if isinstance(inner, list)]
    for part in _parts(letter, "text/rfc822-headers"):
        whole: Any = part.get_payload(decode=True) or b""
        heads.append(str(email.message_from_bytes(whole).get("Message-ID", "")))
    found = next((one for head in heads if (one := _OURS.fullmatch(head.strip()))), None)
    return uuid.UUID(found[1]) if found else None


@action("reminder.bounce")
def came_back(*, by: Any, report: Report, now: datetime) -> bool:
    """Mark the message as come back, and its address as failing. False: it is none of ours."""
    sent = Delivery.objects.filter(
        pk=report.message, channel="mail",
        state__in=[Delivery.State.SENT, Delivery.State.SENDING, Delivery.State.PLANNED],
    )  # fmt: skip
    row = sent.first()
    if row is not None:
        sent.update(state=Delivery.State.BOUNCED, error=f"Bounced {report.code}")
        no_longer_works(row.contact_id, report.code, now)
        return True
    notices = Notice.objects.filter(pk=report.message, state=Notice.State.SENT)
    notice = notices.first()
    if notice is None:
        return False
    notices.update(state=Notice.State.FAILED, error="Bounced")
    no_longer_works(notice.contact_id, report.code, now)
    return True


def no_longer_works(contact_id: uuid.UUID | None, code: str, now: datetime) -> None:
    """Write to a number or address no more until it is changed."""
    contact = Contact.objects.filter(pk=contact_id).first() if contact_id else None
    if contact is not None:
        Failing.objects.update_or_create(
            contact=contact, defaults={"lookup": contact.lookup, "code": code, "since": now}
        )
