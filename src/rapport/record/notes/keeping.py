"""What every change to a draft needs: the row held, words made tidy, words set aside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.core import prose
from rapport.core.prepared import prepared

from . import rules, templates
from .models import Note, OtherDraft
from .problems import CannotWrite
from .queries import OPEN

WORDS = ("sections", "revision", "saved_at")


def locked(note: Note) -> Note:
    """The row as it stands now, held until the transaction ends, with what ``note`` had at hand."""
    found = _held(note_id=note.pk)
    if not found:
        raise Note.DoesNotExist
    held: Note = found[0]
    held.client = note.client
    held.author = note.author
    return held


@prepared
def _held(*, note_id: Any) -> QuerySet[Note]:
    return Note.objects.select_for_update().filter(pk=note_id)


def open_draft(note: Note) -> Note:
    """The same, of a note that its author may still write in.

    Raises:
        CannotWrite: it was handed in or signed.
    """
    held = locked(note)
    if held.state not in OPEN:
        raise CannotWrite(_("This note has been signed. Add to it instead."))
    return held


def tidied(note: Note, sections: Mapping[str, Any]) -> dict[str, str]:
    """``sections`` as they are kept.

    Raises:
        CannotWrite: a section that the note does not have, or one that is too long.
    """
    known = {*templates.get(note.template).keys, *note.sections}
    if strange := [key for key in sections if key not in known]:
        raise CannotWrite({key: _("This form has no such section.") for key in strange})
    if odd := [key for key, text in sections.items() if not isinstance(text, str)]:
        raise CannotWrite({key: _("Write text.") for key in odd})
    tidy = {key: prose.tidy(text) for key, text in sections.items()}
    if long := rules.too_long(tidy):
        raise CannotWrite({key: too_long(tidy[key]) for key in long})
    return tidy


def too_long(text: str) -> str:
    """What is said to somebody who pasted a book."""
    return _(
        "This has %(n)s characters; at most %(most)s can be kept in one place. It was not "
        "saved and is still here: shorten it, or split it."
    ) % {"n": len(text), "most": rules.LONGEST}


def rewrite(note: Note, now: datetime, *more: str) -> Note:
    """Write the draft's words, one revision further, and the fields named in ``more``."""
    note.revision += 1
    note.saved_at = now
    note.save(update_fields=[*WORDS, *more])
    return note


def set_aside(
    note: Note, sections: dict[str, str], *, revision: int, window: Any, now: datetime
) -> OtherDraft:
    """Keep the words of a window that the draft has left behind: one row for each window."""
    found = note.other_drafts.filter(window=window).first()
    kept = found or OtherDraft(client=note.client, note=note, window=window, based_on=revision)
    kept.client, kept.sections, kept.kept_at = note.client, sections, now
    kept.save(force_insert=found is None)
    return kept
