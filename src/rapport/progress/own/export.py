"""What of these questionnaires goes into a client's exported record, and what stays here."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

parts.declare(
    parts.Part("own_forms", _("Asked in the client's own words"), "progress.ClientForm",
               order=("made_at", "pk"))
)  # fmt: skip
parts.declare(
    parts.Part("own_versions", _("The client's own words, as they stood"), "progress.ClientVersion",
               order=("made_at", "pk"))
)  # fmt: skip
words.add(
    {
        "form": _("questionnaire"),
        "number": _("version"),
        "content": _("words"),
        "made_by": _("made by"),
        "made_at": _("made"),
    }
)
