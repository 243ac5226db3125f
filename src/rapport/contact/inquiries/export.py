"""What of an inquiry goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

TWICE = _("tells a form sent twice from two forms")

parts.declare(
    parts.Part("inquiry", _("How the client came"), "contact.Inquiry", left_out={"once": TWICE})
)
parts.declare(
    parts.Part(
        "inquiry_entries", _("Calls and letters before care"), "contact.InquiryEntry",
        order=("at", "pk"), left_out={"before": _("what undoes a step")},
    )
)  # fmt: skip
parts.declare(
    parts.Part(
        "inquiry_tasks", _("What was to be done before care"), "contact.InquiryTask",
        order=("due_on", "pk"),
    )
)  # fmt: skip
parts.declare(
    parts.Part("referrals", _("Sent on to"), "contact.Referral", order=("at", "pk"))
)  # fmt: skip
SOMEBODY = _("could tell of somebody else that they are a client here")
parts.leave_out("contact.ConflictCheck", SOMEBODY)
parts.leave_out("contact.ConflictLook", SOMEBODY)

words.add(
    {
        "inquiry": _("inquiry"), "came_by": _("came by"), "source": _("heard of us by"),
        "referrer": _("sent by or to"), "seeks": _("what they look for"),
        "received_at": _("received"), "answered_at": _("first answer"), "stage": _("stage"),
        "stage_since": _("stage since"), "entered_by": _("entered by"),
        "held_at": _("kept since"), "held_for": _("kept because"), "words": _("words"),
        "due_on": _("due"), "whose": _("for"), "done_at": _("done"), "done_by": _("done by"),
        "shared": _("passed on"), "told": _("told"), "agreed_on": _("agreed"),
        "agreed_how": _("agreed how"),
    }
)  # fmt: skip
