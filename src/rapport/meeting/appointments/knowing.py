"""Who may come to know a client by being booked: nobody lets themself in."""

from typing import Any

from django.utils.translation import gettext as _

from rapport.core import time as clock
from rapport.people.care_team.queries import cares
from rapport.people.clients.models import Client
from rapport.people.staff.models import Staff

from .problems import CannotBook


def may_meet(by: Any, client: Client, clinician: Staff) -> None:
    """Look whether the clinician may come to know the client by being booked.

    No statement where somebody books a colleague for a client who is not restricted, or the
    client's care team is at hand.

    Raises:
        CannotBook: the client is restricted, or somebody would let themself in.
    """
    oneself = getattr(by, "staff", None) == clinician
    if not (client.restricted or oneself) or cares(client, clinician, clock.today()):
        return
    if client.restricted:
        words = _("Only the care team may know of this client. Somebody of it has to add "
                  "%(clinician)s before you can choose them.")  # fmt: skip
        raise CannotBook("clinician", words % {"clinician": clinician.display_name})
    words = _("You are not on this client’s care team, and nobody adds themself. Ask somebody "
              "of it to add you, or a colleague to book this.")  # fmt: skip
    raise CannotBook("clinician", words)
