"""Writing process notes. The trail says that it was done, never a word of what."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.core import prose, vault
from rapport.core.action import action
from rapport.people.models import Client, Staff

from ..notes import rules
from ..notes.keeping import too_long
from ..notes.problems import CannotWrite
from .models import AuthorKey, ProcessNote


@dataclass(frozen=True)
class Saved:
    """What became of words that were sent.

    Attributes:
        process_note: as it stands now.
        kept: the process note in which the words stand if they are not in this one.
    """

    process_note: ProcessNote
    kept: ProcessNote | None = None


@action("process_note.write")
def write(
    *, by: Any, client: Client, now: datetime, text: str = "", once: uuid.UUID | None = None,
    author: Staff | None = None,
) -> ProcessNote:  # fmt: skip
    """A new process note, sealed under its author's own key.

    Args:
        once: the same is begun once. author: for the program; a person writes as themself.

    Raises:
        CannotWrite: the text is too long.
    """
    who = by.staff or author
    if who is None:
        raise ValueError("a process note needs an author")
    return _new(client, _key(who, now), _tidy(text), once or uuid.uuid4(), now)


def _new(
    client: Client, key: AuthorKey, text: str, pk: uuid.UUID, now: datetime
) -> ProcessNote:  # fmt: skip
    there = ProcessNote.objects.filter(pk=pk, author_key=key, client=client).first()
    if there is not None:
        there.author_key = key
        return there
    note = ProcessNote(
        pk=pk, client=client, author_key=key, text=text, created_at=now, saved_at=now
    )  # fmt: skip
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:  # the other of two was quicker, or it is somebody else's id
        raise CannotWrite(_("This was begun already. Open the list again.")) from None
    return note


def _key(author: Staff, now: datetime) -> AuthorKey:
    """The author's key, made with the first note."""
    keys = AuthorKey.objects.select_related("data_key")
    found = keys.filter(author=author).first()
    if found is None:
        try:
            with transaction.atomic():
                made = vault.new_key(vault.DataKey.Purpose.AUTHOR, now=now)
                return AuthorKey.objects.create(author=author, data_key=made)
        except IntegrityError:  # the other of two first notes was quicker
            found = keys.get(author=author)
    return found


def _tidy(text: str) -> str:
    tidy = prose.tidy(text)
    if rules.too_long({"text": tidy}):
        raise CannotWrite({"text": too_long(tidy)})
    return tidy


@action("process_note.open")
def change(
    *, by: Any, process_note: ProcessNote, text: str, revision: int, window: uuid.UUID,
    now: datetime,
) -> Saved:  # fmt: skip
    """Write in a process note. Words of a window that it has left behind become one of their own.

    Args:
        revision: that the window started from. window: an id of the open page; what it could
            not put here lies in one process note, however often it saves.

    Raises:
        CannotWrite: the text is too long.
    """
    tidy = _tidy(text)
    held = ProcessNote.objects.select_for_update().get(pk=process_note.pk)
    held.author_key = process_note.author_key
    if held.text == tidy:
        return Saved(held)
    if held.revision != revision and not tidy.startswith(held.text):
        return Saved(held, _aside(held, tidy, window, now))
    held.text, held.saved_at, held.revision = tidy, now, held.revision + 1
    held.save(update_fields=["text", "saved_at", "revision"])
    return Saved(held)


def _aside(beside: ProcessNote, text: str, window: uuid.UUID, now: datetime) -> ProcessNote:
    kept = _new(beside.client, beside.author_key, text, window, now)
    if kept.text != text:
        kept.text, kept.saved_at, kept.revision = text, now, kept.revision + 1
        kept.save(update_fields=["text", "saved_at", "revision"])
    return kept


@action("process_note.open")
def remove(*, by: Any, process_note: ProcessNote) -> None:
    """Throw a process note away."""
    vault.remove(process_note, by=by)
