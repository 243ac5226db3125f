"""What the clock does about gateways: bring kept secrets under the newest key."""

from datetime import datetime

from rapport.core import jobs, practice

from .models import Gateway


@jobs.cron("gateway.upkeep", "04:22")
def upkeep(*, now: datetime) -> None:
    """After the practice's key was changed, keep each secret under the new one."""
    newest = practice.current().keyring.version
    for row in Gateway.objects.exclude(header_secret_version=None):
        if row.header_secret_version != newest:
            row.keep_secret(row.secret())
            row.save(update_fields=["header_secret", "header_secret_version"])
