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
    }
)
