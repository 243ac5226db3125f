"""Signing, co-signing, giving back, adding: after it nothing is changed, only added."""

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import audit, events, prose
from rapport.core import time as clock
from rapport.core.action import action
from rapport.people.models import Staff

from ..events import NoteReturned, NoteSigned, NoteWaits
from . import keeping, queries, rules, seals, templates
from .models import Addendum, Note
from .problems import CannotSign, CannotWrite

SIGNED = ("state", "signed_at", "supervisor", "cosigned_at", "remarks", "seal", "seal_key")


def missing(note: Note) -> dict[str, str]:
    """What a note lacks to be signed, by field, in words."""
    sheet = templates.get(note.template)
    required = [one.key for one in sheet.headings if one.required]
    found = {
        key: _("Write something under %(section)s.") % {"section": sheet.label(key)}
        for key in rules.unwritten(required, note.sections)
    }
    if note.kind in rules.TIMED and note.started_at is None:
        found["started_at"] = _("Say when the session started.")
    if note.kind in rules.TIMED and note.ended_at is None:
        found["ended_at"] = _("Say when the session stopped.")
    return found


@action("note.sign")
def sign(
    *, by: Any, note: Note, revision: int, now: datetime, supervisor: Staff | None = None
) -> Note:
    """Sign one's own note: it is sealed, or waits for the supervisor of a supervised clinician.

    Args:
        revision: that the signer has read.
        supervisor: who co-signs; may be left out where there is one to choose from.

    Raises:
        CannotSign: the text changed meanwhile, a second draft waits, something is missing, or
            nobody may co-sign. Nothing was signed.
    """
    held = keeping.locked(note)
    if held.state not in queries.OPEN:
        raise CannotSign(_("This note has been signed already."))
    _as_read(held, revision)
    if held.other_drafts.exists():
        raise CannotSign(_("Another window wrote in this note. Decide about its words first."))
    if lacking := missing(held):
        raise CannotSign(lacking)
    held.signed_at, held.cosigned_at, held.supervisor = now, None, None
    if held.author.has("INTERN"):
        held.supervisor = _cosigner(held, supervisor, clock.local(now).date())
        held.state = Note.State.WAITING
        held.save(update_fields=SIGNED)
        events.announce(NoteWaits(held.pk))
        return held
    return _sealed(held, by)


def _as_read(note: Note, revision: int) -> None:
    if note.revision != revision:
        raise CannotSign(
            _("The text was changed in another window. Nothing was signed. Read it, then sign.")
        )


def _cosigner(note: Note, chosen: Staff | None, today: Any) -> Staff:
    """Who will co-sign.

    Raises:
        CannotSign: nobody supervises the author, nobody of them may open the client, or it
            was not said who of several.
    """
    if not queries.supervisors(note.author, today):
        raise CannotSign(
            {"supervisor": _("Nobody supervises you today. An owner says who, under Staff.")}
        )
    able = queries.who_may_cosign(note, today)
    if not able:
        words = _("Your supervisor cannot open this client: the record is restricted to the "
                  "care team. Lift the restriction, or add your supervisor.")  # fmt: skip
        raise CannotSign({"supervisor": words})
    if chosen is None and len(able) == 1:
        return able[0]
    if chosen not in able:
        raise CannotSign({"supervisor": _("Choose who co-signs.")})
    return chosen


def _sealed(note: Note, by: Any) -> Note:
    note.state, note.remarks = Note.State.SIGNED, ""
    note.seal_key = seals.new_key()
    note.seal = seals.of_note(note)
    note.save(update_fields=SIGNED)
    said = {"note": note, "seal_id": seals.digest(note.seal)}
    audit.record(verb=seals.NOTE_SEALED, by=by, subject=said)
    events.announce(NoteSigned(note.pk))
    return note


@action("note.sign")
def take_back(*, by: Any, note: Note) -> Note:
    """Take a note back that waits for co-signature, to write in it again.

    Raises:
        CannotSign: it does not wait.
    """
    held = keeping.locked(note)
    if held.state != Note.State.WAITING:
        raise CannotSign(_("This note does not wait for a co-signature."))
    held.state = Note.State.RETURNED if held.remarks else Note.State.DRAFT
    held.signed_at = None
    held.save(update_fields=SIGNED)
    return held


@action("note.cosign")
def cosign(*, by: Any, note: Note, revision: int, now: datetime) -> Note:
    """Sign a supervised clinician's note as their supervisor: now it is sealed.

    Raises:
        CannotSign: it does not wait, or is not what was read.
    """
    held = _waiting(note)
    _as_read(held, revision)
    held.cosigned_at = now
    return _sealed(held, by)


@action("note.cosign")
def return_(*, by: Any, note: Note, remarks: str) -> Note:
    """Give a note back with remarks; its author mends it and signs again.

    Raises:
        CannotWrite: no remarks, or too many. CannotSign: it does not wait.
    """
    held = _waiting(note)
    held.remarks = _written({"remarks": remarks})
    held.state, held.signed_at = Note.State.RETURNED, None
    held.save(update_fields=SIGNED)
    events.announce(NoteReturned(held.pk))
    return held


def _waiting(note: Note) -> Note:
    held = keeping.locked(note)
    if held.state != Note.State.WAITING:
        raise CannotSign(_("This note does not wait for a co-signature."))
    return held


@action("note.add")
def add(
    *, by: Any, note: Note, text: str, now: datetime, once: uuid.UUID | None = None,
    author: Staff | None = None,
) -> Addendum:  # fmt: skip
    """Add to a signed note. The addition has a seal of its own, bound to the note's.

    Args:
        once: the same is added once. author: for the program; a person adds as themself.

    Raises:
        CannotWrite: no text, too much of it, or the note is not signed.
    """
    who = by.staff or author or note.author
    held = keeping.locked(note)
    if held.state != Note.State.SIGNED:
        raise CannotWrite(_("This note is not signed yet. Write in the note itself."))
    if once and (there := held.addenda.filter(once=once).first()) is not None:
        return there
    addendum = Addendum(
        client=held.client, note=held, author=who, text=_written({"text": text}), signed_at=now,
        once=once, seal_key=seals.new_key(),
    )  # fmt: skip
    addendum.seal = seals.of_addendum(addendum)
    try:
        with transaction.atomic():
            addendum.save(force_insert=True)
    except IntegrityError:
        raise CannotWrite(_("This was added already.")) from None
    said = {"addendum": addendum, "note": held, "seal_id": seals.digest(addendum.seal)}
    audit.record(verb=seals.ADDENDUM_SEALED, by=by, subject=said)
    return addendum


def _written(given: dict[str, str]) -> str:
    """The one text in ``given``, tidy."""
    ((field, text),) = given.items()
    tidy = prose.tidy(text)
    if not tidy.strip():
        raise CannotWrite({field: _("Write something.")})
    if rules.too_long({field: tidy}):
        raise CannotWrite({field: keeping.too_long(tidy)})
    return tidy
