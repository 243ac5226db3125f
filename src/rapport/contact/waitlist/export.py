"""What of messages about the waiting list goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part(
        "waiting_messages", _("Messages about the waiting list"), "contact.WaitingMessage",
        order=("planned_at", "pk"),
        left_out={
            "contact_id": _("the number or address stands among the contacts"),
            "path": _("opens one question; it is of no use outside"),
        },
    )
)  # fmt: skip

words.add({"offer": _("an hour on offer")})
