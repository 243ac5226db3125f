"""The picture of a client's measures on paper."""

from typing import Any

from rapport.core.action import action
from rapport.core.press import pdf
from rapport.people.clients.models import Client
from rapport.progress.press import PICTURE, Paper


@action("measure.print")
def printed(*, by: Any, client: Client, paper: Paper) -> bytes:
    """The picture as a PDF. Who printed whose is in the trail.

    Args:
        paper: what is drawn and said, put into words by the door.
    """
    return pdf(PICTURE, paper)
