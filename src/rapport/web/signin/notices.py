"""What the sign-in writes to a person: links, codes, and news about their own account."""

from typing import Any

from rapport.core import jobs
from rapport.people.accounts import queries
from rapport.people.accounts.models import Account

RESET_JOB = "signin.reset_link"


def can_mail() -> bool:
    """Whether the practice sends mail at all."""
    return False


def tell(account: Account, what: str) -> None:
    """Write to the person that something about their sign-in changed."""


def code(*, mail: str, code: str) -> None:
    """Send the code that completes a sign-in."""


def reset_wanted(*, realm: str, mail: str) -> None:
    """Queue a link for whoever has this address; nobody's takes the same steps and time."""
    jobs.enqueue(RESET_JOB, account_id=queries.id_by_mail(realm=realm, mail=mail))


def link(account: Account, path: str) -> Any:
    """Send a link."""
