"""What of the meeting room goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part(
        "appointments", _("Appointments"), "meeting.Appointment", order=("starts_at", "pk"),
        left_out={"once": _("tells a form sent twice from two forms")},
    )
)  # fmt: skip
parts.declare(
    parts.Part(
        "appointment_changes", _("What became of appointments"), "meeting.Change",
        order=("at", "pk"),
    )
)  # fmt: skip
parts.declare(
    parts.Part(
        "series", _("Standing slots"), "meeting.Series", order=("starts_on", "pk"),
        left_out={"once": _("tells a form sent twice from two forms")},
    )
)  # fmt: skip
parts.declare(
    parts.Part("pauses", _("Pauses of standing slots"), "meeting.Pause", order=("from_on", "pk"))
)
parts.declare(
    parts.Part(
        "days_left_out", _("Days left out of standing slots"), "meeting.LeftOut",
        order=("series", "nth_on"),
    )
)  # fmt: skip
parts.declare(
    parts.Part("accepted_terms", _("Terms that were accepted"), "meeting.Accepted",
               order=("at", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part("introductions", _("Said when asking for a first meeting"), "meeting.Introduction",
               order=("may_contact_at", "pk"),
               left_out={"heard_by": _("stands with the inquiry")})
)  # fmt: skip
parts.leave_out("meeting.Hold", _("time kept for some minutes while somebody books"))
parts.leave_out("meeting.Occupancy", _("times taken, made from the appointments"))

words.add(
    {
        "clinician": _("clinician"),
        "episode": _("episode of care"),
        "room": _("room"),
        "way": _("way of meeting"),
        "starts_at": _("begins"),
        "ends_at": _("ends"),
        "video_url": _("video address"),
        "cancelled_by": _("cancelled"),
        "booked_by": _("booked by"),
        "booked_at": _("booked"),
        "settled_at": _("settled"),
        "revision": _("revision"),
        "appointment": _("appointment"),
        "what": _("what"),
        "before": _("before"),
        "type": _("type"),
        "series": _("standing slot"),
        "nth_on": _("day of its rule"),
        "due_at": _("when its rule has it"),
        "pause": _("pause"),
        "seen_at": _("seen"),
        "ended_with": _("ended with the episode"),
        "arrived_at": _("arrived"),
        "expected_at": _("said to come at"),
        "confirmed_at": _("confirmed by the client"),
        "late": _("cancelled late"),
        "by_link": _("by a link in a message"),
        "rooms": _("rooms in turn"),
        "minutes": _("minutes"),
        "rule": _("rule"),
        "starts_on": _("first day"),
        "holidays": _("on holidays"),
        "made_until": _("made up to"),
        "ended_on": _("ended"),
        "follows": _("goes on from"),
        "made_at": _("made"),
        "made_by": _("made by"),
        "from_on": _("from"),
        "until_on": _("until"),
        "offered": _("offered to others"),
        "why": _("why"),
        "terms": _("terms of calling off"),
        "words": _("words"),
        "zone": _("time zone"),
        "may_contact_at": _("may be contacted since"),
    }
)
