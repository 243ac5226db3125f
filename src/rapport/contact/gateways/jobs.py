"""What the clock does about gateways: bring the kept secret under the newest key."""

from datetime import datetime

from rapport.core import jobs, practice

from . import queries


@jobs.cron("gateway.upkeep", "04:22")
def upkeep(*, now: datetime) -> None:
    """After the practice's key was changed, keep the secret under the new one."""
    row = queries.gateway()
    newest = practice.current().keyring.version
    if row is not None and row.header_secret_version not in (None, newest):
        row.keep_secret(row.secret())
        row.save(update_fields=["header_secret", "header_secret_version"])
