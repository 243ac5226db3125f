"""What the sign-in does later: links by mail, and sweeping up."""

from datetime import datetime
from uuid import UUID

from rapport.core import jobs
from rapport.core.policy import System
from rapport.people.accounts import invitations, throttle
from rapport.people.accounts.models import Account, Invitation
from rapport.people.accounts.sessions import SessionStore

from . import notices


@jobs.job(notices.RESET_JOB, attempts=3, outside=False)
def reset_link(*, account_id: str, now: datetime) -> None:
    """Make and send a link for a new password; nobody's id ends here without a trace."""
    account = Account.objects.filter(pk=UUID(account_id), is_active=True).first()
    if account is None or not notices.can_mail():
        return
    _made, path = invitations.make(
        by=System("signin"), account=account, purpose=Invitation.Purpose.RESET, now=now
    )
    notices.link(account, path)


@jobs.cron("signin.sweep", "*/30")
@jobs.job("signin.sweep", outside=False)
def sweep(*, now: datetime) -> None:
    """Delete visits that are over and buckets whose window has passed."""
    SessionStore.clear_expired()
    throttle.forget(now)
