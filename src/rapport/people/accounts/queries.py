"""Finding accounts, visits, links and known browsers."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import CharField, Max, QuerySet
from django.db.models.functions import Cast

from . import rules
from .models import Account, Device, Invitation, Session


def by_mail(*, realm: str, mail: str) -> Account | None:
    """The account of this realm with this address, however it is spelt."""
    return Account.objects.filter(email=rules.tidy_mail(mail), realm=realm).first()


def id_by_mail(*, realm: str, mail: str) -> uuid.UUID:
    """The id of the account with this address; a random one when nobody has it.

    Takes the same time in both cases: one row comes back, with an id or with nothing.
    """
    rows = Account.objects.filter(email=rules.tidy_mail(mail), realm=realm)
    found = rows.aggregate(id=Max(Cast("pk", CharField(max_length=36))))["id"]
    nobody = uuid.uuid4().hex
    return uuid.UUID(found or nobody)


def mine(*, by: Any, account_id: uuid.UUID) -> Account:
    """The person's own account.

    Raises:
        Account.DoesNotExist: it is somebody else's.
    """
    return Account.objects.get(pk=account_id, id=by.pk)


def sessions_of(*, by: Any) -> QuerySet[Session]:
    """Where the person is signed in, the latest first."""
    return Session.objects.filter(account_id=by.pk).order_by("-last_seen_at")


def session(*, by: Any, session_id: uuid.UUID) -> Session:
    """One of the person's own visits.

    Raises:
        Session.DoesNotExist: ended, or somebody else's.
    """
    return sessions_of(by=by).get(pk=session_id)


def invitation(*, token: str, now: datetime) -> Invitation | None:
    """The link behind ``token`` if it still works at ``now``, with its account."""
    found = usable(now).select_related("account").filter(token_hash=rules.hashed(token))
    return found.first()


def usable(now: datetime) -> QuerySet[Invitation]:
    """Links that still open something: unused, in time, not withdrawn, account not disabled."""
    return Invitation.objects.filter(
        used_at=None, withdrawn_at=None, expires_at__gt=now, account__is_active=True
    )


def waiting(*, account: Account, purpose: str, now: datetime) -> QuerySet[Invitation]:
    """Links of this purpose for ``account`` that still work, the latest first."""
    found = usable(now).filter(account=account, purpose=purpose)
    return found.order_by("-created_at")


def device(*, account: Account, token: str) -> Device | None:
    """The browser with this cookie, if ``account`` has signed in from it before."""
    return Device.objects.filter(token_hash=rules.hashed(token), account=account).first()
