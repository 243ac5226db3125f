"""Taking a record out. Checked and audited like every other action."""

from datetime import datetime
from typing import Any

from rapport.core.action import action

from ..clients.models import Client
from . import package, queries


@action("client.export")
def export(*, by: Any, client: Client, now: datetime) -> package.Package:
    """One client's record as a ZIP archive.

    Raises:
        Denied: ``by`` is not on the client's care team.
    """
    return package.pack(queries.record(by=by, client=client, now=now))
