"""What the sign-in writes to a person: links, codes, and news about their own account."""

from rapport.contact import notices
from rapport.core import jobs
from rapport.core import time as clock
from rapport.people.accounts import queries
from rapport.people.accounts.models import Account

RESET_JOB = "signin.reset_link"


def can_mail() -> bool:
    """Whether the practice sends mail at all."""
    return notices.can_send()


def tell(account: Account, what: str) -> None:
    """Write to the person that something about their sign-in changed."""
    notices.send(kind=what, account=account, now=clock.now())


def code(*, account: Account, code: str) -> None:
    """Send the code that completes a sign-in."""
    notices.send(kind="code", account=account, code=code, now=clock.now())


def link(account: Account, path: str) -> None:
    """Send the link for a new password."""
    notices.send(kind="reset", account=account, link_path=path, now=clock.now())


def reset_wanted(*, realm: str, mail: str) -> None:
    """Queue a link for whoever has this address; nobody's takes the same steps and time."""
    jobs.enqueue(RESET_JOB, account_id=queries.id_by_mail(realm=realm, mail=mail))
