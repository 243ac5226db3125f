"""What the calendar does to who works here."""

from rapport.core import jobs
from rapport.core import time as clock
from rapport.core.policy import System

from ..accounts import actions as accounts
from .models import Staff


@jobs.cron("staff.leave", "00:05")
@jobs.job("staff.leave", outside=False)
def leave() -> None:
    """Just after midnight: close the accounts of those whose last day it was."""
    gone = Staff.objects.filter(ended_on__lte=clock.today(), account__is_active=True)
    for staff in gone.select_related("account"):
        accounts.disable(by=System("cron"), account=staff.account)
