"""Links with a single purpose: to answer one offer, or to say whether one still looks."""

import uuid
from dataclasses import dataclass

OFFER, STILL = "/o/", "/w/"


@dataclass(frozen=True)
class Holder:
    """Whoever came with a link. Who that is nobody knows; the link is all they have.

    Attributes:
        row: the id of the one offer or entry that the link is for.
    """

    row: uuid.UUID

    is_system = False
    is_authenticated = False
    staff = None
    client = None

    @property
    def pk(self) -> str:
        """What the audit trail calls this actor."""
        return f"link:{self.row.hex}"
