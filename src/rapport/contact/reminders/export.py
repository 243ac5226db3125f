"""What of reminders goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(parts.Part("reminder_choices", _("How the client is reminded"), "contact.Preference"))
parts.declare(
    parts.Part(
        "messages", _("Messages about appointments"), "contact.Delivery",
        order=("planned_at", "pk"),
        left_out={"contact_id": _("the number or address stands among the contacts")},
    )
)  # fmt: skip
parts.declare(
    parts.Part("replies", _("What the client did with a link"), "contact.Reply",
               order=("at", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part(
        "failing_contacts", _("Numbers and addresses that did not work"), "contact.Failing",
        "contact__client",
        left_out={"lookup": parts.FOR_SEARCH},
    )
)  # fmt: skip

words.add(
    {
        "offsets": _("minutes before"), "channels": _("ways"), "notices": _("notices"),
        "says": _("says"), "daily_at": _("daily reminder at"),
        "with_file": _("with a calendar file"), "zone": _("time zone"),
        "changed_at": _("changed"),
        "starts_at": _("begins"), "offset": _("minutes before"), "channel": _("way"),
        "state": _("state"), "attempts": _("attempts"), "again": _("sent again"),
        "error": _("error"), "planned_at": _("planned"), "sent_at": _("sent"),
        "does": _("what"), "seen_at": _("taken care of"), "seen_by": _("by"),
        "contact": _("number or address"), "code": _("code"), "since": _("since"),
    }
)  # fmt: skip
