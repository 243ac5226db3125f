"""What happens to notes, as ids."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class NoteSigned:
    """Signed, and co-signed where that is needed: it stands."""

    note_id: uuid.UUID


@dataclass(frozen=True)
class NoteWaits:
    """Signed by a supervised clinician; it waits for the supervisor."""

    note_id: uuid.UUID


@dataclass(frozen=True)
class NoteReturned:
    """The supervisor gave it back with remarks."""

    note_id: uuid.UUID
