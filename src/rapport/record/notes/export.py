"""What of the record room goes into a client's exported record."""

from django.utils.translation import gettext_lazy as _

from rapport.people.export import parts, words

OF_THE_SEAL = _("proves that the note was not changed; rapport verify reads it here")

BETWEEN_TWO = _("between a supervisor and whom they supervise, until the note is co-signed")

parts.declare(
    parts.Part(
        "notes", _("Notes"), "record.Note", order=("happened_on", "pk"),
        only={"state__in": ("SIGNED", "WAITING")},
        left_out={"seal_key": OF_THE_SEAL, "once": _("tells a form sent twice from two forms"),
                  "remarks": BETWEEN_TWO},
    )
)  # fmt: skip
parts.declare(
    parts.Part(
        "addenda", _("Added to notes"), "record.Addendum", order=("signed_at", "pk"),
        left_out={"seal_key": OF_THE_SEAL, "once": _("tells a form sent twice from two forms")},
    )
)  # fmt: skip
parts.leave_out("record.OtherDraft", _("a second draft, until its author has decided"))
parts.leave_out("record.ProcessNote", _("an author's own thoughts; they are no part of the record"))

words.add(
    {
        "author": _("author"),
        "late": _("late entry"),
        "template": _("form"),
        "template_version": _("version of the form"),
        "happened_on": _("day"),
        "started_at": _("started"),
        "ended_at": _("ended"),
        "sections": _("text"),
        "drawn_in": _("scores drawn in"),
        "saved_at": _("saved"),
        "signed_at": _("signed"),
        "seal": _("seal"),
        "supervisor": _("supervisor"),
        "cosigned_at": _("co-signed"),
        "note": _("note"),
        "text": _("text"),
    }
)
