"""What the notices do later: being sent, and being forgotten."""

import uuid
from datetime import datetime, timedelta

from rapport.core import jobs, practice

from . import queries, sending
from .models import Notice

KEEP = timedelta(days=180)


@jobs.job(sending.SEND, attempts=sending.ATTEMPTS)
def send_notice(*, notice_id: str, now: datetime) -> None:
    """Send one notice."""
    sending.attempt(notice_id=uuid.UUID(notice_id), now=now)


@jobs.cron("notice.upkeep", "04:20")
def upkeep(*, now: datetime) -> None:
    """Forget notices after half a year; bring the mail password under the newest key."""
    old = Notice.objects.filter(created_at__lt=now - KEEP)
    for some in jobs.chunks(old.exclude(state=Notice.State.QUEUED)):
        Notice.objects.filter(pk__in=[notice.pk for notice in some]).delete()
    row = queries.server()
    newest = practice.current().keyring.version
    if row is not None and row.password_version not in (None, newest):
        row.keep_password(row.secret())
        row.save(update_fields=["password", "password_version"])
