"""Promising a notice with the change that causes it, and sending it afterwards."""

import smtplib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation

from rapport.core import jobs
from rapport.people.models import Account, Client, Contact, RelatedPerson
from rapport.people.practice import queries as practices
from rapport.progress.informants import queries as informants

from . import letters, queries, smtp
from .kinds import KINDS
from .models import Notice
from .secrets import Changed

SEND = "notice.send"
ATTEMPTS = 8  # about ten minutes


def can_send() -> bool:
    """Whether the practice has a mail server; if not, the page hands links over itself."""
    return queries.server() is not None


def send(
    *, kind: str, account: Account | None = None, contact: Contact | None = None,
    person: RelatedPerson | None = None, now: datetime, link_path: str = "", code: str = "",
) -> Notice:  # fmt: skip
    """Promise a notice, as part of the surrounding transaction.

    Args:
        account: whom it is for. contact: or the address of a client, which is written to
            only as long as that is safe. person: or somebody around one, likewise.
        kind: one of ``kinds.KINDS``.
        link_path: a path here, for kinds with a link. code: for kinds with a code.

    Returns:
        The notice: QUEUED, or NO_CHANNEL where no mail server is set. Then the page shows
        the link to copy and its QR code (``qr_data``), since nothing will be sent.

    Raises:
        ValueError: no such kind, or its link or code is missing or does not belong to it.
    """
    _fits(kind, link_path, code)
    notice = Notice(
        kind=kind,
        account_id=account.pk if account is not None else None,
        contact_id=contact.pk if contact is not None else None,
        person_id=person.pk if person is not None else None,
        created_at=now,
    )  # fmt: skip
    if not can_send():
        notice.state = Notice.State.NO_CHANNEL
        notice.save(force_insert=True)
        return notice
    notice.enclose(link_path=link_path, code=code)
    with transaction.atomic():
        notice.save(force_insert=True)
        jobs.enqueue(SEND, notice_id=notice.pk)
    return notice


def _fits(kind: str, link_path: str, code: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"no notice is called {kind!r}")
    if bool(KINDS[kind].link) != bool(link_path) or KINDS[kind].code != bool(code):
        raise ValueError(f"{kind!r} needs exactly the link and code that its words speak of")
    if link_path and (not link_path.startswith("/") or link_path.startswith("//")):
        raise ValueError("a link's path is one of ours and begins with one stroke")


def attempt(*, notice_id: uuid.UUID, now: datetime) -> None:
    """Send a promised notice, unless that was done.

    A server that breaks off after it took the mail makes us send it again, with the same
    Message-ID.

    Raises:
        OSError, smtplib.SMTPException: it did not work this time.
    """
    waiting = Notice.objects.filter(pk=notice_id, state=Notice.State.QUEUED)
    if not waiting.update(attempts=F("attempts") + 1):
        return
    notice = waiting.get()
    server, reader = queries.server(), _reader(notice)
    if server is None:
        _end(notice, Notice.State.NO_CHANNEL)
    elif reader is None:
        _end(notice, Notice.State.FAILED, "NoAddress")
    else:
        try:
            letter = _letter(notice, reader, server.from_address, now)
            smtp.deliver(queries.opened(server), letter)
        except (letters.Unwritable, Changed) as problem:
            _end(notice, Notice.State.FAILED, type(problem).__name__)
        except (OSError, smtplib.SMTPException) as problem:
            _not_now(notice, problem)
        else:
            _end(notice, Notice.State.SENT, sent_at=now)


@dataclass(frozen=True)
class _Reader:
    mail: str
    language: str


def _reader(notice: Notice) -> _Reader | None:
    """Where the notice goes now; nowhere once an account is closed or an address not safe."""
    if notice.account_id is not None:
        account = Account.objects.filter(pk=notice.account_id, is_active=True).first()
        return _Reader(account.email, account.language) if account else None
    if notice.person_id is not None:
        return _around_a_client(notice.person_id)
    safe = Contact.objects.filter(kind="MAIL", safe_to_write=True).select_related(
        "client__data_key"
    )
    contact = safe.filter(pk=notice.contact_id).first() if notice.contact_id else None
    if contact is None:
        return None
    return _Reader(contact.plain, _language(contact.client))


def _around_a_client(person_id: uuid.UUID) -> _Reader | None:
    """In the client's language, as the link's page is; nowhere once others may not be asked."""
    near = RelatedPerson.objects.select_related("client__data_key")
    person = near.filter(pk=person_id, safe_to_write=True).first()
    if person is None or not person.may_be_written_to or not informants.agreed(person.client_id):
        return None
    return _Reader(person.mail or "", _language(person.client))


def _language(client: Client) -> str:
    first = next((code.split("-")[0] for code in client.languages[:1]), "")
    return first if first in dict(settings.LANGUAGES) else ""


def _letter(notice: Notice, reader: _Reader, from_address: str, now: datetime) -> EmailMessage:
    practice, kind = practices.current(), KINDS[notice.kind]
    language = reader.language or (practice.locale if practice else "en")
    if kind.promises and practice is not None:
        with translation.override(language):
            kind = replace(kind, more=practice.answers_within)
    return letters.write(
        kind,
        id=str(notice.pk),
        to=reader.mail,
        from_address=from_address,
        from_name=practice.discreet_name if practice else "",
        language=language,
        now=now,
        **notice.secret(),
    )


def _not_now(notice: Notice, problem: Exception) -> None:
    """Write the failure down; try again later unless it is final."""
    final = smtp.is_final(problem)
    if final or notice.attempts >= ATTEMPTS:
        _end(notice, Notice.State.FAILED, type(problem).__name__)
    else:
        Notice.objects.filter(pk=notice.pk).update(error=type(problem).__name__)
    if not final:
        raise problem


def _end(
    notice: Notice, state: Notice.State, error: str = "", sent_at: datetime | None = None
) -> None:
    Notice.objects.filter(pk=notice.pk).update(
        state=state, error=error, sent_at=sent_at, enclosed=None, enclosed_version=None
    )
