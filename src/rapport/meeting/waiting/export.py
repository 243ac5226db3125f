"""What of the waiting list goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

LINK = _("opens one question; it is of no use outside")
OTHERS = _("tells of others who wait")

parts.declare(
    parts.Part(
        "waiting", _("Waiting list"), "meeting.WaitingEntry", order=("since", "pk"),
        left_out={"token": LINK},
    )
)  # fmt: skip
parts.declare(
    parts.Part(
        "offers", _("Hours that were offered"), "meeting.Offer", order=("offered_at", "pk"),
        left_out={"token": LINK, "position": OTHERS, "round": OTHERS},
    )
)  # fmt: skip

words.add(
    {
        "wants": _("waits for"),
        "clinicians": _("clinicians"),
        "types": _("kinds of appointment"),
        "places": _("places"),
        "ways": _("ways of meeting"),
        "weekdays": _("weekdays"),
        "parts": _("parts of the day"),
        "from_at": _("from"),
        "until_at": _("until"),
        "notice_hours": _("hours' notice"),
        "urgency": _("urgency"),
        "since": _("since"),
        "confirmed_at": _("last confirmed"),
        "confirm_on": _("asked again on"),
        "asked_how": _("how asked"),
        "hour": _("hour"),
        "entry": _("entry"),
        "because": _("because"),
        "offered_at": _("offered"),
        "answer_by": _("answer by"),
        "told": _("told"),
        "answered_by": _("answered by"),
    }
)
