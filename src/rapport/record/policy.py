"""Who may do what to notes. The whole answer is on this page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.core.policy import permit, standing
from rapport.people.policy import on_care_team, treats_client, working

from .process_notes.queries import wrote_about


def _mine(by: Any, author_id: Any) -> bool:
    staff = working(by)
    return staff is not None and staff.pk == author_id


@standing("note_author", _("the note's author, while on the client's care team"))
def wrote_note(by: Any, *, note: Any = None, **_subject: Any) -> bool:
    return note is not None and _mine(by, note.author_id) and on_care_team(by, client=note.client)


@standing("note_supervisor", _("the supervisor whose co-signature a note waits for"))
def supervises_note(by: Any, *, note: Any = None, **_subject: Any) -> bool:
    return (
        note is not None and _mine(by, note.supervisor_id) and treats_client(by, client=note.client)
    )


@standing("treats_noted", _("whoever treats the client of a note that stands or waits"))
def reads_note(by: Any, *, note: Any = None, **_subject: Any) -> bool:
    if note is None or (note.state in ("DRAFT", "RETURNED") and not _mine(by, note.author_id)):
        return False
    if getattr(note, "read_by", None) == by.pk:  # the scope was asked just now
        return working(by) is not None
    return treats_client(by, client=note.client)


@standing("process_author", _("the author of a process note, alone"))
def wrote_process_note(by: Any, *, process_note: Any = None, **_subject: Any) -> bool:
    return process_note is not None and _mine(by, process_note.author_key.author_id)


@standing("wrote_about", _("whoever has process notes of their own about the client"))
def wrote_about_client(by: Any, *, client: Any = None, **_subject: Any) -> bool:
    return client is not None and working(by) is not None and wrote_about(by, client)


permit("note.list", _("see a client's notes"), to=("treats_client",), scope="clinical")
permit("note.unsigned", _("see one's own notes that wait"), to=("staff",), scope="clinical")
permit("note.open", _("write a note about a contact"), to=("system", "care_team"),
       scope="clinical")  # fmt: skip
permit("note.read", _("read a note"), to=("treats_noted",), scope="clinical")
permit("note.save", _("write in one's own draft"), to=("system", "note_author"),
       scope="clinical")  # fmt: skip
permit("draft.key", _("seal one's own unsaved words in the browser"), to=("staff",))
permit("note.sign", _("sign one's own note"), to=("system", "note_author"), scope="clinical")
permit("note.discard", _("throw one's own draft away"), to=("note_author",), scope="clinical")
permit("note.cosign", _("co-sign a supervised clinician's note, or return it"),
       to=("system", "note_supervisor"), scope="clinical")  # fmt: skip
permit("note.add", _("add to a signed note"), to=("system", "note_author", "note_supervisor"),
       scope="clinical")  # fmt: skip
permit("note.print", _("print a note, or take it as a PDF"), to=("treats_noted",),
       scope="clinical")  # fmt: skip
permit("process_note.write", _("write process notes of one's own"), to=("system", "care_team"),
       scope="clinical")  # fmt: skip
permit("process_note.list", _("see one's own process notes about a client"),
       to=("care_team", "wrote_about"), scope="clinical")  # fmt: skip
permit("process_note.open", _("read and change one's own process note"),
       to=("process_author",), scope="clinical")  # fmt: skip
