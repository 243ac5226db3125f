"""What of the marks goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part("marks", _("What happened, and what was reached"), "progress.Mark",
               order=("on", "pk"))
)  # fmt: skip

words.add(
    {
        "on": _("day"),
        "words": _("words"),
        "by_client": _("the client's own"),
        "shared": _("shown to the client"),
        "removed_at": _("removed"),
        "removed_by": _("removed by"),
    }
)
