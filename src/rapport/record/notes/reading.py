"""A note as it is read: sections under their headings, and whether its seal fits."""

import hmac
from dataclasses import dataclass

from rapport.core import library, prose

from . import seals, templates
from .models import Addendum, Note


@dataclass(frozen=True)
class Part:
    """One section with something in it."""

    key: str
    label: str
    text: str

    @property
    def html(self) -> prose.Html:
        """The text as safe HTML."""
        return prose.html(self.text)


def sheet(note: Note) -> templates.Sheet:
    """The note's form; of a form that is no longer in the library, only the keys are known."""
    try:
        return templates.get(note.template)
    except library.NotInLibrary:
        return templates.Sheet(note.template, note.template_version, note.template, "", ())


def parts(note: Note) -> list[Part]:
    """The sections in which something stands, in the form's order, then others."""
    form = sheet(note)
    keys = [*form.keys, *(key for key in note.sections if key not in form.keys)]
    return [
        Part(key, form.label(key), note.sections[key])
        for key in keys
        if note.sections.get(key, "").strip()
    ]


def seal_fits(row: Note | Addendum) -> bool:
    """Whether a signed note, or what was added to one, still says what was signed."""
    expected = seals.of_note(row) if isinstance(row, Note) else seals.of_addendum(row)
    return hmac.compare_digest(expected, bytes(row.seal or b""))
