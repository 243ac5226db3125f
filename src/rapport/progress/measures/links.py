"""Links that open what is answered in one sitting, and the person who holds one."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Holder:
    """Whoever came with a link. Who that is nobody knows; the link is all they have.

    Attributes:
        sitting: what else the link opens, one after the other; None is nothing else.
    """

    asked_id: uuid.UUID
    sitting: uuid.UUID | None = None

    is_system = False
    is_authenticated = False
    staff = None
    client = None

    @property
    def pk(self) -> str:
        """What the audit trail calls this actor."""
        return f"link:{self.asked_id.hex}"


def path(token: str) -> str:
    """Where the questionnaire of a token stands."""
    return f"/m/{token}/"
